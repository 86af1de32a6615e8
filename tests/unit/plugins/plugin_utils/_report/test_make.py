"""A report of a fleet, read by others than its writers: the schema, the csv module, the file system."""

from __future__ import annotations

import csv
import importlib
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._report import count, folder, page_baseline, read, screen
from ansible_collections.winmail.exchange.plugins.plugin_utils._report.make import Report, make
from ansible_collections.winmail.exchange.plugins.plugin_utils._report.model import Fleet, JudgedHost, Kind, Pool
from ansible_collections.winmail.exchange.tests.support import synthetic_fleet

ROOT = Path(__file__).parents[5]
JUDGED: Kind = "user_rights_baseline"
POP3: Kind = "pop3_prerequisites"
# What ends a script, a string, a cell or a line somewhere, what turns writing round, what a terminal obeys.
HOSTILE = "</script><script>alert(1)</script><!--\"'`&=cmd|'/c calc'!A1\u2028\u202e\x1b[2J\r\n\x00\ud800"


def report(kind: Kind, results: dict[str, Any], report_dir: str | Path = "") -> Report:
    return make(kind, "", list(results.items()), str(report_dir), lambda *_told: None)


def valid(path: Path) -> dict[str, Any]:
    document = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs" / "schema" / "report.json").read_text(encoding="utf-8"))
    importlib.import_module("jsonschema").validate(document, schema)
    assert isinstance(document, dict)
    return document


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def printed(text: str) -> bool:
    return text.isprintable()


@pytest.mark.parametrize("kind", [JUDGED, POP3])
def test_the_file_for_programs_is_as_its_schema_says(kind: Kind, tmp_path: Path) -> None:
    make_results = synthetic_fleet.baseline_results if kind == JUDGED else synthetic_fleet.pop_results
    made = report(kind, make_results(120), tmp_path)
    document = valid(Path(made.folder, "report.json"))
    assert [one["host"] for one in document["hosts"]] == synthetic_fleet.names(120)
    assert {key: document["summary"][key] for key in made.counts} == made.counts
    assert sum(made.counts.values()) == 2 * made.counts["hosts"]


def test_what_stands_once_leads_back_to_the_results(tmp_path: Path) -> None:
    results = synthetic_fleet.baseline_results(60)
    document = valid(Path(report(JUDGED, results, tmp_path).folder, "report.json"))
    for host in document["hosts"]:
        told = (results[host["host"]] or {}).get("judged", {}).get("controls", [])
        assert len(told) == len(host["findings"])
        for written, one in zip(host["findings"], told, strict=True):
            assert document["controls"][written["control"]]["id"] == one["id"]
            assert [document["accounts"][place] for place in written["holders"]] == one["holders"]
            assert written["status"] == one["status"]


def test_the_sheet_has_a_row_for_each_host_and_control_and_one_for_a_host_that_was_not_judged(tmp_path: Path) -> None:
    results = synthetic_fleet.baseline_results(300)
    rows = cells(Path(report(JUDGED, results, tmp_path).folder, "controls.csv"))
    judged = [one for one in results.values() if one and one["judged"]]
    assert len(rows) == len(judged) * len(synthetic_fleet.RIGHTS) + len(results) - len(judged)
    lost = [row for row in rows if not row["control"]]
    assert {row["standing"] for row in lost} == {"unreachable", "failed", "no_result"}
    assert all(row["reason"] for row in lost)


def test_files_and_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    made = report(JUDGED, synthetic_fleet.baseline_results(3), tmp_path / "new" / "reports")
    assert stat.S_IMODE(Path(made.folder).stat().st_mode) == 0o700
    found = list(Path(made.folder).rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()} == {0o700}
    assert stat.S_IMODE(Path(made.folder).parent.stat().st_mode) == 0o700


def test_a_report_that_cannot_be_written_leaves_nothing_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(InputError, match=r"could not be written to .*: No space left on device\. Make that folder"):
        report(JUDGED, synthetic_fleet.baseline_results(3), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"\(report_dir\)"):
        report(JUDGED, {}, tmp_path / "file")


def hostile(text: str) -> dict[str, Any]:
    """The result of a host whose every word is ``text``."""
    account = {"sid": text, "name": text, "kind": text}
    control = {
        **dict.fromkeys(("id", "title", "right", "display_name", "operator", "severity", "reason"), text),
        **{key: [account] for key in ("expected", "holders", "extra", "missing")},
        "status": "fail",
        "allowed_by": [{"sid": text, "reason": text}],
        "references": {text: [text]},
        "governed": {"status": text, "gpo": {"guid": text, "name": text}},
    }
    judged = {
        "host_role": text,
        "as_of": "2026-11-24T09:00:00Z",
        "baseline": dict.fromkeys(("name", "title", "release", "source"), text),
        "orphans": [text],
        "waivers": [{"control": text, "accounts": [account], "reason": text, "until": text, "state": "expired"}],
        "controls": [control],
    }
    return {"host": text, "computer": text, "status": "not_compliant", "judged": judged, "failure": text}


@given(st.text(min_size=1).map(lambda text: f"{text}{HOSTILE}{text}"))
@settings(max_examples=25)
def test_text_of_a_host_is_inert_in_every_file_and_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    made = report(JUDGED, {text: hostile(text)}, tmp_path_factory.mktemp("hostile"))
    assert all(map(printed, made.lines))
    document = valid(Path(made.folder, "report.json"))
    assert all(map(printed, _texts(document)))
    (row,) = cells(Path(made.folder, "controls.csv"))
    assert all(map(printed, row.values()))
    assert not [cell for cell in row.values() if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\uff1d", "\t"))]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        ("CORP\\=x", "CORP\\=x"),
        ("S-1-5-32-544", "S-1-5-32-544"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell: str, written: str, tmp_path: Path) -> None:
    failed = {"status": "failed", "failure": cell}
    (row,) = cells(Path(report(JUDGED, {"h": failed}, tmp_path).folder, "controls.csv"))
    assert row["reason"] == written


KEYS = [
    *("status", "judged", "controls", "holders", "baseline", "governed", "gpo", "references", "allowed_by"),
    *("rights", "action", "done", "unknown", "compliant", "failure"),
]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner),
    )
)
def test_a_variable_of_any_shape_is_read_and_never_passes_for_a_host_that_is_well(value: Any) -> None:
    judged = read.judged_host("h", value, Pool())
    assert judged.standing != "compliant" or value["status"] == "compliant"
    popped = read.pop_host("h", value)
    assert popped.standing != "compliant" or value["compliant"]


@pytest.mark.parametrize("value", [None, {}, [], "", "{{ x }}", 3, {"status": "splendid"}, {"controls": []}])
def test_what_is_no_result_says_so(value: object) -> None:
    for host in (read.judged_host("h", value, Pool()), read.pop_host("h", value)):
        assert host.standing == "no_result"
        assert host.failure


def test_a_status_that_nobody_knows_is_unknown() -> None:
    host = read.judged_host("h", {"status": "compliant", "judged": {"controls": [{"status": "fine"}]}}, Pool())
    assert [one.status for one in host.findings] == ["unknown"]


def test_a_page_with_very_many_different_findings_leaves_out_what_other_columns_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = synthetic_fleet.baseline_results(20)
    whole = Path(report(JUDGED, results, tmp_path).folder, "report.html").read_text(encoding="utf-8")
    monkeypatch.setattr(page_baseline, "LARGEST", len(whole) - 1)
    lean = Path(report(JUDGED, results, tmp_path).folder, "report.html").read_text(encoding="utf-8")
    assert "the reasons are left out here: controls.csv has them" in lean
    values = lean.rpartition('id="data">')[2]
    assert "BUILTIN\\\\Guests lacks" in whole.rpartition('id="data">')[2]
    assert "BUILTIN\\\\Guests lacks" not in values
    # What no other column says stays.
    assert "This control is for domain controllers." in values


# Names of files.


def test_names_of_files_are_safe_and_unique_in_any_case() -> None:
    hosts = ["db1", "DB1", "a/b", "a_b", "..", ".hidden", "con", "com1.corp", "x" * 300, "ü", "n\nn", "end."]
    names = folder.file_names(hosts)
    assert list(names) == hosts
    assert len({name.lower() for name in names.values()}) == len(hosts)
    assert names["db1"] == "db1"
    assert names["a_b"] == "a_b"
    for name in names.values():
        assert len(name) < 130
        assert name.isascii()
        assert not set(name) & set('/\\:*?"<>|\n ')
        assert name[0] != "."
        assert name.partition(".")[0].lower() not in ("con", "com1")


@given(st.lists(st.text(min_size=1), unique=True))
def test_names_of_files_never_collide(hosts: list[str]) -> None:
    assert len({name.lower() for name in folder.file_names(hosts).values()}) == len(hosts)


# What is counted.


def fleet(results: dict[str, Any]) -> Fleet[JudgedHost]:
    pool = Pool()
    hosts = tuple(read.judged_host(host, value, pool) for host, value in results.items())
    return Fleet("user_rights_baseline", "", "2026-11-24T10:00:00Z", hosts)


def test_orphans_come_first_then_the_mighty_rights() -> None:
    found = count.holdings(fleet(synthetic_fleet.baseline_results(400)))
    kinds = [(not one.orphan, one.right not in count.MIGHTY) for one in found]
    assert kinds == sorted(kinds)
    assert kinds[0] == (False, True)
    assert (True, False) in kinds


def test_a_waiver_is_told_with_its_end_and_its_hosts() -> None:
    judged = fleet(synthetic_fleet.baseline_results(50))
    ((waiver, hosts),) = count.waivers(judged)
    assert (waiver.control, waiver.accounts, waiver.until) == ("OSC-008", ("CORP\\svc-backup",), "2027-03-31")
    assert list(hosts) == [host.host for host in judged.hosts if host.findings]
    waived = [one for host in judged.hosts for one in host.findings if one.status == "waived"]
    assert {(one.waived_until, one.waiver) for one in waived} == {("2027-03-31", "agreed with security")}


def test_equal_sentences_stand_once_also_where_each_names_its_own_host() -> None:
    pairs = [("a1", "No way to a1."), ("b2", "No way to b2."), ("c3", "Something else."), ("d4", "")]
    assert count.sentences(pairs) == [("No way to the host.", ("a1", "b2")), ("Something else.", ("c3",))]


def test_an_orphan_whose_rights_nobody_judges_is_an_orphan_all_the_same(tmp_path: Path) -> None:
    results = synthetic_fleet.baseline_results(2)
    gone, judged = "S-1-5-21-9-9-9-1234", "S-1-5-21-9-9-9-1235"
    for one in results.values():
        for control in one["judged"]["controls"]:
            control["holders"] = [{"sid": judged, "name": None, "kind": "unknown"}]
        one["judged"]["orphans"] = [gone, judged]
    about = {**results[synthetic_fleet.names(2)[0]]["judged"]["controls"][0], "right": None, "display_name": None}
    about.update(
        id="O-1", status="fail", extra=[{"sid": sid, "name": None, "kind": "unknown"} for sid in (gone, judged)]
    )
    results[synthetic_fleet.names(2)[0]]["judged"]["controls"].append(about)
    found = [one for one in count.holdings(fleet(results)) if one.orphan]
    assert {one.member.sid for one in found} == {gone, judged}
    (only,) = [one for one in found if one.member.sid == gone]
    assert (only.right, only.hosts, only.beyond) == ("", tuple(results), 1)
    assert all(one.right for one in found if one.member.sid == judged)
    page = Path(report(JUDGED, results, tmp_path).folder, "report.html").read_text(encoding="utf-8")
    assert "2 orphans, SIDs that no host has a name for" in page
    assert "rights that are not judged" in page
    for one in results.values():
        one["judged"]["orphans"] += [f"S-1-5-21-9-9-9-{rid}" for rid in range(5000, 5500)]
    page = Path(report(JUDGED, results, tmp_path).folder, "report.html").read_text(encoding="utf-8")
    assert "502 orphans, SIDs" in page
    rows = page.partition('id="accounts-table"')[2].partition("</table>")[0]
    assert ("SeDebugPrivilege" in rows, rows.count(">orphan<")) == (True, 200)


# The screen.


def test_the_last_line_is_the_verdict() -> None:
    judged = fleet(synthetic_fleet.baseline_results(1000))
    lines = screen.baseline_screen(judged)
    assert lines[-1] == (
        "166 of 1000 hosts meet Microsoft OSConfig security baseline, Windows Server 2025 (2506), as of "
        "2026-11-24T09:00:00Z to 2026-11-24T09:59:00Z; 792 do not; 16 unknown; 13 unreachable; 8 failed; "
        "5 without a result"
    )
    assert len(lines) <= 40


def test_what_is_not_known_of_hosts_that_fail_nothing_is_said() -> None:
    results = synthetic_fleet.baseline_results(3)
    first, second, third = results
    for name in (first, second):
        results[name].update(status="unknown", failure="")
        for control in results[name]["judged"]["controls"]:
            control.update(status="pass")
        for control in results[name]["judged"]["controls"][3:5]:
            control.update(status="unknown", reason="Not known: it did not say.")
    results[third].update(status="compliant", failure="")
    told = screen.baseline_screen(fleet(results))
    known = results[first]["judged"]["controls"][3]
    assert (
        f"2 hosts ({first}, {second}): {known['id']} {known['display_name']}: Not known: it did not say. "
        "(1 more is unknown.)"
    ) in told


def test_warnings_of_hosts_stand_once_with_their_hosts_and_a_failure_is_no_warning_as_well() -> None:
    results = synthetic_fleet.baseline_results(13)
    results[next(iter(results))]["failure"] = "It broke."
    for name, one in results.items():
        one["judged"]["warnings"] = ["The waiver of X ended\x1b[2J.", f"{name} is a workstation."]
    told = screen.baseline_screen(fleet(results))
    quiet = [name for name, one in results.items() if one and not one["failure"]]
    (ended, workstations) = [line for line in told if line.startswith("Warning: ")]
    assert ended.startswith(f"Warning: {len(quiet)} hosts ({quiet[0]}, ")
    assert ended.endswith("more): The waiver of X ended\\x1b[2J.")
    assert workstations.endswith("more): the host is a workstation.")
    assert len(quiet) == 12


def test_a_fleet_of_a_hundred_mail_servers_fits_on_a_screen() -> None:
    made = report(POP3, synthetic_fleet.pop_results(100))
    assert made.lines[-1] == "90 of 100 hosts: users can log on; 8 cannot; 2 unknown"
    assert len(made.lines) <= 20
    assert made.lines[2].startswith(made.worst[0]["host"])


def test_nobody_judged_is_no_fleet_that_meets_a_baseline() -> None:
    assert screen.headline(fleet({"a": None})) == "0 of 1 hosts meet the baseline; 1 without a result"


@pytest.mark.parametrize(
    ("check_mode", "changed", "verb"),
    [(False, True, "meet"), (True, False, "meet"), (True, True, "would meet")],
)
def test_what_is_predicted_is_told_as_a_prediction(check_mode: bool, changed: bool, verb: str) -> None:
    results = synthetic_fleet.baseline_results(13)
    host = next(name for name, one in results.items() if one and one["judged"])
    results[host] = {**results[host], "check_mode": check_mode, "changed": changed}
    assert f" of 13 hosts {verb} Microsoft OSConfig" in screen.headline(fleet(results))
