# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe's tables and the lab's POP3 service against the dialogues that were recorded."""

from __future__ import annotations

import re

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import replies, texts, values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.banners import identify
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.tests.support import lab_hosts
from ansible_collections.winmail.exchange.tests.support.fake_channel import (
    FakeChannel,
    outcome,
    talk,
)
from ansible_collections.winmail.exchange.tests.unit.captures import reading
from lab.windows.pop3_dialogue import Dialogue

DIALOGUES = ("39", "40", "41")
VERBS = ("CAPA", "USER", "PASS", "STAT", "QUIT")
GENERATIONS = {"39": "2007+", "40": "2003", "41": "2000"}
PASSWORD = "Qz-7Wq9rT2"
REFUSALS = yaml.safe_load(reading.one("42"))


def exchanged(number: str) -> list[tuple[str, list[str]]]:
    """One capture as (command, lines of its answer); the greeting answers the empty command."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in reading.one(number).splitlines():
        if line.startswith(";"):
            continue
        text = re.sub(r"^POP3[<>] ", "", line)
        if text.split(" ")[0].upper() in VERBS and not (found[-1][0] == "CAPA" and found[-1][1][-1] != "."):
            found.append((text, []))
        else:
            found[-1][1].append(text)
    return found


@pytest.mark.parametrize("number", DIALOGUES)
def test_a_capture_is_read_whole(number: str) -> None:
    verbs = [command.partition(" ")[0].upper() for command, dummy in exchanged(number)]
    assert verbs == ["", *(verb for verb in VERBS if verb != "CAPA" or number != "41")]
    assert all(lines for dummy, lines in exchanged(number))


@pytest.mark.parametrize("number", DIALOGUES)
def test_the_probe_reads_the_dialogue_as_a_working_logon(number: str) -> None:
    answers = {command.partition(" ")[0].upper(): lines for command, lines in exchanged(number)}
    answers.setdefault("CAPA", ["-ERR"])
    order = ("", *VERBS)
    channel = FakeChannel(*(line.encode() for verb in order for line in answers[verb]))
    found, dummy = talk(Request("h", 110, login="credentials", user="user1", password=PASSWORD), channel)
    assert outcome(found) == ("logon_ok", "exact", "unknown", "pass")
    assert found.product.generation == GENERATIONS[number]
    assert list(found.capabilities or ()) == (answers["CAPA"][1:-1] if number != "41" else [])
    assert [line.split(b" ")[0].decode() for line in channel.sent] == list(VERBS)


def test_every_error_of_every_capture_is_in_the_tables() -> None:
    errors = [
        error
        for name, content in reading.texts().items()
        if name.startswith("pop3/")
        for error in re.findall(r"-ERR[^\"\r\n]*", content)
    ]
    assert len(errors) >= 2
    for error in errors:
        rows = list(replies.TABLE.find(replies.parse_reply(error.encode()).text))
        assert rows, f"no table knows {error}"
        assert rows[0].verdict != values.UNCLASSIFIED or rows[0].cause, f"no table says what {error} means"


@pytest.mark.parametrize("stage", [values.USER, values.PASS])
def test_a_valid_user_with_a_valid_password_in_clear_text(stage: str) -> None:
    refusal = REFUSALS["b"]
    assert (refusal["tls"], refusal["user"], refusal["password"]) == (False, "valid", "valid")
    product = identify(exchanged("39")[0][1][0])
    reply = replies.parse_reply(refusal["answer"].encode())
    judged = replies.judge_refusal(reply, replies.Situation(stage, product, in_clear=True))
    assert (judged.verdict, judged.confidence) == ("cleartext_refused", "exact")


def test_spa_is_refused_for_its_form() -> None:
    reply = replies.parse_reply(REFUSALS["a"]["answer"].encode())
    judged = replies.judge_refusal(reply, replies.Situation(values.PASS, values.UNKNOWN_PRODUCT, in_clear=False))
    assert (judged.verdict, judged.cause) == ("unclassified", texts.ARGUMENTS)


def shape(line: str) -> str:
    """A line without what differs from host to host: build, host, what is written in another language, token."""
    line = re.sub(r"\d+\.\d+\.\d+\.\d+", "BUILD", line)
    line = re.sub(r" \([\w.]+\)", " (HOST)", line)
    line = re.sub(r" \[\w+=*\]$", "", line)
    line = re.sub(r"POP3 (?:server version|\.{10}) BUILD", "POP3 VERSION BUILD", line)
    return re.sub(r" (?:ready\.|signing off\.|\.{8,10})$", " END", line)


def lab_dialogue(generation: str, *, tls: bool) -> Dialogue:
    user = {"name": "user1", "rid": 1101, "password": PASSWORD, "upn": "user1@example.test"}
    computer = lab_hosts.host(
        {"pop3_cleartext_at": "pass"},
        {"users": [user]},
        generation=generation,
        mailboxes={"user1": "EXAMPLES\\user1"},
    )
    return Dialogue(computer, tls=tls, can_start_tls=False)


@pytest.mark.parametrize(("number", "generation"), [("39", "2016"), ("40", "2003"), ("41", "2000")])
def test_the_lab_answers_as_the_captured_server(number: str, generation: str) -> None:
    dialogue = lab_dialogue(generation, tls=number == "39")
    for command, lines in exchanged(number):
        said = dialogue.banner() if not command else dialogue.answer(re.sub(r"\*$", PASSWORD, command)).text
        found = [shape(line) for line in said.split("\r\n")]
        # How many messages there are differs; capture 41 says "20 35000".
        expected = [re.sub(r"^\+OK \d+ \d+$", "+OK 0 0", shape(line)) for line in lines]
        assert found == expected, command


def test_the_lab_refuses_as_exchange_online_does() -> None:
    dialogue = lab_dialogue("2016", tls=False)
    assert dialogue.answer("AUTH NTLM").text == REFUSALS["a"]["answer"]
    assert dialogue.answer("USER user1@example.test").text == "+OK"
    assert dialogue.answer(f"PASS {PASSWORD}").text == REFUSALS["b"]["answer"]
