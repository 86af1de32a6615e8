# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conversation without a socket: which command follows which answer."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.dialogue import (
    MAX_CAPABILITIES,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.errors import (
    ClosedError,
    LineTooLongError,
    SilentError,
    TlsError,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request, TlsFacts
from ansible_collections.winmail.exchange.tests.support.fake_channel import (
    CLOSED,
    DROP,
    E50,
    FACTS,
    LOGIN,
    MODERN,
    PRIVILEGE,
    SILENT,
    FakeChannel,
    outcome,
    talk,
)


def test_the_dialogue_of_the_article() -> None:
    channel = FakeChannel(E50, b"+OK", PRIVILEGE, b"+OK")
    found, lines = talk(LOGIN, channel)
    assert outcome(found) == ("privilege_missing", "exact", "missing", "pass")
    assert found.reply == PRIVILEGE.decode()
    assert found.banner == E50.decode()
    assert lines == (
        f"S> {E50.decode()}",
        "C> USER alice",
        "S> +OK",
        "C> PASS ********",
        f"S> {PRIVILEGE.decode()}",
        "C> QUIT",
        "S> +OK",
    )
    assert channel.sent == [b"USER alice", b"PASS s3cret", b"QUIT"]


def test_a_logon_at_a_generation_that_needs_the_right() -> None:
    found, _lines = talk(LOGIN, FakeChannel(E50, b"+OK", b"+OK User successfully logged on", DROP, b"+OK"))
    assert outcome(found) == ("logon_ok", "exact", "held", "pass")
    assert found.reply == "+OK User successfully logged on"


def test_capabilities_are_asked_of_all_but_5x() -> None:
    channel = FakeChannel(MODERN, b"+OK", b"TOP", b"SASL PLAIN", b".", b"+OK", b"+OK", DROP, b"+OK")
    found, _lines = talk(LOGIN, channel)
    assert found.capabilities == ("TOP", "SASL PLAIN")
    assert outcome(found) == ("logon_ok", "exact", "unknown", "pass")
    assert channel.sent[0] == b"CAPA"


def test_capabilities_refused() -> None:
    found, _lines = talk(LOGIN, FakeChannel(MODERN, b"-ERR", b"+OK", b"+OK", DROP, b"+OK"))
    assert found.capabilities is None
    assert found.judgement.verdict == "logon_ok"


def test_nothing_is_tried_without_login() -> None:
    channel = FakeChannel(MODERN, b"-ERR", b"+OK")
    found, _lines = talk(Request("h", 110), channel)
    assert outcome(found) == ("listening", "exact", "unknown", "banner")
    assert found.reply == MODERN.decode()
    assert channel.sent == [b"CAPA", b"QUIT"]


@pytest.mark.parametrize("trouble", [SILENT, CLOSED, LineTooLongError("long")], ids=["silent", "closed", "long"])
def test_trouble_with_the_capabilities_is_no_matter_without_login(trouble: Exception) -> None:
    found, lines = talk(Request("h", 110), FakeChannel(MODERN, trouble))
    assert outcome(found) == ("listening", "exact", "unknown", "banner")
    assert found.error is None
    assert f"-- {trouble}" in lines


@pytest.mark.parametrize(
    ("banner", "verdict"),
    [
        pytest.param(b"220 mail ESMTP", "not_pop3", id="smtp"),
        pytest.param(b"* OK IMAP4rev1", "not_pop3", id="imap"),
        pytest.param(b"SSH-2.0-OpenSSH", "not_pop3", id="ssh"),
        pytest.param(b"\x00\xff\x01", "not_pop3", id="binary"),
        pytest.param(b"", "not_pop3", id="empty"),
        pytest.param(b"-ERR [SYS/TEMP] too busy", "temporary_failure", id="busy"),
        pytest.param(b"-ERR go away", "unclassified", id="refused"),
        pytest.param(PRIVILEGE, "unclassified", id="privilege-too-early"),
    ],
)
def test_banners_that_end_the_conversation(banner: bytes, verdict: str) -> None:
    channel = FakeChannel(banner, b"+OK")
    found, _lines = talk(LOGIN, channel)
    assert (found.judgement.verdict, found.stage) == (verdict, "banner")
    assert found.banner == found.reply
    assert channel.sent == ([] if verdict == "not_pop3" else [b"QUIT"])


STEPS = [
    pytest.param(MODERN, id="banner"),
    pytest.param(b"-ERR no capa", id="capa"),
    pytest.param(b"+OK", id="user"),
]


@pytest.mark.parametrize(
    ("trouble", "verdict"),
    [
        pytest.param(SILENT, "timed_out", id="silent"),
        pytest.param(SilentError("x", b"+OK half"), "timed_out", id="silent-in-a-line"),
        pytest.param(CLOSED, "unclassified", id="closed"),
        pytest.param(ClosedError("x", b"-ERR half"), "unclassified", id="closed-in-a-line"),
        pytest.param(LineTooLongError("x", b"+OK " + b"x" * 9000), "unclassified", id="too-long"),
    ],
)
@pytest.mark.parametrize(
    ("before", "stage"),
    [
        pytest.param([], "banner", id="banner"),
        pytest.param([MODERN], "capa", id="capa"),
        pytest.param([MODERN, b"-ERR"], "user", id="user"),
        pytest.param([MODERN, b"-ERR", b"+OK"], "pass", id="pass"),
        pytest.param([MODERN, b"-ERR", b"+OK", b"+OK in"], "stat", id="stat"),
    ],
)
def test_silence_and_close_at_each_step(before: list[bytes], stage: str, trouble: Exception, verdict: str) -> None:
    channel = FakeChannel(*before, trouble)
    found, lines = talk(LOGIN, channel)
    assert (found.judgement.verdict, found.stage) == (verdict, stage)
    assert found.judgement.privilege == "unknown"
    assert found.error
    assert lines[-1] == f"-- {found.error}"
    assert channel.sent.count(b"PASS s3cret") == (1 if stage in ("pass", "stat") else 0)
    assert b"QUIT" not in channel.sent


@pytest.mark.parametrize("trouble", [ClosedError, SilentError, LineTooLongError])
def test_what_never_was_a_reply_is_not_pop3(trouble: type[ClosedError]) -> None:
    found, _lines = talk(LOGIN, FakeChannel(trouble("x", b"SSH-2.0")))
    assert (found.judgement.verdict, found.banner) == ("not_pop3", "SSH-2.0")


def test_a_known_error_without_its_line_end_counts() -> None:
    found, _lines = talk(LOGIN, FakeChannel(E50, b"+OK", ClosedError("closed", PRIVILEGE)))
    assert outcome(found) == ("privilege_missing", "inferred", "missing", "pass")


def test_an_ok_without_its_line_end_does_not() -> None:
    found, _lines = talk(LOGIN, FakeChannel(E50, b"+OK", ClosedError("closed", b"+OK")))
    assert outcome(found) == ("unclassified", "inferred", "unknown", "pass")


def test_a_second_line_behind_an_error() -> None:
    error = b"-ERR Logon failure: unknown user name or bad password."
    found, lines = talk(LOGIN, FakeChannel(E50, b"+OK", error, b"Connection is closed. 21"))
    assert outcome(found) == ("credentials_rejected", "exact", "unknown", "pass")
    assert found.reply == error.decode()
    assert lines[-1] == "S> Connection is closed. 21"


@pytest.mark.parametrize("first", [b"-ERR", b"-ERR Logon failed:"])
def test_an_error_of_several_lines(first: bytes) -> None:
    second = b"A required privilege is not held by the client."
    found, _lines = talk(LOGIN, FakeChannel(E50, b"+OK", first, b"Please note:", second, b"+OK"))
    assert outcome(found) == ("privilege_missing", "inferred", "missing", "pass")


def test_the_answer_to_quit_is_no_part_of_an_error() -> None:
    found, _lines = talk(LOGIN, FakeChannel(E50, b"+OK", b"-ERR nein", PRIVILEGE, b"+OK"))
    assert outcome(found) == ("unclassified", "inferred", "unknown", "pass")


def test_a_server_one_line_behind_is_no_logon() -> None:
    """+OK twice for USER: the second must not pass for the answer to PASS."""
    channel = FakeChannel(E50, b"+OK", b"+OK", PRIVILEGE, b"+OK")
    found, _lines = talk(LOGIN, channel)
    assert outcome(found) == ("unclassified", "inferred", "unknown", "stat")
    assert channel.sent[-2:] == [b"STAT", b"QUIT"]


def test_an_error_behind_the_answer_to_pass_is_no_logon() -> None:
    channel = FakeChannel(E50, b"+OK", b"+OK in", DROP, b"+OK")
    channel.unasked[b"PASS"] = [b"-ERR no"]
    found, lines = talk(LOGIN, channel)
    assert outcome(found) == ("unclassified", "inferred", "unknown", "pass")
    assert "S> -ERR no" in lines
    assert channel.sent.count(b"PASS s3cret") == 1


@pytest.mark.parametrize(
    ("stat", "outcome_"),
    [
        pytest.param(
            b"-ERR User is authenticated but not connected.",
            ("mailbox_unavailable", "exact", "unknown", "stat"),
            id="not-connected",
        ),
        pytest.param(b"-ERR Server Unavailable. 21", ("temporary_failure", "inferred", "unknown", "stat"), id="error"),
        pytest.param(b"-ERR [SYS/TEMP] later", ("temporary_failure", "inferred", "unknown", "stat"), id="code"),
        pytest.param(b"-ERR Protocol error. 19", ("unclassified", "inferred", "unknown", "stat"), id="not-known"),
        pytest.param(b"-ERR Authentication failed.", ("unclassified", "inferred", "unknown", "stat"), id="too-late"),
        pytest.param(b"-ERR [AUTH] no", ("unclassified", "inferred", "unknown", "stat"), id="code-too-late"),
        pytest.param(b"hello", ("unclassified", "inferred", "unknown", "stat"), id="no-reply"),
        pytest.param(b"+OK", ("logon_ok", "inferred", "unknown", "pass"), id="counts-nothing"),
        pytest.param(b"+OK 2 messages", ("logon_ok", "inferred", "unknown", "pass"), id="counts-no-octets"),
        pytest.param(b"+OK 2 600 and more", ("logon_ok", "exact", "unknown", "pass"), id="says-more"),
    ],
)
def test_an_accepted_password_is_no_working_logon(stat: bytes, outcome_: tuple[str, ...]) -> None:
    channel = FakeChannel(MODERN, b"-ERR", b"+OK", b"+OK User successfully logged on.", stat, b"+OK")
    found, lines = talk(LOGIN, channel)
    assert outcome(found) == outcome_
    assert channel.sent == [b"CAPA", b"USER alice", b"PASS s3cret", b"STAT", b"QUIT"]
    assert found.reply == (stat.decode() if outcome_[3] == "stat" else "+OK User successfully logged on.")
    assert lines[-3] == f"S> {stat.decode()}"


def test_a_server_that_goes_down_says_so_before() -> None:
    channel = FakeChannel(MODERN, b"-ERR Connection is closed. 11", CLOSED)
    found, _lines = talk(LOGIN, channel)
    assert outcome(found) == ("temporary_failure", "inferred", "unknown", "user")
    assert (found.reply, found.error) == ("-ERR Connection is closed. 11", str(CLOSED))


def test_a_server_that_went_on_after_a_warning_is_judged_by_what_it_said_then() -> None:
    channel = FakeChannel(MODERN, b"-ERR Server busy", b"+OK", b"+OK in", DROP, b"+OK")
    assert outcome(talk(LOGIN, channel)[0]) == ("logon_ok", "exact", "unknown", "pass")
    silent = FakeChannel(MODERN, b"-ERR Server busy", SILENT)
    found, _lines = talk(LOGIN, silent)
    assert (found.judgement.verdict, found.reply) == ("timed_out", None)


def test_what_came_unasked_is_no_answer() -> None:
    channel = FakeChannel(E50, b"+OK", PRIVILEGE, b"+OK")
    channel.unasked[b"USER"] = [b"+OK again"]
    found, lines = talk(LOGIN, channel)
    assert outcome(found) == ("privilege_missing", "exact", "missing", "pass")
    shown = lines.index("S> +OK again")
    assert lines[shown + 1 : shown + 3] == ("-- not asked for, so not taken for an answer", "C> PASS ********")


@pytest.mark.parametrize("reply", [b"+ go ahead", b"hello", b"\x00"])
def test_what_is_no_reply_is_unclassified(reply: bytes) -> None:
    for before in ([E50], [E50, b"+OK"]):
        found, _lines = talk(LOGIN, FakeChannel(*before, reply, b"+OK"))
        assert found.judgement == values.NOT_CLASSIFIED


def test_user_refused() -> None:
    channel = FakeChannel(MODERN, b"-ERR", b"-ERR Command is not valid in this state.", b"+OK")
    found, _lines = talk(LOGIN, channel)
    assert outcome(found) == ("cleartext_refused", "exact", "unknown", "user")
    assert b"PASS s3cret" not in channel.sent
    assert found.reply == "-ERR Command is not valid in this state."


def test_what_the_server_promises_makes_its_codes_exact() -> None:
    channel = FakeChannel(MODERN, b"+OK", b"AUTH-RESP-CODE", b".", b"+OK", b"-ERR [AUTH] Bad login", b"+OK")
    assert outcome(talk(LOGIN, channel)[0]) == ("credentials_rejected", "exact", "unknown", "pass")


def test_capabilities_without_end() -> None:
    channel = FakeChannel(MODERN, b"+OK", *[b"X"] * (MAX_CAPABILITIES * 2))
    found, _lines = talk(LOGIN, channel)
    assert (found.judgement.verdict, found.stage) == ("unclassified", "capa")
    assert found.error == f"the answer to CAPA has more than {MAX_CAPABILITIES} lines"


def test_a_hundred_capabilities_are_not_too_many() -> None:
    capabilities = [b"X"] * MAX_CAPABILITIES
    found, _lines = talk(LOGIN, FakeChannel(MODERN, b"+OK", *capabilities, b".", b"+OK", b"+OK", DROP, b"+OK"))
    assert (found.judgement.verdict, found.capabilities) == ("logon_ok", ("X",) * MAX_CAPABILITIES)
    found, _lines = talk(LOGIN, FakeChannel(MODERN, b"+OK", *capabilities, b"X", b".", b"+OK", b"+OK", b"+OK"))
    assert (found.judgement.verdict, found.stage) == ("unclassified", "capa")


def test_canary_accepted_proves_nothing() -> None:
    request = dataclasses.replace(LOGIN, login="canary")
    found, _lines = talk(request, FakeChannel(E50, b"+OK", b"+OK", DROP, b"+OK"))
    assert outcome(found) == ("logon_ok", "inferred", "unknown", "pass")


LINES = st.one_of(
    st.binary(max_size=60).filter(lambda line: b"\n" not in line),
    st.sampled_from([E50, MODERN, PRIVILEGE, b"+OK", b"-ERR", b".", b"-ERR [AUTH] no", b"+OK s3cret", DROP]),
    st.sampled_from([SILENT, CLOSED, LineTooLongError("x", b"s3cret"), ClosedError("x", b"-ERR s3cret")]),
)


@given(
    st.lists(LINES, max_size=12),
    st.sampled_from(values.TLS_MODES),
    st.sampled_from(values.LOGIN_MODES),
    st.sampled_from([FACTS, TlsError("no"), SILENT]),
)
def test_any_server_gets_a_verdict_and_the_rules_hold(
    lines: list[bytes | Exception], tls: str, login: str, facts: TlsFacts | Exception
) -> None:
    channel = FakeChannel(*lines, tls=facts)
    found, transcript = talk(dataclasses.replace(LOGIN, tls=tls, login=login), channel)
    passwords = [line for line in channel.sent if line.startswith(b"PASS")]
    assert found.judgement.verdict in values.VERDICTS
    assert found.stage in values.STAGES
    assert len(passwords) <= (0 if login == "none" else 1)
    if tls != "none":
        assert not any(line.startswith((b"PASS", b"USER")) for line in channel.sent_in_clear)
    shown = [*transcript, found.reply or "", found.banner or "", found.error or "", *(found.capabilities or ())]
    assert not any("s3cret" in text for text in shown)
    if found.judgement.verdict in ("logon_ok", "privilege_missing"):
        assert passwords
    if found.judgement.privilege == "held":
        assert found.judgement.verdict == "logon_ok"
        assert login == "credentials"
