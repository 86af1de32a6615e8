# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every default export holds only identities of Windows that defaults.py knows, and each row was read somewhere."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.defaults import OWN_HOLDERS, own_holder
from ansible_collections.winmail.exchange.tests.unit.captures.reading import RIGHT, SID, holders, one, texts

# Exports of hosts on which nobody had set a right by hand, as far as their captures say.
DEFAULTS = ("05", "13", "14", "15", "16", "17", "19", "48")
# Groups that people fill, and everybody: no identities of Windows.
OF_PEOPLE = {"S-1-1-0", "S-1-5-11", *(f"S-1-5-32-{rid}" for rid in (*range(544, 552), 554, 555, 559))}
# Installed beside Windows: SQL Server's services and groups, a service of SQL that runs as Network Service, and
# accounts that somebody gave a right by hand (17 C has a service that was not named).
ADDED = {
    "13": {"S-1-5-80-344959196", "S-1-5-80-3880718306", "S-1-5-80-2652535364", "S-1-5-20 SeServiceLogonRight"},
    "15": {
        "S-1-5-80-3263513310",
        "S-1-5-80-3880718306",
        "S-1-5-18 SeServiceLogonRight",
        "S-1-5-19 SeServiceLogonRight",
    },
    "17": {"S-1-5-80-3880006512"},
    "19": {"S-1-5-21-1111111111"},
}


def entries(number: str) -> list[tuple[str, str]]:
    spelled = {right.lower(): right for row in OWN_HOLDERS for right in row.rights}
    return [
        (spelled.get(right.lower(), right), token[1:])
        for right, tokens in holders(number).items()
        for token in tokens
        if token.startswith("*")
    ]


@pytest.mark.parametrize("number", DEFAULTS)
def test_whoever_holds_a_right_by_default_is_known(number: str) -> None:
    unknown = {
        f"{sid} {right}" for right, sid in entries(number) if sid not in OF_PEOPLE and own_holder(right, sid) is None
    }
    added = ADDED.get(number, set())
    assert {entry for entry in unknown if not any(entry.startswith(known) for known in added)} == set()


def test_every_row_was_read_in_a_capture() -> None:
    """By text search, in any capture: a row that none shows would be a fact from memory."""
    shown = {
        (sid, right.lower())
        for content in texts().values()
        for line in content.splitlines()
        for right in RIGHT.findall(line)
        for sid in SID.findall(line)
    }
    missing = [
        (row.name, right)
        for row in OWN_HOLDERS
        for right in row.rights
        if not any(row.holds(right, sid) and spelled == right.lower() for sid, spelled in shown)
    ]
    # Two came back as names, not as SIDs: application pools of 2008 R2 in "Log on as a service".
    assert missing == [("IIS APPPOOL\\…", "SeServiceLogonRight")]
    assert "Classic .NET AppPool,DefaultAppPool" in one("15").partition("SeServiceLogonRight")[2].splitlines()[0]


def test_a_family_is_not_its_prefix() -> None:
    assert own_holder("SeAuditPrivilege", "S-1-5-82-1-2-3-4-5") is not None
    assert own_holder("SeServiceLogonRight", "S-1-5-80-01") is None
    assert own_holder("SeDebugPrivilege", "S-1-5-80-0") is None
