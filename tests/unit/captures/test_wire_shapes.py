# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's WinRM answers like the recordings: same elements, same order, same attributes, same words and codes."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.winmail.exchange.tests.unit.captures.wire import WSMAN, Wire, capture, shape
from lab.winrm import names, quotas, shell_faults, soap
from lab.winrm.fault import Fault

if TYPE_CHECKING:
    from pathlib import Path

Ask = Callable[["Path", ET.Element], ET.Element]
STREAM = f"{{{names.SHELL}}}Stream"


def created(folder: Path, _recorded: ET.Element) -> ET.Element:
    return Wire(folder).ask(names.CREATE, xml="<rsp:Shell/>")


def started(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder)
    return wire.command(wire.open())


def deleted(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder)
    return wire.ask(names.DELETE, ShellId=wire.open())


def signalled(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder)
    shell = wire.open()
    code = f"<rsp:Code>{names.SHELL}/signal/terminate</rsp:Code>"
    xml = f'<rsp:Signal CommandId="{wire.start(shell)}">{code}</rsp:Signal>'
    return wire.ask(names.SIGNAL, xml=xml, ShellId=shell)


def writes_of(recorded: ET.Element) -> list[tuple[str, bytes]]:
    pieces = [(piece.get("Name", ""), base64.b64decode(piece.text or "")) for piece in recorded.iter(STREAM)]
    return [(name, data) for name, data in pieces if data]


def received(folder: Path, recorded: ET.Element) -> ET.Element:
    """The recorded pieces were written one by one; where the recording goes on, so does the command."""
    done = recorded.find(f".//{{{names.SHELL}}}ExitCode") is not None
    wire = Wire(folder, settings={"receive": "whole"})
    writes = writes_of(recorded)
    wire.prints(*writes, *([] if done else [("stdout", b"more")]), code=int(exit_code(recorded) or 0))
    if not done:
        wire.host.shells._settings = wire.host.settings.changed({"receive_bytes": sum(len(d) for n, d in writes)})
    shell = wire.open()
    return wire.receive(shell, wire.start(shell))


def exit_code(root: ET.Element) -> str:
    return (root.findtext(f".//{{{names.SHELL}}}ExitCode") or "").strip()


def silent(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder)
    wire.prints(seconds=90.0)
    shell = wire.open()
    return wire.receive(shell, wire.start(shell))


def of_no_command(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder)
    return wire.receive(wire.open(), "")


def of_unknown_command(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder)
    return wire.receive(wire.open(), "11111111-2222-3333-4444-555555555555")


def in_no_shell(folder: Path, _recorded: ET.Element) -> ET.Element:
    return Wire(folder).command("11111111-2222-3333-4444-555555555555")


def too_long(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder, settings={"long_line": "fault"})
    return wire.command(wire.open(), "echo " + "a" * 9000)


def bad_timeout(_folder: Path, _recorded: ET.Element) -> ET.Element:
    header = "<w:OperationTimeout>PT-1S</w:OperationTimeout>"
    spaces = f'xmlns:s="{names.SOAP}" xmlns:w="{names.WSMAN}"'
    text = f"<s:Envelope {spaces}><s:Header>{header}</s:Header><s:Body/></s:Envelope>"
    with pytest.raises(Fault) as caught:
        soap.parse(text.encode())
    return ET.fromstring(soap.build_fault(caught.value, "SRV", "uuid:1", "http://127.0.0.1/wsman"))


def without_cmd(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder)
    return wire.command(wire.open(), "powershell.exe Write-Host hi", skip_cmd=True)


def too_many_operations(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder, computer="r2", settings={"preset": "2008r2"})
    shell = wire.open()
    for dummy in range(15):
        wire.command(shell)
    return wire.command(shell)


def too_many_shells(folder: Path, _recorded: ET.Element) -> ET.Element:
    wire = Wire(folder)
    for dummy in range(30):
        wire.open()
    made = wire.ask(names.CREATE, xml="<rsp:Shell/>")
    [related] = made.iter(f"{{{names.ADDRESSING}}}RelatesTo")
    made[0].remove(related)  # the recording is of a request without MessageID
    return made


def no_class(folder: Path, _recorded: ET.Element) -> ET.Element:
    return Wire(folder).query('Select * from Win32_Processa where name="sshd.exe"')


# Recording: how to ask the lab for the same. Rows of CIM are held against theirs in test_wire_rows.py.
ASKED: Mapping[str, Ask] = {
    "create_response.xml": created,
    "create_response_2008r2.xml": created,
    "create_response_2008r2_https_domain_owner.xml": created,
    "command_response.xml": started,
    "delete_response.xml": deleted,
    "signal_response.xml": signalled,
    "receive_done_after_timeouts.xml": received,
    "receive_done_console_tool_2008r2.xml": received,
    "receive_done_environment.xml": received,
    "receive_done_stdout_stderr_rc1.xml": received,
    "receive_done_utf8_65001.xml": received,
    "receive_running_console_tool_2008r2.xml": received,
    "receive_running_two_pieces.xml": received,
    "receive_timeout_2150858793.xml": silent,
    "fault_receive_no_command_id_87.xml": of_no_command,
    "fault_receive_unknown_command_2150858843.xml": of_unknown_command,
    "fault_psrp_receive_unknown_command_2150858843.xml": of_unknown_command,
    "fault_shell_gone_2150858843_nested.xml": in_no_shell,
    "fault_command_line_too_long_2147942606.xml": too_long,
    "fault_command_skip_cmd_shell_2147942402_2008r2.xml": without_cmd,
    "fault_bad_timeout_header_2150858767.xml": bad_timeout,
    "fault_max_operations_2150859174_2008r2.xml": too_many_operations,
    "fault_max_shells_wmierror_2150859173.xml": too_many_shells,
    "fault_enumerate_no_such_class_2150858778_2008r2.xml": no_class,
}


# The lab does not play WinRM 1.x; what its recording has otherwise is another provider's name, and no status of WMI.
NOT_PLAYED = {"fault_enumerate_no_such_class_2150858778_v1.xml"}


def test_every_recording_is_held_against_the_lab() -> None:
    rows = ("enumerate_", "pull_", "stdregprov_")
    recorded = {path.name for path in WSMAN.glob("*.xml") if not path.name.startswith(rows)}
    assert recorded == set(ASKED) | NOT_PLAYED


@pytest.mark.parametrize("name", ASKED)
def test_the_lab_answers_in_the_recorded_shape(name: str, tmp_path: Path) -> None:
    recorded = capture(name)
    assert shape(ASKED[name](tmp_path, recorded)) == shape(recorded)


def test_what_shell_codes_say_is_what_the_sdk_calls_them() -> None:
    """Quotas and refusals by the constants of the SDK: each has a fault of the lab with that code."""
    text = (WSMAN / "codes_wsman_quota_and_refusal.yml").read_text(encoding="utf-8")
    codes = {name: int(code) for name, code in re.findall(r"^(\w+): (\d+)$", text, re.MULTILINE)}
    quota = {name: code for name, code in codes.items() if "QUOTA" in name}
    assert len(quota) == 3
    assert set(quota.values()) <= set(quotas.NAMED.values())
    assert shell_faults.shells_off().code == codes["ERROR_WSMAN_REMOTESHELLS_NOT_ALLOWED"]


def test_access_denied_in_german_is_the_recorded_one() -> None:
    text = (WSMAN / "access_denied_text_german.txt").read_text(encoding="utf-8")
    recorded = ET.fromstring(text[text.index("<f:") :])
    fault = soap.build_fault(shell_faults.access_denied("de"), "HOST1", "uuid:1")
    [told] = list(ET.fromstring(fault).iter(recorded.tag))
    assert shape(told) == shape(recorded)
    assert [e.text for e in told] == [e.text for e in recorded]
