# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIDs and LSA look-ups of the lab against docs/sources.md S1 and the captures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.seams import Effect
from lab.state import sids
from lab.state.lsa import LookupFailedError
from lab.windows.computer import Computer

Make = Callable[..., Computer]


@pytest.mark.parametrize(
    ("name", "tail"),
    [
        ("TrustedInstaller", "956008885-3418522649-1831038044-1853292631-2271478464"),
        ("wdiservicehost", "3139157870-2983391045-3678747466-658725712-1809340420"),
    ],
)
def test_service_sid_is_sha1_of_the_upper_case_name(name: str, tail: str) -> None:
    assert sids.service_sid(name) == f"S-1-5-80-{tail}"


def test_app_pool_sid_is_sha1_of_the_lower_case_name(capture: Callable[[str], str]) -> None:
    expected = "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415"
    assert sids.app_pool_sid("DefaultAppPool") == expected
    assert f"*{expected}" in capture("07_domain_controller_gpttmpl.inf.txt")


@pytest.mark.parametrize(
    ("name", "sid"),
    [
        pytest.param("Administrators", "S-1-5-32-544", id="isolated well-known"),
        pytest.param("BUILTIN\\administrators", "S-1-5-32-544", id="qualified, any case"),
        pytest.param("NT AUTHORITY\\NETWORK SERVICE", "S-1-5-20", id="authority"),
        pytest.param("Everyone", "S-1-1-0", id="without authority"),
        pytest.param("MEMBER\\first.last", "S-1-5-21-2315843530-1563403064-648863213-1002", id="local"),
        pytest.param("first.last", "S-1-5-21-2315843530-1563403064-648863213-1002", id="isolated local"),
        pytest.param("exsvc", "S-1-5-21-2315843530-1563403064-648863213-1003", id="local before domain"),
        pytest.param("corp\\exsvc", "S-1-5-21-2840394521-1093752863-3410756322-1107", id="NetBIOS domain"),
        pytest.param("corp.example\\exsvc", "S-1-5-21-2840394521-1093752863-3410756322-1107", id="DNS domain"),
        pytest.param("exsvc@corp.example", "S-1-5-21-2840394521-1093752863-3410756322-1107", id="UPN"),
        pytest.param("CORP\\gmsapop$", "S-1-5-21-2840394521-1093752863-3410756322-1130", id="gMSA"),
        pytest.param("NT SERVICE\\w32time", sids.service_sid("W32Time"), id="registered service"),
        pytest.param("IIS APPPOOL\\defaultapppool", sids.app_pool_sid("DefaultAppPool"), id="pool"),
    ],
)
def test_names_translate_in_the_order_of_lsa(make: Make, name: str, sid: str) -> None:
    assert make("member").machine.lsa.name_to_sid(name).sid == sid


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("CORP\\nobody", id="no such account"),
        pytest.param(".\\first.last", id="dot is our notation"),
        pytest.param("NT SERVICE\\NotRegistered", id="service not yet registered"),
        pytest.param("ELSEWHERE\\x", id="unknown authority"),
        pytest.param("S-1-5-32-544", id="a SID is not a name"),
    ],
)
def test_unknown_names_fail_with_1332(make: Make, name: str) -> None:
    with pytest.raises(LookupFailedError) as failure:
        make("member").machine.lsa.name_to_sid(name)
    assert failure.value.code == 1332


def test_a_dead_domain_gives_1789_and_costs_its_time_once(make: Make) -> None:
    lsa = make("deaddomain").machine.lsa
    for dummy in range(2):
        with pytest.raises(LookupFailedError) as failure:
            lsa.name_to_sid("CORP\\exsvc")
        assert failure.value.code == 1789
    assert lsa.seconds == 20.0
    assert lsa.sid_to_name("S-1-5-21-2840394521-1093752863-3410756322-1107") is None


def test_a_german_host_knows_german_names_only(make: Make) -> None:
    lsa = make("german").machine.lsa
    assert lsa.name_to_sid("Administratoren").sid == "S-1-5-32-544"
    assert lsa.name_to_sid("NT-AUTORITÄT\\NETZWERKDIENST").sid == "S-1-5-20"
    assert lsa.sid_to_name("S-1-5-32-544") is not None
    with pytest.raises(LookupFailedError):
        lsa.name_to_sid("Administrators")
    assert make("german", english_names_on_german="yes").machine.lsa.name_to_sid("Administrators")


def test_on_a_domain_controller_a_bare_name_fails_and_a_qualified_one_works(make: Make) -> None:
    lsa = make("dc").machine.lsa
    assert lsa.name_to_sid("CORP\\exsvc").domain == "CORP"
    with pytest.raises(LookupFailedError):
        lsa.name_to_sid("exsvc")
    assert make("dc", dc_bare_names="work").machine.lsa.name_to_sid("exsvc").domain == "CORP"


@pytest.mark.parametrize(("world", "name"), [("stale", "exsvc"), ("fresh", "mailsvc")])
def test_after_a_rename_the_cache_answers_the_old_name_kb_946358(make: Make, world: str, name: str) -> None:
    computer = make("member", lsa_cache_after_rename=world)
    computer.change(Effect("state", {"rename_account": {"from": "CORP\\exsvc", "to": "mailsvc"}}))
    found = computer.machine.lsa.sid_to_name("S-1-5-21-2840394521-1093752863-3410756322-1107")
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("text", ["S-1-5-32-544", "s-1-5-18", "S-1-5-21-1-2-3-4294967295"])
def test_sid_strings(text: str) -> None:
    assert sids.is_sid(text)


@pytest.mark.parametrize("text", ["S-1-5", "S-1-5-21-4294967296", "S-2-5-18", "S-1-5-", "*S-1-5-18", ""])
def test_not_sid_strings(text: str) -> None:
    assert not sids.is_sid(text)
