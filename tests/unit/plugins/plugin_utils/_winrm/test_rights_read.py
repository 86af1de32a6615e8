# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading on computers of the lab: names looked up, tokens pinned, nothing left behind, nothing believed half."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, UnreachableError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Resolution, RightsQuery, RightsReading
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.tests.support.desk import TEMP, Desk, spoiled
from ansible_collections.winmail.exchange.tests.support.lines import check_safe
from lab.state.accounts import Account

Make = Callable[..., Desk]
CORP, MEMBER = "S-1-5-21-2840394521-1093752863-3410756322", "S-1-5-21-2315843530-1563403064-648863213"
SAMENAME = "S-1-5-21-3148290908-4123915750-4164790604"
EXSVC = f"{CORP}-1107"
BATCH, TCB, SERVICE = "SeBatchLogonRight", "SeTcbPrivilege", "SeServiceLogonRight"


def read(desk: Desk, *names: str, pin: frozenset[str] | None = frozenset()) -> RightsReading:
    reading = desk.host().read_rights(RightsQuery(tuple(parse(name) for name in names), pin))
    assert desk.files() == []
    for line in desk.lines:
        if "__Members" not in line:
            check_safe(line)
    return reading


def sid_of(desk: Desk, name: str) -> str | None:
    return read(desk, name).resolved[name].sid


def test_a_read_shows_exactly_who_holds_what(make: Make) -> None:
    desk = make()
    reading = read(desk, pin=None)
    assert {right: {holder.sid for holder in holders} for right, holders in reading.assignment.items()} == desk.rights()
    assert reading.unreadable == {}
    assert len(desk.lines) == 1


@pytest.mark.parametrize(
    "worlds",
    [
        {},
        {"type_converts_utf16": "raw"},
        {"export_bom": "no"},
        {"export_bom": "no", "type_converts_utf16": "raw"},
        {"bare_names_scope": "qualified"},
        {"bare_names_scope": "local_and_domain"},
        {"secedit_log_encoding": "ansi"},
        {"icacls_save_bom": "yes"},
        {"icacls_aliases": "no"},
        {"icacls_available": "blocked"},
        {"icacls_available": "fat"},
        {"sddl_helper": "absent"},
        {"chain_exit_code": "last_command"},
        {"if_scope": "group_only"},
        {"delayed_expansion": "on"},
        {"cim_files": "absent"},
    ],
    ids=str,
)
def test_a_read_shows_the_same_in_every_world(make: Make, worlds: dict[str, str]) -> None:
    desk = make(**worlds)
    reading = read(desk, "CORP\\exsvc", pin=None)
    assert {right: {holder.sid for holder in holders} for right, holders in reading.assignment.items()} == desk.rights()
    assert reading.resolved["CORP\\exsvc"].sid == EXSVC


@pytest.mark.parametrize(
    ("name", "sid"),
    [
        ("CORP\\exsvc", EXSVC),
        ("corp.example\\EXSVC", EXSVC),
        ("exsvc@corp.example", EXSVC),
        ("CORP\\gmsapop$", f"{CORP}-1130"),
        (".\\exsvc", f"{MEMBER}-1003"),
        ("MEMBER\\exsvc", f"{MEMBER}-1003"),
        (".\\R&D", f"{MEMBER}-1004"),
        (".\\O'Neill", f"{MEMBER}-1005"),
        (".\\Müller", f"{MEMBER}-1006"),
        (".\\Mail Operators", f"{MEMBER}-1010"),
        (".\\Administrators", "S-1-5-32-544"),
        ("CORP\\Domain Admins", f"{CORP}-512"),
        ("NT SERVICE\\WdiServiceHost", "S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420"),
        ("CORP\\nobody", None),
        (".\\nobody", None),
        ("nobody@corp.example", None),
    ],
)
def test_each_kind_of_name_finds_its_sid_or_none(make: Make, name: str, sid: str | None) -> None:
    found = read(make(), name).resolved[name]
    assert found.sid == sid
    assert bool(found.tried) is (sid is None)


def test_a_local_and_a_domain_account_of_the_same_name_are_never_confused(make: Make) -> None:
    desk = make("samename")
    reading = read(desk, "CORP\\exsvc", ".\\exsvc", "SAMENAME\\exsvc", pin=None)
    assert [reading.resolved[name].sid for name in ("CORP\\exsvc", ".\\exsvc", "SAMENAME\\exsvc")] == [
        EXSVC,
        f"{SAMENAME}-1003",
        f"{SAMENAME}-1003",
    ]
    assert {holder.sid for holder in reading.assignment[SERVICE]} >= {EXSVC, f"{SAMENAME}-1003"}


def test_a_local_account_that_looks_like_a_sid_is_pinned_by_cim(make: Make) -> None:
    desk = make("samename")
    pinned = {holder.token: holder.sid for holder in read(desk, pin=None).assignment[BATCH]}
    assert pinned["S-1-5-18"] == f"{SAMENAME}-1005"
    assert not any("S-1-5-18" in line or "100%windir%" in line for line in desk.lines)


def test_a_local_account_whose_name_no_line_can_carry_is_pinned_by_cim(make: Make) -> None:
    pinned = {holder.token: holder.sid for holder in read(make("samename"), pin=None).assignment[BATCH]}
    assert pinned["100%windir%"] == f"{SAMENAME}-1006"


def test_the_remains_of_a_lossy_export_are_never_pinned(make: Make) -> None:
    desk = make("lossy")
    desk.computer.faults.add(
        {"at": "program.end", "match": {"program": "secedit", "verb": "/export"}, "do": "truncate", "bytes": 0}
    )
    with pytest.raises(ReadError):
        read(desk, pin=None)
    assert all(holder.sid is not None for holder in read(desk, pin=None).assignment[BATCH])


def test_on_a_domain_controller_bare_names_are_those_of_the_domain(make: Make) -> None:
    desk = make("dc", dc_export_names="bare")
    reading = read(desk, "CORP\\exsvc", ".\\x", pin=None)
    assert {right: {holder.sid for holder in holders} for right, holders in reading.assignment.items()} == desk.rights()
    assert reading.resolved["CORP\\exsvc"].sid == EXSVC
    assert "is a domain controller and has no local accounts" in reading.resolved[".\\x"].tried[0]


def test_a_dead_domain_leaves_names_unknown_and_sids_readable(make: Make) -> None:
    desk = make("deaddomain")
    reading = read(desk, "CORP\\exsvc", pin=None)
    assert reading.resolved["CORP\\exsvc"].sid is None
    assert {right: {holder.sid for holder in holders} for right, holders in reading.assignment.items()} == desk.rights()


def test_many_names_take_few_lines_and_each_keeps_its_answer(make: Make) -> None:
    desk = make()
    unknown = [f"CORP\\nobody of number {i:03d}" for i in range(60)]
    reading = read(desk, *unknown[:30], "CORP\\exsvc", *unknown[30:], "CORP\\old")
    assert reading.resolved["CORP\\exsvc"].sid == EXSVC
    assert reading.resolved["CORP\\old"].sid == f"{CORP}-1112"
    assert all(reading.resolved[name].sid is None for name in unknown)
    assert len(desk.lines) <= 5


def test_without_icacls_the_private_database_answers_and_says_what_was_tried(make: Make) -> None:
    desk = make(icacls_available="blocked")
    reading = read(desk, "CORP\\exsvc", "CORP\\nobody", "CORP\\Müller")
    assert reading.resolved["CORP\\exsvc"] == Resolution(EXSVC)
    (tried,) = reading.resolved["CORP\\nobody"].tried
    assert "icacls could not be asked" in tried
    assert "private database" in tried
    assert "private database" not in reading.resolved["CORP\\Müller"].tried[0]
    assert not any("/configure" in line for line in desk.lines)


def test_an_alias_that_the_host_does_not_expand_leaves_the_name_unknown(make: Make) -> None:
    found = read(make(sddl_helper="absent"), "CORP\\Domain Admins").resolved["CORP\\Domain Admins"]
    assert found.sid is None
    assert "alias DA" in found.tried[0]


@pytest.mark.parametrize("strange", [b"what is this", b"SeTcb\xff\xffPrivilege = *S-1-5-18", b"*S-1-5-21-1-2-3-4"])
def test_a_line_that_nobody_expects_makes_every_right_untouchable(make: Make, strange: bytes) -> None:
    desk = make()
    desk.after_line = lambda _, out: spoiled(out, lambda data: data.replace(b"[Version]", strange + b"\r\n[Version]"))
    unreadable = read(desk).unreadable
    assert {TCB, BATCH, SERVICE} <= set(unreadable)
    assert "has a line that nobody expects" in unreadable[TCB]


def left_file(desk: Desk, minutes: float, stamp: str = "20261124T090000Z", suffix: str = "t.inf") -> str:
    """A file that another run left: when, the host's clock says; its name tells what its controller believed."""
    number = len(desk.files())
    name = f"winmail-{stamp}-{number:012x}.{suffix}"
    node = desk.computer.machine.files.write(f"{TEMP}\\{name}", b"x")
    node.modified = desk.computer.machine.clock.now() - datetime.timedelta(minutes=minutes)
    return name


# A controller whose clock is days behind or ahead of the host's, and one that tells no time at all.
STAMPS = ["20200101T000000Z", "20991231T235959Z", "99999999T999999Z"]


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("tidy", [True, False])
def test_what_an_interrupted_run_left_is_removed_when_its_host_says_that_it_is_old(
    make: Make, tidy: bool, stamp: str
) -> None:
    desk = make()
    old, new = left_file(desk, 11, stamp), left_file(desk, 9, stamp)
    desk.host().read_rights(RightsQuery(tidy=tidy))
    assert desk.files() == ([new] if tidy else [old, new])
    assert ("Enumerate" in desk.messages) is tidy


def test_a_run_that_still_works_keeps_its_old_files_by_its_new_one(make: Make) -> None:
    desk = make()
    first = left_file(desk, 50)
    second = first.replace("t.inf", "out")
    desk.computer.machine.files.write(f"{TEMP}\\{second}", b"x")
    desk.host().read_rights(RightsQuery(tidy=True))
    assert set(desk.files()) == {first, second}


def test_files_of_others_are_left_alone(make: Make) -> None:
    desk = make()
    for name in ("winmail-notes.txt", "winmail-20200101T000000Z-0a1b2c3d4e5.inf", "winmail.inf"):
        desk.computer.machine.files.write(f"{TEMP}\\{name}", b"x").modified -= datetime.timedelta(days=1)
    desk.host().read_rights(RightsQuery(tidy=True))
    assert len(desk.files()) == 2
    assert "Enumerate" not in desk.messages


FAULT = {"at": "cim", "do": "fault", "code": 2150859013, "text": "denied"}


@pytest.mark.parametrize("query", ["Win32_OperatingSystem", "CIM_DataFile"])
def test_a_host_that_does_not_tell_the_time_keeps_its_files(make: Make, query: str) -> None:
    desk = make()
    old = left_file(desk, 600)
    desk.computer.faults.add({**FAULT, "match": {"text": query}})
    desk.host().read_rights(RightsQuery(tidy=True))
    assert desk.computer.faults.fired
    assert desk.files() == [old]


def test_without_any_class_for_files_the_old_ones_stay(make: Make) -> None:
    desk = make(cim_files="absent")
    old = left_file(desk, 600)
    desk.host().read_rights(RightsQuery(tidy=True))
    assert desk.files() == [old]


def test_nothing_is_asked_where_no_file_of_ours_is_seen(make: Make) -> None:
    desk = make()
    desk.host().read_rights(RightsQuery(tidy=True))
    assert (len(desk.lines), desk.messages) == (1, [])


@pytest.mark.parametrize("world", ["off", "on"])
def test_a_name_with_exclamation_marks_is_asked_as_it_is_written_or_not_believed(make: Make, world: str) -> None:
    desk = make(delayed_expansion=world)
    domain = desk.computer.machine.domain
    assert domain is not None
    reading = read(desk, "CORP\\ex!windir!svc", "CORP\\exsvc!", "CORP\\exsvc", pin=None)
    assert reading.resolved["CORP\\exsvc"].sid == EXSVC
    for name in ("CORP\\ex!windir!svc", "CORP\\exsvc!"):
        assert reading.resolved[name].sid is None
        assert ("exclamation marks" in reading.resolved[name].tried[0]) is (world == "on")


@pytest.mark.parametrize("cut", range(0, 2400, 150))
def test_an_export_that_was_cut_off_is_refused_or_whole(make: Make, cut: int) -> None:
    desk = make()
    desk.computer.faults.add(
        {"at": "program.end", "match": {"program": "secedit", "verb": "/export"}, "do": "truncate", "bytes": cut}
    )
    try:
        reading = read(desk, pin=None)
    except ReadError:
        assert desk.files() == []
        return
    assert {right: {holder.sid for holder in holders} for right, holders in reading.assignment.items()} == desk.rights()


def test_a_busy_secedit_is_asked_once_more(make: Make) -> None:
    desk = make()
    rule = {"at": "program.start", "match": {"program": "secedit"}, "do": "exit_code", "code": 1}
    desk.computer.faults.add(rule)
    assert read(desk).assignment
    assert len(desk.lines) == 2
    desk.computer.faults.add({**rule, "times": 2})
    with pytest.raises(ReadError, match="exit code 1"):
        read(desk)


def test_somebody_who_is_no_administrator_is_refused_with_what_to_do(make: Make) -> None:
    with pytest.raises(ReadError, match="must be a full administrator"):
        read(make("notadmin"))


def test_a_cmd_that_tells_no_exit_codes_proves_nothing(make: Make) -> None:
    with pytest.raises(ReadError, match="did not tell how long its answer is"):
        read(make(call_errorlevel="literal"))


def test_a_connection_lost_while_reading_leaves_nothing_behind(make: Make) -> None:
    desk = make()
    desk.computer.faults.add({"at": "program.end", "match": {"program": "secedit"}, "do": "drop"})
    with pytest.raises(UnreachableError):
        read(desk)
    assert desk.files() == []


def test_files_that_could_not_be_removed_are_named(make: Make) -> None:
    desk = make()
    host = desk.host()
    host._session.run(shell.Chain(nonce="0a1b2c3d").show("left", "echo winmail-1.inf& echo winmail-2.inf"))
    assert host.left_behind() == ("winmail-1.inf", "winmail-2.inf")


@pytest.mark.parametrize(
    ("host", "word", "sid"),
    [
        ("german", "Service", "S-1-5-6"),
        ("german", "NETWORK", "S-1-5-2"),
        ("german", "Batch", "S-1-5-3"),
        ("german", "System", "S-1-5-18"),
        ("german", "Device Owners", "S-1-5-32-583"),
        ("member", "Service", "S-1-5-6"),
        ("dc", "Service", "S-1-5-6"),
    ],
)
def test_a_word_of_windows_means_the_same_in_every_language(make: Make, host: str, word: str, sid: str) -> None:
    assert sid_of(make(host), word) == sid


@pytest.mark.parametrize("host", ["german", "dc"])
def test_a_word_means_the_hosts_own_account_where_windows_itself_would_find_one(make: Make, host: str) -> None:
    """LookupAccountName: well-known first, then the computer's accounts, then its domain's; on German it is DIENST."""
    desk = make(host, machine_language="de")
    domain = desk.computer.machine.domain
    assert domain is not None
    domain.add(Account(f"{CORP}-1999", "Service", "user"))
    assert sid_of(desk, "Service") == f"{CORP}-1999"
    assert sid_of(desk, "NT AUTHORITY\\SERVICE") == "S-1-5-6"


def test_a_word_is_not_taken_for_windows_own_where_nobody_could_be_asked(make: Make) -> None:
    desk = make("deaddomain", machine_language="de")
    found = read(desk, "Service").resolved["Service"]
    assert found.sid is None
    assert "exit code 1789" in found.tried[0]
    assert found.tried[1] == "Windows' own is NT AUTHORITY\\SERVICE, which is never asked of a domain"


def test_what_an_unreachable_domain_answers_decides_as_the_register_says(make: Make) -> None:
    """W48: where it answers as for a name that nobody has, the word is Windows' own."""
    desk = make("deaddomain", machine_language="de", unreachable_name="none_mapped")
    assert sid_of(desk, "Service") == "S-1-5-6"
    assert sid_of(desk, "CORP\\exsvc") is None


def test_a_word_is_asked_of_the_private_database_where_icacls_is_blocked(make: Make) -> None:
    assert sid_of(make("german", icacls_available="blocked"), "Service") == "S-1-5-6"


def test_a_type_that_changes_bytes_is_found_out(make: Make) -> None:
    desk = make("german", type_plain_files="converted")
    with pytest.raises(ReadError, match="has another length here"):
        read(desk)
    assert desk.files() == []


def test_a_folder_that_cannot_be_written_is_told(make: Make) -> None:
    desk = make()
    desk.after_line = lambda _line, _out: b"@@" + _line.partition("echo @@")[2][:8].encode() + b":size=%winmail%\r\n"
    with pytest.raises(ReadError, match=r"can be written"):
        read(desk)
