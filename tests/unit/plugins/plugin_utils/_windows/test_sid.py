# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIDs: syntax, computed and well-known ones, and what a SID says by itself."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import well_known as table

AUTHORITIES = st.integers(0, (1 << 48) - 1)
NUMBERS = st.lists(st.integers(0, (1 << 32) - 1), min_size=1, max_size=15)


@pytest.mark.parametrize(
    ("name", "sid"),
    [
        ("TrustedInstaller", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"),
        ("trustedinstaller", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"),
        ("WdiServiceHost", "S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420"),
    ],
)
def test_a_service_has_the_sid_that_real_exports_show(name: str, sid: str) -> None:
    assert sids.service_sid(name) == sid


def test_a_virtual_machine_has_the_sid_that_an_event_of_its_worker_shows() -> None:
    """docs/sources.md S1: an event of Hyper-V-Worker names the SID of its process and the machine's GUID."""
    guid = "D9E0EB0A-5B37-508E-9173-67E9ADE83ACF"
    assert sids.virtual_machine_sid(guid) == "S-1-5-83-1-3655396106-1351506743-3915871121-3476744365"
    assert sids.virtual_machine_sid(guid[:-1]) is None


def test_a_pool_with_a_letter_that_has_no_single_lower_case_keeps_it() -> None:
    digest = hashlib.sha1("İis".encode("utf-16-le")).digest()
    numbers = [str(int.from_bytes(digest[i : i + 4], "little")) for i in range(0, 20, 4)]
    assert sids.app_pool_sid("İIS") == "-".join(["S-1-5-82", *numbers])


@pytest.mark.parametrize("name", ["DefaultAppPool", "DEFAULTAPPPOOL", "defaultapppool"])
def test_an_app_pool_has_the_sid_that_real_exports_show(name: str) -> None:
    assert sids.app_pool_sid(name) == "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415"


def test_a_pool_that_one_capture_names_has_the_sid_that_another_shows() -> None:
    """Captures 15 (a bare name on 2008 R2) and 19 (SIDs in a policy)."""
    sid = "S-1-5-82-1036420768-1044797643-1061213386-2937092688-4282445334"
    assert sids.app_pool_sid("Classic .NET AppPool") == sid


def test_letters_without_a_single_other_case_stay_as_windows_keeps_them() -> None:
    digest = hashlib.sha1("STRAßE".encode("utf-16-le")).digest()
    numbers = [str(int.from_bytes(digest[i : i + 4], "little")) for i in range(0, 20, 4)]
    assert sids.service_sid("straße") == "-".join(["S-1-5-80", *numbers])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("S-1-5-32-544", id="administrators"),
        pytest.param("s-1-1-0", id="lower-case"),
        pytest.param("S-1-5-21-1-2-3-1107", id="domain account"),
        pytest.param("S-1-0x5-32-544", id="hexadecimal authority"),
        pytest.param("S-1-0xFFFFFFFFFFFF-1", id="largest authority"),
        pytest.param("S-1-281474976710655-4294967295", id="largest numbers"),
        pytest.param("S-1-5" + "-1" * 15, id="fifteen numbers"),
    ],
)
def test_this_is_a_sid(text: str) -> None:
    assert sids.is_sid(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("S-1-5", id="no number"),
        pytest.param("S-1-5-", id="ends with a hyphen"),
        pytest.param("S-1-5" + "-1" * 16, id="sixteen numbers"),
        pytest.param("S-2-5-32-544", id="other revision"),
        pytest.param("S-1-5-32-4294967296", id="number over 32 bits"),
        pytest.param("S-1-281474976710656-1", id="authority over 48 bits"),
        pytest.param("*S-1-5-32-544", id="asterisk"),
        pytest.param("S-1-5-32-544\n", id="line end"),
        pytest.param(" S-1-5-32-544", id="blank"),
        pytest.param("\u017f-1-5-32-544", id="long s"),
        pytest.param("S-1-5-32-\u0665\u0664\u0664", id="other digits"),
        pytest.param("S-1-5-32--1", id="negative"),
    ],
)
def test_this_is_no_sid(text: str) -> None:
    assert not sids.is_sid(text)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("s-1-5-32-0544", "S-1-5-32-544"),
        ("S-1-0x5-32-544", "S-1-5-32-544"),
        ("S-1-05-032-544", "S-1-5-32-544"),
        ("S-1-0x1000000000a-7", "S-1-0x01000000000A-7"),
        ("S-1-4294967296-7", "S-1-0x000100000000-7"),
    ],
)
def test_a_sid_has_one_normal_spelling(written: str, normal: str) -> None:
    assert sids.normal(written) == normal


@given(AUTHORITIES, NUMBERS)
def test_every_spelling_of_a_sid_normalises_to_the_same(authority: int, numbers: list[int]) -> None:
    rest = "".join(f"-{number}" for number in numbers)
    padded = "".join(f"-{number:010d}" for number in numbers)
    spellings = [f"S-1-{authority}{rest}", f"s-1-0x{authority:x}{padded}", f"S-1-0X{authority:012X}{rest}"]
    assert all(sids.is_sid(text) for text in spellings)
    normal = {sids.normal(text) for text in spellings}
    assert len(normal) == 1
    assert sids.is_sid(next(iter(normal)))
    assert sids.normal(next(iter(normal))) in normal


@given(st.text(alphabet="sS-0123456789xXaAfF *\u017f\u0663", max_size=60))
def test_the_syntax_check_never_raises_and_what_it_accepts_can_be_normalised(text: str) -> None:
    if sids.is_sid(text):
        assert sids.is_sid(sids.normal(text))


@pytest.mark.parametrize(
    ("sid", "name", "kind"),
    [
        ("S-1-5-32-544", None, "alias"),
        ("S-1-5-80-0", None, "well_known"),
        ("S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", None, "service"),
        ("S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415", None, "app_pool"),
        ("S-1-1-0", None, "well_known"),
        ("S-1-5-20", None, "well_known"),
        ("S-1-5-90-0", None, "well_known"),
        ("S-1-5-21-1-2-3-500", None, "user"),
        ("S-1-5-21-1-2-3-501", None, "user"),
        ("S-1-5-21-1-2-3-512", None, "group"),
        ("S-1-5-21-1-2-3-519", None, "group"),
        ("S-1-5-21-1-2-3-1107", None, "account"),
        ("S-1-5-21-1-2-3-1107", "CORP\\exsvc", "account"),
        ("S-1-5-21-1-2-3-1108", "CORP\\EXCH50$", "computer"),
        ("S-1-5-21-1-2-3", None, "domain"),
        ("S-1-5-21-1-2-3-553", None, "alias"),
        ("S-1-5-21-0-0-0-497", None, "well_known"),
        ("S-1-5-21-1-2-3-4-5", None, "unknown"),
        ("S-1-5-99-0", None, "well_known"),
        ("S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229", None, "service"),
        ("S-1-5-83-0", None, "well_known"),
        ("S-1-5-83-1-3655396106-1351506743-3915871121-3476744365", None, "virtual_machine"),
        ("S-1-5-90-0-1", "Window Manager\\DWM-1", "virtual_account"),
        ("S-1-5-96-0-0", "Font Driver Host\\UMFD-0", "virtual_account"),
        ("S-1-5-87-1-2-3-4-5", None, "virtual_account"),
        ("S-1-15-2-1", None, "well_known"),
        ("S-1-15-2-1-2-3-4-5-6-7", None, "app_container"),
        ("S-1-15-3-1", None, "capability"),
        ("S-1-5-32-1-2-3-4-5-6-7-8", None, "capability"),
        ("S-1-12-1-1-2-3-4", None, "entra_account"),
        ("S-1-11-96-1-2-3", None, "user"),
        ("S-1-16-8192", None, "label"),
        ("S-1-5-5-0-12345", None, "logon_session"),
        ("S-1-5-64-32", None, "well_known"),
        ("S-1-5-32-700", None, "alias"),
        ("S-1-18-1", None, "well_known"),
        ("S-1-5-1000", None, "well_known"),
        ("S-1-5-100-1", None, "unknown"),
        ("S-1-5-81-1", None, "unknown"),
        ("S-1-5-4-1", None, "unknown"),
        ("S-1-5-32-544-1", None, "unknown"),
        ("S-1-5-320-544", None, "unknown"),
        ("S-1-12-1-1-2-3", None, "unknown"),
        ("S-1-99-1", None, "unknown"),
    ],
)
def test_the_kind_says_only_what_the_sid_proves(sid: str, name: str | None, kind: str) -> None:
    assert sids.kind_of(sid, name) == kind


@pytest.mark.parametrize(
    ("name", "sid"),
    [
        ("Administrators", "S-1-5-32-544"),
        ("builtin\\ADMINISTRATORS", "S-1-5-32-544"),
        ("NT AUTHORITY\\SYSTEM", "S-1-5-18"),
        ("LocalSystem", "S-1-5-18"),
        ("NT AUTHORITY\\NetworkService", "S-1-5-20"),
        ("nt  authority\\network service", "S-1-5-20"),
        ("NT AUTHORITY\\Local account", "S-1-5-113"),
        ("Everyone", "S-1-1-0"),
        ("Authenticated Users", "S-1-5-11"),
        ("NT SERVICE\\ALL SERVICES", "S-1-5-80-0"),
        ("BUILTIN\\IIS_IUSRS", "S-1-5-32-568"),
        ("NT AUTHORITY\\SERVICE", "S-1-5-6"),
    ],
)
def test_english_well_known_names_need_no_host(name: str, sid: str) -> None:
    assert sids.well_known(name) == sid


@pytest.mark.parametrize(
    "name", ["local", "LOCAL", "network", "batch", "service", "self", "system", "dialup", "restricted", "iusr"]
)
def test_a_short_name_that_may_be_somebodys_own_account_is_not_guessed(name: str) -> None:
    assert sids.well_known(name) is None


@pytest.mark.parametrize("name", ["CORP\\Administrators", ".\\Administrators", "Admin", "", "Jeder"])
def test_other_names_are_not_taken_for_well_known_ones(name: str) -> None:
    assert sids.well_known(name) is None


def test_every_well_known_sid_is_spelled_normally_and_named_back() -> None:
    for name, sid in table.NAMES.items():
        assert sids.normal(sid) == sid
        assert sids.well_known_name(sid) is not None
        assert sids.well_known(name.upper()) == sid
    assert sids.well_known_name("S-1-5-21-1-2-3-4") is None


@pytest.mark.parametrize(
    ("alias", "sid"),
    [("BA", "S-1-5-32-544"), ("SY", "S-1-5-18"), ("WD", "S-1-1-0"), ("AU", "S-1-5-11"), ("NS", "S-1-5-20"),
     ("LS", "S-1-5-19"), ("BU", "S-1-5-32-545"), ("SU", "S-1-5-6"), ("IU", "S-1-5-4"), ("BO", "S-1-5-32-551")],
)  # fmt: skip
def test_fixed_aliases_of_sddl_have_their_documented_sid(alias: str, sid: str) -> None:
    assert sids.SDDL_ALIASES[alias] == sid


@pytest.mark.parametrize("alias", ["LA", "LG", "DA", "DU", "DC", "DD", "EA", "SA", "CA", "RS"])
def test_aliases_that_depend_on_the_domain_are_never_fixed(alias: str) -> None:
    assert alias not in sids.SDDL_ALIASES
