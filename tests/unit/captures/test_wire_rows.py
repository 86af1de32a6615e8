# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of CIM: the lab's stand in the same envelopes as recorded ones, in the same order and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.winmail.exchange.tests.unit.captures.wire import WSMAN, Wire, capture, shape, short
from lab.state.services import Service
from lab.winrm import names

if TYPE_CHECKING:
    from pathlib import Path

Page = Callable[[Wire], ET.Element]
CONTEXT = f".//{{{names.ENUMERATION}}}EnumerationContext"
SERVICE = "select * from Win32_Service"


def whole(wql: str) -> Page:
    return lambda wire: wire.query(wql)


def columns(class_name: str) -> Page:
    """All columns by name, which makes fragments of the rows."""

    def ask(wire: Wire) -> ET.Element:
        [row] = rows(wire.query(f"select * from {class_name}"))
        return wire.query(f"select {', '.join(dict.fromkeys(members(row)))} from {class_name}")

    return ask


def first(wql: str) -> Page:
    return lambda wire: wire.enumerate(wql, "<w:OptimizeEnumeration/>")


def middle(wire: Wire) -> ET.Element:
    for name in ("zz1", "zz2"):
        wire.machine.services.add(Service(name, name, "LocalSystem", "C:\\zz.exe"))
    return wire.pull(first(SERVICE)(wire).findtext(CONTEXT) or "", 1)


def last(wql: str) -> Page:
    return lambda wire: wire.pull(first(wql)(wire).findtext(CONTEXT) or "", 1000)


PAGES: Mapping[str, Page] = {
    "enumerate_computersystem_typed_2012.xml": whole("select * from Win32_ComputerSystem"),
    "enumerate_computersystem_typed_2003_member.xml": whole("select * from Win32_ComputerSystem"),
    "enumerate_computersystem_fragment_2008r2.xml": columns("Win32_ComputerSystem"),
    "enumerate_operatingsystem_typed_2003.xml": whole("select * from Win32_OperatingSystem"),
    "enumerate_operatingsystem_typed_datetime_2008r2.xml": whole("select * from Win32_OperatingSystem"),
    "enumerate_operatingsystem_fragment_2012.xml": columns("Win32_OperatingSystem"),
    "enumerate_service_first_page_2012.xml": first(SERVICE),
    "pull_service_middle_page_2012_rows_removed.xml": middle,
    "pull_service_last_page_2012_rows_removed.xml": last(SERVICE),
}
# Properties that came with later releases than the recorded ones.
LATER = {"DelayedAutoStart", "MUILanguages", "OperatingSystemSKU", "OSArchitecture"}


def rows(page: ET.Element) -> list[ET.Element]:
    return [row for items in page.iter() if items.tag.endswith("}Items") for row in items]


def members(row: ET.Element) -> list[str]:
    return [child.tag.rpartition("}")[2] for child in row]


def around(page: ET.Element) -> list[str]:
    """The envelope of a page with the tag and attributes of its first row."""
    for items in page.iter():
        if items.tag.endswith("}Items"):
            items[1:] = []
            items[0][:] = []
    return shape(page)


def form(child: ET.Element) -> str:
    """How a value is written: as text, or with an element inside."""
    return " ".join(short(inner.tag) for inner in child) or "text"


def forms(found: Iterable[ET.Element]) -> dict[str, set[str]]:
    """Every form of each property; nil stands for any."""
    seen: dict[str, set[str]] = {}
    for row in found:
        for child in row:
            nil = child.get(f"{{{names.XSI}}}nil") == "true"
            seen.setdefault(child.tag, set()).update([] if nil else [form(child)])
    return seen


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_recorded_like_this(name: str, tmp_path: Path) -> None:
    recorded, made = capture(name), PAGES[name](Wire(tmp_path))
    order = [*dict.fromkeys(member for row in rows(recorded) for member in members(row))]
    for row in rows(made):
        own = [member for member in dict.fromkeys(members(row)) if member not in LATER or member in order]
        assert [member for member in order if member in own] == own
    known = forms(rows(recorded))
    for tag, seen in forms(rows(made)).items():
        assert not known.get(tag) or seen <= known[tag], tag
    assert around(made) == around(recorded)


def test_rows_of_named_columns_are_fragments_in_pages_too(tmp_path: Path) -> None:
    wire = Wire(tmp_path)
    [typed] = rows(wire.enumerate(SERVICE, "<w:OptimizeEnumeration/>"))
    wql = f"select {', '.join(members(typed))} from Win32_Service"
    for name, page in (
        ("enumerate_service_fragment_first_page_2008r2.xml", first(wql)),
        ("pull_service_last_page_2012_fragment_rows_removed.xml", last(wql)),
    ):
        assert around(page(wire)) == around(capture(name))


def test_out_parameters_come_before_the_return_value(tmp_path: Path) -> None:
    recorded = capture("stdregprov_enumkey_output_2003.xml")
    uri = f"{names.WMI}root/default/StdRegProv"
    inner = "<p:sSubKeyName>SOFTWARE</p:sSubKeyName>"
    xml = f'<p:EnumKey_INPUT xmlns:p="{uri}"><p:hDefKey>2147483650</p:hDefKey>{inner}</p:EnumKey_INPUT>'
    made = Wire(tmp_path).ask(f"{uri}/EnumKey", uri, xml)
    [told], [seen] = (list(root.iter(f"{{{uri}}}EnumKey_OUTPUT")) for root in (made, recorded))
    assert (dict.fromkeys(members(told)), told.attrib) == (dict.fromkeys(members(seen)), seen.attrib)
    assert short(made[0][0].tag) == short(recorded[0][0].tag)


def test_every_recorded_page_is_held_against_the_lab() -> None:
    kinds = ("enumerate_", "pull_")
    here = {path.name for path in WSMAN.glob("*.xml") if path.name.startswith(kinds)}
    fragments = {name for name in here if "service_fragment" in name or "2012_fragment_rows" in name}
    assert here == set(PAGES) | fragments
