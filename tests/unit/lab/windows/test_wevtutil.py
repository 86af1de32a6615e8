# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wevtutil.exe of the lab against docs/sources.md S8 and capture 12."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from lab.seams import Completed
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]
NS = "{http://schemas.microsoft.com/win/2004/08/events/event}"
POP3 = "*[System[Provider[@Name='MSExchangePOP3']"


@pytest.fixture
def computer(make: Make) -> Computer:
    return make("exch50", "pop3")


def ask(computer: Computer, run: Run, query: str, options: str = "") -> list[ET.Element]:
    done = run(computer, f'wevtutil qe Application /q:"{query}" /f:xml /e:Events {options}')
    assert done.exit_code == 0, done
    return list(ET.fromstring(done.stdout.decode()))


def test_an_event_has_the_shape_of_capture_12(computer: Computer, run: Run, capture: Callable[[str], str]) -> None:
    real = ET.fromstring(capture("12_event_xml_application_failure_audit.txt"))
    ours = ask(computer, run, f"{POP3}]]")[0]
    assert [e.tag for e in ours[0]] == [e.tag for e in real[0]]
    for name in ("Level", "Keywords", "Channel"):
        assert ours[0].findtext(f"{NS}{name}") == real[0].findtext(f"{NS}{name}")
    assert [e.tag for e in ours[1]] == [f"{NS}Data"] * 3


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param("*", 1, id="all"),
        pytest.param(f"{POP3}]]", 1, id="by source"),
        pytest.param(f"{POP3} and (EventID=11202 or EventID=13003)]]", 1, id="by number"),
        pytest.param(f"{POP3} and EventID=1]]", 0, id="other number"),
        pytest.param(f"{POP3} and TimeCreated[timediff(@SystemTime) <= 86400000]]]", 1, id="a day"),
        pytest.param(f"{POP3} and TimeCreated[timediff(@SystemTime) &lt;= 60000]]]", 0, id="a minute, escaped"),
        pytest.param("*[System[TimeCreated[@SystemTime >= '2020-01-01T00:00:00.000Z']]]", 1, id="since"),
        pytest.param("*[System[Level=2]]", 0, id="audits have level 0, not 2"),
        pytest.param("*[System[band(Keywords,4503599627370496)]]", 1, id="the audit failure bit"),
        pytest.param("*[System[Provider[@Name='A' or @Name='MSExchangePOP3']]]", 1, id="two sources"),
        pytest.param(f"{POP3}] and EventData[Data='x']]", 0, id="data"),
    ],
)
def test_queries(computer: Computer, run: Run, query: str, count: int) -> None:
    assert len(ask(computer, run, query)) == count


def test_newest_first_and_bounded(computer: Computer, run: Run) -> None:
    for number in range(5):
        computer.machine.events.write("MSExchangePOP3", 100 + number, "error", (), "x")
    found = ask(computer, run, "*", "/rd:true /c:2")
    assert [e[0].findtext(f"{NS}EventID") for e in found] == ["104", "103"]


def test_no_match_is_exit_0_without_output(computer: Computer, run: Run) -> None:
    done = run(computer, 'wevtutil qe Application /q:"*[System[EventID=1]]" /f:xml')
    assert (done.exit_code, done.stdout) == (0, b"")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("wevtutil qe NoSuchLog /f:xml", 15007),
        ('wevtutil qe Application /q:"*[System[" /f:xml', 15001),
        ('wevtutil qe Application /q:"Provider" /f:xml', 15001),
    ],
)
def test_refusals(computer: Computer, run: Run, line: str, code: int) -> None:
    assert run(computer, line).exit_code == code


def test_the_security_log_is_denied_to_others_and_application_is_not(make: Make, run: Run) -> None:
    computer = make("notadmin")
    assert run(computer, "wevtutil qe Security /f:xml", user="pop3test").exit_code == 5
    assert run(computer, "wevtutil qe Application /f:xml", user="pop3test").exit_code == 0


@pytest.mark.parametrize(
    ("world", "start"),
    [("utf16", b"\xff\xfe<\0"), ("utf16_no_bom", b"<\0E"), ("utf8", b"<Ev"), ("ansi", b"<Ev")],
)
def test_unicode_output_is_a_world(make: Make, run: Run, world: str, start: bytes) -> None:
    computer = make("exch50", "pop3", wevtutil_encoding=world)
    done = run(computer, "wevtutil qe Application /f:xml /e:Events /uni:true")
    assert done.stdout.startswith(start)


@pytest.mark.parametrize(("world", "count"), [("yes", 1), ("no", 0)])
def test_a_rendered_message_is_there_while_the_source_is_registered(
    make: Make, run: Run, world: str, count: int
) -> None:
    computer = make("exch50", "pop3", events_rendered=world)
    done = run(computer, "wevtutil qe Application /f:RenderedXml")
    found = ET.fromstring(done.stdout.decode()).findall(f"{NS}RenderingInfo/{NS}Message")
    assert len(found) == count
    assert all("HrLookupCredentials()" in (e.text or "") for e in found)
