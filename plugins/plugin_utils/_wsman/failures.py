# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pywinrm, pypsrp, requests and XML parsers raise, told as errors of this collection; no text repeats a secret."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    UnreachableError,
    WindowsError,
    WinmailError,
)

from . import faults


def fault_of(exc: BaseException) -> faults.Fault | None:
    """The SOAP fault that an exception carries, or the one behind it.

    pywinrm 0.5 keeps the answer in ``response``; pywinrm 0.4 and pypsrp leave it in the ``response_text`` of the
    error that was being handled.
    """
    link: BaseException | None = exc
    for _depth in range(4):
        if link is None:
            break
        for attribute in ("response", "response_text"):
            value = getattr(link, attribute, None)
            fault = faults.parse_fault(value) if isinstance(value, (str, bytes)) and value else None
            if fault is not None:
                return fault
        link = link.__cause__ or link.__context__
    return None


def status_of(exc: BaseException) -> int | None:
    """The HTTP status that an error of pywinrm or pypsrp stands for, or the one that it was raised over."""
    link: BaseException | None = exc
    for _depth in range(4):
        if link is None:
            break
        if "AuthenticationError" in _names(link):
            return 401
        code = getattr(link, "code", None)
        # The code of a WSManFaultError is one of Windows.
        if "WSManFaultError" not in _names(link) and isinstance(code, int) and 100 <= code < 600:
            return code
        link = link.__cause__ or link.__context__
    return None


def translated(exc: Exception, what: str) -> WinmailError:
    """A WindowsError or UnreachableError for whatever was raised during ``what`` ("a command", "a CIM operation")."""
    fault = fault_of(exc)
    if fault is not None:
        return fault.refusal(what)
    names, status = _names(exc), status_of(exc)
    if "WinRMOperationTimeoutError" in names:
        return WindowsError(f"The host did not answer {what} in time.", code=faults.OPERATION_TIMEOUT)
    if status in (400, 401):
        return UnreachableError(
            f"The host no longer accepts this connection (HTTP {status}) during {what}. Run the task again."
        )
    if "WinRMTransportError" in names:
        hint = (
            "The host refuses unencrypted messages or is out of memory"
            if status == 500
            else "Look at the host's WinRM service"
        )
        return WindowsError(f"The host answered {what} with HTTP {status} and no fault. {hint}.", code=None)
    if "RequestException" in names or isinstance(exc, (OSError, EOFError)):
        return UnreachableError(f"The connection to the host was lost during {what} ({type(exc).__name__}).")
    return WindowsError(
        f"The host's answer to {what} was not understood ({type(exc).__name__}). Nothing more was sent."
    )


def _names(exc: BaseException) -> set[str]:
    return {cls.__name__ for cls in type(exc).__mro__}
