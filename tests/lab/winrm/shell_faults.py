# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults of the command shell (tests/captures/wsman/fault_*.xml; MS-WSMV 3.1.4.5)."""

from __future__ import annotations

from lab.winrm.fault import SERVICE, Fault

_SELECTORS = (
    "The WS-Management service cannot process the request because the request contained invalid "
    "selectors for the resource. "
)
_NO_COMMAND = (
    "The Windows Remote Shell received a request to perform an operation on a command identifier that does "
    "not exist. Either the command has completed execution or the client specified an invalid command identifier. "
)
_PLUGIN = "Shell cmd plugin|%systemroot%\\system32\\winrscmd.dll"
_SHELLS = "Shell provider|%systemroot%\\system32\\WsmSvc.dll"
_DENIED = {"en": "Access is denied. ", "de": "Zugriff verweigert "}

# winerror.h: why CreateProcess did not start cmd.exe, with its text.
FILE_NOT_FOUND, NAME_TOO_LONG = 2, 206
_NOT_STARTED = {
    FILE_NOT_FOUND: "The system cannot find the file specified. ",
    NAME_TOO_LONG: "The filename or extension is too long. ",
    5: "Access is denied. ",
    1260: ("This program is blocked by group policy. For more information, contact your system administrator. "),
}


def no_shell() -> Fault:
    """No such shell (any more)."""
    return Fault(
        _SELECTORS,
        2150858843,
        "w:InvalidSelectors",
        "Sender",
        detail="UnexpectedSelectors",
        provider=_SHELLS,
        nested=True,
    )


def no_command() -> Fault:
    """No such command in this shell."""
    return Fault(_SELECTORS, 2150858843, "w:InvalidSelectors", "Sender", detail="UnexpectedSelectors", text=_NO_COMMAND)


def bad_parameter() -> Fault:
    """A parameter that the plug-in cannot use: no command identifier, an option without sense."""
    return Fault(
        "The parameter is incorrect. ",
        87,
        "w:InvalidParameter",
        "Sender",
        detail="InvalidValue",
        provider=_PLUGIN,
    )


def not_started(error: int) -> Fault:
    """CreateProcess failed with this Win32 error, one of those above; which one a policy leads to is open (W85)."""
    return Fault(_NOT_STARTED[error], 0x80070000 | error, provider=_PLUGIN)


def access_denied(language: str = "en") -> Fault:
    """The plug-in's access list does not admit the caller: code 5, in the language of Windows."""
    return Fault(_DENIED[language], 5, "w:AccessDenied", "Sender")


def shells_off() -> Fault:
    """AllowRemoteShellAccess is false (MS-WSMV 3.1.4.1.31)."""
    return Fault(f"{SERVICE}The service is configured to not accept any remote shell requests. ", 2150859180)
