# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's whoami against the captured ones: the same rows, columns, words and order; never the primary group."""

from __future__ import annotations

import csv
import re

import pytest

from ansible_collections.winmail.exchange.tests.support.lab_hosts import DOMAIN, host, run, told
from ansible_collections.winmail.exchange.tests.unit.captures.reading import one, texts
from lab.seams import Caller
from lab.windows.computer import Computer

PEOPLE: dict[str, object] = {
    "users": [
        {"name": "maker", "rid": 1104, "member_of": ["Contractors", "DnsAdmins"]},
        {"name": "keeper", "rid": 1105},
    ],
    "groups": [{"name": "Contractors", "rid": 1103}, {"name": "DnsAdmins", "rid": 1101, "scope": "local"}],
}
LOCAL: list[dict[str, object]] = [
    {"name": "user1", "rid": 1000, "member_of": ["S-1-5-32-545", "S-1-5-32-580"]},
    {"name": "helper", "rid": 1001, "member_of": ["S-1-5-32-544", "S-1-5-32-545"]},
]
COMPUTER = "S-1-5-21-1111111111-2222222222-3333333333"


def controller() -> Computer:
    members = {name: ["EXAMPLES\\keeper"] for name in ("S-1-5-32-551", "S-1-5-32-580")}
    return host(kind="dc", release="2019", domain=PEOPLE, members=members)


def workgroup(language: str, **worlds: str) -> Computer:
    return host(
        worlds, kind="workgroup", release="2019", language=language, users=LOCAL, sid=COMPUTER, name="win-aaaaaaaaaaa"
    )


def body(number: str) -> str:
    return "\n".join(line for line in one(number).split("\n") if not line.startswith(";"))


def print_of(computer: Computer, caller: Caller, options: str) -> str:
    done = run(computer, f"whoami {options}", caller)
    assert done.exit_code == 0
    return told(done.stdout.decode())


def test_a_domain_user_on_a_controller_24() -> None:
    computer = controller()
    shown = print_of(computer, computer.logon("EXAMPLES", "maker"), "/groups").rstrip("\n").split("\n")
    expected = body("24").rstrip("\n").split("\n")[1:]  # the first row was not kept whole
    assert shown[-len(expected) :] == [line.rstrip() for line in expected]


def test_a_backup_operator_with_his_privileges_25() -> None:
    computer = controller()
    shown = print_of(computer, computer.logon("EXAMPLES", "keeper"), "/all").rstrip("\n")
    expected = "\n".join(line.rstrip() for line in body("25").rstrip("\n").split("\n"))
    assert shown.endswith(expected)


def test_a_local_user_of_chinese_windows_26() -> None:
    computer = workgroup("zh")
    shown = print_of(computer, computer.logon("", "user1"), "/all")
    assert shown.strip("\n") == "\n".join(line.rstrip() for line in body("26").strip("\n").split("\n"))


def rows_of(text: str) -> dict[str, list[str]]:
    """The rows of a table by SID, cut at the columns of its rows: a name, a kind and a SID are far apart."""
    found = {}
    for line in text.split("\n"):
        match = re.match(r"(.+?) {1,}(\S.*?) +(S-1-[\d-]+)(?: +(.*))?$", line)
        if match:
            name, kind = match.group(1), match.group(2)
            cells = re.split(r" {2,}", f"{name} {kind}".rstrip()) if "  " in line else [name, kind]
            found[match.group(3)] = [*cells, (match.group(4) or "").rstrip()]
    return found


@pytest.mark.parametrize(("number", "language", "user"), [("27", "ru", "helper"), ("29", "fr", "user1")])
def test_words_of_other_languages_27_29(number: str, language: str, user: str) -> None:
    """Whatever row both have says the same in words: name, kind and attributes."""
    computer = workgroup(language)
    ours = print_of(computer, computer.logon("", user), "/groups")
    theirs = "\n".join(line.rstrip() for line in body(number).split("\n"))
    both = set(rows_of(ours)) & set(rows_of(theirs))
    assert len(both) >= 4
    for sid in both:
        one_row, other = ([re.sub(" +", " ", cell) for cell in rows_of(text)[sid]] for text in (ours, theirs))
        assert " ".join(one_row) == " ".join(other)


def test_the_head_of_a_french_table_29() -> None:
    computer = workgroup("fr")
    shown = print_of(computer, computer.logon("", "user1"), "/groups").strip("\n").split("\n")
    expected = body("29").strip("\n").split("\n")
    assert shown[:3] == expected[:3]
    assert shown[3].split() == expected[3].split()
    assert set(shown[4]) == {"=", " "}


def test_the_csv_form_28() -> None:
    whole, filtered = body("28").split("\n;\n") if "\n;\n" in body("28") else one("28").split("\n;\n")
    computer = workgroup("en", whoami_label="first")
    shown = print_of(computer, computer.logon("", "Administrator"), "/groups /fo csv").split("\n")
    expected = [line for line in whole.split("\n") if line.startswith('"')]
    assert [line for line in shown if line in expected] == expected
    low = workgroup("en")
    caller = low.logon("", "helper")
    assert not caller.administrator
    shown = print_of(low, caller, "/groups /fo csv /nh").strip("\n").split("\n")
    expected = [line for line in filtered.split("\n") if line.startswith('"')]
    assert [line for line in shown if line in expected] == expected
    assert shown[-1] == expected[-1]


def test_the_primary_group_is_in_no_capture_and_in_no_list_of_the_lab() -> None:
    for name, text in texts().items():
        if name.startswith("whoami/"):
            rows = [line for line in text.split("\n") if not line.startswith(";")]
            assert not [line for line in rows if re.search(r"S-1-5-21-[\d-]+-513\b", line)], name
    computer = controller()
    for user in ("maker", "keeper", "admin"):
        caller = computer.logon("EXAMPLES", user)
        assert f"{DOMAIN}-513" in caller.group_sids  # in the token, so a denial counts
        assert "-513" not in print_of(computer, caller, "/groups /fo csv")
    alone = workgroup("en")
    caller = alone.logon("", "user1")
    assert f"{COMPUTER}-513" in caller.group_sids
    assert "-513" not in print_of(alone, caller, "/groups /fo list")


def test_a_denial_to_the_primary_group_shuts_out_who_does_not_list_it() -> None:
    computer = controller()
    computer.machine.rights.set("SeDenyNetworkLogonRight", [f"{DOMAIN}-513"])
    assert not computer.machine.may_log_on(f"{DOMAIN}-1104")


def test_quotation_marks_in_a_name_are_a_world() -> None:
    for world, quotes in (("plain", '"Администраторы"'), ("doubled", '""Администраторы""')):
        computer = workgroup("ru", whoami_csv_quotes=world)
        line = print_of(computer, computer.logon("", "helper"), "/groups /fo csv /nh")
        assert quotes in line
    rows = list(csv.reader(line.strip("\n").split("\n")))
    assert [row[2] for row in rows if "Локальная учетная запись и член" in row[0]] == ["S-1-5-114"]


@pytest.mark.parametrize(("world", "code"), [("blocked", 1), ("absent", 1)])
def test_whoami_may_not_run_in_some_worlds(world: str, code: int) -> None:
    computer = workgroup("en", whoami=world)
    done = run(computer, '"%windir%\\System32\\whoami.exe" /user')
    assert (done.exit_code, done.stdout) == (code, b"")
    assert done.stderr


def test_the_list_form_has_a_line_for_each_head() -> None:
    computer = workgroup("en")
    shown = print_of(computer, computer.logon("", "user1"), "/user /fo list").strip("\n").split("\n")
    assert shown == [
        "USER INFORMATION",
        "----------------",
        "",
        "User Name: win-aaaaaaaaaaa\\user1",
        f"SID:       {COMPUTER}-1000",
    ]
