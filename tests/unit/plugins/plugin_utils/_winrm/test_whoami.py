# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is connected: whoami of any language is understood, half of it is not believed, and a second source is there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import UnreachableError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Caller
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.whoami import understood
from ansible_collections.winmail.exchange.tests.support.captures import capture
from ansible_collections.winmail.exchange.tests.support.desk import Desk
from ansible_collections.winmail.exchange.tests.support.lines import check_safe

Make = Callable[..., Desk]
USER = b'"corp\\x","S-1-5-21-1-2-3-1104"\r\n'
ROW = re.compile(r"^(\S.*?)\s{1,}(\S+(?: \S+)*?)\s+(S-1-[0-9-]+)(?:\s+(\S.*))?$")


def csv_of(number: str, quote: str) -> tuple[bytes, list[str]]:
    """A captured table as whoami's CSV would have it, with quotation marks inside fields written as ``quote``."""
    lines, found = [], []
    for line in capture(number).decode().splitlines():
        row = None if line.startswith((";", "win-")) else ROW.match(line)
        if row is None:
            continue
        fields = [(field or "").replace('"', quote) for field in row.groups()]
        lines.append(",".join(f'"{field}"' for field in fields))
        found.append(row.group(3))
    return "".join(f"{line}\r\n" for line in lines).encode(), found


@pytest.mark.parametrize("quote", ['"', '""'], ids=["bare", "doubled"])
@pytest.mark.parametrize(("number", "rows"), [("24", 7), ("25", 9), ("26", 9), ("27", 13), ("29", 6)])
def test_every_captured_list_is_understood_to_the_last_row(number: str, rows: int, quote: str) -> None:
    output, listed = csv_of(number, quote)
    assert len(listed) == rows
    assert understood(USER, output) == Caller("S-1-5-21-1-2-3-1104", frozenset(listed))


def test_the_captured_csv_is_understood() -> None:
    text = capture("28").decode()
    rows = [line for line in text.splitlines() if "S-1-" in line]
    assert understood(USER, "\r\n".join(rows).encode()) == Caller(
        "S-1-5-21-1-2-3-1104",
        frozenset({"S-1-16-12288", "S-1-16-8192", "S-1-1-0", "S-1-5-114", "S-1-5-32-544", "S-1-5-32-545"}),
    )


@pytest.mark.parametrize(
    "csv",
    [b"", b'"corp\\x"', b'"a","S-1-1-0"\r\n"b","S-1-5-18"', b"S-1-5-18", '"corp\\x","S-1-5-x"'.encode("utf-16")],
)
def test_a_whoami_that_does_not_say_one_sid_says_nothing(csv: bytes) -> None:
    assert understood(csv, b"") is None


def test_a_name_that_holds_a_sid_is_not_taken_for_one() -> None:
    row = b'"CORP\\S-1-5-18","Group","S-1-5-21-1-2-3-1300",""\r\n"S-1-5-18","Group","S-1-5-21-1-2-3-1301",""\r\n'
    assert understood(USER, row) == Caller(
        "S-1-5-21-1-2-3-1104", frozenset({"S-1-5-21-1-2-3-1300", "S-1-5-21-1-2-3-1301"})
    )


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_groups_that_were_cut_off_are_all_known_or_none_is(cut: int) -> None:
    output, listed = csv_of("26", '"')
    torn = output.rstrip()[:-cut]
    found = understood(USER, torn)
    assert found is not None
    assert found.groups in (frozenset(), frozenset(listed[: torn.count(b"\n") + 1]))


def test_who_is_connected_is_told_by_sids_alone_and_asked_once(make: Make) -> None:
    desk = make("german")
    host = desk.host()
    caller = host.connecting_account()
    assert caller is not None
    assert caller.sid == desk.caller.sid
    assert {"S-1-5-32-544", "S-1-1-0", "S-1-5-2"} <= caller.groups
    assert host.connecting_account() is caller
    assert len(desk.lines) == 1
    check_safe(desk.lines[0])


def blocked(desk: Desk, *sections: str) -> Desk:
    """Whoami cannot run there: what cmd.exe says goes to the error stream, so its sections are empty."""

    def empty(line: str, out: bytes) -> bytes:
        for name in sections if "whoami" in line else ():
            out = re.sub(rb"(:%s\[\r\n).*?(?=@@[0-9a-f]+:%s\])" % ((name.encode(),) * 2), rb"\1", out, flags=re.DOTALL)
        return out

    desk.after_line = empty
    return desk


@pytest.mark.parametrize("name", ["member", "workgroup", "german", "dc"])
def test_where_whoami_cannot_run_the_name_of_the_logon_tells_who_it_is(make: Make, name: str) -> None:
    desk = blocked(make(name), "user", "groups")
    assert desk.host().connecting_account() == Caller(desk.caller.sid, frozenset())
    assert desk.files() == []


def test_where_only_the_groups_are_missing_they_are_not_known(make: Make) -> None:
    desk = blocked(make(), "groups")
    assert desk.host().connecting_account() == Caller(desk.caller.sid, frozenset())


def test_where_nothing_tells_the_answer_is_none(make: Make) -> None:
    desk = blocked(make(icacls_available="blocked", private_db_domain_names="no"), "user", "groups")
    assert desk.host().connecting_account() is None


def test_a_chain_that_did_not_run_to_its_end_is_an_answer_too(make: Make) -> None:
    desk = make()
    desk.after_line = lambda line, out: out[: len(out) // 2] if "whoami" in line else out
    assert desk.host().connecting_account() == Caller(desk.caller.sid, frozenset())


def test_a_lost_connection_is_none(make: Make) -> None:
    desk = make()
    host = desk.host()
    desk.computer.drop_connections = True
    with pytest.raises(UnreachableError):
        host.connecting_account()
