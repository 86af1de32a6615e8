# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab's icacls and fc print and save, against captures/cmd/30 to 33 and Microsoft's list of SDDL aliases."""

from __future__ import annotations

import re

import pytest

from ansible_collections.winmail.exchange.tests.support.lab_hosts import DOMAIN, TEMP, host, run, told
from ansible_collections.winmail.exchange.tests.unit.captures.reading import one
from lab.state import sddl_aliases
from lab.state.files import Ace
from lab.windows.computer import Computer

COMPUTER = "S-1-5-21-1111111111-2222222222-1444444444"


def with_file(computer: Computer, name: str = "screen") -> Computer:
    computer.machine.files.write(f"{TEMP}\\{name}", b"")
    return computer


def screen(computer: Computer, line: str) -> str:
    """What a person sees: both streams, in the order that the lab writes them to one file."""
    run(computer, f'cd /d {TEMP}& ({line})>"{TEMP}\\seen" 2>&1')
    return told(computer.machine.files.read(f"{TEMP}\\seen").decode()).rstrip("\n")


def transcript(number: str, command: str) -> str:
    """What stands behind a command in a transcript."""
    lines = [line for line in one(number).split("\n") if not line.startswith(";")]
    start = next(i for i, line in enumerate(lines) if line.endswith(command)) + 1
    end = next((i for i in range(start, len(lines)) if re.match(r"> |[A-Z]:\\.*>", lines[i])), len(lines))
    return "\n".join(line.rstrip() for line in lines[start:end]).rstrip("\n")


def test_a_russian_host_30() -> None:
    computer = with_file(host(kind="workgroup", release="11", language="ru"))
    assert screen(computer, "icacls screen /grant *S-1-1-0:F") == transcript("30", "icacls screen /grant *S-1-1-0:F")
    shown = screen(computer, "icacls screen").split("\n")
    expected = [line for line in transcript("30", "icacls screen").split("\n") if "HOST1\\user" not in line]
    assert shown == expected
    assert screen(computer, "icacls screen /remove Everyone") == transcript("30", "icacls screen /remove Everyone")


@pytest.mark.parametrize(("switch", "code"), [("", 1332), (" /c", 0)])
def test_an_unknown_name_and_a_zero_that_means_nothing_31(switch: str, code: int) -> None:
    computer = with_file(host(kind="workgroup", release="2019"), "test1")
    line = f"icacls {TEMP}\\test1 /grant other.example.test\\admins:r{switch}"
    assert screen(computer, line) == "\n".join(one("31").split("; A\n")[1].split("; B")[0].strip().split("\n")[1:])
    assert run(computer, line).exit_code == code


def test_a_file_that_may_not_be_changed_31() -> None:
    computer = host(kind="member", release="2019", domain={"users": [{"name": "low", "rid": 1104}]})
    computer.machine.files.make_folders("C:\\Windows\\System32\\config", system=True)
    computer.machine.files.write("C:\\Windows\\System32\\config\\SAM", b"")
    done = run(computer, "icacls C:\\Windows\\System32\\config\\SAM /grant low:F", computer.logon("EXAMPLES", "low"))
    assert told((done.stderr + done.stdout).decode()).strip() == one("31").split("; B\n")[1].strip()
    assert done.exit_code == 5


def test_the_saved_entries_of_a_runner_32() -> None:
    """Explicit entries, their order, masks, the alias of RID 500; not the inherited one of a profile."""
    computer = with_file(host(kind="workgroup", release="2022", sid=COMPUTER))
    expected = next(line for line in one("32").split("\n") if line.startswith("D:"))
    node = computer.machine.files.node(f"{TEMP}\\screen")
    assert node is not None
    own = {"LA": f"{COMPUTER}-500", "SY": "S-1-5-18", "BA": "S-1-5-32-544"}
    entries = [entry.split(";") for entry in re.findall(r"\(([^)]*)\)", expected)]
    node.explicit = [Ace(kind, mask, own[who]) for kind, flags, mask, *dummy, who in entries if not flags]
    run(computer, f'icacls "{TEMP}\\screen" /save "{TEMP}\\out" /q')
    saved = computer.machine.files.read(f"{TEMP}\\out").decode("utf-16-le").split("\r\n")[1]
    assert saved == expected.replace("(A;ID;FA;;;LA)", "")


@pytest.mark.parametrize("letters", sorted({**sddl_aliases.FIXED, **sddl_aliases.LOCAL, **sddl_aliases.DOMAIN}))
def test_every_documented_alias_is_written_for_its_sid(letters: str) -> None:
    """No closed list is safe: each of them comes out of /save on a member of 2022."""
    computer = with_file(host(kind="member", release="2022", sid=COMPUTER))
    sid = sddl_aliases.FIXED.get(letters) or (
        f"{COMPUTER}-{sddl_aliases.LOCAL[letters]}"
        if letters in sddl_aliases.LOCAL
        else f"{DOMAIN}-{sddl_aliases.DOMAIN[letters]}"
    )
    run(computer, f'icacls "{TEMP}\\screen" /grant "*{sid}:R" /q& icacls "{TEMP}\\screen" /save "{TEMP}\\out" /q')
    saved = computer.machine.files.read(f"{TEMP}\\out").decode("utf-16-le").split("\r\n")[1]
    explicit = [entry.split(";")[5] for entry in re.findall(r"\(([^)]*)\)", saved) if ";ID;" not in entry]
    assert explicit == [letters]


def test_an_older_release_writes_the_sid_where_it_has_no_alias() -> None:
    computer = with_file(host(kind="workgroup", release="2008R2"))
    run(
        computer, f'icacls "{TEMP}\\screen" /grant "*S-1-5-32-579:R" /q& icacls "{TEMP}\\screen" /save "{TEMP}\\out" /q'
    )
    assert ";;;S-1-5-32-579)" in computer.machine.files.read(f"{TEMP}\\out").decode("utf-16-le")


def test_fc_33() -> None:
    computer = with_file(with_file(host(kind="workgroup", release="2016"), "a.ini"), "b.ini")
    expected = transcript("33", "fc a.ini b.ini").partition("; source")[0].rstrip("\n")
    assert screen(computer, "fc a.ini b.ini") == expected
