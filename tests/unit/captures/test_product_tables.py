# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No capture shows a SID, a right, an alias of SDDL or a code of WinRM that no table of the collection knows."""

from __future__ import annotations

import csv
import io
import re

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import catalogue
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import well_known as table
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf_token import is_name, token_sid
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import fault_codes, faults
from ansible_collections.winmail.exchange.tests.unit.captures.reading import RIGHT, SID, texts

ALIAS = re.compile(r"\([A-Z]+;[^()]*;([A-Z]{2})\)")
CODE = re.compile(r"(?:\bCode=[\"']|error_Code\b[^>]*>|ERROR_WSMAN_\w+: )(\d+)")
CAPTURES = texts()
WSMAN = {name: content for name, content in CAPTURES.items() if name.startswith("wsman/")}


def lines(name: str) -> list[str]:
    """What the host printed: our own lines at the top of a capture begin with ; or #."""
    return [line for line in CAPTURES[name].splitlines() if not line.startswith((";", "#"))]


@pytest.mark.parametrize("name", CAPTURES)
def test_every_sid_has_a_kind(name: str) -> None:
    found = {sid: sids.kind_of(sid) for line in lines(name) for sid in SID.findall(line)}
    assert {sid for sid, kind in found.items() if kind == "unknown"} == set()


@pytest.mark.parametrize("name", CAPTURES)
def test_every_sid_that_is_no_account_of_a_domain_tells_whose_tokens_carry_it(name: str) -> None:
    found = {sid for line in lines(name) for sid in SID.findall(line) if not sid.startswith("S-1-5-21-")}
    assert {sid for sid in found if table.reach(sid) is None} == set()


@pytest.mark.parametrize("name", CAPTURES)
def test_every_right_is_in_the_catalogue_in_any_spelling(name: str) -> None:
    found = {catalogue.constant_of(right) for right in RIGHT.findall(CAPTURES[name])}
    assert found <= set(catalogue.RIGHTS)


def test_every_right_of_the_vendors_baseline_is_understood_by_its_name_and_by_its_path() -> None:
    rows = list(csv.reader(io.StringIO("\n".join(lines("secedit/20_ws2025_osconfig_baseline_rights.csv")[2:]))))
    assert len(rows) > 30
    for title, path, *dummy in rows:
        assert catalogue.canonical(title) is catalogue.canonical(path.rpartition("/")[2]), title


def test_every_alias_of_sddl_is_in_the_table_or_asked_of_the_host() -> None:
    """The host is asked about what is not in the table: test_accounts.py plays it, this only sees what there is."""
    found = {alias for content in CAPTURES.values() for alias in ALIAS.findall(content)}
    assert found == {"BA", "LA", "SY"}
    assert found - set(sids.SDDL_ALIASES) == {"LA"}  # RID 500 of the computer


def test_the_names_that_whoami_prints_in_english_are_those_of_the_table() -> None:
    """Columns as whoami prints them: name, kind, SID. What the French list has in French is left to the host."""
    row = re.compile(
        r"^(?P<name>\S.*?)\s{2,}(?:Well-known group|Alias|Label|已知组|别名|标签)\s+(?P<sid>S-1-[0-9-]+)\b"
    )
    found = {
        (match["sid"], match["name"])
        for name, content in CAPTURES.items()
        if name.startswith("whoami/") and "_fr_" not in name
        for match in map(row.match, content.splitlines())
        if match is not None and match["name"].isascii() and not match["sid"].startswith("S-1-5-21-")
    }
    assert len(found) > 12
    for sid, name in found:
        assert parse(name).sid == sid
        assert sids.well_known_name(sid) == name


@pytest.mark.parametrize("name", WSMAN)
def test_every_code_of_winrm_is_known(name: str) -> None:
    assert {int(code) for code in CODE.findall(WSMAN[name])} - {0} <= set(fault_codes.KNOWN)


@pytest.mark.parametrize("name", [name for name in WSMAN if "/fault_" in name])
def test_every_fault_is_read_as_its_file_says(name: str) -> None:
    fault = faults.parse_fault(WSMAN[name])
    assert fault is not None
    expected = next(int(part) for part in re.findall(r"_(\d+)(?=[_.])", name) if part != "2008")
    assert expected in (fault.code, fault.inner)
    assert fault.text


# The last seven are the quotas of one plug-in, all that wsmerror.h names.
@pytest.mark.parametrize(
    "code", [2150859173, 2150859174, 2150859175, 2150859176, 2150859179, *range(2150859236, 2150859243)]
)
def test_a_quota_is_waited_for_and_says_what_to_do(code: int) -> None:
    assert code in faults.QUOTAS
    assert "raise the quota" in str(faults.Fault(code, None, "This user is allowed").refusal("a command"))


def test_the_sources_of_the_codes_are_captures_that_are_there() -> None:
    for known in fault_codes.KNOWN.values():
        for file in known.source.split(", "):
            assert file in ("S5", "W85", "wsmerror.h") or f"wsman/{file}" in CAPTURES, known


def tokens() -> dict[str, str]:
    """Every entry of a right in an export or a template, with the capture that shows it."""
    return {
        token: name
        for name in CAPTURES
        if name.endswith((".inf.txt", ".inf")) or "_lines" in name
        for tokens_of in inf.parse(("[Privilege Rights]\n" + "\n".join(lines(name))).encode()).by_constant.values()
        for token in tokens_of
    }


def test_every_entry_of_a_right_is_a_sid_or_a_bare_name() -> None:
    """What test_product_reading.py pins: there is no third form, so nothing is refused for its form."""
    names = {token for token in tokens() if token_sid(token) is None}
    assert {token for token in names if not is_name(token)} == set()
    assert {token for token in names if "\\" in token} == set()
    assert {"Guest", "Gus", "svc_db", "Classic .NET AppPool", "SQLServerDTSUser$WSRV08R2", "WorkerLab"} <= names
