# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialogues of tests/cases/pop3.yml, each with a server that says its lines; what was sent is another observer."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.client import probe
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import Request
from ansible_collections.winmail.exchange.tests.support.scripted import Peer, serving

CASES = yaml.safe_load((pathlib.Path(__file__).parents[2] / "cases" / "pop3.yml").read_text(encoding="utf-8"))
PASSWORD = "Qz-7Wq9rT2"


def said_by(case: dict[str, Any]) -> Callable[[Peer], None]:
    """The server of a case; what it has no answer for it does not know."""
    capa = [["-ERR Protocol error. 19"], ["+OK", *case.get("capa", ()), "."]]["capa" in case]
    answers = {"CAPA": capa, "USER": ["+OK"], "QUIT": ["+OK", "close"], **case["answers"]}
    banner = case["banner"] if isinstance(case["banner"], list) else [case["banner"]]

    def say(peer: Peer, lines: list[str]) -> bool:
        for line in lines:
            if line == "close":
                return False
            peer.send(line.encode() + b"\r\n")
        return True

    def handle(peer: Peer) -> None:
        going_on = say(peer, banner)
        while going_on:
            verb = peer.line().split(b" ")[0].decode().upper()
            going_on = say(peer, answers.get(verb, ["-ERR Protocol error. 19"]))

    return handle


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{case['kind']}: {case['id']}", marks=pytest.mark.case(case["kind"])) for case in CASES],
)
def test_dialogue(case: dict[str, Any]) -> None:
    with serving(said_by(case)) as server:
        user = case.get("user", "CORP\\petra")
        report = probe(
            Request(server.host, server.port, login="credentials", user=user, password=PASSWORD, timeout=30.0)
        )
    found = report.as_result()
    assert found["verdict"] in case["expect"], found["transcript"]
    assert found["privilege"] == case.get("privilege", "unknown")
    if case.get("not_exact"):
        assert found["confidence"] == "inferred"
    if "confidence" in case:
        assert found["confidence"] == case["confidence"]
    if "stage" in case:
        assert found["stage"] == case["stage"]
    if "product" in case:
        assert (found["product"]["generation"] or found["product"]["family"]) == case["product"]
    words = case.get("advice_has", [""])
    assert any(word in found["advice"] for word in words), found["advice"]
    assert sum(line.startswith(b"PASS ") for line in server.received) <= 1
    assert PASSWORD not in repr(report)


def test_every_kind_has_members() -> None:
    kinds = [case["kind"] for case in CASES]
    assert all(kinds.count(kind) > 2 for kind in kinds)
    names = [(case["kind"], case["id"]) for case in CASES]
    assert len(names) == len(set(names)) > 100
