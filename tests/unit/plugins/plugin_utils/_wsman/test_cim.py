# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM operations over a scripted wire: not found is None, lists are read to their end, endless ones are given up."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
from ansible_collections.winmail.exchange.tests.support import messages
from ansible_collections.winmail.exchange.tests.support.messages import fragment, typed


class Wire:
    """Takes the place of Transport; ``actions`` are those of the messages sent."""

    def __init__(self, answer: Callable[[int], bytes]) -> None:
        self.answer = answer
        self.actions: list[str] = []

    def send(self, message: str) -> bytes:
        action = next(node for node in ET.fromstring(message).iter() if node.tag.endswith("}Action"))
        self.actions.append((action.text or "").rpartition("/")[2])
        return self.answer(len(self.actions) - 1)


def cim(*answers: bytes | Exception) -> tuple[Cim, Wire]:
    def answer(index: int) -> bytes:
        found = answers[index]
        if isinstance(found, Exception):
            raise found
        return found

    wire = Wire(answer)
    return Cim(wire), wire  # type: ignore[arg-type]  # stands for Transport


def test_an_instance_is_read_by_its_keys() -> None:
    found, wire = cim(messages.soap(typed("C", "<p:Name>x</p:Name>")))
    assert found.get("C", {"Name": "x"}) == {"Name": "x"}
    assert wire.actions == ["Get"]


def test_an_instance_that_is_not_there_is_none_and_any_other_fault_an_error() -> None:
    for shape in (WindowsError("no", code=faults.NOT_FOUND), WindowsError("no", inner=faults.NOT_FOUND)):
        assert cim(shape)[0].get("C", {"Name": "x"}) is None
    with pytest.raises(WindowsError):
        cim(WindowsError("denied", code=5))[0].get("C", {"Name": "x"})


def test_a_list_is_read_to_its_end() -> None:
    found, wire = cim(
        messages.first_page([fragment(A="1")], "uuid:1", end=False),
        messages.next_page([fragment(A="2")], "uuid:2"),
        messages.next_page([fragment(A="3")]),
    )
    assert [row["A"] for row in found.query("select A from C")] == ["1", "2", "3"]
    assert wire.actions == ["Enumerate", "Pull", "Pull"]


def test_an_empty_list_takes_one_request() -> None:
    found, wire = cim(messages.first_page([]))
    assert found.associated("C", {"Name": "x"}, "A", "R") == ()
    assert wire.actions == ["Enumerate"]


def test_an_empty_page_in_the_middle_is_given_up_instead_of_asking_for_ever() -> None:
    found, dummy = cim(messages.first_page([fragment(A="1")], "uuid:1", end=False), messages.next_page([], "uuid:1"))
    with pytest.raises(ReadError, match="empty page"):
        found.query("select A from C")


def test_a_list_without_end_is_given_up() -> None:
    page = messages.next_page([fragment(A="1")] * 100, "uuid:1")
    wire = Wire(lambda _index: page)
    with pytest.raises(ReadError, match="more than 10000 rows"):
        Cim(wire).query("select A from C")  # type: ignore[arg-type]  # stands for Transport
    assert len(wire.actions) <= 102


def test_a_list_that_breaks_off_is_refused() -> None:
    found, dummy = cim(messages.first_page([fragment(A="1")], "uuid:1", end=False), messages.soap("<x/>"))
    with pytest.raises(ReadError, match="broke off"):
        found.query("select A from C")


def test_a_method_gives_its_output() -> None:
    found, wire = cim(messages.output("C", "M", "<p:ReturnValue>5</p:ReturnValue>"))
    assert found.invoke("C", "M", {"A": "1"}, {"Name": "x"}) == {"ReturnValue": "5"}
    assert wire.actions == ["M"]
