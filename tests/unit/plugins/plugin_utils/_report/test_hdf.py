"""Files for Heimdall and SAF, held against the schema that inspecjs publishes, and read as inspecjs reads them."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._report.make import make
from ansible_collections.winmail.exchange.tests.support import synthetic_fleet

# From mitre/heimdall2, libs/inspecjs/schemas/exec-json.json; its licence stands beside it.
SCHEMA = Path(__file__).with_name("inspecjs_exec-json.json")


def written(results: dict[str, Any], folder: Path) -> dict[str, dict[str, Any]]:
    made = make("user_rights_baseline", "", list(results.items()), str(folder), lambda *_told: None)
    assert "hdf/" in made.files
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(made.folder, "hdf").iterdir())
    }


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """Hosts of every standing, with controls of every status."""
    return synthetic_fleet.baseline_results(200)


@pytest.fixture(scope="module")
def files(results: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The files, by host."""
    return written(results, tmp_path_factory.mktemp("hdf"))


def in_heimdall(control: dict[str, Any]) -> str:
    """The status that libs/inspecjs/src/compat_impl/compat_inspec_1_0.ts makes of a control."""
    statuses = [one["status"] for one in control["results"]]
    if "error" in statuses:
        return "Profile Error"
    if (control.get("waiver_data") or {}).get("skipped_due_to_waiver") or control["impact"] == 0:
        return "Not Applicable"
    return "Failed" if "failed" in statuses else "Passed" if "passed" in statuses else "Not Reviewed"


def test_each_host_that_was_judged_has_a_file_as_the_schema_asks(
    results: dict[str, Any], files: dict[str, dict[str, Any]]
) -> None:
    assert set(files) == {host for host, one in results.items() if one and one["judged"]}
    jsonschema = importlib.import_module("jsonschema")
    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for document in files.values() for error in validator.iter_errors(document)] == []


def test_heimdall_counts_what_was_judged(results: dict[str, Any], files: dict[str, dict[str, Any]]) -> None:
    expected = {
        "pass": "Passed",
        "fail": "Failed",
        "unknown": "Profile Error",
        "not_applicable": "Not Applicable",
        "waived": "Not Applicable",
    }
    met = set()
    for host, document in files.items():
        told = {one["id"]: one["status"] for one in results[host]["judged"]["controls"]}
        (profile,) = document["profiles"]
        assert {one["id"]: in_heimdall(one) for one in profile["controls"]} == {
            rule: expected[status] for rule, status in told.items()
        }
        met |= set(told.values())
    assert met == set(expected)


def test_a_waiver_and_a_control_that_does_not_apply_say_why(files: dict[str, dict[str, Any]]) -> None:
    controls = [one for document in files.values() for one in document["profiles"][0]["controls"]]
    waived = next(one for one in controls if "waiver_data" in one)
    assert waived["waiver_data"]["expiration_date"] == "2027-03-31"
    assert waived["waiver_data"]["justification"] == "agreed with security"
    assert waived["impact"] > 0
    idle = next(one for one in controls if one["impact"] == 0)
    assert idle["desc"] == idle["results"][0]["skip_message"] == "This control is for domain controllers."


def test_a_checklist_finds_its_tags_whatever_the_baseline_names(tmp_path: Path) -> None:
    results = synthetic_fleet.baseline_results(3)
    host = next(name for name, one in results.items() if one and one["judged"])
    stig = {"stig_id": "WN22-UR-000110", "cci": ["CCI-002235"], "nist": ["AC-6 (10)"], "gtitle": "SRG-OS-000324"}
    first, second = results[host]["judged"]["controls"][:2]
    first |= {"id": "V-254501", "references": {**stig, "rid": "SV-254501r958726_rule"}}
    second |= {"id": "7", "title": "A title", "references": {}}
    tags = [one["tags"] for one in written({host: results[host]}, tmp_path)[host]["profiles"][0]["controls"][:2]]
    assert {key: tags[0][key] for key in ("gid", "rid", *stig)} == {
        **stig,
        "gid": "V-254501",
        "rid": "SV-254501r958726_rule",
    }
    assert {key: tags[1][key] for key in ("gid", "gtitle", "rid", "stig_id", "cci", "nist")} == {
        "gid": "7",
        "gtitle": "A title",
        "rid": "7",
        "stig_id": "7",
        "cci": [],
        "nist": [],
    }


def test_the_profile_is_the_same_on_every_host_that_was_held_against_it(files: dict[str, dict[str, Any]]) -> None:
    profiles = [document["profiles"][0] for document in files.values()]
    assert len({one["sha256"] for one in profiles}) == 1
    assert {one["version"] for one in profiles} == {"2506"}
