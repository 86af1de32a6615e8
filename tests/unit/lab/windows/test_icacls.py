# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""icacls.exe of the lab against docs/sources.md S2."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from lab.seams import Completed
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]
T = "C:\\Windows\\Temp"


def ask(computer: Computer, run: Run, *names: str) -> dict[str, str]:
    """The recipe of docs/sources.md S2: one scratch file per name, saved together; file name to SDDL."""
    grants = "& ".join(f'echo.>"{T}\\n.{i}"& icacls "{T}\\n.{i}" /grant "{name}:R" /q' for i, name in enumerate(names))
    run(computer, f'({grants})>nul 2>&1& icacls "{T}\\n.*" /save "{T}\\out" /q>nul')
    data = computer.machine.files.read(f"{T}\\out")
    text = data.removeprefix(b"\xff\xfe").decode("utf-16-le")
    lines = text.split("\r\n")[:-1]
    return dict(zip(lines[::2], lines[1::2], strict=True))


def explicit(sddl: str) -> list[str]:
    """Trustees of the entries that are not inherited."""
    aces = [ace.split(";") for ace in re.findall(r"\(([^)]*)\)", sddl)]
    return [ace[5] for ace in aces if "ID" not in ace[1]]


@pytest.mark.parametrize(
    ("name", "trustee"),
    [
        ("CORP\\exsvc", "S-1-5-21-2840394521-1093752863-3410756322-1107"),
        ("CORP\\gmsapop$", "S-1-5-21-2840394521-1093752863-3410756322-1130"),
        ("exsvc@corp.example", "S-1-5-21-2840394521-1093752863-3410756322-1107"),
        ("MEMBER\\R&D", "S-1-5-21-2315843530-1563403064-648863213-1004"),
        ("MEMBER\\O'Neill", "S-1-5-21-2315843530-1563403064-648863213-1005"),
        ("MEMBER\\Müller", "S-1-5-21-2315843530-1563403064-648863213-1006"),
        ("MEMBER\\Administrator", "LA"),
        ("CORP\\Domain Admins", "DA"),
        ("Administrators", "BA"),
        ("*S-1-5-21-1-2-3-4", "S-1-5-21-1-2-3-4"),
    ],
)
def test_one_entry_without_the_id_flag_is_the_answer(make: Make, run: Run, name: str, trustee: str) -> None:
    assert explicit(ask(make(), run, name)["n.0"]) == [trustee]


def test_many_names_in_one_line_and_unknown_ones_without_entry(make: Make, run: Run) -> None:
    found = ask(make(), run, "CORP\\exsvc", "CORP\\nobody", "Everyone")
    assert [len(explicit(found[f"n.{i}"])) for i in range(3)] == [1, 0, 1]


def test_aliases_may_be_absent(make: Make, run: Run) -> None:
    assert explicit(ask(make(icacls_aliases="no"), run, "Administrators")["n.0"]) == ["S-1-5-32-544"]


@pytest.mark.parametrize(("world", "start"), [("no", b"n\0"), ("yes", b"\xff\xfen\0")])
def test_save_writes_utf16_with_or_without_bom(make: Make, run: Run, world: str, start: bytes) -> None:
    computer = make(icacls_save_bom=world)
    ask(computer, run, "Everyone")
    assert computer.machine.files.read(f"{T}\\out").startswith(start)


@pytest.mark.parametrize(("host", "code"), [("member", 1332), ("deaddomain", 1789)])
def test_an_unknown_name_is_1332_and_a_broken_trust_1789(make: Make, run: Run, host: str, code: int) -> None:
    computer = make(host)
    run(computer, f'echo.>"{T}\\n.0"')
    done = run(computer, f'icacls "{T}\\n.0" /grant "CORP\\nobody:R" /q')
    assert done.exit_code == code
    assert b"nobody" in done.stderr


def test_english_names_are_unknown_on_a_german_host(make: Make, run: Run) -> None:
    computer = make("german")
    assert explicit(ask(computer, run, "Administrators", "Administratoren")["n.1"]) == ["BA"]
    assert explicit(ask(computer, run, "Administrators")["n.0"]) == []


def test_a_fat_volume_has_no_access_control(make: Make, run: Run) -> None:
    assert ask(make(icacls_available="fat"), run, "Everyone") == {"n.0": "D:NO_ACCESS_CONTROL"}


def test_blocked_by_policy(make: Make, run: Run) -> None:
    computer = make(icacls_available="blocked")
    done = run(computer, f'echo.>"{T}\\n.0"& icacls "{T}\\n.0" /grant Everyone:R')
    assert done.exit_code == 1
    assert b"blocked by group policy" in done.stderr


def test_nothing_but_the_scratch_files_changes(make: Make, run: Run) -> None:
    computer = make()
    before = computer.snapshot()
    ask(computer, run, "CORP\\exsvc")
    run(computer, f'del /f /q "{T}\\n.*" "{T}\\out"')
    assert computer.snapshot() == before


@pytest.mark.parametrize(("world", "count"), [("yes", 1), ("no", 0)])
def test_letters_outside_ascii_are_a_world(make: Make, run: Run, world: str, count: int) -> None:
    computer = make(command_line_unicode=world)
    assert len(explicit(ask(computer, run, "MEMBER\\Müller")["n.0"])) == count
