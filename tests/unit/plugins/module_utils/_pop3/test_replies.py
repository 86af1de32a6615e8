# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reply means, row by row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.replies import (
    Reply,
    Situation,
    judge_logon,
    judge_refusal,
    normalised,
    parse_reply,
)
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import (
    UNKNOWN_PRODUCT,
    VERDICTS,
    Product,
)

PRIVILEGE = "-ERR A required privilege is not held by the client."
DROP = Reply(True, "", "0 0")
BAD = "-ERR Logon failure: unknown user name or bad password."
STATE = "-ERR Command is not valid in this state."
NO_PLAINTEXT = "-ERR [AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections."
NO_CLEARTEXT = "-ERR [AUTH] Cleartext authentication disallowed on non-secure (SSL/TLS) connections."  # since 2.4
E50, E55, E2003, E2007 = (Product("exchange", "x", generation) for generation in ("5.0", "5.5", "2003", "2007+"))
EXCHANGE = Product("exchange", "x")
DOVECOT = Product("dovecot", "Dovecot")
MAILUTILS = Product("mailutils", "GNU Mailutils pop3d")
RESP = ("RESP-CODES", "AUTH-RESP-CODE")


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        pytest.param(b"+OK", Reply(True), id="ok"),
        pytest.param(b"+OK User successfully logged on", Reply(True, "", "User successfully logged on"), id="ok-text"),
        pytest.param(b"+ok\tx", Reply(True, "", "x"), id="lower"),
        pytest.param(b"-Err no", Reply(False, "", "no"), id="as-in-Q189732"),
        pytest.param(b"-ERR [sys/temp]  later ", Reply(False, "SYS/TEMP", "later"), id="code"),
        pytest.param(b"-ERR [not a code] x", Reply(False, "", "[not a code] x"), id="no-code"),
        pytest.param(b"+OKAY", Reply(None), id="longer-word"),
        pytest.param(b" +OK", Reply(None), id="space-before"),
        pytest.param(b"* OK IMAP4", Reply(None), id="imap"),
        pytest.param(b"220 smtp", Reply(None), id="smtp"),
        pytest.param(b"", Reply(None), id="empty"),
        pytest.param(b"\xff\xfb\x01", Reply(None), id="telnet"),
    ],
)
def test_parse_reply(line: bytes, reply: Reply) -> None:
    assert parse_reply(line) == reply


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A required  Privilege.", "a required privilege"),
        ("Protocol error. 14", "protocol error"),
        ("Mailbox X. 1314", "mailbox x"),
        ("Error 13145", "error 13145"),
        ("Mailbox X", "mailbox x"),
        ("bad password.. ", "bad password"),
        ("", ""),
        ("14", "14"),
    ],
)
def test_normalised(text: str, expected: str) -> None:
    assert normalised(text) == expected


@pytest.mark.parametrize(
    ("line", "product", "verdict", "confidence"),
    [
        pytest.param(PRIVILEGE, E50, "privilege_missing", "exact", id="Q171435"),
        pytest.param(
            "-Err A required privilege is not held by the client", E55, "privilege_missing", "exact", id="Q189732"
        ),
        pytest.param(PRIVILEGE, EXCHANGE, "privilege_missing", "inferred", id="own-banner"),
        pytest.param(PRIVILEGE, UNKNOWN_PRODUCT, "privilege_missing", "inferred", id="unknown-product"),
        pytest.param(PRIVILEGE, E2007, "privilege_missing", "inferred", id="later-generation"),
        pytest.param(BAD, E50, "credentials_rejected", "exact", id="5.0-bad"),
        pytest.param(BAD, E55, "credentials_rejected", "exact", id="5.5-bad"),
        # From 2007 on it is also said where the password is right and the mailbox is not reached.
        pytest.param(BAD, E2007, "credentials_rejected", "inferred", id="2007-bad"),
        pytest.param(BAD, E2003, "credentials_rejected", "inferred", id="2003-bad"),
        pytest.param(BAD, EXCHANGE, "credentials_rejected", "inferred", id="exchange-bad"),
        pytest.param(BAD, UNKNOWN_PRODUCT, "credentials_rejected", "inferred", id="unknown-bad"),
        pytest.param(STATE, E2007, "cleartext_refused", "exact", id="2007-state"),
        pytest.param(STATE, E2003, "cleartext_refused", "inferred", id="2003-state"),
        pytest.param(STATE, E55, "cleartext_refused", "inferred", id="5.5-state"),
        pytest.param(STATE, UNKNOWN_PRODUCT, "cleartext_refused", "inferred", id="unknown-state"),
        pytest.param(NO_PLAINTEXT, DOVECOT, "cleartext_refused", "exact", id="dovecot-plaintext"),
        pytest.param(NO_PLAINTEXT, UNKNOWN_PRODUCT, "cleartext_refused", "inferred", id="unknown-plaintext"),
        pytest.param(NO_CLEARTEXT, DOVECOT, "cleartext_refused", "exact", id="dovecot-cleartext"),
        pytest.param(NO_CLEARTEXT, UNKNOWN_PRODUCT, "cleartext_refused", "inferred", id="unknown-cleartext"),
        pytest.param(
            "-ERR The requested mailbox is not available on this server.",
            E55,
            "mailbox_unavailable",
            "exact",
            id="Q198143",
        ),
        pytest.param("-ERR The requested item could not be found.", E2003, "mailbox_unavailable", "exact", id="item"),
        pytest.param(
            "-ERR The requested item could not be found.", DOVECOT, "unclassified", "inferred", id="item-else"
        ),
        pytest.param("-ERR Ambiguous Alias", E55, "mailbox_unavailable", "exact", id="Q181917"),
        pytest.param("-ERR Ambiguous Alias", E2007, "unclassified", "inferred", id="alias-else"),
        pytest.param("-ERR Protocol error. 14", E2007, "unclassified", "inferred", id="protocol-error"),
        pytest.param("-ERR Unspecified error", E2003, "unclassified", "inferred", id="unspecified"),
        pytest.param("-ERR LOGIN FAILURE", E2003, "unclassified", "inferred", id="login-failure"),
        pytest.param("-ERR Dem Client fehlt ein erforderliches Recht.", E50, "unclassified", "inferred", id="german"),
        pytest.param("-ERR Le client ne dispose pas d'un privilege", E50, "unclassified", "inferred", id="french"),
        pytest.param("-ERR", E50, "unclassified", "inferred", id="bare"),
        pytest.param(
            "-ERR no such user: a required privilege is not held by the client.",
            E50,
            "unclassified",
            "inferred",
            id="echo-of-a-name",
        ),
        pytest.param("-ERR [AUTH] Authentication failed.", DOVECOT, "credentials_rejected", "inferred", id="code-auth"),
        pytest.param("-ERR [SYS/TEMP] x", UNKNOWN_PRODUCT, "temporary_failure", "inferred", id="code-temp"),
        pytest.param("-ERR [SYS/PERM] x", UNKNOWN_PRODUCT, "mailbox_unavailable", "inferred", id="code-perm"),
        pytest.param("-ERR [IN-USE] x", UNKNOWN_PRODUCT, "mailbox_unavailable", "inferred", id="code-in-use"),
        pytest.param("-ERR [LOGIN-DELAY] x", UNKNOWN_PRODUCT, "temporary_failure", "inferred", id="code-delay"),
        pytest.param("-ERR [X-OWN] x", UNKNOWN_PRODUCT, "unclassified", "inferred", id="code-unknown"),
    ],
)
def test_refusals_of_pass_in_clear(line: str, product: Product, verdict: str, confidence: str) -> None:
    situation = Situation(values.PASS, product, in_clear=True)
    judgement = judge_refusal(parse_reply(line.encode()), situation)
    assert (judgement.verdict, judgement.confidence) == (verdict, confidence)
    assert judgement.privilege == ("missing" if verdict == "privilege_missing" else "unknown")


@pytest.mark.parametrize(
    ("stage", "product", "in_clear", "verdict"),
    [
        pytest.param(values.USER, MAILUTILS, True, "cleartext_refused", id="mailutils"),
        pytest.param(values.USER, MAILUTILS, False, "unclassified", id="inside-tls"),
        pytest.param(values.PASS, MAILUTILS, True, "unclassified", id="at-pass"),
        pytest.param(values.USER, UNKNOWN_PRODUCT, True, "unclassified", id="another-product"),
    ],
)
def test_incorrect_state(stage: str, product: Product, in_clear: bool, verdict: str) -> None:
    assert judge_refusal(Reply(False, "", "Incorrect state"), Situation(stage, product, in_clear)).verdict == verdict


@pytest.mark.parametrize("code", ["SYS/TEMP", "SYS/PERM", "IN-USE", "LOGIN-DELAY"])
def test_a_code_is_exact_where_the_server_promises_its_meaning(code: str) -> None:
    reply = Reply(False, code, "whatever")
    assert judge_refusal(reply, Situation(values.PASS, UNKNOWN_PRODUCT, True, RESP)).confidence == "exact"
    assert judge_refusal(reply, Situation(values.PASS, UNKNOWN_PRODUCT, True)).confidence == "inferred"


@pytest.mark.parametrize(
    ("stage", "text", "capabilities", "confidence"),
    [
        pytest.param(values.PASS, "Authentication failed.", RESP, "exact", id="text and code"),
        pytest.param(values.PASS, "whatever", RESP, "inferred", id="code alone"),
        pytest.param(values.PASS, "Account disabled", RESP, "inferred", id="another reason"),
        pytest.param(values.PASS, "Authentication failed.", (), "inferred", id="not promised"),
        pytest.param(values.USER, "Authentication failed.", RESP, "inferred", id="before the password"),
    ],
)
def test_auth_is_sure_with_a_text_that_says_the_same(
    stage: str, text: str, capabilities: tuple[str, ...], confidence: str
) -> None:
    """[AUTH] is also for an attempt against a policy (RFC 3206, 4), such as one in clear text."""
    judgement = judge_refusal(Reply(False, "AUTH", text), Situation(stage, UNKNOWN_PRODUCT, True, capabilities))
    assert (judgement.verdict, judgement.confidence) == ("credentials_rejected", confidence)


@pytest.mark.parametrize("stage", [values.BANNER, values.CAPA, values.STAT])
def test_where_no_password_is_judged_auth_says_nothing(stage: str) -> None:
    reply = Reply(False, "AUTH", "Authentication failed.")
    assert judge_refusal(reply, Situation(stage, UNKNOWN_PRODUCT, True, RESP)) == values.NOT_CLASSIFIED


@pytest.mark.parametrize(
    ("capabilities", "confidence"),
    [(("USER", "auth-resp-code and more"), "exact"), (("USER", "SASL AUTH-RESP-CODE"), "inferred"), ((), "inferred")],
)
def test_a_promise_is_the_first_word_of_a_capability(capabilities: tuple[str, ...], confidence: str) -> None:
    situation = Situation(values.PASS, UNKNOWN_PRODUCT, True, capabilities)
    assert judge_refusal(Reply(False, "AUTH", "Bad login"), situation).confidence == confidence


@pytest.mark.parametrize(("line", "product"), [(STATE, E2007), (NO_PLAINTEXT, DOVECOT), (NO_CLEARTEXT, DOVECOT)])
def test_clear_text_is_not_refused_inside_tls(line: str, product: Product) -> None:
    situation = Situation(values.PASS, product, in_clear=False, capabilities=RESP)
    assert judge_refusal(parse_reply(line.encode()), situation).verdict == "unclassified"


def test_the_privilege_is_judged_at_pass_only() -> None:
    for stage in (values.BANNER, values.USER):
        judgement = judge_refusal(parse_reply(PRIVILEGE.encode()), Situation(stage, E50, True))
        assert judgement == values.NOT_CLASSIFIED


@pytest.mark.parametrize(
    ("product", "canary", "confidence", "privilege"),
    [
        pytest.param(E50, False, "exact", "held", id="5.0"),
        pytest.param(E55, False, "exact", "held", id="5.5"),
        pytest.param(E2003, False, "exact", "unknown", id="2003"),
        pytest.param(E2007, False, "exact", "unknown", id="2007+"),
        pytest.param(UNKNOWN_PRODUCT, False, "exact", "unknown", id="unknown"),
        pytest.param(E50, True, "inferred", "unknown", id="canary-accepted"),
    ],
)
def test_logon(product: Product, canary: bool, confidence: str, privilege: str) -> None:
    judgement = judge_logon(product, DROP, canary=canary)
    assert (judgement.verdict, judgement.confidence, judgement.privilege) == ("logon_ok", confidence, privilege)


@given(
    st.binary(),
    st.sampled_from(values.STAGES),
    st.sampled_from([E50, E55, E2003, E2007, EXCHANGE, DOVECOT, UNKNOWN_PRODUCT]),
    st.booleans(),
)
def test_every_refusal_gets_a_verdict_and_unknown_text_none_of_the_known(
    text: bytes, stage: str, product: Product, in_clear: bool
) -> None:
    judgement = judge_refusal(parse_reply(b"-ERR " + text), Situation(stage, product, in_clear))
    assert judgement.verdict in VERDICTS
    assert judgement.verdict not in (values.LOGON_OK, values.LISTENING)
    if not text.startswith(b"["):
        assert judgement == values.NOT_CLASSIFIED
