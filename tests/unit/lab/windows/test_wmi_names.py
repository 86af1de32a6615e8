# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CIM classes that translate SIDs, read the registry and list events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from ansible_collections.winmail.exchange.tests.unit.lab.windows.asking import Ask, Asker
from lab.seams import CimInstance, CimValue, WmiError

EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"


# SIDs to names


def trustees(found: Mapping[str, CimValue]) -> dict[str, tuple[CimValue, CimValue]]:
    descriptor = found["Descriptor"]
    assert isinstance(descriptor, CimInstance)
    dacl = descriptor.properties["DACL"]
    assert isinstance(dacl, list)
    each = [ace.properties["Trustee"].properties for ace in dacl]
    return {t["SIDString"]: (t["Domain"], t["Name"]) for t in each}


def sddl(*names: str) -> str:
    return "D:" + "".join(f"(A;;1;;;{name})" for name in names)


def test_one_call_names_many_sids_and_expands_aliases_finding_5(ask: Ask) -> None:
    text = sddl("S-1-5-20", EXSVC, "LA", "DA", "S-1-5-21-1-2-3-4")
    found = ask().invoke("Win32_SecurityDescriptorHelper.SDDLToWin32SD", {}, SDDL=text)
    assert found["ReturnValue"] == 0
    assert trustees(found) == {
        "S-1-5-20": ("NT AUTHORITY", "NETWORK SERVICE"),
        EXSVC: ("CORP", "exsvc"),
        "S-1-5-21-2315843530-1563403064-648863213-500": ("MEMBER", "Administrator"),
        "S-1-5-21-2840394521-1093752863-3410756322-512": ("CORP", "Domain Admins"),
        "S-1-5-21-1-2-3-4": ("", ""),
    }


@pytest.mark.parametrize(
    "worlds",
    [
        {"sddl_helper": "absent"},
        {"sddl_helper": "fault_on_orphan"},
        {"unmapped_sid": "fault"},
    ],
    ids=str,
)
def test_the_helper_may_refuse(ask: Ask, worlds: dict[str, str]) -> None:
    with pytest.raises(WmiError):
        ask(**worlds).invoke("Win32_SecurityDescriptorHelper.SDDLToWin32SD", {}, SDDL=sddl("S-1-5-21-1-2-3-4"))


@pytest.mark.parametrize("text", ["D:(A;;1;;;S-1-5-21-99999999999-1)", "nonsense", "D:(A;;1;;;ZZ)"])
def test_a_malformed_string_fails_the_whole_call(ask: Ask, text: str) -> None:
    found = ask().invoke("Win32_SecurityDescriptorHelper.SDDLToWin32SD", {}, SDDL=text)
    assert (found["ReturnValue"], found["Descriptor"]) == (1336, None)
    with pytest.raises(WmiError):
        ask(sddl_refusal="fault").invoke("Win32_SecurityDescriptorHelper.SDDLToWin32SD", {}, SDDL=text)


def test_win32_sid_mapped_and_unmapped(ask: Ask) -> None:
    found = ask().get("Win32_SID", SID="S-1-5-32-544")
    assert (found["ReferencedDomainName"], found["AccountName"]) == ("BUILTIN", "Administrators")
    assert found["BinaryRepresentation"] == [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0]
    assert ask().get("Win32_SID", SID="S-1-5-21-1-2-3-4")["AccountName"] == ""
    assert ask(unmapped_sid="null").get("Win32_SID", SID="S-1-5-21-1-2-3-4")["AccountName"] is None
    with pytest.raises(WmiError) as refusal:
        ask(unmapped_sid="fault").get("Win32_SID", SID="S-1-5-21-1-2-3-4")
    assert refusal.value.kind == "not_found"
    with pytest.raises(WmiError) as refusal:
        ask(win32_sid="denied").get("Win32_SID", SID="S-1-5-18")
    assert refusal.value.kind == "access_denied"


def test_a_dead_domain_costs_20_seconds_for_a_sid_once(ask: Ask) -> None:
    asker = ask("deaddomain")
    for expected in (20.0, 0.0):
        asker.get("Win32_SID", SID=EXSVC)
        assert asker.computer.cim_seconds == expected


# Registry


def registry(asker: Asker, method: str, path: str, name: str = "") -> Mapping[str, CimValue]:
    return asker.invoke(f"StdRegProv.{method}", {}, hDefKey="2147483650", sSubKeyName=path, sValueName=name)


SETUP = "SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup"


def test_reading_the_registry(ask: Ask) -> None:
    asker = ask("exch2019", "pop3")
    assert registry(asker, "GetDWORDValue", SETUP.lower(), "msibuildmajor") == {"ReturnValue": 0, "uValue": 1544}
    assert registry(asker, "GetStringValue", SETUP, "MsiInstallPath")["sValue"] is not None
    names = registry(asker, "EnumValues", SETUP)
    assert isinstance(names["sNames"], list)
    assert set(names["sNames"]) >= {"MsiProductMajor", "MsiBuildMinor"}
    keys = registry(asker, "EnumKey", "SOFTWARE\\Microsoft\\ExchangeServer")
    assert keys["sNames"] == ["v15"]


@pytest.mark.parametrize(
    ("method", "path", "name", "code"),
    [
        ("GetDWORDValue", "SOFTWARE\\None", "x", 2),
        ("GetDWORDValue", SETUP, "x", 1),
        ("GetStringValue", SETUP, "MsiBuildMajor", 2147749893),
        ("EnumKey", "SOFTWARE\\None", "", 2),
    ],
)
def test_codes_of_the_registry(ask: Ask, method: str, path: str, name: str, code: int) -> None:
    assert registry(ask("exch2019", "pop3"), method, path, name)["ReturnValue"] == code


# Events


def test_audit_failures_are_type_5_peers_d1(ask: Ask) -> None:
    asker = ask("exch50", "pop3")
    rows = asker.query("select EventCode,EventType,SourceName from Win32_NTLogEvent where Logfile='Application'")
    assert rows == [{"EventCode": 11202, "EventType": 5, "SourceName": "MSExchangePOP3"}]
    now = asker.computer.machine.clock.now()
    since = f"{now - dt.timedelta(days=1):%Y%m%d%H%M%S}.000000+000"
    assert asker.query(f"select Type from Win32_NTLogEvent where TimeGenerated > '{since}'")
    later = f"{now:%Y%m%d%H%M%S}.000000+000"
    assert not asker.query(f"select Type from Win32_NTLogEvent where TimeGenerated > '{later}'")
