# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate for XML lets nothing through that could grow, and nothing that could hide it."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import xml_gate

TYPES = [
    "<!DOCTYPE a><a/>",
    "<!doctype a><a/>",
    "<?xml version='1.0'?><!DOCTYPE a><a/>",
    "<a><![CDATA[<!ENTITY x]]></a>",
]


@pytest.mark.parametrize("text", TYPES)
def test_a_document_type_is_refused_in_a_message_and_in_what_was_printed(text: str) -> None:
    for data in (text, text.encode("utf-16"), text.encode("utf-16-be")):
        with pytest.raises(xml_gate.DocumentTypeError, match="XML with a document type, which Windows never writes"):
            xml_gate.parse_message(data, 1000)
    with pytest.raises(xml_gate.DocumentTypeError):
        xml_gate.parse_printed(text, 1000)


def test_the_limit_is_the_callers_and_in_its_own_unit() -> None:
    assert xml_gate.parse_message("<a>\u00e4</a>", 9).text == "\u00e4"
    assert xml_gate.parse_printed("<a>\u00e4</a>", 8)[0].text == "\u00e4"
    with pytest.raises(xml_gate.TooLongError, match=r"^9 bytes long; at most 8 are read$"):
        xml_gate.parse_message("<a>\u00e4</a>", 8)
    with pytest.raises(xml_gate.TooLongError, match=r"^8 characters long; at most 7 are read$"):
        xml_gate.parse_printed("<a>\u00e4</a>", 7)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-16", "us-ascii"])
def test_the_encodings_of_ws_management_are_read(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><a>x</a>"
    assert xml_gate.parse_message(text.encode(encoding), 1000).text == "x"


@pytest.mark.parametrize("text", ["<a>", "a", "", "<a>\x00</a>"])
def test_a_message_is_one_whole_element(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not well-formed XML: "):
        xml_gate.parse_message(text, 1000)


@pytest.mark.parametrize(
    ("text", "names"),
    [("", []), ("\ufeff \r\n", []), ("<a/><b/>", ["a", "b"]), ("<?xml version='1.0'?><x:r xmlns:x='u'/>", ["r"])],
)
def test_what_was_printed_may_have_any_number_of_roots(text: str, names: list[str]) -> None:
    assert [xml_gate.local(element) for element in xml_gate.parse_printed(text, 1000)] == names


def test_what_was_printed_in_part_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^not whole XML: "):
        xml_gate.parse_printed("<a><b/>", 1000)
