# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that a WinRM service answers with: one constructor for each, with Windows' own code and words.

Codes and texts are those of ``wsmerror.h``; which one comes when is documented in MS-WSMV or seen in captures.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.seams import WmiError
from lab.winrm import names

_SERVICE = "The WS-Management service cannot process the request. "
_TIMED_OUT = "The WS-Management service cannot complete the operation within the time specified in OperationTimeout. "
_SELECTORS = (
    "The WS-Management service cannot process the request because the request contained invalid "
    "selectors for the resource. "
)
_NO_SHELL = (
    "The request for the Windows Remote Shell with ShellId {} failed because the shell was not found on the "
    "server. Possible causes are: the specified ShellId is incorrect or the shell no longer exists on the "
    "server. Provide the correct ShellId or create a new shell and retry the operation. "
)
_NO_COMMAND = (
    "The Windows Remote Shell received a request to perform an operation on a command identifier that does "
    "not exist. Either the command has completed execution or the client specified an invalid command identifier. "
)
_FILTER = (
    "The data source could not process the filter. The filter might be missing or it might be invalid. "
    "Change the filter and try the request again. "
)
_NOT_FOUND = _SERVICE + "The service cannot find the resource identified by the resource URI and selectors. "
_KEYS_NEEDED = _SERVICE + "The service expected one or more keys for the resource and did not find them. "


@dataclass(eq=False)  # not frozen: Python itself writes into a raised exception
class Fault(Exception):
    """A fault: how SOAP names it, Windows' code and text, and, from WMI, what the provider said."""

    reason: str
    code: int | None = None
    subcode: str = "w:InternalError"
    role: str = "Receiver"  # Sender | Receiver | MustUnderstand
    action: str = names.WSMAN_FAULT_ACTION
    detail: str = ""  # last part of the w:FaultDetail URI
    text: str = ""  # the text of the detail where it differs from the reason
    header_tag: str = ""  # the header that was not understood
    namespace: str = "root/cimv2"
    operation: str = ""  # of __ExtendedStatus; present: the WMI provider speaks
    parameter: str = ""
    inner: str = ""
    wmi_error: bool = False  # MSFT_WmiError instead of WSManFault
    cim_status: int = 1
    category: int = 0

    @property
    def message(self) -> str:
        """The text of the detail."""
        return self.text or self.reason

    @classmethod
    def schema(cls, what: str) -> Fault:
        """The message is not as the schema wants it."""
        reason = f"{_SERVICE}The request contains invalid XML. {what} "
        return cls(reason, 2150858817, "w:SchemaValidationError", "Sender")

    @classmethod
    def not_understood(cls, tag: str) -> Fault:
        """A header that must be understood is not."""
        return cls(
            reason=f"{_SERVICE}A header with mustUnderstand is not understood. ",
            subcode="",
            role="MustUnderstand",
            action=names.ADDRESSING_FAULT_ACTION,
            header_tag=tag,
        )

    @classmethod
    def invalid_action(cls) -> Fault:
        """The action is unknown, or this resource does not have it."""
        reason = f"{_SERVICE}The WS-Addressing action URI is invalid. "
        action = names.ADDRESSING_FAULT_ACTION
        return cls(reason, 2150858753, "a:ActionNotSupported", "Sender", action)

    @classmethod
    def invalid_uri(cls, uri: str) -> Fault:
        """The resource URI names nothing here."""
        reason = f"{_SERVICE}The resource URI is missing or it has an incorrect format: {uri!r}. "
        action = names.ADDRESSING_FAULT_ACTION
        return cls(reason, 2150858811, "a:DestinationUnreachable", "Sender", action, "InvalidResourceURI")

    @classmethod
    def wql_needs_star(cls) -> Fault:
        """A WQL filter on a URI that names a class."""
        reason = f"{_SERVICE}A WQL filter needs a resource URI that ends in an asterisk. "
        return cls(reason, 2150859003, "n:CannotProcessFilter", "Sender")

    @classmethod
    def bad_dialect(cls) -> Fault:
        """A filter in a dialect that is not known."""
        reason = f"{_SERVICE}The filter dialect is not supported. "
        return cls(reason, 2150858778, "n:FilterDialectRequestedUnavailable", "Sender")

    @classmethod
    def bad_context(cls) -> Fault:
        """An enumeration context that is unknown or has expired."""
        reason = f"{_SERVICE}The supplied enumeration context is invalid. "
        return cls(reason, 2150858779, "n:InvalidEnumerationContext", "Receiver")

    @classmethod
    def unsupported(cls, what: str) -> Fault:
        """A part of the protocol that the service does not do."""
        return cls(f"{_SERVICE}{what} ", 2150858754, "w:UnsupportedFeature", "Sender")

    @classmethod
    def timed_out(cls) -> Fault:
        """The operation ran into its timeout: the command still runs."""
        return cls(_TIMED_OUT, 2150858793, "w:TimedOut")

    @classmethod
    def too_small(cls) -> Fault:
        """The client's MaxEnvelopeSize is below the 8192 bytes that the protocol demands."""
        reason = f"{_SERVICE}The maximum envelope size is smaller than 8192. "
        return cls(reason, 2150858824, "w:EncodingLimit", "Sender", detail="MinimumEnvelopeLimit")

    @classmethod
    def too_large(cls) -> Fault:
        """The answer does not fit into an envelope."""
        reason = f"{_SERVICE}The response exceeds the maximum envelope size. "
        return cls(reason, 2150858824, "w:EncodingLimit", "Receiver", detail="MaxEnvelopeSize")

    @classmethod
    def no_shell(cls, shell_id: str) -> Fault:
        """No such shell (any more)."""
        text = _NO_SHELL.format(shell_id)
        return cls(
            _SELECTORS,
            2150858843,
            "w:InvalidSelectors",
            "Sender",
            detail="UnexpectedSelectors",
            text=text,
        )

    @classmethod
    def no_command(cls) -> Fault:
        """No such command in this shell."""
        return cls(
            _SELECTORS,
            2150858843,
            "w:InvalidSelectors",
            "Sender",
            detail="UnexpectedSelectors",
            text=_NO_COMMAND,
        )

    @classmethod
    def bad_option(cls, name: str) -> Fault:
        """An option has a value that makes no sense."""
        reason = f"{_SERVICE}The value of the option {name} is invalid. "
        return cls(reason, 87, "w:InvalidOptions", "Sender", detail="InvalidValue")

    @classmethod
    def access_denied(cls) -> Fault:
        """The plug-in's access list does not admit the caller (reported as code 5, HTTP 500)."""
        return cls("Access is denied. ", 5, "w:AccessDenied", "Sender")

    @classmethod
    def shells_off(cls) -> Fault:
        """AllowRemoteShellAccess is false (MS-WSMV 3.1.4.1.31)."""
        reason = f"{_SERVICE}The service is configured to not accept any remote shell requests. "
        return cls(reason, 2150859180)

    @classmethod
    def too_many_shells(cls, limit: int) -> Fault:
        """MaxShellsPerUser."""
        common = "which has been exceeded. Close existing shells or raise the quota for this user. "
        return cls(
            f"{_SERVICE}The maximum number of concurrent shells for this user has been exceeded. "
            "Close existing shells or raise the quota for this user. ",
            2150859173,
            "w:QuotaLimit",
            "Sender",
            text=f"{_SERVICE}This user is allowed a maximum number of {limit} concurrent shells, {common}",
        )

    @classmethod
    def too_many_processes(cls, limit: int) -> Fault:
        """MaxProcessesPerShell."""
        reason = f"{_SERVICE}This shell is allowed a maximum number of {limit} processes. "
        return cls(reason, 2150859241, "w:QuotaLimit", "Sender")

    @classmethod
    def too_many_operations(cls, limit: int) -> Fault:
        """MaxConcurrentOperationsPerUser; captures show it as MSFT_WmiError."""
        reason = (
            f"{_SERVICE}This user is allowed a maximum number of {limit} concurrent operations, which has been "
            "exceeded. Close existing operations for this user, or raise the quota for this user. "
        )
        return cls(reason, 2150859174, wmi_error=True, cim_status=27, category=30)


@dataclass(frozen=True)
class _Wmi:
    """How WinRM reports one kind of WmiError."""

    code: int
    subcode: str
    role: str
    reason: str
    cim_status: int
    category: int = 0
    action: str = names.WSMAN_FAULT_ACTION


_ADDRESSING = names.ADDRESSING_FAULT_ACTION
_MISSING = _Wmi(2150858752, "a:DestinationUnreachable", "Sender", _NOT_FOUND, 6, 6, _ADDRESSING)
_BAD_FILTER = _Wmi(2150858778, "n:CannotProcessFilter", "Sender", _FILTER, 15)
_DENIED = {
    "provider": _Wmi(
        2150859013,
        "w:AccessDenied",
        "Sender",
        f"{_SERVICE}The WMI service returned an 'access denied' error. ",
        2,
        18,
    ),
    "connect": _Wmi(
        2150859014,
        "w:AccessDenied",
        "Sender",
        f"{_SERVICE}The WMI service returned an 'access denied' error. The connection to the namespace was refused. ",
        2,
        18,
    ),
    "win32": _Wmi(5, "w:AccessDenied", "Sender", "Access is denied. ", 2, 18),
}
_KINDS = {
    "not_found": _MISSING,
    "invalid_class": _Wmi(_MISSING.code, _MISSING.subcode, "Sender", _NOT_FOUND, 5, 13, _ADDRESSING),
    "invalid_namespace": _Wmi(_MISSING.code, _MISSING.subcode, "Sender", _NOT_FOUND, 3, 13, _ADDRESSING),
    "invalid_query": _BAD_FILTER,
    "invalid_method": _Wmi(
        2150858753,
        "a:ActionNotSupported",
        "Sender",
        f"{_SERVICE}The WS-Addressing action URI is invalid. ",
        17,
        13,
        _ADDRESSING,
    ),
    "failed": _Wmi(
        2150859010,
        "w:InternalError",
        "Receiver",
        f"{_SERVICE}The WMI service reported that the WMI provider could not perform the requested operation. ",
        1,
    ),
}
_FILTERED = frozenset({"invalid_class", "invalid_namespace", "invalid_query"})


def from_wmi(error: WmiError, namespace: str, *, query: bool = False, denied: str = "provider") -> Fault:
    """The fault for what a WMI provider refused.

    ``query``: it came out of a filter, where a missing class or namespace is a filter that cannot be processed.
    ``denied``: which of the documented codes stands for access denied (see Settings.denied).
    """
    shape = _DENIED[denied] if error.kind == "access_denied" else _KINDS[error.kind]
    if query and error.kind in _FILTERED:
        shape = _BAD_FILTER
    return Fault(
        reason=shape.reason,
        code=shape.code,
        subcode=shape.subcode,
        role=shape.role,
        action=shape.action,
        namespace=namespace,
        operation=error.operation or ("ExecQuery" if query else "GetObject"),
        parameter=error.parameter,
        inner=error.message,
        cim_status=shape.cim_status,
        category=shape.category,
    )


def keys_needed() -> Fault:
    """A Get without selectors on a class that is no singleton."""
    return Fault(_KEYS_NEEDED, 2150859002, "w:InvalidSelectors", "Sender", detail="InsufficientSelectors")
