# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of texts: each row has a source and is found, no two contradict each other, shapes match what they say."""

from __future__ import annotations

import itertools
import re

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import texts, texts_servers, values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.advice import _CAUSES
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.replies import (
    TABLE,
    Situation,
    judge_refusal,
    parse_reply,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import UNKNOWN_PRODUCT, Product

ROWS = [row for row in TABLE.rows if not row.shape]
EXCHANGE = Product("exchange", "x", "2007+")


def judged(text: str, stage: str = values.PASS, *, tls: bool = False, product: Product = UNKNOWN_PRODUCT) -> str:
    return judge_refusal(parse_reply(f"-ERR {text}".encode()), Situation(stage, product, in_clear=not tls)).verdict


def test_every_row_says_where_it_comes_from_and_where_it_counts() -> None:
    for row in TABLE.rows:
        assert len(row.source) > 5, row
        assert row.verdict in values.VERDICTS
        assert row.stages
        assert set(row.stages) <= set(values.STAGES)
        assert row.cause in ("", *_CAUSES), row
        assert row.text.count("*") <= 1 or row.shape


def test_a_row_without_a_verdict_has_something_to_say() -> None:
    silent = {"login failure", "unspecified error"}
    assert {row.text for row in ROWS if row.verdict == values.UNCLASSIFIED and not row.cause} == silent


def test_no_text_means_two_things_to_the_same_speaker() -> None:
    by_text = sorted(ROWS, key=lambda row: row.text)
    for dummy, same in itertools.groupby(by_text, key=lambda row: row.text):
        for one, other in itertools.combinations(same, 2):
            if set(one.stages) & set(other.stages) and one.elsewhere and other.elsewhere:
                assert one.verdict == other.verdict, (one, other)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.text[:40])
def test_a_row_is_found_by_its_text(row: texts.Known) -> None:
    text = row.text.replace("*", "mbx1.example.test")
    for spelt in (text, text.upper(), f"  {text}. ", text.replace(" ", "  ")):
        assert row in list(TABLE.find(spelt))
    # An echo of a name decides nothing: the text counts as a whole.
    assert row not in list(TABLE.find(f"no such thing as {row.text.replace('*', 'x')} here today"))


def test_texts_of_one_server_are_known_behind_any_banner() -> None:
    """What stands in front of Exchange need not say who it is."""
    groups = (
        texts_servers.DOVECOT,
        texts_servers.UNIX,
        texts_servers.SUITES,
        texts_servers.PROVIDERS,
        texts_servers.PROXIES,
    )
    for row in itertools.chain(*groups):
        if row.elsewhere and not row.no_user_yet and row.verdict != values.UNCLASSIFIED:
            for product in (UNKNOWN_PRODUCT, EXCHANGE):
                stage = values.PASS if values.PASS in row.stages else row.stages[0]
                assert judged(row.text.replace("*", "x1"), stage, product=product) == row.verdict, row


@pytest.mark.parametrize(
    "text",
    [
        "Invalid username or password",
        "invalid user name/password.",
        "Incorrect login or password",
        "Wrong password",
        "Password incorrect",
        "The user name or password is incorrect.",
        "Sorry, login failed",
        "LOGIN failed, invalid user name or password !",
        "Authentication failed: bad credentials",
        "Authorisation failed",
        "User not found",
        "No such user here",
        "unknown user",
        "Unknown user name or bad password.",
        "Login failed: unknown user or bad password",
        "Bad password or unknown user",
        "Access denied.",
        "Account locked",
        "Your account has been disabled. Contact the help desk",
        "[AUTH] Invalid credentials",
        "[AUTH] Denied for a reason of its own",
    ],
)
def test_wordings_of_a_rejection(text: str) -> None:
    assert judged(text) == "credentials_rejected"
    assert judged(text, tls=True) == "credentials_rejected"
    assert judged(text, values.STAT) == "unclassified"
    assert judged(text, values.BANNER) == "unclassified"


@pytest.mark.parametrize(
    "text",
    [
        "STLS is required.",
        "TLS required to log in.",
        "An SSL/TLS connection is required for authentication",
        "Encryption required",
        "You must use STLS",
        "must issue a STLS command first",
        "Please issue STARTTLS first",
        "Authentication requires TLS.",
        "Plain text authentication disabled",
        "Plaintext logins not allowed on this connection",
        "cleartext passwords are forbidden here",
        "Unencrypted authentication not permitted",
        "[AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
    ],
)
def test_wordings_of_refused_clear_text(text: str) -> None:
    assert judged(text) == judged(text, values.USER) == "cleartext_refused"
    assert judged(text, tls=True) == "unclassified"


@pytest.mark.parametrize(
    "text",
    [
        "Server busy",
        "Server Busy. Max Connection Reached",
        "Service temporarily unavailable",
        "Too many connections",
        "Too many concurrent connections from your IP",
        "Maximum number of connections reached",
        "The server is shutting down",
        "System currently not available, please call back",
        "internal server error",
        "Temporary failure",
        "A temporary problem: the directory does not answer",
        "Your account is temporarily locked",
        "Something else, please try again later.",
        "[SYS/TEMP/LDAP] no directory",
        "[LOGIN-DELAY 60] slow down",
        "[IN-USE] Temporary authentication failure.",
        "Too many login failures; you are blocked for ten minutes",
        "Disconnected for inactivity.",
    ],
)
def test_wordings_of_a_temporary_error(text: str) -> None:
    for stage in (values.BANNER, values.USER, values.PASS, values.STAT):
        assert judged(text, stage) == "temporary_failure"


@pytest.mark.parametrize(
    "text",
    [
        "Mailbox is locked. Try later.",
        "Your mailbox is already in use by another session",
        "Unable to lock maildrop",
        "unable to lock alice's maildrop",
        "cannot open your mailbox",
        "maildrop already locked",
        "alice lock busy!  Is another session active? (11)",
        "POP3 access is disabled for this user",
        "pop access not enabled for account",
        "[IN-USE] whatever",
        "[SYS/PERM] Authentication failed.",
    ],
)
def test_wordings_of_a_mailbox_that_is_not_to_be_had(text: str) -> None:
    assert judged(text) == "mailbox_unavailable"


@pytest.mark.parametrize(
    "text",
    [
        "Kein Zutritt.",
        "Der Benutzername oder das Kennwort ist falsch.",
        "Identifiants incorrects",
        "The moon is full",
        "user alice said: invalid password",
        "password",
        "login",
        "failed",
        "invalid",
        "busy bees",
        "server",
        "no such user: a required privilege is not held by the client.",
        "authentication failed because the moon is full",
        "",
    ],
)
def test_a_text_that_nobody_knows_stays_unclassified(text: str) -> None:
    for stage in (values.BANNER, values.CAPA, values.USER, values.PASS, values.STAT):
        for tls in (False, True):
            assert judged(text, stage, tls=tls) == "unclassified"


@pytest.mark.parametrize("text", ["Your IP has been blocked", "host 192.0.2.1 is banned here", "address denied."])
def test_wordings_of_a_refused_client(text: str) -> None:
    reply = parse_reply(f"-ERR {text}".encode())
    found = judge_refusal(reply, Situation(values.BANNER, UNKNOWN_PRODUCT, in_clear=True))
    assert (found.verdict, found.cause) == ("unclassified", texts.CLIENT_REFUSED)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Server Unavailable. 21", ("server unavailable. 21", "server unavailable")),
        ("x [mail:2016-04-18 17:21:23]", ("x [mail:2016-04-18 17:21:23]", "x")),
        ('x. [Error="a b" Proxy=h:1:SSL]', ("x. [error='a b' proxy=h:1:ssl]", "x")),
        ("x (11)", ("x (11)", "x")),
        ("x (no reason)", ("x (no reason)",)),
        ("x [timeout]", ("x [timeout]",)),
        ("[x=1]", ("[x=1]",)),
        ("Clear-text, plain text and PLAINTEXT", ("plaintext, plaintext and plaintext",)),
        ("User-name `a\u2019", ("username 'a'",)),
    ],
)
def test_forms(text: str, forms: tuple[str, ...]) -> None:
    assert texts.forms(text) == forms


def test_half_a_text_that_could_go_on_is_not_complete() -> None:
    assert TABLE.is_complete("A required privilege is not held by the client")
    assert not TABLE.is_complete("Logon failure: unknown user name or bad password.")
    assert not TABLE.is_complete("Authentication failed")
    assert not TABLE.is_complete("The moon")


def test_an_unknown_command_means_clear_text_only_where_stls_is_there_and_user_is_not() -> None:
    reply = parse_reply(b"-ERR invalid command")
    for capabilities, verdict in (
        (("TOP", "STLS"), "cleartext_refused"),
        (("TOP", "STLS", "USER"), "unclassified"),
        (("TOP",), "unclassified"),
        ((), "unclassified"),
    ):
        situation = Situation(values.USER, UNKNOWN_PRODUCT, in_clear=True, capabilities=capabilities)
        assert judge_refusal(reply, situation).verdict == verdict
        assert (
            judge_refusal(reply, Situation(values.PASS, UNKNOWN_PRODUCT, True, capabilities)).verdict == "unclassified"
        )


def test_shapes_are_patterns_without_an_open_end_at_their_beginning() -> None:
    """A shape that begins with anything would take an echo for a verdict; only a plea at the end may."""
    loose = [row.text for row in TABLE.rows if row.shape and re.fullmatch(row.text, "x" * 30 + "; try again later")]
    assert len(loose) == 1
