# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PS_ScheduledTask and MSFT_ScheduledTask of the lab against docs/sources.md S13: answers, refusals, worlds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.support.lab_tasks import (
    AFTER_FIVE_MINUTES,
    NAME,
    NAMESPACE,
    Scheduler,
    task_xml,
)
from lab.seams import CimInstance, WmiError
from lab.state import tasks as store
from lab.windows.computer import Computer

Make = Callable[..., Computer]
HOLDS = "S-1-5-32-551"


Schedulers = Callable[..., Scheduler]


def test_registering_twice_needs_force(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml())
    with pytest.raises(WmiError) as refused:
        asked.register(task_xml())
    assert refused.value.code == store.EXISTS
    asked.register(task_xml(), force=True)


@pytest.mark.parametrize("method", ["StartByPath", "StopByPath", "GetInfoByName", "DisableByName", "ExportByName"])
def test_a_task_that_is_not_there_is_a_file_that_is_not_there(scheduler: Schedulers, method: str) -> None:
    with pytest.raises(WmiError) as refused:
        scheduler().call(method, TaskName="nothing", TaskPath="\\")
    assert (refused.value.kind, refused.value.code) == ("hresult", 0x80070002)


def test_delete_removes_and_what_runs_goes_on(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml())
    asked.start()
    asked.delete()
    assert asked.names() == []
    for ask in (asked.get, asked.delete):
        with pytest.raises(WmiError) as refused:
            ask()
        assert refused.value.code == 0x80070002
    asked.computer.advance(1)
    assert asked.ran()


def test_stop_ends_a_task_before_its_action_is_done(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml())
    asked.start()
    asked.call("StopByPath", TaskName=NAME, TaskPath="\\")
    asked.computer.advance(1)
    assert asked.info()["LastTaskResult"] == store.TERMINATED
    assert not asked.ran()
    with pytest.raises(WmiError) as refused:
        asked.call("StopByPath", TaskName=NAME, TaskPath="\\")
    assert refused.value.code == store.NOT_RUNNING


def test_a_task_may_refuse_to_be_started_by_hand(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(settings="<AllowStartOnDemand>false</AllowStartOnDemand>"))
    with pytest.raises(WmiError) as refused:
        asked.start()
    assert refused.value.code == store.START_ON_DEMAND


def test_old_windows_have_no_namespace_and_others_may_lack_it(scheduler: Schedulers) -> None:
    for asked in (scheduler("r2"), scheduler(cim_tasks="absent")):
        with pytest.raises(WmiError) as refused:
            asked.register(task_xml())
        assert refused.value.kind == "invalid_namespace"


@pytest.mark.parametrize(
    ("world", "code"), [({"task_register": "denied"}, store.DENIED), ({"task_scheduler": "stopped"}, 0x80041315)]
)
def test_registration_may_be_refused(scheduler: Schedulers, world: dict[str, str], code: int) -> None:
    asked = scheduler(**world)
    with pytest.raises(WmiError) as refused:
        asked.register(task_xml())
    assert refused.value.code == code


def test_who_is_no_administrator_registers_nothing_of_system(make: Make) -> None:
    computer = make("notadmin")
    asked = Scheduler(computer, computer.logon("CORP", "pop3test"))
    with pytest.raises(WmiError) as refused:
        asked.register(task_xml())
    assert refused.value.code == store.DENIED


def test_a_security_product_removes_the_task_at_once_or_after_the_change(scheduler: Schedulers) -> None:
    asked = scheduler(task_guard="at_once")
    asked.register(task_xml())
    with pytest.raises(WmiError):
        asked.start()
    asked = scheduler(task_guard="after_arming")
    asked.register(task_xml(AFTER_FIVE_MINUTES))
    assert asked.get()["State"] == store.READY
    asked.computer.machine.rights.grant("SeBatchLogonRight", "S-1-5-20")
    asked.computer.advance(1000)
    assert not asked.ran()
    assert asked.names() == []


def test_secedit_may_fail_as_a_task(scheduler: Schedulers) -> None:
    asked = scheduler(secedit_as_task="fails")
    line = "/export /cfg C:\\x.inf"
    asked.register(task_xml(actions=f"<Exec><Command>secedit.exe</Command><Arguments>{line}</Arguments></Exec>"))
    asked.start()
    asked.computer.advance(1)
    assert asked.info()["LastTaskResult"] == 1


def test_the_snapshot_shows_tasks_with_their_timers(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(AFTER_FIVE_MINUTES))
    shown = asked.computer.snapshot()["tasks"]
    assert isinstance(shown, list)
    assert [task["path"] for task in shown] == [f"\\{NAME}"]
    ((kind, due),) = shown[0]["armed"]
    assert kind == "RegistrationTrigger"
    assert asked.computer.times()["due"] == pytest.approx(due, abs=0.01)
    found = asked.computer.query(asked.caller, NAMESPACE, "select TaskName from MSFT_ScheduledTask")
    assert [row.properties["TaskName"] for row in found.instances] == [NAME]


@pytest.mark.parametrize(
    ("world", "state", "result"),
    [("at_once", store.RUNNING, 267009), ("queued", store.QUEUED, 267045), ("unseen", store.READY, 5)],
)
def test_what_shows_right_after_a_start(scheduler: Schedulers, world: str, state: int, result: int) -> None:
    """An earlier run's result may still be there."""
    asked = scheduler(task_start=world)
    asked.register(task_xml(actions="<Exec><Command>cmd.exe</Command><Arguments>/c exit 5</Arguments></Exec>"))
    asked.start()
    asked.computer.advance(5)
    assert asked.info()["LastTaskResult"] == 5
    asked.register(task_xml(), force=True)
    asked.start()
    assert (asked.get()["State"], asked.info()["LastTaskResult"]) == (state, result)
    asked.computer.advance(5)
    assert asked.info()["LastTaskResult"] == 0


UTF16 = '<?xml version="1.0" encoding="UTF-16"?>'


def test_a_string_of_xml_may_declare_utf_16_only(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(declaration=UTF16))
    with pytest.raises(WmiError) as refused:
        asked.register(task_xml(declaration=UTF16.replace("16", "8")), force=True)
    assert refused.value.code == 0x8004131A
    assert "unable to switch the encoding" in refused.value.message


def test_export_gives_the_task_with_its_uri(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml(AFTER_FIVE_MINUTES))
    xml = asked.call("ExportByName", TaskName=NAME, TaskPath="\\")["cmdletOutput"]
    assert f"<URI>\\{NAME}</URI>" in str(xml)
    asked.register(str(xml), force=True)
    assert asked.get()["URI"] == f"\\{NAME}"


def test_the_root_folder_needs_no_path_and_is_told_as_it_was_asked(scheduler: Schedulers) -> None:
    asked = scheduler()
    asked.register(task_xml())
    info = asked.call("GetInfoByName", TaskName=NAME.upper(), TaskPath=None)["cmdletOutput"]
    assert isinstance(info, CimInstance)
    assert (info.properties["TaskName"], info.properties["TaskPath"]) == (NAME.upper(), None)
    ran = info.properties["LastRunTime"]
    assert isinstance(ran, dt.datetime)
    assert (ran.year, ran.month, ran.day) == (1999, 11, 30)


def test_what_has_no_delete_refuses_it(scheduler: Schedulers) -> None:
    for class_name, keys, worlds in (
        ("PS_ScheduledTask", {}, {}),
        ("MSFT_ScheduledTask", {"TaskName": NAME, "TaskPath": "\\"}, {"task_delete": "absent"}),
    ):
        asked = scheduler(**worlds)
        asked.register(task_xml())
        with pytest.raises(WmiError) as refused:
            asked.computer.delete(asked.caller, NAMESPACE, class_name, keys)
        assert refused.value.kind == "not_supported"
        assert asked.names() == [NAME]


def test_a_get_of_nothing_may_be_wmi_s_own_not_found(scheduler: Schedulers) -> None:
    with pytest.raises(WmiError) as refused:
        scheduler(task_not_found="wsman").get()
    assert refused.value.kind == "not_found"


def test_cim_alone_may_refuse_to_register(scheduler: Schedulers) -> None:
    asked = scheduler(task_register="cim_refused")
    with pytest.raises(WmiError) as refused:
        asked.register(task_xml())
    assert refused.value.kind == "failed"
    asked.computer.machine.files.write("C:\\a.xml", task_xml().encode())
    assert asked.computer.run(asked.caller, "schtasks /create /xml C:\\a.xml /tn x", 437).exit_code == 0
    assert asked.names() == ["x"]
