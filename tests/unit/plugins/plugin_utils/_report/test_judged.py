"""What the judge really says, of every shipped baseline, comes through the report as it was said."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.options import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.read import load, shipped_names
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.survey import survey
from ansible_collections.winmail.exchange.plugins.plugin_utils._report.make import make
from ansible_collections.winmail.exchange.tests.support.memory_host import DOMAIN_POLICY, MemoryHost

ROOT = Path(__file__).parents[5]
ADMINISTRATORS, OPERATORS = "S-1-5-32-544", "S-1-5-32-551"
ORPHAN = "S-1-5-21-1-2-3-4099"
CONTROLS = ["id", "title", "right", "display_name", "operator", "severity"]


def result(name: str, **state: Any) -> dict[str, Any]:
    """The variable of a host that was judged."""
    baseline = load(name, [])
    some = next(one for one in baseline.controls if one.right == "SeBackupPrivilege")
    waiver = {"control": some.id, "accounts": [OPERATORS], "reason": "agreed", "until": "2099-12-31"}
    asked = parse({"host_role": "auto", "controls": [], "waivers": [waiver]}, baseline)
    rights = {
        "SeBackupPrivilege": [ADMINISTRATORS, OPERATORS],
        "SeDebugPrivilege": [ADMINISTRATORS, ORPHAN],
        "SeTcbPrivilege": [],
    }
    host = MemoryHost(rights=rights, policies=(DOMAIN_POLICY,), **state)
    judged: dict[str, Any] = dict(survey(host, asked, lambda _warning: None))
    status = {True: "compliant", False: "not_compliant", None: "unknown"}[judged["compliant"]]
    return {"host": "h", "computer": judged["computer"]["name"], "status": status, "judged": judged, "failure": ""}


@pytest.mark.parametrize("name", shipped_names())
def test_every_word_of_a_judgement_is_in_the_report(name: str, tmp_path: Path) -> None:
    told = result(name, unpinned={"SeLockMemoryPrivilege": ["OLDDOM\\somebody"]})
    made = make("user_rights_baseline", "", [("h", told)], str(tmp_path), lambda *_told: None)
    document = json.loads(Path(made.folder, "report.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs" / "schema" / "report.json").read_text(encoding="utf-8"))
    importlib.import_module("jsonschema").validate(document, schema)
    (host,) = document["hosts"]
    judged = told["judged"]
    assert host["orphans"] == judged["orphans"]
    assert host["host_role"] == judged["host_role"]
    assert {key: document["summary"]["findings"][key] for key in judged["summary"]} == judged["summary"]
    assert len(host["findings"]) == len(judged["controls"])
    for written, one in zip(host["findings"], judged["controls"], strict=True):
        control = document["controls"][written["control"]]
        assert {key: control[key] for key in CONTROLS} == {key: one[key] for key in CONTROLS}
        assert (written["status"], written["reason"]) == (one["status"], one["reason"])
        for members in ("holders", "extra", "missing"):
            assert [document["accounts"][place] for place in written[members]] == one[members]
        assert [document["accounts"][place]["sid"] for place in written["expected"]] == [
            expected["sid"] for expected in one["expected"]
        ]
        assert [document["accounts"][by["account"]]["sid"] for by in written["allowed_by"]] == [
            by["sid"] for by in one["allowed_by"]
        ]
    waived = [one for one in host["findings"] if one["status"] == "waived"]
    assert [one["waived_until"] for one in waived] == ["2099-12-31"] * len(waived)
    (waiver,) = document["waivers"]
    assert (waiver["until"], waiver["state"], waiver["hosts"]) == ("2099-12-31", "in_force", ["h"])
    assert {path.name for path in Path(made.folder, "hdf").iterdir()} == {"h.json"}
