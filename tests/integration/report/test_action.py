"""The action as a play runs it: with every callback, in check mode, for hosts that nobody can reach."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.tests.support import player, synthetic_fleet

HOSTS = 12
VERDICT = (
    "1 of 12 hosts meet Microsoft OSConfig security baseline, Windows Server 2025 (2506), as of "
    "2026-11-24T09:00:00Z to 2026-11-24T09:11:00Z; 11 do not"
)
PLAY = """
- name: Leave a result on each host
  hosts: all
  gather_facts: false
  tasks:
    - name: Set it
      ansible.builtin.set_fact:
        user_rights_baseline_result: "{{ (lookup('ansible.builtin.file', results) | from_json)[inventory_hostname] }}"
- name: Report
  hosts: all
  gather_facts: false
  become: true
  tasks:
    - name: Report on all hosts
      winmail.exchange.fleet_report:
        kind: user_rights_baseline
        report_dir: "{{ into }}"
        hosts: "{{ names | default([]) }}"
      run_once: true
      register: report
    - name: Show the result
      ansible.builtin.debug:
        var: report
      run_once: true
"""
# What a callback for programs does: one JSON document on standard output and nothing else, as ansible.posix.json.
FOR_PROGRAMS = """
import json
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, 'stdout', 'json'

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.results = []

    def v2_runner_on_ok(self, result):
        self.results.append(result._result.get('report', {}))

    def v2_playbook_on_stats(self, stats):
        self._display.display(json.dumps(self.results))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A playbook, and an inventory of hosts whose port nobody listens on."""
    made = tmp_path_factory.mktemp("report")
    results = synthetic_fleet.baseline_results(HOSTS)
    hosts = {name: {"ansible_host": "127.0.0.1", "ansible_port": 1} for name in results}
    common = {"ansible_connection": "winrm", "ansible_user": "CORP\\admin", "ansible_password": "unused"}
    (made / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts, "vars": common}}), encoding="utf-8")
    (made / "results.json").write_text(json.dumps(results), encoding="utf-8")
    (made / "play.yml").write_text(PLAY, encoding="utf-8")
    (made / "callbacks").mkdir()
    (made / "callbacks" / "json.py").write_text(FOR_PROGRAMS, encoding="utf-8")
    return made


def play(folder: Path, *words: str, into: Path | str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(player.BIN / "ansible-playbook"), "-i", str(folder / "inventory.json"), str(folder / "play.yml")]
    given = {"results": str(folder / "results.json"), "into": str(into)}
    own = {**player.environment(folder, folder), "ANSIBLE_CALLBACK_PLUGINS": str(folder / "callbacks")}
    del own["ANSIBLE_CALLBACKS_ENABLED"]
    return subprocess.run(
        [*command, "-e", json.dumps(given), *words],
        cwd=player.ROOT,
        env={**own, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"},
        {"ANSIBLE_STDOUT_CALLBACK": "minimal"},
        {"ANSIBLE_CALLBACKS_ENABLED": "junit", "ANSIBLE_DISPLAY_OK_HOSTS": "false"},
    ],
    ids=["default", "yaml", "minimal", "quiet with junit"],
)
def test_the_lines_are_text_with_every_callback(folder: Path, environment: dict[str, str]) -> None:
    done = play(folder, JUNIT_OUTPUT_DIR=str(folder / "junit"), **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(f"\n{VERDICT}\n") == 1


def test_what_a_program_reads_stays_whole(folder: Path) -> None:
    done = play(folder, ANSIBLE_STDOUT_CALLBACK="json")
    assert done.returncode == 0, done.stdout + done.stderr
    (report,) = filter(None, json.loads(done.stdout))
    assert report["lines"][-1] == VERDICT
    assert f"\n{VERDICT}\n" in done.stderr
    assert report["counts"]["compliant"] == 1
    assert (report["changed"], report["hosts"], report["folder"], report["files"]) == (False, HOSTS, "", [])


def test_files_are_written_once_and_not_in_check_mode(folder: Path, tmp_path: Path) -> None:
    done = play(folder, "--check", into=tmp_path / "reports")
    assert VERDICT in done.stdout
    assert list(tmp_path.iterdir()) == []
    assert play(folder, into=tmp_path / "reports").returncode == 0
    (made,) = (tmp_path / "reports").iterdir()
    assert {"report.json", "controls.csv"} <= {path.name for path in made.iterdir()}


def test_what_was_found_is_shown_also_where_it_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = play(folder, into=tmp_path / "file")
    assert done.returncode != 0
    assert done.stdout.count(f"\n{VERDICT}\n") == 1
    assert f"The report could not be written to {tmp_path / 'file'} (report_dir): " in done.stdout


def test_a_host_without_a_result_and_one_that_is_not_in_the_inventory(folder: Path) -> None:
    alone = play(
        folder, "--limit", "sql0000.corp.example", "-e", '{"names": ["sql0000.corp.example", "web0001.corp.example"]}'
    )
    assert "\n0 of 2 hosts meet" in alone.stdout, alone.stdout
    assert "; 1 do not; 1 without a result\n" in alone.stdout
    strange = play(folder, "-e", '{"names": ["nobody"]}')
    assert strange.returncode != 0
    assert "The host 'nobody' (hosts) is not in the inventory." in strange.stdout


def test_a_job_runner_shows_the_lines_as_they_are(folder: Path, tmp_path: Path) -> None:
    """AWX runs playbooks by ansible-runner, whose own callback turns what is displayed into events."""
    command = [str(player.BIN / "ansible-runner"), "run", str(tmp_path), "--playbook", str(folder / "play.yml")]
    command += ["--inventory", str(folder / "inventory.json"), "--ident", "1", "--cmdline"]
    command.append(f"-e results={folder / 'results.json'} -e into=''")
    own = player.environment(folder, folder)
    del own["ANSIBLE_CALLBACK_PLUGINS"], own["ANSIBLE_CALLBACKS_ENABLED"]
    done = subprocess.run(command, cwd=player.ROOT, env=own, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    events = [
        json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "artifacts/1/job_events").glob("*.json")
    ]
    assert [one["event"] for one in events if VERDICT in one["stdout"].splitlines()] == ["verbose"]
