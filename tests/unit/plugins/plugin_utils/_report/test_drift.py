"""What is different since the report before, found in the folder where reports are written."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._report import folder
from ansible_collections.winmail.exchange.plugins.plugin_utils._report.make import Report, make
from ansible_collections.winmail.exchange.plugins.plugin_utils._report.model import Kind
from ansible_collections.winmail.exchange.tests.support import synthetic_fleet

JUDGED: Kind = "user_rights_baseline"
POP3: Kind = "pop3_prerequisites"
# Ours by its head, and nothing as the schema says below.
OURS = '{"format": "winmail.exchange/report", "version": 1, "kind": "user_rights_baseline", "hosts": [{}]}'
A, B, C = synthetic_fleet.names(3)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A clock that the test sets: minutes past nine."""
    minutes = [0]
    monkeypatch.setattr(folder, "now", lambda: f"2026-11-24T09:{minutes[0]:02}:00Z")
    return minutes


def report(results: dict[str, Any], into: Path, kind: Kind = JUDGED) -> Report:
    return make(kind, "", list(results.items()), str(into), lambda *_told: None)


def drift(made: Report) -> dict[str, Any] | None:
    found: dict[str, Any] | None = json.loads(Path(made.folder, "report.json").read_text(encoding="utf-8"))["drift"]
    return found


@pytest.fixture
def before() -> dict[str, Any]:
    """Three hosts with all controls that pass."""
    results = synthetic_fleet.baseline_results(3)
    for one in results.values():
        one["status"] = "compliant"
        for control in one["judged"]["controls"]:
            control["status"] = "pass"
    return results


def test_the_first_report_has_nothing_to_compare_with(before: dict[str, Any], tmp_path: Path) -> None:
    assert drift(report(before, tmp_path)) is None


def test_what_fails_anew_and_what_came_right_is_told(before: dict[str, Any], tmp_path: Path, clock: list[int]) -> None:
    after = copy.deepcopy(before)
    before[B]["status"] = "not_compliant"
    before[B]["judged"]["controls"][5]["status"] = "fail"
    after[A]["status"] = "not_compliant"
    for host in (A, C):
        after[host]["judged"]["controls"][2]["status"] = "fail"
    first = report(before, tmp_path)
    clock[0] = 1
    second = report(after, tmp_path)
    found = drift(second)
    assert found is not None
    assert (found["since"], found["folder"]) == ("2026-11-24T09:00:00Z", Path(first.folder).name)
    assert found["hosts"] == [
        {"host": A, "before": "compliant", "after": "not_compliant"},
        {"host": B, "before": "not_compliant", "after": "compliant"},
    ]
    changes = [(one["control"], one["before"], one["after"], one["hosts"]) for one in found["controls"]]
    assert changes == [("OSC-003", "pass", "fail", [A, C]), ("OSC-006", "fail", "pass", [B])]
    assert (
        f"Since the report of 2026-11-24T09:00:00Z: fell back: 1 host ({A}); came right: 1 host ({B})." in second.lines
    )
    assert any(line.startswith("  Fails anew: OSC-003") and f"2 hosts ({A}, {C})" in line for line in second.lines)
    assert "OSC-003" in Path(second.folder, "report.html").read_text(encoding="utf-8").partition('id="drift"')[2]


def test_hosts_that_came_went_or_were_not_judged_are_named(
    before: dict[str, Any], tmp_path: Path, clock: list[int]
) -> None:
    report({A: before[A], B: before[B]}, tmp_path)
    clock[0] = 1
    lost = {**before[B], "status": "unreachable", "judged": {}}
    found = drift(report({B: lost, C: before[C]}, tmp_path))
    assert found is not None
    assert (found["new_hosts"], found["gone_hosts"], found["not_compared"]) == ([C], [A], [B])
    assert found["hosts"] == [{"host": B, "before": "compliant", "after": "unreachable"}]


def test_another_baseline_is_not_compared(before: dict[str, Any], tmp_path: Path, clock: list[int]) -> None:
    report(before, tmp_path)
    clock[0] = 1
    after = copy.deepcopy(before)
    after[A]["judged"]["baseline"] = {**synthetic_fleet.BASELINE, "release": "2510"}
    after[A]["judged"]["controls"][2]["status"] = "fail"
    after[A]["status"] = "not_compliant"
    second = report(after, tmp_path)
    found = drift(second)
    assert found is not None
    # More was asked of it: it did not fall back.
    assert (found["not_compared"], found["controls"], found["hosts"]) == ([A], [], [])
    assert f"Since the report of 2026-11-24T09:00:00Z: not comparable: 1 host ({A})." in second.lines


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "it is not JSON"),
        ("[]", "it is no report"),
        ('{"format": "another"}', "it is no report of this kind and version"),
        (
            OURS,
            "it is not as its schema says (KeyError)",
        ),
        ("[" * 100000, "it is not JSON"),
    ],
)
def test_a_broken_or_foreign_report_is_passed_over_and_named(
    content: str, why: str, before: dict[str, Any], tmp_path: Path, clock: list[int]
) -> None:
    first = report(before, tmp_path)
    clock[0] = 1
    broken = report(before, tmp_path)
    Path(broken.folder, "report.json").write_text(content, encoding="utf-8")
    clock[0] = 2
    made = report(before, tmp_path)
    found = drift(made)
    assert found is not None
    assert found["folder"] == Path(first.folder).name
    sentence = f"The earlier report {Path(broken.folder).name} is passed over: {why}."
    assert sentence in made.lines
    assert sentence in Path(made.folder, "report.html").read_text(encoding="utf-8")


def test_other_folders_and_the_other_kind_are_left_alone(tmp_path: Path, clock: list[int]) -> None:
    for name in ("user_rights_baseline-old", ".user_rights_baseline-20261124T090000Z-abcdef.part", "notes"):
        (tmp_path / name).mkdir()
    report(synthetic_fleet.pop_results(3), tmp_path, POP3)
    clock[0] = 1
    made = report(synthetic_fleet.baseline_results(3), tmp_path)
    assert drift(made) is None
    assert not [line for line in made.lines if "passed over" in line]


def test_mail_servers_are_compared_by_their_standing(tmp_path: Path, clock: list[int]) -> None:
    results = synthetic_fleet.pop_results(40)
    report(results, tmp_path, POP3)
    clock[0] = 1
    first = next(host for host, one in results.items() if one and one["compliant"])
    results[first] = {**results[first], "compliant": False}
    made = report(results, tmp_path, POP3)
    found = drift(made)
    assert found is not None
    assert found["hosts"] == [{"host": first, "before": "compliant", "after": "not_compliant"}]
    assert re.fullmatch(r"Since the report of .*: fell back: 1 host \(\S+\)\.", made.lines[-3])
