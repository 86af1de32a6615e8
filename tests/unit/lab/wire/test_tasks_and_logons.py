# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Over real connections: a task by raw WS-Management, a closed door for the next logon only, restarts, the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pypsrp.exceptions
import pypsrp.wsman
import pytest
import requests
import winrm.exceptions
from winrm.protocol import Protocol

from ansible_collections.winmail.exchange.tests.support.lab_tasks import (
    AFTER_FIVE_MINUTES,
    NAME,
    NAMESPACE,
    task_xml,
)
from lab import control
from lab.server import RunningLab, running
from lab.winrm import names, soap

HOST = "member"
CLASS = f"{names.WMI}{NAMESPACE}/PS_ScheduledTask"
TASK = f"{names.WMI}{NAMESPACE}/MSFT_ScheduledTask"
ADMINISTRATORS, DENY, ALLOW = "S-1-5-32-544", "SeDenyNetworkLogonRight", "SeNetworkLogonRight"
Lab = Callable[..., RunningLab]


@pytest.fixture
def labs() -> Iterator[Lab]:
    """``labs(logon_refused="fault")``: a lab in chosen worlds."""
    running_now = []

    def one(**worlds: str) -> RunningLab:
        context = running("rights", worlds)
        running_now.append(context)
        return context.__enter__()

    yield one
    for context in running_now:
        context.__exit__(None, None, None)


def client(lab: RunningLab, transport: str = "ntlm") -> Protocol:
    """A new connection of the host's administrator; nothing is sent yet."""
    host = lab.hosts[HOST]
    return Protocol(
        f"http://127.0.0.1:{host.winrm_port}/wsman",
        transport=transport,
        username=str(host.variables["ansible_user"]),
        password=str(host.variables["ansible_password"]),
        message_encryption="auto" if transport == "ntlm" else "never",
    )


def ask(protocol: Protocol, action: str, uri: str, body: str = "", selectors: str = "") -> ET.Element:
    """Send one message; the body of the answer."""
    text = (
        f'<s:Envelope xmlns:s="{names.SOAP}" xmlns:a="{names.ADDRESSING}" xmlns:w="{names.WSMAN}"><s:Header>'
        f"<a:To>http://x</a:To><a:ReplyTo><a:Address>{names.ANONYMOUS}</a:Address></a:ReplyTo>"
        f"<a:Action>{action}</a:Action><a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI>"
        f"<w:SelectorSet>{selectors}</w:SelectorSet></s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )
    root = ET.fromstring(protocol.send_message(text))
    body_found = root.find(f"{{{names.SOAP}}}Body")
    assert body_found is not None
    return body_found


def call(protocol: Protocol, method: str, **arguments: str) -> dict[str, str]:
    """A method of PS_ScheduledTask: every text of the answer by the name of its element."""
    inner = "".join(f"<p:{name}>{soap.clean(value)}</p:{name}>" for name, value in arguments.items())
    body = ask(protocol, f"{CLASS}/{method}", CLASS, f'<p:{method}_INPUT xmlns:p="{CLASS}">{inner}</p:{method}_INPUT>')
    return {element.tag.rpartition("}")[2]: element.text or "" for element in body.iter()}


KEYS = f'<w:Selector Name="TaskName">{NAME}</w:Selector><w:Selector Name="TaskPath">\\</w:Selector>'


def test_a_task_is_registered_started_and_deleted_by_raw_messages(labs: Lab) -> None:
    lab = labs()
    protocol = client(lab)
    made = call(protocol, "RegisterByXml", Force="true", Xml=task_xml(), TaskPath="\\", TaskName=NAME)
    assert (made["ReturnValue"], made["TaskName"], made["State"]) == ("0", NAME, "3")
    assert call(protocol, "GetInfoByName", TaskPath="\\", TaskName=NAME)["LastTaskResult"] == "267011"
    assert call(protocol, "StartByPath", TaskPath="\\", TaskName=NAME)["ReturnValue"] == "0"
    lab.computer(HOST).advance(5)
    assert call(protocol, "GetInfoByName", TaskPath="\\", TaskName=NAME)["LastTaskResult"] == "0"
    found = ask(protocol, names.GET, TASK, selectors=KEYS)
    assert [e.text for e in found.iter() if e.tag.endswith("}Execute")] == ["%windir%\\System32\\cmd.exe"]
    assert len(ask(protocol, names.DELETE, TASK, selectors=KEYS)) == 0
    with pytest.raises(winrm.exceptions.WSManFaultError):
        ask(protocol, names.GET, TASK, selectors=KEYS)
    assert "HRESULT 0x80070002" in lab.transcript(HOST)[-1].response


def test_pypsrp_asks_and_deletes_as_well(labs: Lab) -> None:
    lab = labs()
    call(client(lab), "RegisterByXml", Force="true", Xml=task_xml(), TaskPath="\\", TaskName=NAME)
    host = lab.hosts[HOST]
    user, password = str(host.variables["ansible_user"]), str(host.variables["ansible_password"])
    with pypsrp.wsman.WSMan(
        "127.0.0.1", port=host.winrm_port, username=user, password=password, ssl=False, auth="ntlm"
    ) as other:
        keys = pypsrp.wsman.SelectorSet()
        keys.add_option("TaskName", NAME)
        keys.add_option("TaskPath", "\\")
        assert other.get(TASK, selector_set=keys).findtext(f".//{{{TASK}}}State") == "3"
        other.delete(TASK, selector_set=keys)
        with pytest.raises(pypsrp.exceptions.WSManFaultError) as missing:
            other.get(TASK, selector_set=keys)
    assert missing.value.reason == "The system cannot find the file specified."
    assert lab.computer(HOST).snapshot()["tasks"] == []


def rolls_back(lab: RunningLab) -> None:
    """Arm a task that gives the door back to whom it is now: by a template, as any tool could."""
    inside = client(lab)
    rights = lab.computer(HOST).snapshot()["rights"]
    assert isinstance(rights, dict)
    lines = [f"{right} = {','.join('*' + sid for sid in rights.get(right, []))}\r\n" for right in (ALLOW, DENY)]
    text = '[Unicode]\r\nUnicode=yes\r\n[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n[Privilege Rights]\r\n'
    lab.computer(HOST).change(write_file={"path": "C:\\Windows\\security\\old.inf", "text": text + "".join(lines)})
    arguments = "/configure /db %windir%\\security\\old.sdb /cfg %windir%\\security\\old.inf /overwrite /quiet"
    action = f"<Exec><Command>%windir%\\System32\\secedit.exe</Command><Arguments>{arguments}</Arguments></Exec>"
    xml = task_xml(AFTER_FIVE_MINUTES, actions=action)
    call(inside, "RegisterByXml", Force="true", Xml=xml, TaskPath="\\", TaskName=NAME)


@pytest.mark.parametrize(
    ("worlds", "event", "wait"),
    [
        ({}, {}, 301),
        ({"registration_delay": "late"}, {}, 901),
        ({}, {"clock_step": -86400}, 301),
        ({}, {"reboot": True}, 1),
        ({"boot_trigger": "late"}, {"reboot": 5}, 65),
        ({"task_run": "slow"}, {}, 304),
    ],
)
def test_a_closed_door_is_open_again_when_the_task_has_run(
    labs: Lab, worlds: dict[str, str], event: dict[str, object], wait: float
) -> None:
    lab = labs(**worlds)
    rolls_back(lab)
    host = lab.computer(HOST)
    before = host.snapshot()["rights"]
    host.change(grant={"right": DENY, "sid": ADMINISTRATORS}, **event)
    if not event.get("reboot"):
        assert refused(lab) == 401
    host.advance(wait)
    assert refused_soon(lab) == "provider"
    assert host.snapshot()["rights"] == before


def refused_soon(lab: RunningLab) -> Any:
    """What a new connection meets as soon as somebody listens."""
    deadline = time.monotonic() + 20
    while (met := refused(lab)) == "closed":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return met


def refused(lab: RunningLab, transport: str = "ntlm") -> Any:
    """What a new connection meets."""
    try:
        call(client(lab, transport), "GetInfoByName", TaskPath="\\", TaskName="nothing")
    except winrm.exceptions.WSManFaultError as exc:
        return exc.wsman_fault_code or "provider"
    except winrm.exceptions.InvalidCredentialsError:
        return 401
    except requests.exceptions.ConnectionError:
        return "closed"
    return None


@pytest.mark.parametrize(("world", "meets"), [("401", 401), ("fault", 5)])
@pytest.mark.parametrize("change", [{"grant": {"right": DENY, "sid": ADMINISTRATORS}}, {"set_right": {"right": ALLOW}}])
def test_a_right_closes_the_door_for_the_next_logon_only(
    labs: Lab, world: str, meets: object, change: dict[str, object]
) -> None:
    lab = labs(logon_refused=world)
    inside = client(lab)
    call(inside, "RegisterByXml", Force="true", Xml=task_xml(), TaskPath="\\", TaskName=NAME)
    lab.computer(HOST).change(**change)
    assert call(inside, "GetInfoByName", TaskPath="\\", TaskName=NAME)["ReturnValue"] == "0"
    assert refused(lab) == meets
    assert lab.refused(HOST) == ["CORP\\labadmin"]
    lab.computer(HOST).change(set_right={"right": DENY}, grant={"right": ALLOW, "sid": ADMINISTRATORS})
    assert refused(lab) == "provider"


def test_deny_wins_through_a_nested_group(labs: Lab) -> None:
    """The administrator is in Domain Admins, and that group in the computer's Administrators."""
    lab = labs()
    domain_admins = "S-1-5-21-2840394521-1093752863-3410756322-512"
    lab.computer(HOST).change(grant={"right": DENY, "sid": domain_admins})
    assert refused(lab) == 401
    assert refused(lab, "basic") == 401
    assert lab.refused(HOST) == ["CORP\\labadmin"] * 2


def test_a_restart_drops_connections_and_fires_the_boot_trigger(labs: Lab) -> None:
    lab = labs()
    inside = client(lab)
    call(inside, "RegisterByXml", Force="true", Xml=task_xml(AFTER_FIVE_MINUTES), TaskPath="\\", TaskName=NAME)
    before = lab.computer(HOST).snapshot()["services"]
    logons = len(lab.logons(HOST))
    lab.computer(HOST).change(reboot=True)
    refused_soon(lab)
    assert len(lab.logons(HOST)) > logons
    lab.computer(HOST).advance(1)
    shown = lab.computer(HOST).snapshot()
    after = shown["services"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert before["Netlogon"]["pid"] != after["Netlogon"]["pid"]
    assert after["Netlogon"]["state"] == "Running"
    assert isinstance(shown["tasks"], list)
    assert (shown["tasks"][0]["last_result"], shown["tasks"][0]["armed"]) == (0, [])
    assert "C:\\ran.txt" in [file["path"] for file in shown["files"]]  # type: ignore[attr-defined]  # JSON


def test_a_connection_does_not_outlive_a_restart_however_short(labs: Lab) -> None:
    lab = labs()
    inside = client(lab)
    shell = inside.open_shell()
    assert lab.open_shells(HOST) == 1
    lab.computer(HOST).change(reboot=0.000001)
    # The last: requests may have sent it again on a new connection, where nobody has logged on.
    gone = (requests.exceptions.ConnectionError, winrm.exceptions.WinRMError, winrm.exceptions.WinRMTransportError)
    with pytest.raises(gone):
        inside.run_command(shell, "ver")
    assert lab.open_shells(HOST) == 0


def test_files_below_security_are_for_administrators_and_outlive_a_restart(labs: Lab) -> None:
    lab = labs()
    path = "C:\\Windows\\security\\database\\x.inf"
    lab.computer(HOST).change(write_file={"path": path, "text": "x"})
    lab.computer(HOST).change(reboot=True)
    assert path in [file["path"] for file in lab.computer(HOST).snapshot()["files"]]  # type: ignore[attr-defined]  # JSON


def test_the_control_port_tells_clocks_and_logons_and_changes_hosts(labs: Lab) -> None:
    lab = labs()
    refused(lab)
    admitted = control.ask(lab.control_url, "logons", host=HOST)
    assert admitted == {HOST: {"admitted": [_logon("ntlm")], "refused": []}}
    before, after = _times(lab), {}
    control.ask(lab.control_url, "change", host=HOST, change={"clock_step": 3600})
    after = _times(lab)
    assert after["elapsed"] - before["elapsed"] < 60
    assert after["now"] > before["now"]
    control.ask(lab.control_url, "advance", host=HOST, seconds=3600)
    assert _times(lab)["elapsed"] - before["elapsed"] >= 3600
    with pytest.raises(control.ControlError, match="no change is called"):
        control.ask(lab.control_url, "change", host=HOST, change={"explode": True})


def _times(lab: RunningLab) -> dict[str, Any]:
    found = control.ask(lab.control_url, "times", host=HOST)
    assert isinstance(found, dict)
    times: dict[str, Any] = found[HOST]
    return times


def _logon(mechanism: str) -> dict[str, object]:
    return {"mechanism": mechanism, "claimed": "CORP\\labadmin", "account": "CORP\\labadmin", "delegated": False}


@pytest.mark.parametrize("at", ["http.request", "http.response", "cim"])
def test_a_fault_restarts_the_host_in_the_middle_of_a_request(labs: Lab, at: str) -> None:
    lab = labs()
    asking = client(lab)
    asking.open_shell()
    method = {"operation": "Invoke"} if at == "cim" else {"action": "RegisterByXml"}
    lab.computer(HOST).faults.add({"at": at, "match": method, "do": "state", "change": {"reboot": True}})
    boots = lab.computer(HOST).call(lambda computer: computer.boots)
    with pytest.raises(requests.exceptions.ConnectionError):
        call(asking, "RegisterByXml", Force="true", Xml=task_xml(), TaskPath="\\", TaskName=NAME)
    assert lab.computer(HOST).call(lambda computer: computer.boots) == boots + 1
    assert lab.open_shells(HOST) == 0
    assert bool(lab.computer(HOST).snapshot()["tasks"]) is (at == "http.response"), "it was not done before"


def test_a_fault_changes_the_host_while_somebody_logs_on(labs: Lab) -> None:
    lab = labs()
    grant = {"right": "SeTcbPrivilege", "sid": "S-1-5-32-551"}
    lab.computer(HOST).faults.add({"at": "logon", "do": "state", "change": {"grant": grant}})
    client(lab).open_shell()
    rights: Any = lab.computer(HOST).snapshot()["rights"]
    assert "S-1-5-32-551" in rights["SeTcbPrivilege"]


def test_what_a_security_product_removes_is_told_by_a_pattern(labs: Lab) -> None:
    lab = labs()
    for name in ("one.inf", "two.inf", "one.log"):
        lab.computer(HOST).change(write_file={"path": f"C:\\Windows\\security\\{name}", "text": "x"})
    lab.computer(HOST).change(delete_file="C:\\Windows\\security\\*.INF")
    files: Any = lab.computer(HOST).snapshot()["files"]
    there = {file["path"].rpartition("\\")[2] for file in files}
    assert "one.log" in there
    assert not there & {"one.inf", "two.inf"}
    call(client(lab), "RegisterByXml", Force="true", Xml=task_xml(), TaskPath="\\", TaskName=NAME)
    lab.computer(HOST).change(remove_task="\\WINMAIL*")
    assert lab.computer(HOST).snapshot()["tasks"] == []
    for change in ({"delete_file": "C:\\Windows\\security\\*.inf"}, {"remove_task": "\\winmail*"}):
        with pytest.raises(ValueError, match=" has no "):
            lab.computer(HOST).change(**change)
