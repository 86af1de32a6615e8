# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events: a real one is read as it stands, hostile and broken ones end in the declared error."""

from __future__ import annotations

import datetime
import pathlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import events

CAPTURE = (pathlib.Path(__file__).parent / "data" / "failure_audit.xml").read_text(encoding="utf-8")
NO_PRIVILEGE = "A required privilege is not held by the client."


def xml(
    event_id: int = 11202,
    source: str = "MSExchangePOP3",
    keywords: str = "0x90000000000000",
    level: str = "0",
    data: str = f"<Data>HrLookupCredentials()</Data><Data>{NO_PRIVILEGE}</Data>",
    time: str = "2026-11-24T08:59:12.1234567Z",
) -> str:
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        f"<Provider Name='{source}'/><EventID Qualifiers='49152'>{event_id}</EventID><Level>{level}</Level>"
        f"<Keywords>{keywords}</Keywords><TimeCreated SystemTime='{time}'/></System>"
        f"<EventData>{data}</EventData></Event>"
    )


def one(text: str) -> events.Event:
    (event,) = events.parse(text, 20)
    return event


def test_a_real_failure_audit() -> None:
    event = one(CAPTURE)
    assert event.event_id == 18456
    assert event.source == "MSSQLSERVER"
    assert event.type == "Failure Audit"
    assert event.text == "sa1 Reason: (text) [CLIENT: 99.99.99.100]"
    assert event.time == datetime.datetime(2012, 4, 5, 20, 26, 30, tzinfo=datetime.timezone.utc)
    assert not event.no_privilege


def test_the_event_of_the_article() -> None:
    event = one(f'<?xml version="1.0" encoding="utf-16"?>\r\n<Events>\r\n{xml()}\r\n</Events>')
    assert (event.event_id, event.type, event.no_privilege) == (11202, "Failure Audit", True)
    assert event.text == f"HrLookupCredentials() {NO_PRIVILEGE}"
    assert event.time == datetime.datetime(2026, 11, 24, 8, 59, 12, 123456, tzinfo=datetime.timezone.utc)
    assert events.of_pop3(event)


def test_a_rendered_message_wins_over_its_strings() -> None:
    rendered = xml().replace(
        "</Event>", "<RenderingInfo Culture='en-US'><Message>Logon  has\nfailed</Message></RenderingInfo></Event>"
    )
    assert one(rendered).text == "Logon has failed"


@pytest.mark.parametrize(
    ("keywords", "level", "expected"),
    [
        ("0x90000000000000", "0", "Failure Audit"),
        ("0x8010000000000000", "0", "Failure Audit"),
        ("0x8090000000000000", "0", "Failure Audit"),
        ("0xa0000000000000", "0", "Success Audit"),
        ("0x80000000000000", "2", "Error"),
        ("0x80000000000000", "3", "Warning"),
        ("0x80000000000000", "0", "Information"),
        ("", "77", "Level 77"),
        ("nonsense", "", "Information"),
    ],
)
def test_an_audit_is_told_by_its_bit(keywords: str, level: str, expected: str) -> None:
    assert one(xml(keywords=keywords, level=level)).type == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, True, id="11202"),
        pytest.param({"event_id": 13003, "keywords": "0x80000000000000", "level": "2"}, True, id="13003"),
        pytest.param({"source": "MSExchange POP3"}, True, id="blank in the source"),
        pytest.param({"source": "msexchange pop3 interface"}, True, id="the long source"),
        pytest.param({"source": "MSExchangeIMAP4"}, False, id="another protocol"),
        pytest.param({"keywords": "0xa0000000000000"}, False, id="a success audit"),
        pytest.param({"event_id": 11508}, False, id="another event"),
    ],
)
def test_events_about_pop3_logons(change: dict[str, object], expected: bool) -> None:
    assert events.of_pop3(one(xml(**change))) is expected  # type: ignore[arg-type]  # a table of keyword arguments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NO_PRIVILEGE, True),
        ("failed with error: A REQUIRED PRIVILEGE IS NOT HELD BY THE CLIENT", True),
        ("failed with error 1314.", True),
        ("failed with error: 1314", True),
        ("hr = 0x80070522", True),
        ("0x522", True),
        ("Logon failure. Unknown user name or bad password.", False),
        ("Logon attempt from 1314 to 1314", False),
        ("Dem Client fehlt ein erforderliches Recht.", False),
        ("0x5220", False),
    ],
)
def test_the_text_of_error_1314(text: str, expected: bool) -> None:
    assert events.no_privilege(text) is expected


def test_equal_events_together_and_the_newest_first() -> None:
    texts = [
        xml(time="2026-11-24T08:00:00Z"),
        xml(time="2026-11-24T09:00:00Z", data="<Data>other</Data>"),
        xml(time="2026-11-24T08:30:00Z"),
        xml(time="no time", data="<Data>timeless</Data>"),
    ]
    groups = events.grouped(events.parse("<Events>" + "".join(texts) + "</Events>", 20))
    assert [(group.sample.text.split()[0], group.count) for group in groups] == [
        ("other", 1),
        ("HrLookupCredentials()", 2),
        ("timeless", 1),
    ]
    assert groups[1].newest == datetime.datetime(2026, 11, 24, 8, 30, tzinfo=datetime.timezone.utc)
    assert groups[2].newest is None


def test_at_most_as_many_as_asked_for() -> None:
    assert len(events.parse("<Events>" + xml() * 5 + "</Events>", 3)) == 3
    assert events.parse(xml(), 0) == ()


@pytest.mark.parametrize("text", ["", "  \r\n", "\ufeff", "<Events/>", "<Events>\r\n</Events>"])
def test_no_events(text: str) -> None:
    assert events.parse(text, 20) == ()


def test_events_without_a_root() -> None:
    assert len(events.parse(xml() + "\r\n" + xml(), 20)) == 2


@pytest.mark.parametrize(
    "data", ["<Data>a\x00b\x1f</Data>", "<Data>a&#x0;b&#31;</Data>", "<Data>a&#xD800;b&#xFFFFFFFF;</Data>"]
)
def test_characters_that_xml_forbids(data: str) -> None:
    assert one(xml(data=data)).text == "a\ufffdb\ufffd"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<Events><Event>", id="cut off"),
        pytest.param("Failed to read events. Access is denied.\n<", id="a message"),
        pytest.param("words", id="words"),
        pytest.param("<Events/>words", id="words behind the events"),
        pytest.param("<Events>&nbsp;</Events>", id="an entity"),
        pytest.param("<!DOCTYPE x [<!ENTITY a 'b'>]><Events>&a;</Events>", id="a document type"),
        pytest.param("<?xml version='1.0'?><!doctype x []><Events/>", id="a document type after the declaration"),
        pytest.param("x" * (events.LONGEST_XML + 1), id="too long"),
    ],
)
def test_what_is_no_list_of_events(text: str) -> None:
    with pytest.raises(ReadError):
        events.parse(text, 20)


DECLARED = "The events hold a document type declaration, which Windows never writes."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * 4_000_001, "The events are 4000001 characters long; at most 4000000 are read."),
        ("<!doctype x><Events/>", DECLARED),
        ("<!entity a 'b'><Events/>", DECLARED),
        ("<Events/>words", "The host printed more than events."),
        (
            "<Events>",
            "The events that the host printed are not whole XML: mismatched tag: ",
        ),
    ],
    ids=["too long", "document type", "entity", "more", "torn"],
)
def test_why_it_is_no_list_of_events(text: str, sentence: str) -> None:
    with pytest.raises(ReadError) as refused:
        events.parse(text, 20)
    assert str(refused.value).startswith(sentence)


def test_the_longest_list_is_read() -> None:
    assert events.parse(xml().ljust(events.LONGEST_XML), 20) == events.parse(xml(), 20)


def test_characters_by_their_numbers() -> None:
    assert one(xml(data="<Data>&#65;&#x42;&#x10FFFD;&#x110000;&#38;</Data>")).text == "AB\U0010fffd\ufffd&"


def test_entities_never_grow() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]><Events>&b;</Events>"
    with pytest.raises(ReadError, match="document type"):
        events.parse(bomb, 20)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<Events><Event/></Events>", id="no System"),
        pytest.param("<Event><System><EventID>1</EventID></System></Event>", id="no Provider"),
        pytest.param("<Event><System><Provider/><EventID>x</EventID></System></Event>", id="no number"),
        pytest.param(
            "<Events><Other><System><Provider/><EventID>1</EventID></System></Other></Events>", id="something else"
        ),
    ],
)
def test_what_is_no_event_is_left_out(text: str) -> None:
    assert events.parse(text, 20) == ()


_PIECES = st.sampled_from(
    [
        *("<Event>", "</Event>", "<System>", "</System>", "<Provider Name='x'/>", "<EventID>1</EventID>", "]]>"),
        *("<Keywords>0x9</Keywords>", "<TimeCreated SystemTime='2026-13-40T99:99:99Z'/>", "&#0;", "&x;"),
        *("<!DOCTYPE", "<?xml"),
    ]
)


@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=12).map("".join))
def test_events_or_the_declared_error(text: str) -> None:
    try:
        found = events.parse(text, 5)
    except ReadError:
        return
    assert len(found) <= 5
    assert all(event.event_id == 1 for event in found)


@given(st.text(max_size=40))
def test_any_text_survives_as_data(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    kept = "".join(c if _legal(ord(c)) else "\ufffd" for c in text)
    assert one(xml(data=f"<Data>{escaped}</Data>")).text == " ".join(kept.split())


def _legal(code: int) -> bool:
    """XML 1.0, production 2 (Char)."""
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


SYSTEM = "<Provider Name='MSExchangePOP3'/><EventID>11202</EventID>"
BARE = events.Event(11202, "MSExchangePOP3", "Information", "", None, no_privilege=False)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        pytest.param(f"<System>{SYSTEM}</System>", BARE, id="nothing more"),
        pytest.param(
            f"<System>{SYSTEM.replace('Name', 'EventSourceName')}</System>", BARE, id="the source by its other name"
        ),
        pytest.param("<System><Provider/><EventID>0x2BC2</EventID></System>", replace(BARE, source=""), id="no source"),
        pytest.param(f"<System>{SYSTEM}<TimeCreated/></System><EventData/><RenderingInfo/>", BARE, id="empty elements"),
        pytest.param(
            f"<System>{SYSTEM}</System><EventData><Other>a</Other><Data>b<i>c</i></Data><Data>d</Data></EventData>"
            "<RenderingInfo><Level>e</Level></RenderingInfo>",
            replace(BARE, text="bc d"),
            id="a rendering without a message",
        ),
        pytest.param(
            f"<System>{SYSTEM}<Level>0XA</Level><Keywords>0XAB90000000000000</Keywords></System>",
            replace(BARE, type="Failure Audit"),
            id="large letters",
        ),
    ],
)
def test_an_event_that_says_less_is_read_as_far_as_it_goes(inside: str, expected: events.Event) -> None:
    assert one(f"<Event>{inside}</Event>") == expected


@pytest.mark.parametrize(("fraction", "microsecond"), [(".5", 500_000), (".0005", 500), ("", 0), (".1234567", 123_456)])
def test_fractions_of_a_second(fraction: str, microsecond: int) -> None:
    time = one(xml(time=f"2026-11-24T08:59:12{fraction}Z")).time
    assert time is not None
    assert time.microsecond == microsecond
