# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every failure of pywinrm, pypsrp and requests becomes one of our errors, and no secret is in any text."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pypsrp.exceptions
import pytest
import requests
import winrm.exceptions

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import UnreachableError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import failures, faults
from ansible_collections.winmail.exchange.tests.support.messages import (
    provider_fault,
    shell_fault,
    wmi_fault,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._wsman.raised import (
    PASSWORD,
    STYLES,
    new_pywinrm,
    old_pywinrm,
)


def told(error: Any) -> Exception:
    """What is told of an error, raised as its library raises it."""
    try:
        if isinstance(error, BaseException):
            raise error
        error()
    except Exception as exc:  # noqa: BLE001 - as the transport does
        return failures.translated(exc, "a CIM operation")
    raise AssertionError(f"{error} raised nothing")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("response", "code", "inner", "words"),
    [
        (provider_fault(faults.NOT_FOUND, "Nicht gefunden"), faults.NOT_FOUND, faults.NOT_FOUND, "Nicht gefunden"),
        (wmi_fault(2147749890), None, 2147749890, "Element nicht gefunden."),
        (shell_fault(5, "Access is denied."), 5, None, "Access is denied."),
        (shell_fault(faults.OPERATION_TIMEOUT, "late"), faults.OPERATION_TIMEOUT, None, "late"),
    ],
)
def test_a_fault_keeps_both_codes_and_windows_words(
    style: Callable[[str], Any], response: str, code: int | None, inner: int | None, words: str
) -> None:
    refused = told(style(response))
    assert isinstance(refused, WindowsError)
    assert (refused.code, refused.inner, refused.text) == (code, inner, words)
    assert words in str(refused)
    assert "Windows refused a CIM operation" in str(refused)


@pytest.mark.parametrize(
    "drop",
    [
        requests.exceptions.ConnectionError("Connection aborted"),
        requests.exceptions.ReadTimeout("read timed out"),
        requests.exceptions.SSLError("bad record"),
        ConnectionResetError("reset"),
        EOFError(),
        winrm.exceptions.InvalidCredentialsError("the specified credentials were rejected"),
        winrm.exceptions.WinRMTransportError("http", 400, ""),
        winrm.exceptions.WinRMTransportError("http", 401, ""),
        pypsrp.exceptions.AuthenticationError("Failed to authenticate the user"),
        pypsrp.exceptions.WinRMTransportError("http", 400, ""),
    ],
    ids=lambda error: f"{type(error).__module__} {type(error).__name__} {getattr(error, 'code', '')}",
)
def test_a_lost_connection_is_unreachable(drop: Exception) -> None:
    lost = told(drop)
    assert isinstance(lost, UnreachableError)
    assert "during a CIM operation" in str(lost)


@pytest.mark.parametrize("library", [winrm.exceptions, pypsrp.exceptions], ids=lambda module: module.__name__)
@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, "", "HTTP 500 and no fault. The host refuses unencrypted"),
        (413, "", "HTTP 413 and no fault. Look at the host's WinRM"),
        (503, "<html>proxy</html>", "HTTP 503"),
    ],
)
def test_an_answer_without_a_fault_is_told_by_its_status(library: Any, status: int, body: str, words: str) -> None:
    refused = told(library.WinRMTransportError("http", status, body))
    assert isinstance(refused, WindowsError)
    assert words in str(refused)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (winrm.exceptions.WinRMOperationTimeoutError(), "did not answer a CIM operation in time"),
        (StopIteration(), "was not understood (StopIteration)"),
        (ValueError(PASSWORD), "was not understood (ValueError)"),
        (pypsrp.exceptions.WinRMError(PASSWORD), "was not understood (WinRMError)"),
    ],
)
def test_any_other_failure_is_an_error_of_windows_in_a_sentence(error: Exception, words: str) -> None:
    refused = told(error)
    assert isinstance(refused, WindowsError)
    assert words in str(refused)


def test_a_timeout_can_be_told_by_its_code_in_every_style() -> None:
    late = shell_fault(faults.OPERATION_TIMEOUT, "late")
    for error in (winrm.exceptions.WinRMOperationTimeoutError(), *(style(late) for style in STYLES)):
        refused = told(error)
        assert isinstance(refused, WindowsError)
        assert refused.code == faults.OPERATION_TIMEOUT


@pytest.mark.parametrize(
    "error",
    [
        new_pywinrm(provider_fault()),
        old_pywinrm(shell_fault(5, "denied")),
        requests.exceptions.ConnectionError(f"http://user:{PASSWORD}@host/wsman"),
        requests.exceptions.ProxyError(PASSWORD),
        winrm.exceptions.InvalidCredentialsError(PASSWORD),
        winrm.exceptions.WinRMTransportError("http", 500, f"<html>{PASSWORD}</html>"),
        pypsrp.exceptions.WinRMTransportError("http", 500, f"<html>{PASSWORD}</html>"),
        pypsrp.exceptions.AuthenticationError(PASSWORD),
        ValueError(PASSWORD),
    ],
)
def test_no_sentence_repeats_what_the_library_said(error: Any) -> None:
    refused = told(error)
    assert PASSWORD not in str(refused)
    assert PASSWORD not in "".join(traceback.format_exception_only(type(refused), refused))


def test_a_ring_of_errors_is_walked_for_a_while_only() -> None:
    first, second = ValueError(), ValueError()
    first.__context__, second.__context__ = second, first
    assert failures.fault_of(first) is None
