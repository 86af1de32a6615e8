# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of pywinrm and pypsrp as they are raised around a SOAP answer; each carries a password that nobody may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pypsrp.exceptions
import pypsrp.wsman
import winrm.exceptions

PASSWORD = "Corr3ct-Horse"


def new_pywinrm(response: str) -> Any:
    """Pywinrm 0.5: the fault is in the exception."""
    return winrm.exceptions.WSManFaultError(500, f"password {PASSWORD}", response, "reason")


def old_pywinrm(response: str) -> Callable[[], None]:
    """Pywinrm 0.4: WinRMError raised while the transport's error with the answer was handled."""

    def fail() -> None:
        try:
            raise winrm.exceptions.WinRMTransportError("http", 500, response)
        except winrm.exceptions.WinRMTransportError:
            raise winrm.exceptions.WinRMError(f"password {PASSWORD}") from None

    return fail


def envelope_of_pypsrp(response: str) -> Any:
    """Pypsrp where a ready envelope was sent: the transport's error itself."""
    return pypsrp.exceptions.WinRMTransportError("http", 500, response)


def operation_of_pypsrp(response: str) -> Callable[[], None]:
    """Pypsrp where it made the envelope: its own fault, which keeps one code and no answer."""

    def fail() -> None:
        try:
            raise pypsrp.exceptions.WinRMTransportError("http", 500, response)
        except pypsrp.exceptions.WinRMTransportError as err:
            raise pypsrp.wsman.WSMan._parse_wsman_fault(err.response_text)  # noqa: B904 - as pypsrp does it

    return fail


STYLES = (new_pywinrm, old_pywinrm, envelope_of_pypsrp, operation_of_pypsrp)
