# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Management faults: both shapes, outer and inner codes, Windows' own words; and never an exception."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.xml_gate import parse_message
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.tests.support.messages import (
    provider_fault,
    shell_fault,
    soap,
    wmi_fault,
)


def test_the_first_shape_has_the_outer_code_and_the_providers_words() -> None:
    fault = faults.parse_fault(provider_fault(faults.NOT_FOUND, "Nicht gefunden "))
    assert fault is not None
    assert (fault.code, fault.inner) == (faults.NOT_FOUND, faults.NOT_FOUND)
    assert fault.text == "Nicht gefunden"
    assert fault.describe() == "code 2150858752 (0x80338000), inner 0x80338000: Nicht gefunden"


def test_the_status_of_an_extended_error_is_the_inner_code() -> None:
    extended = (
        "<f:ExtendedError><p:__ExtendedStatus xmlns:p='x'><p:Operation>GetObject</p:Operation>"
        "<p:StatusCode>0x80041003</p:StatusCode></p:__ExtendedStatus></f:ExtendedError>"
    )
    fault = faults.parse_fault(provider_fault(2150859013, "Access denied", extended))
    assert fault is not None
    assert (fault.code, fault.inner) == (2150859013, 0x80041003)


def test_the_second_shape_has_the_inner_code_and_windows_words() -> None:
    fault = faults.parse_fault(wmi_fault(2147749890))
    assert fault is not None
    assert (fault.code, fault.inner) == (None, 2147749890)
    assert fault.text == "Element nicht gefunden."
    assert fault.describe() == "inner 0x80041002: Element nicht gefunden."


@pytest.mark.parametrize("code", [5, 2150859013, 2150859014, 2150859174, 2150858793])
def test_a_refused_shell_has_the_outer_code(code: int) -> None:
    fault = faults.parse_fault(shell_fault(code, "Access is denied."))
    assert fault is not None
    assert (fault.code, fault.inner, fault.text) == (code, None, "Access is denied.")


def test_negative_codes_are_read_as_unsigned() -> None:
    fault = faults.parse_fault(shell_fault(-2144108544, "x"))
    assert fault is not None
    assert fault.code == faults.NOT_FOUND


def test_any_prefix_and_bytes_are_understood() -> None:
    text = provider_fault()
    other_prefixes = re.sub(r"\bs:", "other:", text.replace("xmlns:s=", "xmlns:other="))
    assert "<other:Fault>" in other_prefixes
    fault = faults.parse_fault(other_prefixes.encode())
    assert fault is not None
    assert fault.code == faults.NOT_FOUND


def test_the_words_of_soap_1_1_as_gateways_write_them_are_told() -> None:
    # SOAP 1.1, 4.4: faultcode and faultstring are in no namespace.
    body = "<faultcode>e:Client</faultcode><faultstring>Request entity too large</faultstring>"
    envelope = (
        f"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><e:Fault>{body}</e:Fault></e:Body>"
    )
    fault = faults.parse_fault(f"{envelope}</e:Envelope>")
    assert fault is not None
    assert fault.describe() == "no code: Request entity too large"


def test_a_fault_without_codes_or_words_says_so() -> None:
    fault = faults.parse_fault(soap("<s:Fault><s:Detail/></s:Fault>"))
    assert fault is not None
    assert fault.describe() == "no code: no text"


@pytest.mark.parametrize("text", ["", "HTTP 500", "<html><body>proxy</body></html>", "<a", "\ud800", b"\xff\xfe\x00"])
def test_what_is_no_fault_is_none(text: str | bytes) -> None:
    assert faults.parse_fault(text) is None
    assert faults.parse_fault(soap("<x/>")) is None


@pytest.mark.parametrize("bomb", ["<!DOCTYPE a [<!ENTITY b 'c'>]><s/>", "<?xml version='1.0'?><!DOCTYPE a><a/>"])
def test_a_document_type_is_refused_before_parsing(bomb: str) -> None:
    with pytest.raises(ValueError, match="document type"):
        parse_message(bomb, faults.LONGEST_MESSAGE)
    assert faults.parse_fault(bomb) is None


def test_a_long_message_is_cut() -> None:
    fault = faults.parse_fault(shell_fault(5, "x" * 5000))
    assert fault is not None
    assert len(fault.text) == 1000


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300)))
def test_no_answer_makes_the_parser_fail(answer: str | bytes) -> None:
    assert faults.parse_fault(answer) is None or answer


MARKUP = st.lists(
    st.sampled_from(
        ["<s:Fault>", "</s:Fault>", "<f:WSManFault Code='", "5", "'>", "</f:WSManFault>", "<error_Code>", "0x", "-1",
         "</error_Code>", "<StatusCode>", "</StatusCode>", "<Text/>", "&amp;", "&x;", "é"]
    ),
    max_size=12,
)  # fmt: skip


@given(MARKUP, st.integers(0, 1500))
def test_no_broken_fault_makes_the_parser_fail(pieces: list[str], cut: int) -> None:
    for text in (soap("".join(pieces)).decode(), provider_fault()[:cut], wmi_fault("".join(pieces))):  # type: ignore[arg-type]  # a code that is none
        fault = faults.parse_fault(text)
        assert fault is None or fault.describe()
