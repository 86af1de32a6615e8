"""Envelopes: a request becomes values, an answer and a fault become XML that pywinrm and pypsrp understand."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypsrp.exceptions import WSManFaultError
from pypsrp.wsman import WSMan

from lab.seams import CimReference, WmiError
from lab.winrm import names, quotas, shell_faults, soap, wmi_faults
from lab.winrm.fault import Fault

HEAD = (
    f'<s:Envelope xmlns:s="{names.SOAP}" xmlns:a="{names.ADDRESSING}" xmlns:w="{names.WSMAN}"'
    f' xmlns:p="{names.MICROSOFT}" xmlns:n="{names.ENUMERATION}"><s:Header>'
)
SERVICE = f"{names.WMI}root/cimv2/Win32_Service"


def envelope(header: str, body: str = "") -> bytes:
    return f"{HEAD}{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>".encode()


def test_the_headers_become_values() -> None:
    request = soap.parse(
        envelope(
            "<a:To>http://h/wsman</a:To><a:Action s:mustUnderstand='true'> urn:do </a:Action>"
            "<a:MessageID>uuid:1</a:MessageID><w:ResourceURI>urn:r</w:ResourceURI>"
            "<w:MaxEnvelopeSize s:mustUnderstand='1'>153600</w:MaxEnvelopeSize>"
            "<w:OperationTimeout>PT1M20.500S</w:OperationTimeout>"
            "<w:SelectorSet><w:Selector Name='ShellId'>ABC</w:Selector></w:SelectorSet>"
            "<w:OptionSet><w:Option Name='WINRS_CODEPAGE'>65001</w:Option></w:OptionSet>",
            "<n:Pull/>",
        )
    )
    assert (request.action, request.message_id, request.resource_uri) == ("urn:do", "uuid:1", "urn:r")
    assert (request.to, request.max_envelope, request.timeout) == ("http://h/wsman", 153600, 80.5)
    assert request.selector("shellid") == "ABC"
    assert request.option("winrs_codepage") == "65001"
    assert request.option("other") is None
    assert request.body is not None
    assert request.body.tag == f"{{{names.ENUMERATION}}}Pull"


def test_a_selector_may_be_a_reference() -> None:
    epr = (
        f"<a:EndpointReference><a:Address>x</a:Address><a:ReferenceParameters><w:ResourceURI>{SERVICE}"
        "</w:ResourceURI><w:SelectorSet><w:Selector Name='Name'>POP3SVC</w:Selector></w:SelectorSet>"
        "</a:ReferenceParameters></a:EndpointReference>"
    )
    request = soap.parse(envelope(f"<w:SelectorSet><w:Selector Name='Dependent'>{epr}</w:Selector></w:SelectorSet>"))
    expected = CimReference("root/cimv2", "Win32_Service", {"Name": "POP3SVC"})
    assert request.selectors == {"Dependent": expected}


@pytest.mark.parametrize(
    ("text", "subcode"),
    [
        pytest.param(b"no xml", "w:SchemaValidationError", id="no XML"),
        pytest.param(b"<a/>", "w:SchemaValidationError", id="no envelope"),
        pytest.param(b"<!DOCTYPE a><a/>", "w:SchemaValidationError", id="document type"),
        pytest.param(
            envelope("<w:OperationTimeout>PT-1S</w:OperationTimeout>"), "a:InvalidMessageInformationHeader", id="time"
        ),
        pytest.param(envelope("<w:MaxEnvelopeSize>big</w:MaxEnvelopeSize>"), "w:SchemaValidationError", id="size"),
        pytest.param(envelope("<p:Odd s:mustUnderstand='true'/>"), "", id="header not understood"),
    ],
)
def test_a_request_that_is_none_is_refused(text: bytes, subcode: str) -> None:
    with pytest.raises(Fault) as caught:
        soap.parse(text)
    assert caught.value.subcode == subcode


def test_a_header_that_need_not_be_understood_is_ignored() -> None:
    assert soap.parse(envelope("<p:Odd s:mustUnderstand='false'/><a:Action>x</a:Action>")).action == "x"


@given(text=st.text())
def test_any_text_survives_in_an_answer_or_becomes_a_question_mark(text: str) -> None:
    answer = ET.fromstring(soap.build("urn:x", f"<v>{soap.clean(text)}</v>", "uuid:1"))
    value = answer.find(f".//{{{names.SOAP}}}Body/v")
    assert value is not None
    found = value.text or ""
    assert len(found) == len(text)
    allowed = all(a == b or (b == "?" and not a.isprintable()) for a, b in zip(text, found, strict=True))
    assert allowed


@given(message_id=st.text(alphabet=st.characters(categories=("L", "N", "P")), min_size=1))
def test_an_answer_relates_to_its_request_verbatim(message_id: str) -> None:
    answer = ET.fromstring(soap.build("urn:x", "", message_id))
    assert answer.findtext(f".//{{{names.ADDRESSING}}}RelatesTo") == message_id


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        (SERVICE, ("root/cimv2", "Win32_Service")),
        (f"{names.WMI}root/rsop/computer/*", ("root/rsop/computer", "*")),
        (f"{names.WMI.upper()}root/default/StdRegProv", ("root/default", "StdRegProv")),
    ],
)
def test_a_resource_uri_names_namespace_and_class(uri: str, path: tuple[str, str]) -> None:
    assert soap.wmi_path(uri) == path


@pytest.mark.parametrize("uri", ["", "urn:x", names.WMI, f"{names.WMI}root"])
def test_a_uri_that_names_no_class_is_refused(uri: str) -> None:
    with pytest.raises(Fault) as caught:
        soap.wmi_path(uri)
    assert caught.value.code == 2150858811


def seen_by_pypsrp(fault: Fault) -> WSManFaultError:
    """The fault as a client reads it."""
    text = soap.build_fault(fault, "srv", "uuid:1").decode()
    error: WSManFaultError = WSMan._parse_wsman_fault(text)
    return error


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        pytest.param(Fault.timed_out(), 2150858793, "within the time", id="timed out"),
        pytest.param(shell_faults.no_shell(), 2150858843, "invalid selectors", id="shell gone"),
        pytest.param(quotas.too_many_shells(5, "wsman"), 2150859173, "maximum number of", id="shells"),
        pytest.param(shell_faults.access_denied(), 5, "Access is denied", id="access denied"),
        pytest.param(Fault.bad_context(), 2150858779, "enumeration context", id="context"),
        pytest.param(
            wmi_faults.from_wmi(WmiError("not_found", "Not found", "GetObject", "P.H=1"), "root/cimv2"),
            2150858752,
            "cannot find the resource",
            id="not found",
        ),
        pytest.param(
            wmi_faults.from_wmi(WmiError("invalid_class", "Invalid class"), "root/cimv2", query=True),
            2150858778,
            "could not process the filter",
            id="invalid class in a filter",
        ),
        pytest.param(
            wmi_faults.from_wmi(WmiError("access_denied", "no"), "root/cimv2", denied="connect"),
            2150859014,
            "access denied",
            id="denied at the namespace",
        ),
    ],
)
def test_pypsrp_reads_code_machine_and_reason_of_a_fault(fault: Fault, code: int, words: str) -> None:
    seen = seen_by_pypsrp(fault)
    assert (seen.code, seen.machine) == (code, "srv")
    assert words in f"{seen.reason}{seen.message}"


def test_the_provider_speaks_inside_a_fault() -> None:
    fault = wmi_faults.from_wmi(WmiError("not_found", "Not found", "GetObject", 'P.H="1"'), "root/cimv2")
    root = ET.fromstring(soap.build_fault(fault, "srv", "uuid:1"))
    status = root.find(f".//{{{names.WMI}root/cimv2/__ExtendedStatus}}__ExtendedStatus")
    assert status is not None
    told = [(element.tag.rpartition("}")[2], element.text) for element in status]
    assert told == [
        ("Description", "Not found"),
        ("Operation", "GetObject"),
        ("ParameterInfo", 'P.H="1"'),
        ("ProviderName", "WinMgmt"),
        ("StatusCode", None),
    ]


def test_the_other_shape_carries_code_and_status() -> None:
    root = ET.fromstring(soap.build_fault(quotas.too_many_operations(15, "wmi"), "srv", "uuid:1"))
    error = {e.tag.rpartition("}")[2]: e.text for e in root.iter() if names.WMI_ERROR in e.tag}
    assert error["error_Code"] == str(0x803381A6)
    assert error["MessageID"] == "HRESULT 0x803381a6"
    assert error["CIMStatusCode"] == "27"
