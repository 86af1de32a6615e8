# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log that the lab's security engine writes, and what it refuses to take away, against the captured ones."""

from __future__ import annotations

import re

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.support.lab_hosts import TEMP, host, run
from ansible_collections.winmail.exchange.tests.unit.captures.reading import holders, one
from lab.state import insists
from lab.windows.computer import Computer

LOCAL, NETWORK = "S-1-5-19", "S-1-5-20"
AREAS = "/areas USER_RIGHTS"


def configure(computer: Computer, *lines: str, areas: str = AREAS) -> tuple[int, list[str]]:
    """Apply lines of [Privilege Rights] with a new database; the exit code and the log's lines."""
    text = "".join(f"{line}\r\n" for line in ("[Unicode]", "Unicode=yes", "[Privilege Rights]", *lines))
    computer.machine.files.write(f"{TEMP}\\c.inf", b"\xff\xfe" + text.encode("utf-16-le"))
    line = f'secedit /configure /db "{TEMP}\\c.sdb" /cfg "{TEMP}\\c.inf" {areas} /log "{TEMP}\\c.log" /quiet'
    code = run(computer, line).exit_code
    return code, computer.machine.files.read(f"{TEMP}\\c.log").decode("utf-16").split("\r\n")


def captured(number: str) -> list[str]:
    """The lines of a log, without ours at its top; eight blanks are what a page made of a tab."""
    kept = [line for line in one(number).split("\n") if not line.startswith("; ")]
    return [line.replace(" " * 8, "\t").rstrip() for line in kept]


def accounts(log: list[str]) -> list[str]:
    return [match.group(1) for line in log if (match := re.fullmatch(r"\tConfigure (\S+)\.", line))]


def test_error_50_is_told_as_in_capture_21() -> None:
    """NETWORK SERVICE is to lose six rights; the capture ends in the middle of the third."""
    computer = host(kind="workgroup", release="2016")
    rights = [right for right, kept in insists.KEPT.items() if NETWORK in kept]
    code, log = configure(computer, *(f"{right} = *S-1-5-19,*S-1-5-32-544,*S-1-5-6" for right in rights))
    wanted = captured("21")
    first = wanted.index("\tConfigure S-1-5-20.")
    shown = log.index("\tConfigure S-1-5-20.")
    for ours, theirs in zip(log[shown:], wanted[first:-1], strict=False):
        assert ours == theirs
    assert log[shown + len(wanted[first:]) - 1].startswith(wanted[-1])
    assert code == 0
    for right in rights:
        assert {LOCAL, NETWORK} <= set(computer.machine.rights.holders(right))


def test_the_head_of_a_log_is_that_of_capture_22() -> None:
    dummy, log = configure(host(kind="workgroup", release="11_24H2"), "SeTcbPrivilege = *S-1-5-18")
    wanted = captured("22")
    form = r"[A-Z][a-z]+, [A-Z][a-z]+ [1-9]\d?, \d{4} [1-9]\d?:\d\d:\d\d [AP]M"
    assert re.fullmatch(form, wanted[1])
    assert re.fullmatch(form, log[1])
    end = wanted.index("----Configure User Rights...") + 1
    assert [log[0], *log[2:end]] == [wanted[0], *wanted[2:end]]


def test_accounts_stand_in_the_order_of_capture_22_and_only_changes_below_them() -> None:
    """The template was the export of the same host (05) with an account added; its user 1002 was called by SID."""
    computer = host(
        kind="workgroup",
        release="11_24H2",
        features=["hyperv"],
        sid="S-1-5-21-1111111111-2222222222-3333333333",
        users=[{"name": "first.last", "rid": 1002}],
        grant={"SeDenyNetworkLogonRight": [".\\Guest"]},
    )
    lines = holders("05") | {"SeDenyNetworkLogonRight": ["Guest", "*S-1-5-21-1111111111-2222222222-3333333333-1002"]}
    service = ["*S-1-5-19", "*S-1-5-20", "*S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229"]
    lines["SeImpersonatePrivilege"] = service  # what is missing is adjusted first, as there
    code, log = configure(computer, *(f"{right} = {','.join(tokens)}" for right, tokens in lines.items()))
    wanted = captured("22")
    start, end = wanted.index("----Configure User Rights..."), wanted.index("----Configure Group Membership...")
    assert log[start:end] == wanted[start:end]
    assert code == 0


def test_without_areas_every_area_is_told_as_in_capture_22() -> None:
    dummy, log = configure(host(kind="workgroup", release="11_24H2"), "SeTcbPrivilege = *S-1-5-18", areas="")
    wanted = captured("22")
    start = wanted.index("----Configure Group Membership...")
    here = log.index("----Configure Group Membership...")
    assert log[here : here + len(wanted[start:-1])] == wanted[start:-1]
    assert "----Un-initialize configuration engine..." in log


def test_adjustments_are_those_of_captures_21_and_11() -> None:
    computer = host(kind="workgroup", release="2016")
    dummy, log = configure(
        computer, "SeInteractiveLogonRight =", f"SeImpersonatePrivilege = *{LOCAL},*{NETWORK}", "SeTcbPrivilege ="
    )
    wanted = [line for line in captured("21") if "must be assigned" in line]
    assert [line for line in log if "must be assigned" in line] == wanted
    assert computer.machine.rights.holders("SeInteractiveLogonRight") == ("S-1-5-32-544",)
    older = {line.strip() for line in one("11").splitlines() if "must be assigned" in line}
    assert older <= {line.strip() for line in wanted}


def test_what_cannot_be_taken_is_what_capture_23_lists() -> None:
    listed = yaml.safe_load(one("23"))["f"]
    local, both = listed["must_keep_S-1-5-19"], listed["must_keep_S-1-5-19_and_S-1-5-20"]
    assert {right for right, kept in insists.KEPT.items() if kept == {LOCAL}} == set(local)
    assert {right for right, kept in insists.KEPT.items() if kept == {LOCAL, NETWORK}} == set(both)


@pytest.mark.parametrize("right", sorted(insists.KEPT))
def test_the_rest_of_such_a_line_is_applied(right: str) -> None:
    computer = host(kind="workgroup", release="2016")
    before = set(computer.machine.rights.holders(right))
    code, log = configure(computer, f"{right} = *S-1-5-32-546,*S-1-5-32-544,*S-1-5-6")
    after = set(computer.machine.rights.holders(right))
    assert after == {"S-1-5-32-546", "S-1-5-32-544", "S-1-5-6"} | (before & insists.KEPT[right])
    told = [line for line in log if "for this account is not supported." in line and line.startswith("Configuring")]
    assert told == [f"Configuring {right} for this account is not supported."] * len(insists.KEPT[right])
    assert code == 0


def test_a_right_outside_the_list_is_taken_without_a_word() -> None:
    computer = host(kind="workgroup", release="2016", grant={"SeServiceLogonRight": [NETWORK]})
    dummy, log = configure(computer, "SeServiceLogonRight = *S-1-5-80-0")
    assert computer.machine.rights.holders("SeServiceLogonRight") == ("S-1-5-80-0",)
    assert not [line for line in log if "not supported" in line]


@pytest.mark.parametrize(("world", "expected"), [("0", 0), ("3", 3)])
def test_the_exit_codes_that_no_capture_settles_are_worlds(world: str, expected: int) -> None:
    kept = host({"kept_account_exit": world}, kind="workgroup", release="2016")
    assert configure(kept, f"SeAuditPrivilege = *{LOCAL}")[0] == expected
    new = host({"new_database_exit": world}, kind="workgroup", release="2016")
    assert configure(new, "SeTcbPrivilege = *S-1-5-18")[0] == expected
    assert configure(new, "SeTcbPrivilege = *S-1-5-18")[0] == 0  # the database is there now


def test_a_file_that_is_no_database_is_error_9_as_in_capture_23() -> None:
    computer = host(kind="workgroup", release="2016")
    computer.machine.files.write(f"{TEMP}\\c.sdb", b"")
    code, log = configure(computer, "SeTcbPrivilege = *S-1-5-18")
    expected = yaml.safe_load(one("23"))
    assert code == expected["d"].get("exit", expected["a"]["exit"])
    assert expected["e"]["log"] in "".join(log)


def test_an_unknown_name_is_told_as_in_capture_11() -> None:
    computer = host(kind="workgroup", release="2016")
    code, log = configure(computer, "SeTcbPrivilege = WdiServiceHost,*S-1-5-18")
    sample = one("11").split("== B", 1)[1].split("==", 1)[0].split("\n")[1:-1]
    for line in filter(None, sample):
        assert line.strip() in [text.strip() for text in log]
    assert code == 3
    assert computer.machine.rights.holders("SeTcbPrivilege") == ("S-1-5-18",)
