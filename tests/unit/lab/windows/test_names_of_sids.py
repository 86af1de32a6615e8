# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which SIDs the lab's LSA has names for, by kind and language (docs/sources.md S1, S11)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lab import scenario
from lab.state import sids, well_known
from lab.state.lsa import LookupFailedError
from lab.windows.computer import Computer

Make = Callable[..., Computer]
SPOOLER = "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229"


@pytest.mark.parametrize(
    ("sid", "name"),
    [
        ("S-1-5-99-0", "RESTRICTED SERVICES\\ALL RESTRICTED SERVICES"),
        (SPOOLER, "RESTRICTED SERVICES\\PrintSpoolerService"),
        ("S-1-5-83-0", "NT VIRTUAL MACHINE\\Virtual Machines"),
        (
            "S-1-5-83-1-1831603989-1259232076-706624415-27168124",
            "NT VIRTUAL MACHINE\\6D2C0F15-5B4C-4B0E-9F3B-1E2A7C8D9E01",
        ),
        ("S-1-5-90-0", "Window Manager\\Window Manager Group"),
        ("S-1-5-90-0-1", "Window Manager\\DWM-1"),
        ("S-1-5-96-0-0", "Font Driver Host\\UMFD-0"),
        ("S-1-15-2-1", "APPLICATION PACKAGE AUTHORITY\\ALL APPLICATION PACKAGES"),
        ("S-1-15-2-2", "APPLICATION PACKAGE AUTHORITY\\ALL RESTRICTED APPLICATION PACKAGES"),
        ("S-1-5-64-10", "NT AUTHORITY\\NTLM Authentication"),
        ("S-1-5-64-36", "NT AUTHORITY\\Cloud Account Authentication"),
        ("S-1-5-65-1", "NT AUTHORITY\\This Organization Certificate"),
        ("S-1-5-113", "NT AUTHORITY\\Local account"),
        ("S-1-5-84-0-0-0-0-0", "NT AUTHORITY\\USER MODE DRIVERS"),
        ("S-1-16-12288", "Mandatory Label\\High Mandatory Level"),
        ("S-1-18-1", "Authentication authority asserted identity"),
        ("S-1-2-1", "CONSOLE LOGON"),
        ("S-1-3-4", "OWNER RIGHTS"),
    ],
)
def test_a_sid_of_windows_has_a_name_and_the_name_that_sid(make: Make, sid: str, name: str) -> None:
    lsa = make("hyperv2022", "releases").machine.lsa
    found = lsa.sid_to_name(sid)
    assert found is not None
    assert found.qualified == name
    assert lsa.name_to_sid(name.upper()).sid == sid


@pytest.mark.parametrize(
    "sid",
    [
        "S-1-5-99-1-2-3-4-5",  # a restricted service that nobody installed
        "S-1-5-80-1-2-3-4-5",
        "S-1-5-82-1-2-3-4-5",
        "S-1-5-83-1-1-2-3-4",  # a machine that is gone
        "S-1-12-1-1111111111-1222222222-1333333333-1444444444",  # a cloud account on a host that is not joined
        "S-1-15-2-1-2-3-4-5-6-7",  # a package
        "S-1-5-21-11-22-33-1234",
    ],
)
def test_what_nobody_has_any_more_has_no_name(make: Make, sid: str) -> None:
    assert make("hyperv2022", "releases").machine.lsa.sid_to_name(sid) is None


def test_a_machine_that_is_not_here_has_no_account(make: Make) -> None:
    with pytest.raises(LookupFailedError):
        make("srv2016", "releases").machine.lsa.name_to_sid("NT VIRTUAL MACHINE\\6D2C0F15-5B4C-4B0E-9F3B-1E2A7C8D9E01")


def test_a_service_and_a_restricted_service_of_one_name_are_two_accounts() -> None:
    name = "PrintSpoolerService"
    assert sids.restricted_service_sid(name) == SPOOLER
    assert sids.service_sid(name).split("-")[5:] == SPOOLER.split("-")[5:]


@pytest.mark.parametrize("language", well_known.LANGUAGES)
def test_names_are_unique_in_every_language(language: str) -> None:
    names = [(row.domain(language).casefold(), row.name(language).casefold()) for row in well_known.WELL_KNOWN]
    assert len(set(names)) == len(names)


def test_english_names_on_a_host_of_another_language(tmp_path: Path) -> None:
    """Chinese Windows has the English ones itself (captures/whoami/26), German has not."""
    for language, found in (("zh", True), ("de", False)):
        text = f"base: pop3\nhosts: [{{name: a, language: {language}}}]\n"
        (tmp_path / "mine.yml").write_text(text, encoding="utf-8")
        lsa = scenario.load(tmp_path / "mine.yml").computers[0].machine.lsa
        try:
            assert lsa.name_to_sid("Administrators").sid == "S-1-5-32-544"
        except LookupFailedError:
            assert not found
        else:
            assert found
