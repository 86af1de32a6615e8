# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of device management: held against Microsoft's own baseline, and read whatever stands beside them."""

from __future__ import annotations

import csv
import pathlib

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import canonical
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.csp import CSP_NAMES, rights_of, sets_rights

BASELINE = pathlib.Path(__file__).parents[4] / "captures/secedit/20_ws2025_osconfig_baseline_rights.csv"
# In the page of the Policy CSP, not in the baseline.
PAGE_ONLY = {"LogOnAsBatchJob": "SeBatchLogonRight", "LogOnAsService": "SeServiceLogonRight"}


def test_every_name_means_what_the_baseline_calls_it() -> None:
    rows = list(csv.DictReader(BASELINE.read_text(encoding="utf-8").splitlines()[1:]))
    shown = {row["CSP Path"].rpartition("/")[2]: canonical(row["Control Name"]).constant for row in rows}
    assert len(shown) > 30
    assert {**shown, **PAGE_ONLY} == CSP_NAMES


def test_a_setting_is_seen_by_any_of_its_values() -> None:
    assert rights_of(["AccessFromNetwork"]) == {"SeNetworkLogonRight"}
    assert rights_of(["debugprograms_ProviderSet", "DebugPrograms_WinningProvider"]) == {"SeDebugPrivilege"}
    assert rights_of(["LockMemory", "LockMemory_ProviderSet"]) == {"SeLockMemoryPrivilege"}
    assert rights_of(["", "_ProviderSet", "Something", "AccessFromNetworks"]) == frozenset()


def test_windows_1803_is_the_first_and_one_that_tells_no_version_may_be_newer() -> None:
    versions = ("6.1.7601", "10.0.17133", "10.0.17134", "10.0.26100", "11", "")
    assert [sets_rights(version) for version in versions] == [False, False, True, True, True, True]
