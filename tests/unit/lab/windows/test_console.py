# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated cmd.exe against docs/sources.md S3."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.seams import Completed
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]
T = "C:\\Windows\\Temp"


@pytest.mark.parametrize(
    ("line", "out"),
    [
        pytest.param("echo a", "a\r\n", id="echo"),
        pytest.param("echo a & echo b", "a \r\nb\r\n", id="the blank before & stays"),
        pytest.param("echo a& echo b", "a\r\nb\r\n", id="no blank before &"),
        pytest.param("(echo a& echo b)", "a\r\nb\r\n", id="group"),
        pytest.param("echo.", "\r\n", id="blank line"),
        pytest.param("echo a^&b", "a&b\r\n", id="caret"),
        pytest.param('echo "a & b"', '"a & b"\r\n', id="quotes keep operators and stay"),
        pytest.param('echo "a^b"', '"a^b"\r\n', id="a caret in quotes stays"),
        pytest.param("echo %windir%", "C:\\Windows\r\n", id="variable"),
        pytest.param('echo "%windir%"', '"C:\\Windows"\r\n', id="variable in quotes"),
        pytest.param("echo %nope%", "%nope%\r\n", id="an undefined variable stays on a command line"),
        pytest.param("echo 100%windir", "100%windir\r\n", id="a lone percent"),
        pytest.param("echo %SystemRoot:Windows=X%", "C:\\X\r\n", id="replacement"),
        pytest.param("echo %SystemRoot:~0,2%", "C:\r\n", id="part"),
        pytest.param("set A=1& echo %A%", "%A%\r\n", id="expanded before the line runs"),
        pytest.param("set A=1& call echo %^A%", "1\r\n", id="call expands again"),
        pytest.param("nosuch 2>nul & echo %errorlevel%", "0\r\n", id="errorlevel from before the line"),
        pytest.param("nosuch 2>nul & call echo %^errorlevel%", "9009\r\n", id="late errorlevel"),
        pytest.param('cmd /v:on /c "set A=1& echo !A!"', "1\r\n", id="delayed expansion"),
        pytest.param("echo !A!", "!A!\r\n", id="delayed expansion is off by default"),
        pytest.param('cmd /c "echo a& echo b"', "a\r\nb\r\n", id="nested, quotes stripped"),
        pytest.param("nosuch 2>nul && echo yes", "", id="&& after a failure"),
        pytest.param("nosuch 2>nul || echo no", "no\r\n", id="|| after a failure"),
        pytest.param("echo a && echo b || echo c", "a \r\nb \r\n", id="&& binds before ||"),
        pytest.param("echo hello| findstr ell", "hello\r\n", id="pipe"),
        pytest.param("echo hello| findstr /v x", "hello\r\n", id="findstr"),
        pytest.param("<nul set /p =text", "text", id="text without a line end"),
        pytest.param("if 1==1 echo yes", "yes\r\n", id="if"),
        pytest.param("if 1==2 (echo yes) else (echo no)", "no\r\n", id="else"),
        pytest.param('if /i "A"=="a" echo same', "same\r\n", id="if /i"),
        pytest.param("if not exist C:\\nope echo gone", "gone\r\n", id="if not exist"),
        pytest.param('if exist "%windir%\\System32\\secedit.exe" echo there', "there\r\n", id="program"),
        pytest.param("if defined windir echo def", "def\r\n", id="if defined"),
        pytest.param("if 1==2 echo a & echo b", "", id="the rest of the line belongs to if"),
        pytest.param("for %i in (a b) do @echo %i", "a\r\nb\r\n", id="for"),
        pytest.param("for /l %i in (1,2,5) do @echo %i", "1\r\n3\r\n5\r\n", id="for /l"),
        pytest.param('for /f "tokens=2 delims=," %i in ("x,y") do @echo %i', "y\r\n", id="for /f text"),
        pytest.param("for /f %i in ('echo one two') do @echo [%i]", "[one]\r\n", id="for /f command"),
        pytest.param("for %f in (C:\\a\\b.txt) do @echo %~nxf", "b.txt\r\n", id="parts of a path"),
        pytest.param("%windir%\\System32\\CMD.EXE /c echo a", "a\r\n", id="absolute path, any case"),
        pytest.param("@echo a", "a\r\n", id="at sign"),
    ],
)
def test_what_a_line_prints(make: Make, run: Run, line: str, out: str) -> None:
    assert run(make(), line).stdout.decode() == out


@pytest.mark.parametrize(
    ("line", "content"),
    [
        pytest.param('>"{t}\\f" echo a', b"a\r\n", id="redirection first"),
        pytest.param('echo a >"{t}\\f"', b"a \r\n", id="the blank before > lands in the file"),
        pytest.param('echo 2>"{t}\\f"', b"", id="a digit before > is a handle"),
        pytest.param('>"{t}\\f" echo a& >>"{t}\\f" echo b', b"a\r\nb\r\n", id="append"),
        pytest.param('(echo a& echo b)>"{t}\\f"', b"a\r\nb\r\n", id="a group opens once"),
        pytest.param('nosuch 2>"{t}\\f"', None, id="standard error"),
        pytest.param('nosuch >"{t}\\f" 2>&1', None, id="both streams"),
        pytest.param('>"{t}\\f" echo ä', "ä\r\n".encode(), id="code page 65001 writes UTF-8"),
    ],
)
def test_what_lands_in_a_file(make: Make, run: Run, line: str, content: bytes | None) -> None:
    computer = make()
    run(computer, line.format(t=T))
    data = computer.machine.files.read(f"{T}\\f")
    assert data == content if content is not None else b"not recognized" in data


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("echo a", 0),
        ("nosuch", 1),
        ("exit /b 5", 5),
        ('cmd /c "exit 7"', 7),
        ("cmd /c exit -1", 4294967295),
        ("type C:\\nope", 1),
        ("del C:\\Windows\\Temp\\nope", 0),
        ("cmd /c exit 3 & echo a", 3),
    ],
)
def test_exit_codes_are_unsigned(make: Make, run: Run, line: str, code: int) -> None:
    assert run(make(), line).exit_code == code


def test_an_exit_code_may_arrive_signed_in_that_world(make: Make, run: Run) -> None:
    assert run(make(exit_code_sign="signed"), "cmd /c exit -1").exit_code == -1


@pytest.mark.parametrize(("world", "code"), [("last_program", 3), ("last_command", 0)])
def test_the_code_of_a_chain_that_ends_with_echo_is_a_world(make: Make, run: Run, world: str, code: int) -> None:
    assert run(make(chain_exit_code=world), "cmd /c exit 3 & echo a").exit_code == code


@pytest.mark.parametrize(("world", "code", "err"), [("silent", 0, b""), ("refused", 1, b"too long")])
def test_a_line_over_8191_characters_finding_7(make: Make, run: Run, world: str, code: int, err: bytes) -> None:
    computer = make(long_line=world)
    done = run(computer, f'>"{T}\\f" echo ' + "a" * 8180)
    assert (done.exit_code, done.stdout) == (code, b"")
    assert err in done.stderr
    assert not computer.machine.files.exists(f"{T}\\f")


def test_a_line_of_8191_characters_runs(make: Make, run: Run) -> None:
    line = "echo " + "a" * (8191 - 5)
    assert len(run(make(), line).stdout) == 8191 - 5 + 2


def test_expansion_counts_towards_the_length(make: Make, run: Run) -> None:
    assert run(make(), "echo " + "%windir%" * 1000).stdout == b""


def test_type_converts_utf16_with_bom_to_the_code_page(make: Make, run: Run) -> None:
    for world, expected in (("yes", "Müller\r\n".encode()), ("raw", b"\xff\xfeM\0")):
        computer = make(type_converts_utf16=world)
        computer.machine.files.write(f"{T}\\u", b"\xff\xfe" + "Müller\r\n".encode("utf-16-le"))
        assert run(computer, f'type "{T}\\u"').stdout.startswith(expected)


def test_type_of_utf16_in_437_loses_what_the_page_lacks(make: Make, run: Run) -> None:
    computer = make()
    computer.machine.files.write(f"{T}\\u", b"\xff\xfe" + "Łu".encode("utf-16-le"))
    assert run(computer, f'type "{T}\\u"', codepage=437).stdout == b"?u"


def test_type_of_utf16_without_bom_passes_raw_bytes(make: Make, run: Run) -> None:
    computer = make()
    data = "ab".encode("utf-16-le")
    computer.machine.files.write(f"{T}\\u", data)
    assert run(computer, f'type "{T}\\u"').stdout == data


def test_a_redirection_that_cannot_be_opened_stops_its_command(make: Make, run: Run) -> None:
    done = run(make(), '>"C:\\no\\such" echo a || echo failed')
    assert done.stdout == b"failed\r\n"
    assert b"cannot find the path" in done.stderr


def test_plain_for_skips_hidden_files_and_dir_a_shows_them(make: Make, run: Run) -> None:
    computer = make()
    folder = "C:\\Windows\\security\\templates\\policies"
    assert run(computer, f'for %f in ("{folder}\\gpt*.*") do @echo %f').stdout == b""
    assert run(computer, f'dir /b /a "{folder}\\gpt*.*"').stdout == b"gpt00000.dom\r\n"


def test_for_f_does_not_read_utf16(make: Make, run: Run) -> None:
    computer = make()
    computer.machine.files.write(f"{T}\\u", b"\xff\xfe" + "abc\r\n".encode("utf-16-le"))
    assert b"abc" not in run(computer, f"for /f %i in ({T}\\u) do @echo %i").stdout


@pytest.mark.parametrize(
    ("second", "world", "code"),
    [("abc", "documented", 0), ("abd", "documented", 1), (None, "documented", 2), ("abd", "always_zero", 0)],
)
def test_fc(make: Make, run: Run, second: str | None, world: str, code: int) -> None:
    computer = make(fc_exit_codes=world)
    computer.machine.files.write(f"{T}\\a", b"abc")
    if second:
        computer.machine.files.write(f"{T}\\b", second.encode())
    assert run(computer, f'fc /b "{T}\\a" "{T}\\b" >nul').exit_code == code


def test_powershell_is_refused_and_noted(make: Make, run: Run) -> None:
    computer = make()
    assert run(computer, "powershell -NoProfile -Command exit").exit_code != 0
    assert computer.notes[0][0] == "powershell"


def test_the_if_scope_world(make: Make, run: Run) -> None:
    line = "if 1==2 (echo a) & echo b"
    assert run(make(), line).stdout == b""
    assert run(make(if_scope="group_only"), line).stdout == b"b\r\n"


def test_a_syntax_error_runs_nothing(make: Make, run: Run) -> None:
    done = run(make(), "echo a & ( echo b")
    assert (done.stdout, done.exit_code) == (b"", 1)


def test_others_than_administrators_write_new_files_in_temp_only(make: Make, run: Run) -> None:
    computer = make("notadmin")
    assert run(computer, f'>"{T}\\mine" echo a', user="pop3test").exit_code == 0
    done = run(computer, '>"C:\\Windows\\x" echo a', user="pop3test")
    assert b"Access is denied" in done.stderr
    run(computer, f'>"{T}\\theirs" echo a')
    assert b"Access is denied" in run(computer, f'type "{T}\\theirs"', user="pop3test").stderr


def test_what_was_written_is_told_in_the_order_in_which_it_came(make: Make, run: Run) -> None:
    done = run(make(), "echo a& cmd /c echo x& echo b>&2& (echo c)& ver>nul& echo d")
    assert [(name, data.strip()) for name, data in done.writes] == [
        ("stdout", b"a"),
        ("stdout", done.stdout.split()[1]),
        ("stderr", b"b"),
        ("stdout", b"c"),
        ("stdout", b"d"),
    ]
    assert b"".join(data for name, data in done.writes if name == "stdout") == done.stdout


@pytest.mark.parametrize("line", ["move a b", "more a", "%windir%\\System32\\hostname.exe"])
def test_what_is_not_imitated_is_refused_and_noted(make: Make, run: Run, line: str) -> None:
    computer = make()
    assert run(computer, line).exit_code == 1
    assert [kind for kind, dummy in computer.notes] == ["unmodelled"]
