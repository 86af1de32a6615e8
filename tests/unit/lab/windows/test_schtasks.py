# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""schtasks of the lab against capture tasks/38 and docs/sources.md S13."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.support.lab_tasks import AFTER_FIVE_MINUTES, task_xml
from lab.seams import Completed
from lab.state.task_schema import NAMESPACE
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]
FILE = "C:\\Windows\\security\\task.xml"
CREATE = f"schtasks /create /xml {FILE} /tn NAME"
CAPTURE = Path(__file__).parents[3] / "captures" / "tasks" / "38_schtasks_messages.yml"


@pytest.fixture
def words() -> Mapping[str, Any]:
    """The capture."""
    found: Mapping[str, Any] = yaml.safe_load(CAPTURE.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def prepared(make: Make) -> Callable[..., Computer]:
    """A computer with the XML of a task in a file, 8 bits without declaration."""

    def one(name: str = "member", data: bytes = task_xml(AFTER_FIVE_MINUTES).encode(), **worlds: str) -> Computer:
        computer = make(name, **worlds)
        computer.machine.files.write(FILE, data)
        return computer

    return one


def test_create_and_delete_say_what_real_ones_say(
    prepared: Callable[..., Computer], run: Run, words: Mapping[str, Any]
) -> None:
    computer = prepared()
    made = run(computer, CREATE)
    assert (made.stdout.decode().strip(), made.exit_code) == (words["create"]["stdout"], words["create"]["exit"])
    assert [task.name for task in computer.tasks] == ["NAME"]
    gone = run(computer, "schtasks /delete /tn NAME /f")
    assert (gone.stdout.decode().strip(), gone.exit_code) == (words["delete"]["stdout"], words["delete"]["exit"])
    assert list(computer.tasks) == []


def test_what_is_not_there_and_who_may_not(
    prepared: Callable[..., Computer], run: Run, words: Mapping[str, Any]
) -> None:
    computer = prepared()
    for verb in ("/query", "/run", "/end", "/delete"):
        missing = run(computer, f"schtasks {verb} /tn NAME")
        assert missing.stderr.decode().strip() == words["query_missing"]["text"]
        assert missing.exit_code == 1
    denied = words["create_highest_without_rights"]
    for done in (run(prepared("notadmin"), CREATE, user="pop3test"), run(prepared(task_register="denied"), CREATE)):
        assert (done.stderr.decode().strip(), done.exit_code) == (denied["text"], denied["exit"])


def test_an_existing_task_is_replaced_with_f_only(prepared: Callable[..., Computer], run: Run) -> None:
    computer = prepared()
    assert run(computer, CREATE).exit_code == 0
    asked = run(computer, CREATE)
    assert b"already exists" in asked.stdout
    assert asked.exit_code == 1
    assert run(computer, f"{CREATE} /f").exit_code == 0
    assert run(computer, f"echo y|{CREATE}").exit_code == 0
    assert run(computer, "schtasks /delete /tn NAME").exit_code == 1
    assert [task.name for task in computer.tasks] == ["NAME"]


UTF16 = '<?xml version="1.0" encoding="UTF-16"?>\r\n'
UTF8 = '<?xml version="1.0" encoding="UTF-8"?>\r\n'


@pytest.mark.parametrize(
    ("declaration", "encoding", "taken"),
    [
        ("", "ascii", True),
        (UTF16, "utf-16", True),
        ("", "utf-16", True),
        (UTF8, "utf-8", False),
        (UTF16, "ascii", False),
        (UTF8, "utf-16", False),
    ],
)
def test_a_declaration_must_match_the_bytes(
    prepared: Callable[..., Computer], run: Run, declaration: str, encoding: str, taken: bool
) -> None:
    done = run(prepared(data=task_xml(declaration=declaration).encode(encoding)), CREATE)
    assert done.exit_code == (0 if taken else 1)
    if not taken:
        column = 41 if "16" in declaration else 40
        place = f"(1,{column})::ERROR: unable to switch the encoding"
        assert done.stderr.decode().splitlines() == ["ERROR: The task XML is malformed.", place]


@pytest.mark.parametrize(
    ("xml", "text", "where"),
    [
        (task_xml()[:-7], "is malformed", "::ERROR:"),
        (task_xml().replace(NAMESPACE, "urn:x"), "from an unexpected namespace", ":Task:"),
        (task_xml(settings="<HideAppWindow>true</HideAppWindow>"), "contains an unexpected node", ":HideAppWindow:"),
        (task_xml(settings="<UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine>"), "unexpected node", ":Use"),
        (task_xml(actions=""), "is missing a required element or attribute", ":Actions:"),
        (
            task_xml("<RegistrationTrigger><Delay>5M</Delay></RegistrationTrigger>"),
            "incorrectly formatted",
            ":Delay:5M",
        ),
        (
            task_xml("<BootTrigger><Delay>PT1M</Delay><Enabled>true</Enabled></BootTrigger>"),
            "contains an unexpected node",
            ":Enabled:",
        ),
        (task_xml("<TimeTrigger />"), "is missing a required", ":StartBoundary:"),
        (
            task_xml("<BootTrigger />", "<DeleteExpiredTaskAfter>PT0S</DeleteExpiredTaskAfter>"),
            "is missing a required",
            ":EndBoundary:",
        ),
        (task_xml(settings="<Priority>11</Priority>"), "incorrectly formatted or out of range", ":Priority:11"),
        (task_xml(version="1.7"), "incorrectly formatted or out of range", ":version:1.7"),
    ],
)
def test_xml_that_the_schema_does_not_have_is_refused(
    prepared: Callable[..., Computer], run: Run, xml: str, text: str, where: str
) -> None:
    computer = prepared(data=xml.encode())
    done = run(computer, CREATE)
    first, second = done.stderr.decode().splitlines()
    assert text in first
    assert where in second
    assert done.exit_code == 1
    assert list(computer.tasks) == []


@pytest.mark.parametrize(
    ("host", "version", "taken"), [("r2", "1.3", True), ("r2", "1.4", False), ("member", "1.6", True)]
)
def test_an_older_windows_refuses_a_newer_schema(
    prepared: Callable[..., Computer], run: Run, host: str, version: str, taken: bool
) -> None:
    done = run(prepared(host, task_xml(version=version).encode()), CREATE)
    assert (done.exit_code == 0) is taken


def test_run_end_and_the_last_result(prepared: Callable[..., Computer], run: Run) -> None:
    computer = prepared()
    run(computer, CREATE)
    query = "schtasks /query /tn NAME /v /fo csv /nh"
    assert '"Ready"' in run(computer, query).stdout.decode()
    assert run(computer, "schtasks /run /tn \\NAME").stdout == (
        b'SUCCESS: Attempted to run the scheduled task "\\NAME".\r\n'
    )
    assert '"Running","Interactive/Background"' in run(computer, query).stdout.decode()
    assert '"267009"' in run(computer, query).stdout.decode()
    computer.advance(1)
    cells = run(computer, query).stdout.decode().split('","')
    assert cells[6] == "0"
    assert run(computer, "schtasks /end /tn NAME").exit_code == 1


def test_query_prints_the_task_and_its_xml(
    prepared: Callable[..., Computer], run: Run, words: Mapping[str, Any]
) -> None:
    computer = prepared()
    run(computer, CREATE)
    listed = run(computer, "schtasks /query /tn NAME /fo list").stdout.decode().splitlines()
    real = words["query_list_first_lines"]
    assert listed[:2] == real[:2]
    assert listed[2] == real[2].replace("HOST1", "MEMBER")
    xml = run(computer, "schtasks /query /tn NAME /xml").stdout.decode()
    assert xml.startswith('<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2"')
    assert "<Delay>PT5M</Delay>" in xml
    again = xml.replace('<?xml version="1.0" encoding="UTF-16"?>\r\n', "")
    assert run(prepared(data=again.encode()), CREATE).exit_code == 0


def test_the_settings_that_windows_writes_are_those_of_a_real_task(prepared: Callable[..., Computer], run: Run) -> None:
    """Capture tasks/37: the same settings in the same order, with the same values by default."""
    computer = prepared(data=task_xml().encode())
    run(computer, CREATE)
    xml = run(computer, "schtasks /query /tn NAME /xml").stdout.decode()
    ours = xml.partition("<Settings>")[2].partition("</Settings>")[0].split()
    real = CAPTURE.with_name("37_security_4698_doc.xml.txt").read_text(encoding="utf-8")
    wanted = real.partition("<Settings>")[2].partition("</Settings>")[0]
    idle = wanted[wanted.index("<IdleSettings>") : wanted.index("</IdleSettings>") + len("</IdleSettings>")]
    assert ours == wanted.replace(idle, "").split()


def test_a_policy_may_forbid_schtasks_but_no_task(prepared: Callable[..., Computer], run: Run) -> None:
    computer = prepared(schtasks="blocked")
    assert run(computer, CREATE).exit_code == 1
    assert list(computer.tasks) == []


def test_a_chinese_host_says_it_in_chinese(prepared: Callable[..., Computer], run: Run) -> None:
    computer = prepared(machine_language="zh")
    assert run(computer, CREATE).stdout.decode() == '成功: 成功创建计划任务 "NAME"。\r\n'
    assert run(computer, "schtasks /delete /tn NAME /f").stdout.decode() == '成功: 计划的任务 "NAME" 被成功删除。\r\n'
