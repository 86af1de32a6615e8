# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Open questions about cmd.exe and the shell: each names its row in docs/assumptions.md.

Every question works in files of its own in ``%windir%\\Temp`` and removes them; none changes anything else.
"""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer

from .desk import UNKNOWN, Desk, Question, Settled, files


def late_code(desk: Desk) -> Settled:
    """Whether ``call echo %^errorlevel%`` prints the code of the command before it."""
    chain = shell.Chain().run("cmd /c exit 7", code="c")
    code = chain.read(desk.transport.run(chain.line()).stdout).code("c")
    return Settled("W02", "call_errorlevel", "works" if code == 7 else "literal", f"printed {code} for 7")


def compared_files(desk: Desk) -> Settled:
    """The exit codes of ``fc /b`` for equal and for different files."""
    own, chain = files(), shell.Chain()
    for suffix, text in (("a", "x"), ("b", "x"), ("c", "y")):
        chain.run(f">{own.quoted(suffix)} echo {text}")
    for name, other in (("same", "b"), ("other", "c")):
        chain.run(f">nul 2>&1 {shell.program('fc.exe')} /b {own.quoted('a')} {own.quoted(other)}", code=name)
    found = desk.run(chain, own)
    codes = found.code("same"), found.code("other")
    answers: dict[tuple[int | None, int | None], str] = {(0, 1): "documented", (0, 0): "always_zero"}
    return Settled("W07", "fc_exit_codes", answers.get(codes, UNKNOWN), f"{codes[0]} and {codes[1]}")


def scope_of_if(desk: Desk) -> Settled:
    """Whether what follows ``if c (a) & b`` belongs to the condition."""
    shown = desk.show('cmd /c "if 1==2 (echo a)& echo b"')
    return Settled("W08", "if_scope", "group_only" if "b" in shown else "rest_of_line", f"printed {shown!r}")


def listed_paths(desk: Desk) -> Settled:
    """Whether ``dir /b /s`` prints full paths."""
    shown = desk.show('dir /b /s /a-d "%windir%\\System32\\fc.exe"').splitlines()
    full = bool(shown) and "\\" in shown[0]
    return Settled("W90", "dir_s_paths", "full" if full else "names", shown[0] if shown else "nothing")


def shown_bytes(desk: Desk) -> Settled:
    """Whether ``type`` shows the bytes of a file without BOM as they are: the length of an answer proves it."""
    answer = Answer(shell.Chain().show("x", "echo \u00e4"), files())
    output = desk.transport.run(answer.line(), answer.ended).stdout
    try:
        seen = answer.read(output)[0].section("x")
    except ReadError as exc:
        return Settled("W94", "type_plain_files", "converted", f"{exc} The bytes: {output[:80].hex(' ')}")
    return Settled("W94", "type_plain_files", "bytes", f"printed {(seen or b'').hex(' ')}")


def exclamation_marks(desk: Desk) -> Settled:
    """Whether cmd.exe leaves alone what stands between exclamation marks."""
    shown = desk.show("echo !windir!")
    return Settled("W93", "delayed_expansion", "off" if shown == "!windir!" else "on", f"printed {shown!r}")


def found_lines(desk: Desk) -> Settled:
    """Whether findstr prints the lines that begin with a text, and nothing else of a file."""
    own, chain = files(), shell.Chain()
    chain.run(f"(echo [Version]& echo SeA = *S-1-5-18& echo x[Version])>{own.quoted('a')}")
    chain.run(f"(echo [Version]& echo SeA = *S-1-5-18)>{own.quoted('b')}")
    find = f'{shell.program("findstr.exe")} /b /i /l /c:"[version]" /c:"SeA" {own.quoted("a")}'
    chain.run(f"{find}>{own.quoted('c')}")
    chain.run(f">nul 2>&1 {shell.program('fc.exe')} /b {own.quoted('b')} {own.quoted('c')}", code="fc")
    chain.show("c", f"type {own.quoted('c')}")
    found = desk.run(chain, own)
    same = found.code("fc") == 0
    return Settled("W95", "findstr_available", "yes" if same else "no", f"printed {found.section('c')!r}")


def prompted(desk: Desk) -> Settled:
    """Whether ``set /p`` prints its prompt without a line end."""
    shown = desk.show("<nul set /p =a& echo b")
    return Settled("W91", "set_p_output", "bare" if shown == "ab" else "line_end", f"printed {shown!r}")


def missing_program(desk: Desk) -> Settled:
    """With which code a line ends whose program does not exist."""
    code = desk.transport.run("winmail-no-such-program").exit_code
    return Settled("W04", "unknown_program", str(code) if code in (1, 9009) else UNKNOWN, f"ended with {code}")


def code_of_a_chain(desk: Desk) -> Settled:
    """Whether a line ends with the code of its last program, or with that of its last command."""
    code = desk.transport.run("cmd /c exit 3& echo x").exit_code
    answer = {3: "last_program", 0: "last_command"}.get(-1 if code is None else code, UNKNOWN)
    return Settled("W05", "chain_exit_code", answer, f"ended with {code}")


QUESTIONS: tuple[Question, ...] = (
    *(late_code, compared_files, scope_of_if, listed_paths, prompted, shown_bytes, exclamation_marks, found_lines),
    *(missing_program, code_of_a_chain),
)
