# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_right_convert with files: what it writes, what it never writes over, what it shows."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task

CONVERT = importlib.import_module("ansible_collections.winmail.exchange.plugins.action.user_right_convert")
SECTION = """---
- name: Nobody is the system
  win_user_right: {name: SeTcbPrivilege, users: []}
- name: Left
  win_user_right: {name: SeTcbPrivilege, users: [x], action: add}
  register: x
"""


@pytest.fixture
def section(tmp_path: Path) -> Path:
    """A file with one rule, and one that is left."""
    path = tmp_path / "section.yml"
    path.write_text(SECTION, encoding="utf-8")
    return path


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the action prints."""
    lines: list[str] = []
    monkeypatch.setattr(CONVERT.display, "display", lines.append)
    return lines


def run(*, check: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
    task = Task.load({"name": "t", "winmail.exchange.user_right_convert": options, "check_mode": check, "diff": diff})
    action = CONVERT.ActionModule(
        task=task,
        connection=SimpleNamespace(_shell=SimpleNamespace(tmpdir=None)),
        play_context=PlayContext(),
        loader=DataLoader(),
        templar=None,
        shared_loader_obj=None,
    )
    result: dict[str, Any] = action.run(task_vars={})
    return result


def test_without_dest_the_task_is_shown_and_nothing_is_written(section: Path, shown: list[str]) -> None:
    result = run(src=str(section))
    assert result["changed"] is False
    assert shown[0] == result["text"]
    assert shown[1] == "section.yml: 1 rule in 1 entry of 1 task, 1 left as they were."
    assert shown[2:] == [
        "Left as they were:",
        "  line 4: Left: it has register, which a task for all rules cannot have for one",
    ]
    (left,) = result["left"]
    assert yaml.safe_load(left["proposal"]) == [{"name": "SeTcbPrivilege", "add": ["x"]}]
    assert list(section.parent.iterdir()) == [section]


def test_files_are_written_once_and_predicted(section: Path, tmp_path: Path, shown: list[str]) -> None:
    dest, controls = tmp_path / "rights.yml", tmp_path / "controls.yml"
    files: dict[str, Any] = {"src": str(section), "dest": str(dest), "baseline_dest": str(controls)}
    predicted = run(check=True, diff=True, **files)
    assert not dest.exists()
    assert not controls.exists()
    done = run(diff=True, **files)
    assert predicted["changed"] is done["changed"] is True
    assert predicted["diff"] == done["diff"]
    assert done["diff"]["after"] == dest.read_text(encoding="utf-8") + controls.read_text(encoding="utf-8")
    assert dest.read_text(encoding="utf-8") == done["text"]
    assert yaml.safe_load(controls.read_text(encoding="utf-8"))["controls"][0]["right"] == "SeTcbPrivilege"
    assert run(**files)["changed"] is False
    section.write_text(SECTION.replace("SeTcb", "SeDebug", 1), encoding="utf-8")
    assert run(**files)["changed"] is True
    assert done["text"] not in shown
    assert sorted(path.name for path in tmp_path.iterdir()) == ["controls.yml", "rights.yml", "section.yml"]


@pytest.mark.parametrize("option", ["dest", "baseline_dest"])
def test_a_file_of_somebody_else_is_never_written_over(section: Path, tmp_path: Path, option: str) -> None:
    other = tmp_path / "main.yml"
    other.write_text("---\n- name: Mine\n", encoding="utf-8")
    for check in (True, False):
        options: dict[str, Any] = {"src": str(section), option: str(other)}
        result = run(check=check, **options)
        assert "is there already and was not made by this module" in result["msg"]
    assert other.read_text(encoding="utf-8") == "---\n- name: Mine\n"
    itself: dict[str, Any] = {"src": str(section), option: str(section)}
    assert "is the file to convert itself" in run(**itself)["msg"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"$ANSIBLE_VAULT;1.1;AES256\n00", "section.yml is encrypted by ansible-vault: decrypt it"),
        (b"\xff\xfe-\x00", "section.yml is no UTF-8 text: save it as UTF-8."),
        (b"a: b\n", "section.yml is no list of tasks or plays."),
        (b"- x: [\n", "section.yml, line 2, is no YAML"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(section: Path, data: bytes, sentence: str) -> None:
    section.write_bytes(data)
    result = run(src=str(section))
    assert result["failed"]
    assert sentence in result["msg"]


def test_what_cannot_be_found_or_written_is_refused_in_one_sentence(section: Path, tmp_path: Path) -> None:
    assert "cannot be read: No such file or directory." in run(src=str(tmp_path / "no.yml"))["msg"]
    assert "cannot be written: No such file" in run(src=str(section), dest=str(tmp_path / "no" / "x.yml"))["msg"]
    assert "cannot be read" in run(src=str(section), dest=str(tmp_path))["msg"]
    section.write_text("- win_user_right: x\n", encoding="utf-8")
    assert "can be a control" in run(src=str(section), baseline_dest=str(tmp_path / "b.yml"))["msg"]


def test_a_relative_path_begins_where_ansible_was_started(
    section: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    run(src=section.name, dest="made.yml")
    assert (tmp_path / "made.yml").exists()


def test_words_of_the_playbook_are_answered_with_those_of_the_module(section: Path) -> None:
    assert "from_file (here it is src)" in run(from_file=str(section))["msg"]
    assert "host_roles is a list; it has to be a dictionary." in run(src=str(section), host_roles=["x"])["msg"]
    shown = run(src=str(section), baseline_dest=str(section.parent / "b.yml"), host_roles={"x": "dc"})["msg"]
    assert shown.startswith("host_roles names dc; the roles are")


def test_text_of_the_file_is_harmless_on_a_terminal(section: Path, shown: list[str]) -> None:
    section.write_text(SECTION.replace("name: Left", 'name: "Le\\e[31mft"'), encoding="utf-8")
    result = run(src=str(section))
    assert all("\x1b" not in line for line in [*shown, result["text"], result["left"][0]["name"]])
