# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task Scheduler of the lab by CIM, against docs/sources.md S13: when a task starts, what it does, how it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.support.lab_tasks import (
    AFTER_FIVE_MINUTES,
    ECHO,
    END,
    NAME,
    Scheduler,
    task_xml,
)
from lab.seams import Caller, CimInstance, WmiError
from lab.state import tasks as store
from lab.windows.computer import Computer

Make = Callable[..., Computer]
HOLDS = "S-1-5-32-551"


Schedulers = Callable[..., Scheduler]


def test_a_task_without_trigger_runs_when_it_is_started_and_leaves_its_result(scheduler: Schedulers) -> None:
    asked = scheduler()
    made = asked.register(task_xml())
    assert (made["TaskName"], made["TaskPath"], made["State"]) == (NAME, "\\", store.READY)
    assert asked.info()["LastTaskResult"] == 267011
    asked.start()
    assert (asked.info()["LastTaskResult"], asked.get()["State"]) == (267009, store.RUNNING)
    assert not asked.ran()
    asked.computer.advance(1)
    assert (asked.info()["LastTaskResult"], asked.get()["State"]) == (0, store.READY)
    assert asked.ran()


def test_the_action_runs_as_system_and_its_exit_code_is_the_result(scheduler: Schedulers) -> None:
    asked = scheduler()
    whoami = "/c whoami /user /fo csv /nh&gt;C:\\who.txt&amp; exit 7"
    asked.register(task_xml(actions=f"<Exec><Command>cmd.exe</Command><Arguments>{whoami}</Arguments></Exec>"))
    asked.start()
    asked.computer.advance(1)
    assert b'"S-1-5-18"' in asked.computer.machine.files.read("C:\\who.txt")
    assert asked.info()["LastTaskResult"] == 7


def test_secedit_in_a_task_changes_rights(scheduler: Schedulers) -> None:
    asked = scheduler()
    inf = '[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n'
    inf += f"[Privilege Rights]\r\nSeBatchLogonRight = *{HOLDS}\r\n"
    asked.computer.machine.files.write("C:\\Windows\\security\\a.inf", b"\xff\xfe" + inf.encode("utf-16-le"))
    line = (
        "/configure /db %windir%\\security\\a.sdb /cfg %windir%\\security\\a.inf /overwrite /areas USER_RIGHTS /quiet"
    )
    command = "%windir%\\System32\\secedit.exe"
    asked.register(task_xml(actions=f"<Exec><Command>{command}</Command><Arguments>{line}</Arguments></Exec>"))
    asked.start()
    asked.computer.advance(1)
    assert asked.info()["LastTaskResult"] == 0
    assert asked.computer.machine.rights.holders("SeBatchLogonRight") == (HOLDS,)


@pytest.mark.parametrize(("world", "late"), [("exact", 0), ("late", 600)])
def test_a_registration_delay_counts_from_the_registration(scheduler: Schedulers, world: str, late: int) -> None:
    asked = scheduler(registration_delay=world)
    asked.register(task_xml(AFTER_FIVE_MINUTES))
    asked.computer.advance(298 + late)
    assert not asked.ran()
    asked.computer.advance(3)
    assert asked.ran()


def test_an_update_begins_the_delay_anew(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(AFTER_FIVE_MINUTES))
    asked.computer.advance(200)
    asked.register(task_xml(AFTER_FIVE_MINUTES), force=True)
    asked.computer.advance(200)
    assert not asked.ran()
    asked.computer.advance(101)
    assert asked.ran()


def test_the_clock_does_not_move_a_delay(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(AFTER_FIVE_MINUTES))
    asked.computer.passing.event("clock_step", 7200)
    asked.computer.advance(1)
    assert not asked.ran()
    asked.computer.passing.event("clock_step", -86400)
    asked.computer.advance(300)
    assert asked.ran()


@pytest.mark.parametrize(("world", "wait"), [("early", 1), ("late", 62)])
def test_a_restart_loses_the_delay_and_fires_the_boot_trigger(scheduler: Schedulers, world: str, wait: int) -> None:
    asked = scheduler(boot_trigger=world)
    registration_only = AFTER_FIVE_MINUTES.partition("<BootTrigger>")[0]
    asked.register(task_xml(registration_only))
    asked.computer.passing.event("reboot", value=True)
    asked.computer.advance(1000)
    assert not asked.ran()
    asked.register(task_xml(AFTER_FIVE_MINUTES), force=True)
    asked.computer.passing.event("reboot", value=True)
    asked.computer.advance(wait)
    assert asked.ran()


def test_a_trigger_cannot_start_a_task_after_its_end(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(AFTER_FIVE_MINUTES.replace(END, "2020-01-01T00:00:00")))
    asked.computer.advance(1000)
    assert not asked.ran()


def test_windows_removes_a_task_after_the_end_of_all_its_triggers(scheduler: Schedulers) -> None:
    asked = scheduler()
    end = (asked.computer.machine.clock.local() + dt.timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%S")
    triggers = AFTER_FIVE_MINUTES.replace(END, end)
    asked.register(task_xml(triggers, "<DeleteExpiredTaskAfter>PT1H</DeleteExpiredTaskAfter>"))
    asked.computer.advance(7 * 86400 + 3500)
    assert asked.names() == [NAME]
    asked.computer.advance(200)
    assert asked.names() == []


def test_a_time_trigger_follows_the_clock(scheduler: Schedulers) -> None:
    asked = scheduler()
    start = (asked.computer.machine.clock.local() + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    asked.register(task_xml(f"<TimeTrigger><StartBoundary>{start}</StartBoundary></TimeTrigger>"))
    asked.computer.passing.event("clock_step", 3590)
    asked.computer.advance(5)
    assert not asked.ran()
    asked.computer.advance(10)
    assert asked.ran()


def test_a_disabled_task_starts_in_no_way(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(AFTER_FIVE_MINUTES))
    made = asked.call("DisableByName", TaskName=NAME, TaskPath="\\")["cmdletOutput"]
    assert isinstance(made, CimInstance)
    assert made.properties["State"] == store.DISABLED
    with pytest.raises(WmiError):
        asked.start()
    asked.computer.advance(1000)
    asked.computer.passing.event("reboot", value=True)
    asked.computer.advance(100)
    assert not asked.ran()


@pytest.mark.parametrize(("policy", "starts"), [("IgnoreNew", 1), ("Queue", 2), ("StopExisting", 2), ("Parallel", 2)])
def test_a_second_instance_as_the_policy_says(scheduler: Schedulers, policy: str, starts: int) -> None:
    asked = scheduler()
    asked.register(task_xml(settings=f"<MultipleInstancesPolicy>{policy}</MultipleInstancesPolicy>"))
    asked.start()
    asked.start()
    asked.computer.advance(5)
    assert asked.computer.tasks.started == starts


@pytest.mark.parametrize(("world", "second"), [("runs", True), ("skipped", False)])
def test_what_follows_a_failed_action(scheduler: Schedulers, world: str, second: bool) -> None:
    asked = scheduler(task_next_action=world)
    fails = "<Exec><Command>cmd.exe</Command><Arguments>/c exit 1</Arguments></Exec>"
    deletes = "<Exec><Command>cmd.exe</Command><Arguments>/c echo x&gt;C:\\ran.txt</Arguments></Exec>"
    asked.register(task_xml(actions=fails + deletes))
    asked.start()
    asked.computer.advance(5)
    assert asked.ran() is second


def test_a_fault_lets_a_task_run_long(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml())
    asked.computer.faults.add({"at": "task.action", "do": "hang", "seconds": 30})
    asked.start()
    asked.computer.advance(29)
    assert asked.get()["State"] == store.RUNNING
    asked.computer.advance(2)
    assert asked.ran()


def test_a_task_may_delete_itself(scheduler: Schedulers) -> None:
    asked = scheduler()
    arguments = f'/delete /tn "{NAME}" /f'
    last = f"<Exec><Command>schtasks.exe</Command><Arguments>{arguments}</Arguments></Exec>"
    asked.register(task_xml(AFTER_FIVE_MINUTES, actions=ECHO + last))
    asked.computer.advance(400)
    assert asked.ran()
    assert asked.names() == []
    assert asked.computer.tasks.instances == []


@pytest.mark.parametrize("point", ["program.start", "program.end"])
def test_a_restart_ends_what_runs(scheduler: Schedulers, point: str) -> None:
    asked = scheduler()
    asked.computer.faults.add({"at": point, "match": {"program": "whoami"}, "do": "state", "change": {"reboot": True}})
    asked.computer.run(asked.caller, "whoami & echo x>C:\\ran.txt", 437)
    assert not asked.ran()
    asked.register(task_xml(actions="<Exec><Command>whoami.exe</Command></Exec>" + ECHO))
    rule = {"at": point, "match": {"user": "SYSTEM"}, "do": "state", "change": {"reboot": True}}
    asked.computer.advance(1)
    asked.computer.faults.add(rule)
    asked.start()
    asked.computer.advance(5)
    assert asked.computer.faults.pending == 0
    assert not asked.ran()
    assert asked.info()["LastTaskResult"] == 267009  # nobody was there to write another one


def test_time_may_pass_while_a_program_of_a_task_runs(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(AFTER_FIVE_MINUTES))
    asked.register(task_xml(actions="<Exec><Command>whoami.exe</Command></Exec>"), "other")
    rule = {"at": "program.end", "match": {"program": "whoami"}, "do": "state", "change": {"advance": 400}}
    asked.computer.faults.add(rule)
    asked.start("other")
    asked.computer.advance(1)
    assert asked.ran()
    assert asked.info("other")["LastTaskResult"] == 0


def test_group_policy_runs_when_it_is_told_to_and_at_every_restart(scheduler: Schedulers) -> None:
    asked = scheduler("governed")
    rights = asked.computer.machine.rights
    governed = next(iter(asked.computer.machine.policy.winning()))
    wanted = rights.holders(governed)
    for event, value in (("refresh_policy", True), ("reboot", True), ("advance", 5500)):
        rights.set(governed, ["S-1-5-20"])
        asked.computer.passing.event(event, value)
        assert rights.holders(governed) == wanted
    asked = scheduler("governed", policy_interval="short")
    rights = asked.computer.machine.rights
    rights.set(governed, ["S-1-5-20"])
    asked.computer.advance(25)
    assert rights.holders(governed) == wanted


def test_only_administrators_write_below_security(make: Make, admin: Callable[[Computer], Caller]) -> None:
    computer = make("notadmin")
    line = "echo x>C:\\Windows\\security\\a.inf"
    assert computer.run(computer.logon("CORP", "pop3test"), line, 437).exit_code == 1
    assert computer.run(admin(computer), line, 437).exit_code == 0
    assert computer.machine.files.exists("C:\\Windows\\security\\a.inf")


ON_BATTERIES = (
    "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>"
    "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>"
)


@pytest.mark.parametrize(("settings", "runs"), [("", False), (ON_BATTERIES, True)])
def test_on_batteries_a_task_runs_only_where_it_says_so(scheduler: Schedulers, settings: str, *, runs: bool) -> None:
    asked = scheduler()
    asked.computer.passing.event("on_batteries", value=True)
    asked.register(task_xml(settings=settings))
    asked.start()
    asked.computer.advance(1)
    assert asked.ran() is runs
    assert asked.info()["LastTaskResult"] == (0 if runs else 0x80041324)


def test_an_instance_that_takes_too_long_is_ended(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(settings="<ExecutionTimeLimit>PT5M</ExecutionTimeLimit>"))
    asked.computer.faults.add({"at": "task.action", "do": "hang", "seconds": 3600})
    asked.start()
    asked.computer.advance(299)
    assert asked.get()["State"] == store.RUNNING
    asked.computer.advance(3400)
    assert (asked.get()["State"], asked.info()["LastTaskResult"]) == (store.READY, store.TERMINATED)
    assert not asked.ran()


def test_a_clock_set_behind_the_end_deactivates_the_triggers(scheduler: Schedulers) -> None:
    """The one way in which the clock matters to a delay: the end boundary is a date."""
    asked = scheduler()
    end = (asked.computer.machine.clock.local() + dt.timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%S")
    asked.register(task_xml(AFTER_FIVE_MINUTES.replace(END, end)))
    asked.computer.passing.event("clock_step", 8 * 86400)
    asked.computer.advance(400)
    asked.computer.passing.event("reboot", value=True)
    asked.computer.advance(400)
    assert not asked.ran()


def test_a_restart_may_take_its_time(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.computer.passing.event("reboot", value=90)
    asked.computer.advance(89)
    assert not asked.computer.carried
    asked.computer.advance(2)
    assert asked.computer.carried
