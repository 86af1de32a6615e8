# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table for people, and the file of an audit."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any, cast

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.audit import audit
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.decision import decide
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.options import Run
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.outcome import outcome
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.result import Outcome
from ansible_collections.winmail.exchange.plugins.plugin_utils._prerequisites.table import action, table
from ansible_collections.winmail.exchange.tests.support.module_results import (
    LOGON,
    OTHER,
    TCB,
    changed,
    finding,
    probe,
    restarted,
    server,
)

SCHEMA = Path(__file__).resolve().parents[5] / "docs" / "schema" / "pop3-audit.json"
SICK = server("grant", finding())
GOVERNED = server("governed", finding(policy="Server Hardening"))


def shown(seen: dict[str, Any], *, revoke: bool = False, first: str = "privilege_missing", **more: Any) -> Outcome:
    """The outcome of a run."""
    decided = decide(seen, revoke=revoke).as_result()
    return outcome(Run("exch50", decided, seen, probe(first), revoke=revoke, **more))


DONE: dict[str, Any] = {"change": changed(), "restarts": restarted("MSExchangeIS")}
ACTIONS = {
    "granted, restarted": shown(SICK, **DONE, again=probe("logon_ok")),
    "would be granted and restarted": shown(SICK, **DONE, check_mode=True),
    "granted, restart needed": shown(SICK, change=changed(), again=probe("privilege_missing")),
    "restart needed": shown(server("restart", finding(held="direct"))),
    "none needed": shown(server("none", finding(held="direct")), first="logon_ok"),
    "none: grant needed": shown(SICK),
    "none: not needed here": shown(server("not_applicable")),
    "none: governed by Server Hardening": shown(GOVERNED),
    "none: governed by device management (MDM)": shown(server("governed", finding(policy="mdm"))),
    "none: not known what is wrong": shown(server("unknown", finding(held="unknown"))),
    "revoked, restart needed": shown(
        server("none", finding(held="direct")), revoke=True, change=changed(added=False), again=probe("logon_ok")
    ),
    "failed": shown(SICK, failure="It broke."),
}


@pytest.mark.parametrize("words", ACTIONS)
def test_the_action_in_words(words: str) -> None:
    assert action(ACTIONS[words]) == words


def test_the_columns_line_up() -> None:
    lines = table([("exch50", ACTIONS["granted, restarted"]), ("a-long-name", None), ("exchgpo", ACTIONS["failed"])])
    assert lines[0].index("generation") == lines[1].index("-", 11) == lines[2].index("5.0") == lines[3].index("- ", 11)
    assert lines[3].split() == ["a-long-name", *["-"] * 5, "unreachable", "or", "failed,", "see", "above"]
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_change_without_a_probe_after_it_says_so() -> None:
    assert table([("a", ACTIONS["would be granted and restarted"])])[2].endswith("not probed")


def test_the_file_of_an_audit_counts_and_names_every_host() -> None:
    found = audit(
        [("a", ACTIONS["none needed"]), ("b", ACTIONS["none: grant needed"]), ("c", None)], "2026-11-24T09:00:00Z"
    )
    assert found["summary"] == {
        "hosts": 3,
        "compliant": 1,
        "not_compliant": 1,
        "unknown": 1,
        "actions": {"grant": 1, "none": 1},
        "verdicts": {"logon_ok": 1, "privilege_missing": 1},
    }
    assert found["without_result"] == ["c"]


def validate(document: dict[str, Any]) -> None:
    """Raise an error for what does not follow the published schema."""
    importlib.import_module("jsonschema").validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize("words", ACTIONS)
def test_every_outcome_follows_the_schema(words: str) -> None:
    validate(audit([("exch50", ACTIONS[words]), ("b", None)], "2026-11-24T09:00:00Z"))


def test_the_schema_refuses_what_is_not_documented() -> None:
    error: type[Exception] = importlib.import_module("jsonschema").ValidationError
    document = audit([("exch50", ACTIONS["failed"])], "2026-11-24T09:00:00Z")
    document["hosts"][0]["password"] = "no"
    with pytest.raises(error):
        validate(document)
    with pytest.raises(error):
        validate(audit([("exch50", cast("Outcome", {**ACTIONS["failed"], "action": "maybe"}))], "2026-11-24T09:00:00Z"))


def test_the_file_holds_of_a_registered_outcome_what_is_documented() -> None:
    registered = cast("Outcome", {**ACTIONS["failed"], "failed": False, "msg": "So.", "look": {"probe": {}}})
    document = audit([("exch50", registered)], "2026-11-24T09:00:00Z")
    validate(document)
    assert document["hosts"] == [ACTIONS["failed"]]


HELD = server("none", finding(held="direct"))


def test_the_table_line_by_line() -> None:
    two = shown(server("grant", finding(), finding(LOGON), finding(account=OTHER)))
    lone = outcome(
        Run("lone", decide(server("not_applicable")).as_result(), {**server("not_applicable"), "hosting": []})
    )
    missing = "privilege_missing"
    cells = [re.split(" {2,}", line) for line in table([("exch50", two), ("gone", None), ("lone", lone)])]
    assert cells == [
        ["host", "generation", "account", "right", "verdict before", "action", "verdict after"],
        ["-" * width for width in (6, 10, 25, 34, 17, 21, 32)],
        ["exch50", "5.0", "CORP\\exsvc and CORP\\other", f"{TCB} {LOGON}", missing, "none: grant needed", missing],
        ["gone", "-", "-", "-", "-", "-", "unreachable or failed, see above"],
        ["lone", "5.x", "-", "-", "-", "none: not needed here", "-"],
    ]


def test_the_whole_file_of_an_audit() -> None:
    unknown = shown(server("unknown", finding(held="unknown")), first="listening")
    healthy = shown(HELD, first="logon_ok")
    hosts = [("a", unknown), ("b", None), ("c", healthy), ("d", shown(SICK)), ("e", None)]
    assert audit(hosts, "2026-11-24T09:00:00Z") == {
        "format": "winmail.exchange/pop3-audit",
        "version": 1,
        "written_at": "2026-11-24T09:00:00Z",
        "summary": {
            "hosts": 5,
            "compliant": 1,
            "not_compliant": 1,
            "unknown": 3,
            "actions": {"grant": 1, "none": 1, "unknown": 1},
            "verdicts": {"listening": 1, "logon_ok": 1, "privilege_missing": 1},
        },
        "hosts": [unknown, healthy, shown(SICK)],
        "without_result": ["b", "e"],
    }
