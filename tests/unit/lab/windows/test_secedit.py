# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""secedit.exe of the lab against docs/sources.md S4, and the captures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.seams import Completed
from lab.windows import inf
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]
T = "C:\\Windows\\Temp"
EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"


def export(computer: Computer, run: Run, options: str = "/areas USER_RIGHTS") -> bytes:
    done = run(computer, f'secedit /export /cfg "{T}\\e.inf" {options} /log "{T}\\e.log" /quiet')
    assert done.exit_code == 0, done
    return computer.machine.files.read(f"{T}\\e.inf")


def rights(data: bytes) -> dict[str, str]:
    return dict(inf.parse(data)["privilege rights"])


def configure(computer: Computer, run: Run, text: str, *, name: str = "c", options: str = "") -> int:
    """Write a template, apply it with a fresh database and log; the exit code."""
    computer.machine.files.write(f"{T}\\{name}.inf", text.replace("\n", "\r\n").encode())
    line = (
        f'secedit /configure /db "{T}\\{name}.sdb" /cfg "{T}\\{name}.inf" /areas USER_RIGHTS '
        f'/log "{T}\\{name}.log" /quiet {options}'
    )
    return run(computer, line).exit_code


def log_of(computer: Computer, name: str = "c") -> str:
    return inf.decode(computer.machine.files.read(f"{T}\\{name}.log"))


def template(*lines: str) -> str:
    body = "\n".join(lines)
    return f'[Unicode]\nUnicode=yes\n[Privilege Rights]\n{body}\n[Version]\nsignature="$CHICAGO$"\nRevision=1\n'


def test_an_export_has_the_shape_of_capture_05(make: Make, run: Run, capture: Callable[[str], str]) -> None:
    expected = capture("05_win11_areas_user_rights_full.inf.txt").splitlines()
    data = export(make(), run)
    assert data[:2] == b"\xff\xfe"
    lines = data[2:].decode("utf-16-le").split("\r\n")
    sections = [line for line in lines if line.startswith("[")]
    assert sections == [line for line in expected if line.startswith("[")]
    names = [line.partition(" = ")[0] for line in lines if " = " in line]
    known = [line.partition(" = ")[0] for line in expected if " = " in line]
    assert [name for name in names if name in known] == [name for name in known if name in names]
    assert "SeTcbPrivilege" not in names  # nobody holds it: absent


def test_holders_of_a_line_stand_as_in_capture_05(make: Make, run: Run, capture: Callable[[str], str]) -> None:
    computer = make()
    for line in capture("05_win11_areas_user_rights_full.inf.txt").splitlines():
        right, sign, value = line.partition(" = ")
        if sign and right.startswith("Se"):
            guest = f"{computer.machine.local.sid}-501"
            holders = [guest if t == "Guest" else t[1:] for t in value.split(",")]
            computer.machine.rights.set(right, reversed(holders))
    shown = inf.decode(export(computer, run)).splitlines()
    for line in capture("05_win11_areas_user_rights_full.inf.txt").splitlines():
        assert line in shown


def test_local_users_and_groups_print_bare_domain_accounts_as_sid_peers_c1(make: Make, run: Run) -> None:
    found = rights(export(make(), run))
    assert set(found["SeBatchLogonRight"].split(",")) >= {"first.last", "Mail Operators", f"*{EXSVC}"}
    assert "SQLServer2005SQLBrowserUser$MEMBER" in found["SeServiceLogonRight"].split(",")


@pytest.mark.parametrize(
    ("scope", "tokens"),
    [("qualified", {"MEMBER\\first.last"}), ("local_and_domain", {"first.last", "CORP\\exsvc"})],
)
def test_which_accounts_print_as_names_is_a_world(make: Make, run: Run, scope: str, tokens: set[str]) -> None:
    found = rights(export(make(bare_names_scope=scope), run))
    assert tokens <= set(found["SeBatchLogonRight"].split(","))


def test_orphans_print_as_sid(make: Make, run: Run) -> None:
    found = rights(export(make("orphans"), run))
    assert found["SeTcbPrivilege"] == "*S-1-5-21-2840394521-1093752863-3410756322-9998"


def test_a_file_that_is_there_keeps_its_encoding_and_loses_letters(make: Make, run: Run) -> None:
    computer = make("lossy")
    computer.machine.files.write(f"{T}\\e.inf", b"")
    data = export(computer, run)
    assert data.startswith(b"[Unicode]")
    assert b"?ukasz" in data


def test_an_export_without_bom_is_a_world(make: Make, run: Run) -> None:
    assert export(make(export_bom="no"), run).startswith("[".encode("utf-16-le"))


def test_the_order_of_holders_may_change_between_exports(make: Make, run: Run) -> None:
    computer = make(export_order_stable="no")
    first, second = rights(export(computer, run)), {}
    run(computer, f'del /f /q "{T}\\e.inf"')
    second = rights(export(computer, run))
    assert first != second
    assert {k: set(v.split(",")) for k, v in first.items()} == {k: set(v.split(",")) for k, v in second.items()}


def test_without_areas_an_export_has_more_sections(make: Make, run: Run) -> None:
    assert set(inf.parse(export(make(), run, options=""))) > {"privilege rights", "system access"}


def test_configure_replaces_listed_lines_and_leaves_the_others(make: Make, run: Run) -> None:
    computer = make()
    before = computer.snapshot()["rights"]
    assert configure(computer, run, template(f"SeTcbPrivilege = *{EXSVC}", "SeBatchLogonRight =")) == 0
    after = dict(computer.machine.rights.all())
    assert after.pop("SeTcbPrivilege") == (EXSVC,)
    assert isinstance(before, dict)
    expected = {k: tuple(v) for k, v in before.items() if k != "SeBatchLogonRight"}
    assert after == expected


def test_configure_leaves_its_database_journal_and_log(make: Make, run: Run) -> None:
    computer = make()
    configure(computer, run, template(f"SeTcbPrivilege = *{EXSVC}"))
    names = {node.name for node in computer.machine.files.children(T)}
    assert names == {"c.inf", "c.sdb", "c.jfm", "c.log"}
    assert f"\tConfigure {EXSVC}." in log_of(computer)
    assert "add SeTcbPrivilege." in log_of(computer)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8-sig", "utf-16"])
def test_configure_reads_any_encoding_peers_c2(make: Make, run: Run, encoding: str) -> None:
    computer = make()
    text = template(f"SeTcbPrivilege = *{EXSVC}").replace("\n", "\r\n")
    computer.machine.files.write(f"{T}\\c.inf", text.encode(encoding))
    run(computer, f'secedit /configure /db "{T}\\c.sdb" /cfg "{T}\\c.inf" /areas USER_RIGHTS /quiet')
    assert computer.machine.rights.holders("SeTcbPrivilege") == (EXSVC,)


def test_an_unresolvable_name_is_skipped_and_the_rest_applied_capture_11_b(make: Make, run: Run) -> None:
    computer = make()
    code = configure(computer, run, template(f"SeTcbPrivilege = WdiServiceHosT,*{EXSVC}"))
    assert code == 3
    assert computer.machine.rights.holders("SeTcbPrivilege") == (EXSVC,)
    log = log_of(computer)
    assert "Error 1332: No mapping between account names and security IDs was done." in log
    assert "Cannot find WdiServiceHosT." in log
    assert "User Rights configuration was completed with one or more errors." in log


def test_a_sid_without_asterisk_wipes_the_holders_peers_c2(make: Make, run: Run) -> None:
    computer = make()
    assert configure(computer, run, template("SeBackupPrivilege = S-1-5-32-544")) == 3
    assert computer.machine.rights.holders("SeBackupPrivilege") == ()
    assert "Cannot find S-1-5-32-544." in log_of(computer)
    assert "Error 50" not in log_of(computer)


def test_the_engine_forces_entries_capture_11_a(make: Make, run: Run, capture: Callable[[str], str]) -> None:
    computer = make()
    code = configure(computer, run, template("SeImpersonatePrivilege = *S-1-5-19,*S-1-5-20"))
    assert code == 0
    assert computer.machine.rights.holders("SeImpersonatePrivilege") == (
        "S-1-5-19",
        "S-1-5-20",
        "S-1-5-32-544",
        "S-1-5-6",
    )
    for line in capture("11_scesrv_log_samples.txt").splitlines():
        if "must be assigned" in line:
            assert line.strip() in log_of(computer)


@pytest.mark.parametrize(("world", "count"), [("yes", 1), ("no", 0)])
def test_administrators_in_interactive_logon_is_a_world(make: Make, run: Run, world: str, count: int) -> None:
    computer = make(forced_interactive=world)
    configure(computer, run, template("SeInteractiveLogonRight ="))
    assert len(computer.machine.rights.holders("SeInteractiveLogonRight")) == count


def test_a_database_of_0_bytes_is_error_9(make: Make, run: Run) -> None:
    computer = make()
    computer.machine.files.write(f"{T}\\c.sdb", b"")
    assert configure(computer, run, template(f"SeTcbPrivilege = *{EXSVC}")) == 1
    assert "Error 9: The storage control block address is invalid." in log_of(computer)
    assert computer.machine.rights.holders("SeTcbPrivilege") == ()


def test_a_used_database_applies_its_old_lines_too_unless_overwritten(make: Make, run: Run) -> None:
    computer = make()
    configure(computer, run, template(f"SeTcbPrivilege = *{EXSVC}"))
    computer.machine.rights.set("SeTcbPrivilege", [])
    configure(computer, run, template("SeLockMemoryPrivilege = *S-1-5-20"))
    assert computer.machine.rights.holders("SeTcbPrivilege") == (EXSVC,)
    computer.machine.rights.set("SeTcbPrivilege", [])
    configure(computer, run, template("SeLockMemoryPrivilege = *S-1-5-20"), options="/overwrite")
    assert computer.machine.rights.holders("SeTcbPrivilege") == ()


def test_names_in_a_template_resolve_through_lsa(make: Make, run: Run) -> None:
    computer = make()
    assert configure(computer, run, template("SeTcbPrivilege = CORP\\exsvc,first.last")) == 0
    assert set(computer.machine.rights.holders("SeTcbPrivilege")) == {
        EXSVC,
        f"{computer.machine.local.sid}-1002",
    }


def test_the_default_log_is_overwritten_without_log_option(make: Make, run: Run) -> None:
    computer = make()
    before = computer.machine.files.read("C:\\Windows\\security\\logs\\scesrv.log")
    run(computer, f'secedit /export /cfg "{T}\\e.inf" /areas USER_RIGHTS /quiet')
    assert computer.machine.files.read("C:\\Windows\\security\\logs\\scesrv.log") != before


def test_quiet_may_silence_the_log_file_too(make: Make, run: Run) -> None:
    computer = make(quiet_log="suppressed")
    export(computer, run)
    assert not computer.machine.files.exists(f"{T}\\e.log")


@pytest.mark.parametrize(("world", "code"), [("1", 1), ("5", 5), ("740", 740)])
def test_without_administrator_rights_secedit_refuses(make: Make, run: Run, world: str, code: int) -> None:
    computer = make("notadmin", secedit_denied_exit=world)
    done = run(computer, f'secedit /export /cfg "{T}\\e.inf" /areas USER_RIGHTS', user="pop3test")
    assert done.exit_code == code
    assert b"sufficient permissions" in done.stdout
    assert not computer.machine.files.exists(f"{T}\\e.inf")


def test_a_busy_engine_fails_once(make: Make, run: Run) -> None:
    computer = make(secedit_concurrency="busy_once")
    line = f'secedit /export /cfg "{T}\\e.inf" /areas USER_RIGHTS /quiet'
    assert run(computer, line).exit_code == 1
    assert not computer.machine.files.exists(f"{T}\\e.inf")
    assert run(computer, line).exit_code == 0


def test_a_foreign_folder_is_an_error(make: Make, run: Run) -> None:
    assert run(make(), 'secedit /export /cfg "C:\\no\\e.inf" /areas USER_RIGHTS /quiet').exit_code == 1


def test_captures_parse(capture: Callable[[str], str]) -> None:
    found = inf.parse(capture("08_w2000_dc_template_blank_values.inf.txt").encode())
    assert dict(found["privilege rights"])["SeTcbPrivilege"] == ""
    found = inf.parse(capture("10_inspec_fixture_bare_names.inf.txt").encode())
    assert inf.tokens(dict(found["privilege rights"])["SeServiceLogonRight"]) == ["DB2ADMNS", "db2admin"]


# The private database (docs/sources.md S4)


def private(computer: Computer, run: Run, lines: str, areas: str = "GROUP_MGMT") -> bytes:
    computer.machine.files.write(f"{T}\\p.inf", lines.replace("\n", "\r\n").encode())
    first = run(
        computer,
        f'secedit /import /db "{T}\\p.sdb" /cfg "{T}\\p.inf" /overwrite /areas {areas} /log "{T}\\p.log" /quiet',
    )
    second = run(
        computer,
        f'secedit /export /db "{T}\\p.sdb" /cfg "{T}\\p.out" /areas {areas} /log "{T}\\p.log" /quiet',
    )
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (first.stdout, second.stdout, first.stderr) == (b"", b"", b"")
    return computer.machine.files.read(f"{T}\\p.out")


def test_the_private_database_turns_names_into_sids_and_changes_nothing(make: Make, run: Run) -> None:
    computer = make()
    before = computer.snapshot()
    text = "[Group Membership]\nPower Users__Members = Administrator\n*S-1-5-32-545__Members = CORP\\exsvc\n"
    found = dict(inf.parse(private(computer, run, text))["group membership"])
    assert found == {
        "*S-1-5-32-547__Members": f"*{computer.machine.local.sid}-500",
        "*S-1-5-32-545__Members": f"*{EXSVC}",
    }
    after = computer.snapshot()
    assert (before["rights"], before["groups"]) == (after["rights"], after["groups"])


def test_an_unresolvable_value_comes_back_as_it_was(make: Make, run: Run) -> None:
    found = private(make(), run, "[Group Membership]\n*S-1-5-32-544__Members = CORP\\nobody\n")
    assert dict(inf.parse(found)["group membership"]) == {"*S-1-5-32-544__Members": "CORP\\nobody"}


def test_domain_names_in_the_private_database_are_a_world(make: Make, run: Run) -> None:
    computer = make(private_db_domain_names="no")
    found = private(computer, run, "[Group Membership]\n*S-1-5-32-544__Members = CORP\\exsvc\n")
    assert dict(inf.parse(found)["group membership"]) == {"*S-1-5-32-544__Members": "CORP\\exsvc"}


def test_an_area_named_in_one_of_the_two_commands_vanishes(make: Make, run: Run) -> None:
    computer = make()
    private(computer, run, "[Group Membership]\n*S-1-5-32-544__Members = Guest\n")
    run(computer, f'secedit /export /db "{T}\\p.sdb" /cfg "{T}\\q.out" /areas USER_RIGHTS /quiet')
    assert set(inf.parse(computer.machine.files.read(f"{T}\\q.out"))) == {"unicode", "version"}


def test_group_lists_that_reach_configure_do_change_groups(make: Make, run: Run) -> None:
    computer = make()
    private(computer, run, "[Group Membership]\n*S-1-5-32-547__Members = Guest\n")
    run(computer, f'secedit /configure /db "{T}\\p.sdb" /quiet')
    group = computer.machine.local.by_sid("S-1-5-32-547")
    assert group is not None
    assert group.members == [f"{computer.machine.local.sid}-501"]


@pytest.mark.parametrize(
    ("line", "code"),
    [('W32Time,2,"D:(A;;CCLC;;;SY)"', 0), ('W32Time,2,"D:(A;;CCLC;;SY)"', 1)],
)
def test_validate_checks_sddl_and_resolves_nothing(make: Make, run: Run, line: str, code: int) -> None:
    computer = make()
    text = template("SeTcbPrivilege = NoSuchName") + f"[Service General Setting]\n{line}\n"
    computer.machine.files.write(f"{T}\\v.inf", text.encode())
    assert run(computer, f'secedit /validate "{T}\\v.inf"').exit_code == code


def test_any_host_can_be_german(make: Make, run: Run) -> None:
    found = rights(export(make("member", machine_language="de"), run))
    assert "Gast" in found["SeDenyNetworkLogonRight"].split(",")
