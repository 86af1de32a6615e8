"""What a forge reads: workflows that may only read and call commands that exist, and the pages that it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files
from ansible_collections.winmail.exchange.tests.unit.project.test_documents import commands

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOWS = project_files(".yml", under=".github/workflows")
PINNED = re.compile(r"^ +- uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def load(path: Path) -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def test_there_is_a_workflow() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=str)
def test_a_workflow_may_read_and_nothing_else(workflow: Path) -> None:
    assert load(workflow)["permissions"] == {"contents": "read"}
    assert [name for name, job in load(workflow)["jobs"].items() if "permissions" in job] == []
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert [step for step in checkouts if step["with"]["persist-credentials"] is not False] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=str)
def test_an_action_is_pinned_by_its_commit(workflow: Path) -> None:
    lines = (ROOT / workflow).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "uses:" in line and not PINNED.match(line)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=str)
def test_a_workflow_runs_weekly_and_each_job_ends(workflow: Path) -> None:
    triggers = load(workflow)["on"]
    assert {"push", "pull_request", "schedule"} <= triggers.keys()
    assert "pull_request_target" not in triggers
    assert [name for name, job in load(workflow)["jobs"].items() if not job.get("timeout-minutes")] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=str)
def test_the_commands_of_a_workflow_exist(workflow: Path) -> None:
    lines = [step["run"] for step in steps(workflow) if "run" in step]
    assert {name for line in lines for name in re.findall(r"\bmake ([a-z-]+)", line)} <= commands()
    assert any("bash .ci/run" in line for line in lines)
    # An expression in a script would let the title of a change be run as a command.
    assert [line for line in lines if "${{" in line] == []


def test_every_command_of_ci_exists() -> None:
    called = re.findall(r"^step \S+ +make (\S+)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(called) > 10
    assert set(called) <= commands()


def test_ci_runs_every_check_but_those_for_people() -> None:
    called = re.findall(r"^step \S+ +make (\S+)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    for_people = {"picture", "help", "format", "lock", "clean", "verify", "replay"}
    parts_of_test = {"worlds", "fuzz", "cases"}
    takes_hours = {"mutation"}
    assert commands() - set(called) <= for_people | parts_of_test | takes_hours


@pytest.mark.parametrize("page", ["CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"])
def test_the_pages_that_a_forge_shows_are_where_it_looks(page: str) -> None:
    assert len((ROOT / page).read_text(encoding="utf-8").splitlines()) > 3
