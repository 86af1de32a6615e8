# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that a WinRM service answers with: one constructor for each, with Windows' own code and words.

Codes and texts are those of ``wsmerror.h``; which one comes when is documented in MS-WSMV or seen in captures
(tests/captures/wsman/fault_*.xml). Those of the command shell are in shell_faults.py, the quotas in quotas.py, those of
WMI in wmi_faults.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab.winrm import names

SERVICE = "The WS-Management service cannot process the request. "
_TIMED_OUT = "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.  "


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
    provider: str = ""  # another provider than WMI speaks: its name and path, divided by "|"
    nested: bool = False  # its words come as a WSManFault of their own
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
        reason = f"{SERVICE}The request contains invalid XML. {what} "
        return cls(reason, 2150858817, "w:SchemaValidationError", "Sender")

    @classmethod
    def not_understood(cls, tag: str) -> Fault:
        """A header that must be understood is not."""
        return cls(
            reason=f"{SERVICE}A header with mustUnderstand is not understood. ",
            subcode="",
            role="MustUnderstand",
            action=names.ADDRESSING_FAULT_ACTION,
            header_tag=tag,
        )

    @classmethod
    def invalid_action(cls) -> Fault:
        """The action is unknown, or this resource does not have it."""
        reason = f"{SERVICE}The WS-Addressing action URI is invalid. "
        action = names.ADDRESSING_FAULT_ACTION
        return cls(reason, 2150858753, "a:ActionNotSupported", "Sender", action)

    @classmethod
    def invalid_uri(cls, uri: str) -> Fault:
        """The resource URI names nothing here."""
        reason = f"{SERVICE}The resource URI is missing or it has an incorrect format: {uri!r}. "
        action = names.ADDRESSING_FAULT_ACTION
        return cls(reason, 2150858811, "a:DestinationUnreachable", "Sender", action, "InvalidResourceURI")

    @classmethod
    def wql_needs_star(cls) -> Fault:
        """A WQL filter on a URI that names a class."""
        reason = f"{SERVICE}A WQL filter needs a resource URI that ends in an asterisk. "
        return cls(reason, 2150859003, "n:CannotProcessFilter", "Sender")

    @classmethod
    def bad_dialect(cls) -> Fault:
        """A filter in a dialect that is not known."""
        reason = f"{SERVICE}The filter dialect is not supported. "
        return cls(reason, 2150858778, "n:FilterDialectRequestedUnavailable", "Sender")

    @classmethod
    def bad_context(cls) -> Fault:
        """An enumeration context that is unknown or has expired."""
        reason = f"{SERVICE}The supplied enumeration context is invalid. "
        return cls(reason, 2150858779, "n:InvalidEnumerationContext", "Receiver")

    @classmethod
    def unsupported(cls, what: str) -> Fault:
        """A part of the protocol that the service does not do."""
        return cls(f"{SERVICE}{what} ", 2150858754, "w:UnsupportedFeature", "Sender")

    @classmethod
    def denied(cls) -> Fault:
        """Windows says no, without more (ERROR_ACCESS_DENIED)."""
        return cls("Access is denied. ", 5, "w:AccessDenied", "Sender")

    @classmethod
    def timed_out(cls) -> Fault:
        """The operation ran into its timeout: the command still runs."""
        return cls(_TIMED_OUT, 2150858793, "w:TimedOut")

    @classmethod
    def bad_timeout(cls, text: str) -> Fault:
        """The OperationTimeout of the header is none."""
        return cls(
            f"{SERVICE}The request contains one or more invalid SOAP headers. ",
            2150858767,
            "a:InvalidMessageInformationHeader",
            "Sender",
            names.ADDRESSING_FAULT_ACTION,
            text=f"{SERVICE}The XML contains an invalid timeout field in the SOAP header: {text}. ",
        )

    @classmethod
    def too_small(cls) -> Fault:
        """The client's MaxEnvelopeSize is below the 8192 bytes that the protocol demands."""
        reason = f"{SERVICE}The maximum envelope size is smaller than 8192. "
        return cls(reason, 2150858824, "w:EncodingLimit", "Sender", detail="MinimumEnvelopeLimit")

    @classmethod
    def too_large(cls) -> Fault:
        """The answer does not fit into an envelope."""
        reason = f"{SERVICE}The response exceeds the maximum envelope size. "
        return cls(reason, 2150858824, "w:EncodingLimit", "Receiver", detail="MaxEnvelopeSize")
