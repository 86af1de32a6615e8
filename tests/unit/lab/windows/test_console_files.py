# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated cmd.exe: what it says of files and times, chains that write into one file (docs/sources.md S3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from lab import scenario
from lab.seams import Completed
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]
T = "C:\\Windows\\Temp"
COMMAND_PROCESSOR = "registry: {SOFTWARE\\Microsoft\\Command Processor: {DelayedExpansion: 1}}"


def with_file(computer: Computer, data: bytes = b"12345", name: str = "f.txt") -> Computer:
    computer.machine.files.write(f"{T}\\{name}", data)
    return computer


@pytest.mark.parametrize(
    ("line", "out"),
    [
        pytest.param('for %f in ("{t}\\f.txt") do @echo %~zf', "5", id="size"),
        pytest.param("for %i in ({t}\\F.TXT) do @echo %~zi %~nxi", "5 f.txt", id="the name as the disk has it"),
        pytest.param('for %f in ("{t}\\gone") do @echo [%~zf]', "[]", id="a file that is not there has no size"),
        pytest.param('for %f in ("{t}") do @echo %~zf', "0", id="a folder"),
        pytest.param('for %f in ("{t}\\f.txt") do @echo %~af', "---------", id="attributes"),
        pytest.param("cd /d {t}& for %f in (f.txt) do @echo %~ff", f"{T}\\f.txt", id="a full path"),
        pytest.param('for %f in ("{t}\\f.txt") do @echo %~dpf', f"{T}\\", id="drive and path"),
        pytest.param('for %f in ("{t}\\f.txt") do @echo %~ZF%f', '%~ZF"{t}\\f.txt"', id="the letter keeps its case"),
        pytest.param('for %f in ("{t}\\f.txt") do @if %~zf gtr 4 echo big', "big", id="compared as a number"),
        pytest.param('for %z in ("{t}\\f.txt") do @echo %~z', f"{T}\\f.txt", id="a variable called as a modifier"),
        pytest.param('for %n in ("{t}\\f.txt") do @echo %~zn', "5", id="the longest match wins"),
        pytest.param("for /f \"delims=\" %i in ('dir /b {t}') do @echo %~zi", "", id="relative to the folder of cmd"),
    ],
)
def test_what_for_says_of_a_file(make: Make, run: Run, line: str, out: str) -> None:
    done = run(with_file(make()), line.replace("{t}", T))
    assert done.stdout.decode() == (out.replace("{t}", T) + "\r\n" if out else "ECHO is on.\r\n")


def test_the_size_of_an_appended_and_of_an_emptied_file(make: Make, run: Run) -> None:
    computer = with_file(make())
    done = run(computer, f'>>"{T}\\f.txt" echo 678& for %f in ("{T}\\f.txt") do @echo %~zf')
    assert done.stdout == b"10\r\n"
    done = run(computer, f'type nul>"{T}\\f.txt"& for %f in ("{T}\\f.txt") do @echo %~zf')
    assert done.stdout == b"0\r\n"


@pytest.mark.parametrize(
    ("language", "file", "date"),
    [("en", "%m/%d/%Y %I:%M %p", "%a %m/%d/%Y"), ("de", "%d.%m.%Y %H:%M", "%d.%m.%Y")],
)
def test_times_are_local_and_by_language(run: Run, tmp_path: Path, language: str, file: str, date: str) -> None:
    computer = one(tmp_path, f"language: {language}, time_zone: 330, clock_offset: -7200")
    with_file(computer)
    now = dt.datetime.now(dt.timezone.utc) - dt.timedelta(hours=2) + dt.timedelta(minutes=330)
    shown = run(computer, f'for %f in ("{T}\\f.txt") do @echo %~tf').stdout.decode().strip()
    told = dt.datetime.strptime(shown, file).replace(tzinfo=dt.timezone.utc)
    assert abs(told - now) < dt.timedelta(minutes=2)
    listed = run(computer, f'dir /a-d /tw "{T}\\f.txt"').stdout.decode()
    assert shown.split()[0] in listed
    assert run(computer, "echo %date%").stdout.decode().strip() == now.strftime(date)
    hour, minute, dummy = run(computer, "echo %time%").stdout.decode().strip().split(":")
    assert abs(int(hour) * 60 + int(minute) - now.hour * 60 - now.minute) in (0, 1, 1439)


def test_two_controllers_may_have_different_clocks_and_wmi_tells(tmp_path: Path) -> None:
    ahead = one(tmp_path, "clock_offset: 900, time_zone: -60")
    row = ahead.query(ahead.logon("CORP", "labadmin"), "root/cimv2", "select * from Win32_OperatingSystem").instances[0]
    told = row.properties["LocalDateTime"]
    assert isinstance(told, dt.datetime)
    assert abs(told - dt.datetime.now(dt.timezone.utc) - dt.timedelta(seconds=900)) < dt.timedelta(seconds=60)
    assert row.properties["CurrentTimeZone"] == -60


def one(folder: Path, more: str) -> Computer:
    """A computer of a scenario of its own."""
    base = (scenario.FOLDER / "pop3.yml").read_text(encoding="utf-8")
    (folder / "pop3.yml").write_text(base, encoding="utf-8")
    (folder / "mine.yml").write_text(f"base: pop3\nhosts: [{{name: a, {more}}}]\n", encoding="utf-8")
    return scenario.load(folder / "mine.yml").computers[0]


@pytest.mark.parametrize(
    ("line", "content"),
    [
        pytest.param('( echo a& nosuch& echo b )>"{t}\\o" 2>&1', ["a", "nosuch", "b"], id="both streams in order"),
        pytest.param('(echo a& (echo b& echo c)& echo d)>"{t}\\o"', ["a", "b", "c", "d"], id="a group in a group"),
        pytest.param('((echo a)>"{t}\\p"& echo b)>"{t}\\o"', ["b"], id="an inner redirection wins"),
        pytest.param('>"{t}\\o" 2>&1 (echo a& echo b)', ["a", "b"], id="redirection before the group"),
        pytest.param('(type "{t}\\f.txt"& echo b)>"{t}\\o"', ["12345b"], id="type inside"),
        pytest.param('(cmd /c exit 3& call echo %^errorlevel%)>"{t}\\o"', ["3"], id="late code inside"),
        pytest.param('(if exist "{t}\\f.txt" (echo yes) else (echo no))>"{t}\\o"', ["yes"], id="if and else inside"),
        pytest.param('(nosuch 2>nul|| echo no)>"{t}\\o"', ["no"], id="or inside"),
        pytest.param('(cmd /c exit 0&& echo yes)>"{t}\\o"', ["yes"], id="and inside"),
        pytest.param('(echo a)>"{t}\\o"&(echo b)>>"{t}\\o"', ["a", "b"], id="two groups"),
        pytest.param('(echo a>nul& echo b)>"{t}\\o"', ["b"], id="one line to nul"),
        pytest.param('(del /f /q "{t}\\f.txt"& if not exist "{t}\\f.txt" echo gone)>"{t}\\o"', ["gone"], id="del"),
        pytest.param("(for %i in (a b) do @(echo %i& echo -))>{t}\\o", ["a", "-", "b", "-"], id="a loop with a group"),
    ],
)
def test_a_chain_keeps_its_output_in_one_file(make: Make, run: Run, line: str, content: list[str]) -> None:
    computer = with_file(make())
    done = run(computer, line.replace("{t}", T))
    assert (done.stdout, done.stderr) == (b"", b"")
    lines = computer.machine.files.read(f"{T}\\o").decode().split("\r\n")
    told = [text for text in lines if text.strip() and "operable program" not in text]
    assert [text.strip() if "nosuch" not in text else "nosuch" for text in told] == content


def test_a_file_can_be_shown_while_the_group_that_writes_it_is_over(make: Make, run: Run) -> None:
    computer = make()
    line = f'(echo a& echo b)>"{T}\\o" 2>&1& type "{T}\\o"& for %f in ("{T}\\o") do @echo @@%~zf'
    assert run(computer, line).stdout == b"a\r\nb\r\n@@6\r\n"


def test_the_file_of_a_group_that_cannot_be_opened_runs_nothing_of_it(make: Make, run: Run) -> None:
    computer = make()
    done = run(computer, f'(echo a& >"{T}\\x" echo b)>"C:\\no\\o"& echo after')
    assert done.stdout == b"after\r\n"
    assert not computer.machine.files.exists(f"{T}\\x")


@pytest.mark.parametrize(
    ("more", "line", "out"),
    [
        pytest.param("", "echo a!OS!b", b"a!OS!b\r\n", id="off by default"),
        pytest.param(COMMAND_PROCESSOR, "echo a!OS!b", b"aWindows_NTb\r\n", id="on by the registry"),
        pytest.param(COMMAND_PROCESSOR, "echo a!nosuch!b", b"ab\r\n", id="an undefined name vanishes"),
        pytest.param(COMMAND_PROCESSOR, "echo a!b", b"ab\r\n", id="a lone one vanishes"),
        pytest.param(COMMAND_PROCESSOR, 'echo "a!OS!b"', b'"aWindows_NTb"\r\n', id="quotes do not help"),
        pytest.param(COMMAND_PROCESSOR, 'cmd /v:off /c "echo a!OS!b"', b"aWindows_NTb\r\n", id="/v:off comes too late"),
        pytest.param("", 'cmd /v:on /c "cmd /c echo a!OS!b"', b"aWindows_NTb\r\n", id="the outer one expands first"),
    ],
)
def test_delayed_expansion_is_a_value_of_the_registry(
    run: Run, tmp_path: Path, more: str, line: str, out: bytes
) -> None:
    assert run(one(tmp_path, more or "release: 2019"), line).stdout == out


def test_delayed_expansion_is_a_world(make: Make, run: Run) -> None:
    assert run(make(delayed_expansion="on"), "echo a!OS!b").stdout == b"aWindows_NTb\r\n"
