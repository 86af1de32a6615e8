# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM_DataFile of the lab as its page describes it, and the worlds of cmd.exe that an answer by file rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.unit.lab.windows.asking import Ask
from lab.seams import Completed, WmiError
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]
TEMP = "C:\\Windows\\Temp"
WQL = (
    "select Name,LastModified from CIM_DataFile where Drive='c:' and Path='\\\\windows\\\\temp\\\\' "
    "and FileName like 'a-%'"
)


def test_files_of_a_folder_are_found_by_the_beginning_of_their_names_with_their_times(ask: Ask) -> None:
    asker = ask("member")
    machine = asker.computer.machine
    for name in ("a-1.t.inf", "A-2", "b-1", "xa-1"):
        machine.files.write(f"{TEMP}\\{name}", b"x")
    machine.files.write("C:\\Windows\\a-3", b"x")
    node = machine.files.node(f"{TEMP}\\a-2")
    assert node is not None
    node.modified = machine.clock.now() - dt.timedelta(minutes=11)
    found = {row["Name"]: row["LastModified"] for row in asker.query(WQL)}
    assert set(found) == {"c:\\windows\\temp\\a-1.t.inf", "c:\\windows\\temp\\a-2"}
    (system,) = asker.query("select LocalDateTime from Win32_OperatingSystem")
    now, written = system["LocalDateTime"], found["c:\\windows\\temp\\a-2"]
    assert isinstance(now, dt.datetime)
    assert isinstance(written, dt.datetime)
    assert dt.timedelta(minutes=11) <= now - written < dt.timedelta(minutes=12)


def test_delete_removes_one_file_and_tells_why_it_could_not(ask: Ask) -> None:
    asker = ask("member")
    files = asker.computer.machine.files
    files.write(f"{TEMP}\\a-1", b"x")
    files.write(f"{TEMP}\\a-2", b"x").attributes.add("readonly")
    assert asker.invoke("CIM_DataFile.Delete", {"Name": f"{TEMP}\\a-1"}) == {"ReturnValue": 0}
    assert not files.exists(f"{TEMP}\\a-1")
    assert asker.invoke("CIM_DataFile.Delete", {"Name": f"{TEMP}\\a-2"}) == {"ReturnValue": 2}
    for name in (f"{TEMP}\\a-1", TEMP):
        with pytest.raises(WmiError) as refused:
            asker.invoke("CIM_DataFile.Delete", {"Name": name})
        assert refused.value.kind == "not_found"


def test_a_host_may_lack_the_class(ask: Ask) -> None:
    asker = ask("member", cim_files="absent")
    asker.computer.machine.files.write(f"{TEMP}\\a-1", b"x")
    for call in (lambda: asker.query(WQL), lambda: asker.invoke("CIM_DataFile.Delete", {"Name": f"{TEMP}\\a-1"})):
        with pytest.raises(WmiError):
            call()


@pytest.mark.parametrize(("world", "printed"), [("bytes", "@@ä\r\n"), ("converted", "@@Ã¤\r\n")])
def test_type_shows_bytes_or_takes_them_for_ansi(make: Make, run: Run, world: str, printed: str) -> None:
    computer = make(type_plain_files=world)
    assert run(computer, f'(echo @@ä)>"{TEMP}\\a"& type "{TEMP}\\a"').stdout == printed.encode()


@pytest.mark.parametrize(("world", "printed"), [("off", b"!windir!\r\n"), ("on", b"C:\\Windows\r\n")])
def test_exclamation_marks_are_letters_unless_the_registry_says_otherwise(
    make: Make, run: Run, world: str, printed: bytes
) -> None:
    assert run(make(delayed_expansion=world), "echo !windir!").stdout == printed


@pytest.mark.parametrize(("world", "code"), [("yes", b"0"), ("no", b"1")])
def test_findstr_may_be_forbidden(make: Make, run: Run, world: str, code: bytes) -> None:
    line = f'(echo [Version]& echo x)>"{TEMP}\\a"& findstr /b /i /l /c:"[version]" "{TEMP}\\a"'
    done = run(make(findstr_available=world), f"{line}& call echo %^errorlevel%")
    assert done.stdout == (b"[Version]\r\n" if world == "yes" else b"") + code + b"\r\n"
