# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Envelopes: requests are well-formed whatever they carry, answers are read at any prefix, broken ones are refused."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import soap
from ansible_collections.winmail.exchange.tests.support import messages
from ansible_collections.winmail.exchange.tests.support.messages import fragment, typed

W = "{http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd}"
N = "{http://schemas.xmlsoap.org/ws/2004/09/enumeration}"
A = "{http://schemas.xmlsoap.org/ws/2004/08/addressing}"
S = "{http://www.w3.org/2003/05/soap-envelope}"
NASTY = "a'b\"<&>]]> c"


def sent(message: str) -> ET.Element:
    return ET.fromstring(message)


def only(root: ET.Element, tag: str) -> ET.Element:
    (found,) = list(root.iter(tag))
    return found


def test_get_names_class_and_keys() -> None:
    root = sent(soap.get(soap.Target("root/cimv2", "Win32_Service", {"Name": NASTY}), 20))
    assert only(root, W + "ResourceURI").text == messages.CLASS + "Win32_Service"
    assert only(root, A + "Action").text == "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"
    assert only(root, W + "OperationTimeout").text == "PT20S"
    selector = only(root, W + "Selector")
    assert (selector.get("Name"), selector.text) == ("Name", NASTY)
    assert len(only(root, S + "Body")) == 0


def test_a_query_is_optimised_paged_and_unbroken_by_its_text() -> None:
    root = sent(soap.enumerate_wql("root/cimv2", f"select * from x where y = '{NASTY}'", 9))
    assert only(root, W + "ResourceURI").text == messages.CLASS + "*"
    assert only(root, W + "Filter").text == f"select * from x where y = '{NASTY}'"
    assert only(root, W + "MaxElements").text == "100"
    assert only(root, W + "OptimizeEnumeration") is not None
    assert only(root, W + "Filter").get("Dialect") == "http://schemas.microsoft.com/wbem/wsman/1/WQL"


def test_a_pull_carries_its_context() -> None:
    root = sent(soap.pull("root/cimv2", "uuid:<1>", 9))
    assert only(root, N + "EnumerationContext").text == "uuid:<1>"


def test_an_association_names_the_object_the_class_and_its_role() -> None:
    root = sent(soap.enumerate_associated(soap.Target("root/cimv2", "Win32_Group", {"Name": NASTY}), "G", "R", 9))
    assert only(root, W + "Selector").text == NASTY
    names = {node.tag.rpartition("}")[2]: node.text for node in root.iter()}
    assert (names["AssociationClassName"], names["Role"]) == ("G", "R")


def test_a_method_carries_its_arguments_and_a_class_has_no_selectors() -> None:
    root = sent(soap.invoke(soap.Target("root/cimv2", "StdRegProv"), "EnumKey", {"sSubKeyName": NASTY}, 9))
    (body,) = only(root, S + "Body")
    assert body.tag == f"{{{messages.CLASS}StdRegProv}}EnumKey_INPUT"
    assert body[0].text == NASTY
    assert list(root.iter(W + "SelectorSet")) == []
    assert (only(root, A + "Action").text or "").endswith("/StdRegProv/EnumKey")


def test_every_message_has_an_identifier_of_its_own() -> None:
    found = {only(sent(soap.get(soap.Target("r", "c"), 1)), A + "MessageID").text for dummy in range(5)}
    assert len(found) == 5


@pytest.mark.parametrize(
    ("inner", "value"),
    [
        pytest.param('<p:X xsi:nil="true"/>', None, id="nil"),
        pytest.param('<p:X xsi:nil="1"/>', None, id="nil as a number"),
        pytest.param("<p:X></p:X>", "", id="empty"),
        pytest.param("<p:X>a &amp; b</p:X>", "a & b", id="text"),
        pytest.param("<p:X>1</p:X><p:X>2</p:X><p:X>3</p:X>", ["1", "2", "3"], id="array"),
        pytest.param('<p:X xsi:nil="true"/><p:X>2</p:X>', [None, "2"], id="array with nil"),
        pytest.param("<p:X><cim:Datetime>2026-11-24T09:00:00Z</cim:Datetime></p:X>", "2026-11-24T09:00:00Z", id="date"),
        pytest.param("<p:X><cim:Interval>P1D</cim:Interval></p:X>", "P1D", id="interval"),
        pytest.param('<p:X xsi:type="p:T"><p:Y>1</p:Y></p:X>', {"Y": "1"}, id="embedded"),
        pytest.param(
            "<p:X><a:Address>x</a:Address><a:ReferenceParameters><w:ResourceURI>u</w:ResourceURI><w:SelectorSet>"
            '<w:Selector Name="Name"> EXCH </w:Selector></w:SelectorSet></a:ReferenceParameters></p:X>',
            {"Name": "EXCH"},
            id="reference",
        ),
    ],
)
def test_a_property_of_an_instance_is_read_as_what_it_is(inner: str, value: object) -> None:
    assert soap.read_row(messages.soap(typed("C", inner))) == {"X": value}


def test_an_embedded_descriptor_keeps_its_entries_and_their_trustees() -> None:
    trustee = "<p:Domain>CORP</p:Domain><p:Name>x</p:Name><p:SIDString>S-1-1-0</p:SIDString>"
    ace = f"<p:DACL><p:Trustee>{trustee}</p:Trustee></p:DACL>"
    row = soap.read_row(
        messages.output("C", "M", f"<p:Descriptor>{ace}{ace}</p:Descriptor><p:ReturnValue>0</p:ReturnValue>")
    )
    descriptor = row["Descriptor"]
    assert isinstance(descriptor, dict)
    entries = soap.as_list(descriptor["DACL"])
    trustees = [entry["Trustee"] for entry in entries]  # type: ignore[index,call-overload]  # as the row says
    assert [trustee["SIDString"] for trustee in trustees] == ["S-1-1-0"] * 2  # type: ignore[index,call-overload]  # as above
    assert row["ReturnValue"] == "0"


def test_rows_of_a_query_come_typed_or_as_fragments() -> None:
    page = soap.read_page(messages.first_page([typed("C", "<p:Name>a</p:Name>"), fragment(Name="b", State="Running")]))
    assert page.rows == ({"Name": "a"}, {"Name": "b", "State": "Running"})
    assert page.context is None


def test_references_come_as_their_keys() -> None:
    reference = (
        "<a:EndpointReference><a:Address>x</a:Address><a:ReferenceParameters><w:SelectorSet>"
        '<w:Selector Name="Domain">CORP</w:Selector><w:Selector Name="Name">x</w:Selector>'
        "</w:SelectorSet></a:ReferenceParameters></a:EndpointReference>"
    )
    assert soap.read_page(messages.first_page([reference])).rows == ({"Domain": "CORP", "Name": "x"},)


def test_pages_follow_each_other_until_the_end() -> None:
    assert soap.read_page(messages.first_page([fragment(A="1")], "uuid:1", end=False)).context == "uuid:1"
    assert soap.read_page(messages.next_page([fragment(A="2")], "uuid:1")).context == "uuid:1"
    last = soap.read_page(messages.next_page([fragment(A="3")]))
    assert (last.rows, last.context) == (({"A": "3"},), None)


def test_an_end_ends_even_where_a_context_is_given() -> None:
    assert soap.read_page(messages.first_page([], "uuid:1", end=True)).context is None


def test_an_empty_list_is_a_whole_answer() -> None:
    assert soap.read_page(messages.first_page([])) == soap.Page((), None)


DEEP = "<x>" * 3000 + "</x>" * 3000


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<a", id="torn"),
        pytest.param(b"<a/>", id="no body"),
        pytest.param(messages.soap("<x/>")[:-20], id="cut off"),
        pytest.param(messages.soap(""), id="empty body"),
        pytest.param(messages.first_page([fragment(A="1")], end=False), id="a list without an end"),
        pytest.param(messages.soap(f"<x>{DEEP}</x>"), id="very deep"),
        pytest.param(messages.first_page([DEEP]), id="a very deep row"),
        pytest.param(b"<!DOCTYPE a><a/>", id="document type"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(answer: bytes) -> None:
    with pytest.raises(ReadError, match=r"\AThe host's CIM answer .*[a-z0-9)]\.\Z"):
        soap.read_page(answer)


PIECES = st.lists(
    st.sampled_from(
        ["<n:EnumerateResponse>", "</n:EnumerateResponse>", "<w:Items>", "</w:Items>", "<w:EndOfSequence/>",
         "<n:EnumerationContext>", "</n:EnumerationContext>", "<p:X xmlns:p='u'>", "</p:X>", "<X xsi:nil='true'/>",
         "<Datetime/>", "<Datetime>", "</Datetime>", "<w:Selector/>", "<a:EndpointReference/>", "text", "&#0;", "&#65;"]
    ),
    max_size=14,
)  # fmt: skip


@given(PIECES, st.one_of(st.none(), st.integers(0, 900)))
def test_no_answer_makes_the_reader_fail_otherwise(pieces: list[str], cut: int | None) -> None:
    answer = messages.soap("".join(pieces))[:cut]
    for read in (soap.read_row, soap.read_page):
        try:
            found = read(answer)
        except ReadError:
            continue
        assert isinstance(found, dict | soap.Page)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail_otherwise(answer: bytes) -> None:
    with pytest.raises(ReadError):
        soap.read_row(answer)


def test_helpers_tell_lists_and_texts_from_the_rest() -> None:
    assert soap.as_list(None) == []
    assert soap.as_list("a") == ["a"]
    assert soap.as_list(["a", None]) == ["a", None]
    assert soap.as_text("a") == "a"
    assert soap.as_text(None) is None
    assert soap.as_text(["a"]) is None
    assert soap.as_text({}) is None
