# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a client sends, the lab answers as a Windows would refuse: never with a Python exception."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.tests.support.lab_tasks import AFTER_FIVE_MINUTES, task_xml
from lab import scenario
from lab.seams import CimReference, WmiError
from lab.state import task_nodes
from lab.state import task_xml as tasks
from lab.windows import inf, wql
from lab.windows.pop3_dialogue import Dialogue
from lab.windows.sddl import MalformedError, parse_dacl
from lab.windows.xpath import QueryInvalidError, compile_query

if TYPE_CHECKING:
    from lab.windows.computer import Computer

PIECES = st.sampled_from(
    [
        *"&|<>()^%!\"' \t,;=:~*?/\\.@",
        "&&",
        "||",
        ">>",
        "2>",
        "2>&1",
        "echo ",
        "if ",
        "else ",
        "exist ",
        "errorlevel ",
        "defined ",
        "/l ",
        "tokens=",
        "delims=",
        "skip=",
        "equ ",
        "findstr ",
        "fc ",
        "/areas ",
        "/import ",
        "/q:",
        "exit /b ",
        "for ",
        "/f ",
        "%i ",
        "in ",
        "do ",
        "call ",
        "set ",
        "type ",
        "del ",
        "dir ",
        "cmd /c ",
        "secedit ",
        "/export ",
        "/configure ",
        "/db ",
        "/cfg ",
        "icacls ",
        "/grant ",
        "/save ",
        "wevtutil qe Application ",
        "schtasks ",
        "/create /xml C:\\Windows\\win.ini /tn ",
        "/query /fo list /v ",
        "/tn ",
        "whoami ",
        "C:\\Windows\\Temp\\x ",
        "%windir%",
        "a",
        "1",
        "ä",
    ]
)
LINES = st.lists(PIECES, max_size=25).map("".join)


@pytest.fixture(scope="module")
def computer() -> Computer:
    return scenario.load("pop3").computers[0]


@settings(max_examples=600, deadline=None)
@given(LINES)
def test_any_line_ends_with_a_code(computer: Computer, line: str) -> None:
    done = computer.run(computer.logon("CORP", "labadmin"), line, 65001)
    assert 0 <= done.exit_code < 1 << 32


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *"()',*=<>%_[]1a ",
                "select ",
                "from ",
                "where ",
                "Name",
                "Win32_Service",
                "like ",
                "is null",
                "not ",
                "and ",
                "or ",
            ]
        ),
        max_size=20,
    ).map("".join)
)
def test_any_wql_is_parsed_or_refused(text: str) -> None:
    with contextlib.suppress(WmiError):
        wql.parse(text).test({"Name": "x"})


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *"[]()*,='<> 1a",
                "System",
                "Provider",
                "@Name",
                "EventID",
                "and ",
                "or ",
                "timediff(@SystemTime)",
                "band(Keywords,1)",
            ]
        ),
        max_size=20,
    ).map("".join)
)
def test_any_event_query_is_compiled_or_refused(computer: Computer, text: str) -> None:
    event = computer.machine.events.channels["Application"][0]
    with contextlib.suppress(QueryInvalidError):
        compile_query(text, dt.datetime.now(dt.timezone.utc))(event)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60) | st.lists(st.sampled_from([*"D:();A0x", "S-1-5-18", "FA", "LA"]), max_size=20).map("".join)
)
def test_any_sddl_is_parsed_or_refused(computer: Computer, text: str) -> None:
    with contextlib.suppress(MalformedError):
        parse_dacl(text, computer.machine)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_any_template_is_read(data: bytes) -> None:
    inf.parse(data)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.text(max_size=30) | st.sampled_from(["USER a", "PASS b", "AUTH PLAIN", "CAPA", "STLS", "QUIT"]), max_size=6
    )
)
def test_any_pop3_line_has_an_answer(computer: Computer, lines: list[str]) -> None:
    dialogue = Dialogue(computer, tls=False, can_start_tls=False)
    for line in lines:
        assert dialogue.answer(line).text.startswith(("+OK", "-ERR", "+ "))


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3),
    st.sampled_from(["Win32_Group", "Win32_Service", "Nope"]),
)
def test_any_reference_and_selectors_are_answered_or_refused(
    computer: Computer, keys: dict[str, str], name: str
) -> None:
    caller = computer.logon("CORP", "labadmin")
    with contextlib.suppress(WmiError):
        computer.associators(caller, CimReference("root/cimv2", name, keys), "", "", "", "")
    with contextlib.suppress(WmiError):
        computer.get(caller, "root/cimv2", name, keys)


_XML = task_xml(AFTER_FIVE_MINUTES, "<DeleteExpiredTaskAfter>PT1H</DeleteExpiredTaskAfter>")


@settings(max_examples=600, deadline=None)
@given(
    st.integers(0, len(_XML)),
    st.integers(0, 40),
    st.sampled_from(
        ["", "<", "&", "P9999999999Y", "T", "\0", "9", "-", "<x/>", "<Delay>", "ä", "\ud800", "Exec", "\r\n"]
    ),
)
def test_any_task_is_read_or_refused_with_its_place(at: int, length: int, more: str) -> None:
    text = _XML[:at] + more + _XML[at + length :]
    refused: list[str] = []
    try:
        assert tasks.parse(text, (1, 6)).actions
    except task_nodes.TaskXmlError as exc:
        refused.append(exc.where)
    assert all(place.startswith("(") for place in refused)
