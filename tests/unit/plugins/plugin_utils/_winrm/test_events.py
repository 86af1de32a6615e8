# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events: a query that no name can break out of, and an answer that tells a refusal from an empty log."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import EventQuery, EventReading
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import events
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.tests.support.lines import check_safe

QUERY = EventQuery(("MSExchangePOP3", "POP3 Svc"), (11202, 13003), 86400, 20)


def line(query: EventQuery) -> str:
    return events.add_query(shell.Chain(), query).line()


def test_the_query_is_bounded_in_source_number_age_and_count() -> None:
    text = line(QUERY)
    check_safe(text)
    assert '"Application"' in text
    assert (
        "*[System[Provider[@Name='MSExchangePOP3' or @Name='POP3 Svc'] and (EventID=11202 or EventID=13003) "
        "and TimeCreated[timediff(@SystemTime) <= 86400000]]]" in text
    )
    assert "/c:20 /rd:true /f:xml" in text


@pytest.mark.parametrize("name", ["", "a'b", 'a"b', "a%b", "a]b", "a<b", "a&b", "a|b", "a\nb", "x" * 121, "Ä"])
def test_a_name_that_could_break_out_of_the_query_is_refused(name: str) -> None:
    for query in (dataclasses.replace(QUERY, sources=(name,)), dataclasses.replace(QUERY, channel=name)):
        with pytest.raises(InputError, match="is no name of an event source or log"):
            line(query)


@given(st.text(max_size=40))
def test_whatever_the_name_the_line_stays_whole(name: str) -> None:
    try:
        text = line(dataclasses.replace(QUERY, sources=(name,)))
    except InputError:
        return
    check_safe(text)
    assert f"@Name='{name}'" in text


def answer(code: object, printed: bytes | None) -> EventReading:
    chain = shell.Chain()
    body = b"" if printed is None else f"@@{chain.nonce}:events[\r\n".encode() + printed
    data = body + f"@@{chain.nonce}:wevtutil={code}\r\n".encode()
    data += b"" if printed is None else f"@@{chain.nonce}:events]\r\n".encode()
    return events.read_answer(chain.read(data + f"@@{chain.nonce}:end\r\n".encode()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le"])
def test_the_xml_is_read_in_the_encoding_it_came_in_without_our_markers(encoding: str) -> None:
    xml = "<Events><Event>Zugriff für Łukasz</Event></Events>"
    assert answer(0, f"{xml}\r\n".encode(encoding)) == EventReading(xml)


def test_no_match_is_an_empty_list_and_not_a_refusal() -> None:
    assert answer(0, b"") == EventReading("<Events/>")


@pytest.mark.parametrize(
    ("code", "words"),
    [(5, "access to the log was denied"), (15007, "no such log"), (15001, "did not understand"), (1, "wevtutil failed"),
     ("%errorlevel%", "exit code None")],
)  # fmt: skip
def test_an_exit_code_is_a_refusal_and_never_an_empty_list(code: object, words: str) -> None:
    reading = answer(code, b"")
    assert reading.xml is None
    assert words in (reading.refusal or "")


def test_a_part_that_is_missing_is_a_refusal() -> None:
    assert answer(0, None).xml is None
