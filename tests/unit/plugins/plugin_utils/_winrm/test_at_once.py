# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A write in one chain: what it is guarded by, and which changes go the longer way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import RightsQuery
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import at_once, inf
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer
from ansible_collections.winmail.exchange.tests.support.captures import capture
from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.support.lines import check_safe

Make = Callable[..., Desk]
FILES = shell.Files("winmail-20261124T090000Z-0a1b2c3d4e5f")
TCB, BATCH, AUDIT = "SeTcbPrivilege", "SeBatchLogonRight", "SeAuditPrivilege"
MEANT = {TCB: ["S-1-5-21-1-2-3-1107"], BATCH: ["S-1-5-32-544"]}
EXPORT = capture("05").replace(b"\n", b"\r\n")


def with_line(line: str) -> bytes:
    return EXPORT.replace(b"[Version]", f"{line}\r\n[Version]".encode())


def test_the_lines_of_the_rights_are_taken_as_they_stand_between_two_that_are_always_there() -> None:
    lines = at_once.lines_of(EXPORT.decode().encode("utf-16"), [BATCH, TCB])
    (batch,) = (line for line in EXPORT.decode().splitlines() if line.startswith(BATCH))
    assert lines == ("[Privilege Rights]", batch, "[Version]")


def test_the_chain_is_safe_and_holds_the_template() -> None:
    chain = at_once.chain_for(FILES, inf.render(MEANT), EXPORT)
    assert chain is not None
    line = Answer(chain, FILES, kept=True).line()
    check_safe(line)
    echoed = "& ".join(f"echo {text}" for text in inf.render(MEANT).lines)
    assert f"({echoed})>{FILES.quoted('t.inf')}" in line
    assert f'"%~zf"=="{len(inf.render(MEANT).data)}"' in line


@pytest.mark.parametrize(
    "line",
    [
        "SeTcbPrivilege = Müller",
        "SeTcbPrivilege = R&D",
        "SeTcbPrivilege = x!y!z",
        "SeTcbPrivilege = 100%windir%",
        'SeTcbPrivilege = a"b',
        "SeTcbPrivilege = a^b",
        "SeTcbPrivilege = a(b)",
        "SeTcbPrivilege = a<b>c|d",
        "SeTcbPrivilege = a\ufffd",
        "SeTcbPrivilege = *S-1-5-18 ",
        "SeTcbPrivilege = *S-1-5-18\t",
        f"SeTcbPrivilege = {','.join(['*S-1-5-21-1-2-3-1107'] * 60)}",
    ],
)
def test_a_line_that_echo_might_write_otherwise_goes_the_longer_way(line: str) -> None:
    assert at_once.chain_for(FILES, inf.render(MEANT), with_line(line)) is None
    assert at_once.chain_for(FILES, inf.render({BATCH: ["S-1-5-18"]}), with_line(line)) is not None


@pytest.mark.parametrize("export", [b"", b"[Privilege Rights]\r\n", b"[Version]\r\n", EXPORT[:900]])
def test_an_export_that_is_not_whole_guards_nothing(export: bytes) -> None:
    assert at_once.chain_for(FILES, inf.render(MEANT), export) is None


def test_what_does_not_fit_goes_the_longer_way() -> None:
    many = [f"S-1-5-21-4294967295-4294967295-4294967295-{rid}" for rid in range(4000, 4030)]
    assert at_once.chain_for(FILES, inf.render({TCB: many}), EXPORT) is None
    nine = {f"SeX{number}Privilege": many[:15] for number in range(9)}
    assert at_once.chain_for(FILES, inf.render(nine), EXPORT) is None


def run(desk: Desk, assignment: dict[str, list[str]], export: bytes) -> shell.Sections:
    chain = at_once.chain_for(FILES, inf.render(assignment), export)
    assert chain is not None
    answer = Answer(chain, shell.Files("winmail-20261124T090000Z-222222222222"), kept=True)
    return answer.read(desk.computer.run(desk.caller, answer.line(), 65001).stdout)[0]


def export_of(desk: Desk) -> bytes:
    host = desk.host()
    host.read_rights(RightsQuery())
    return host._reader.seen


@pytest.mark.parametrize("change", ["", "grant", "revoke", "first holder"])
def test_it_writes_only_while_the_rights_are_as_they_were_read(make: Make, change: str) -> None:
    desk = make()
    export, rights = export_of(desk), desk.computer.machine.rights
    old = desk.rights()
    if change == "grant":
        rights.grant(BATCH, "S-1-5-21-1-2-3-5000")
    elif change == "revoke":
        rights.revoke(BATCH, min(old[BATCH]))
    elif change == "first holder":
        rights.grant(TCB, "S-1-5-19")
    before = desk.rights()
    sections = run(desk, MEANT, export)
    assert (sections.code("configure") is None) is bool(change)
    assert desk.rights() == (before if change else {**old, TCB: set(MEANT[TCB]), BATCH: set(MEANT[BATCH])})


def test_other_rights_may_move(make: Make) -> None:
    desk = make()
    export = export_of(desk)
    desk.computer.machine.rights.grant(AUDIT, "S-1-5-21-1-2-3-5000")
    assert run(desk, MEANT, export).code("configure") == 0
    assert "S-1-5-21-1-2-3-5000" in desk.rights()[AUDIT]


@pytest.mark.parametrize("worlds", [{"type_converts_utf16": "raw"}, {"export_bom": "no"}])
def test_a_host_that_cannot_show_the_lines_writes_nothing(make: Make, worlds: dict[str, str]) -> None:
    desk = make(**worlds)
    before = desk.rights()
    assert run(desk, MEANT, export_of(desk)).code("configure") is None
    assert desk.rights() == before


@pytest.mark.parametrize("program", ["findstr", "fc"])
def test_a_host_without_one_of_the_programs_writes_nothing(make: Make, program: str) -> None:
    desk = make()
    export, before = export_of(desk), desk.rights()
    desk.computer.faults.add({"at": "program.start", "match": {"program": program}, "do": "exit_code", "code": 1260})
    assert run(desk, MEANT, export).code("configure") is None
    assert desk.rights() == before


@pytest.mark.parametrize("cut", [0, 40, 200, 2000])
def test_an_export_that_was_cut_writes_nothing(make: Make, cut: int) -> None:
    desk = make()
    export, before = export_of(desk), desk.rights()
    rule = {"at": "program.end", "match": {"program": "secedit", "verb": "/export"}, "do": "truncate", "bytes": cut}
    desk.computer.faults.add(rule)
    assert run(desk, MEANT, export).code("configure") is None
    assert desk.rights() == before


@pytest.mark.parametrize("edit", [("1107", "11070"), ("echo [Version]& ", ""), ("Revision=1", "Revision=1 ")])
def test_a_template_of_another_length_is_not_applied(make: Make, edit: tuple[str, str]) -> None:
    desk = make()
    export, before = export_of(desk), desk.rights()
    original = desk.computer.run

    def garble(caller: Any, line: str, codepage: int) -> Any:
        return original(caller, line.replace(*edit, 1), codepage)

    desk.computer.run = garble  # type: ignore[method-assign]  # a host that garbles what it is told
    sections = run(desk, MEANT, export)
    assert sections.code("configure") is None
    assert not at_once.check_written(sections, inf.render(MEANT))
    assert desk.rights() == before
