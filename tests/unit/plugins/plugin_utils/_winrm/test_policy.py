# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group Policy as the host remembers it: cached templates as bytes, the policy log, names from the registry."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import MdmReading, PolicyReading
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import policy
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.registry import Registry
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.tests.support.captures import capture
from ansible_collections.winmail.exchange.tests.support.lines import check_safe
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.fake_cim import FakeCim

N = "0a1b2c3d"
ONE, TWO = "{31B2F340-016D-11D2-945F-00C04FB984F9}", "{6AC1786C-016F-11D2-945F-00C04FB984F9}"
FOLDER = "C:\\Windows\\security\\templates\\policies\\"
TEMPLATE = "[Privilege Rights]\r\nSeTcbPrivilege = *S-1-5-18,CORP\\x\r\n[Version]\r\nRevision=1\r\n"


def read(*files: tuple[str, bytes]) -> PolicyReading:
    data = b"".join(f"@@{N}:gpt {FOLDER}{name}\r\n".encode() + content + b"\r\n" for name, content in files)
    output = f"@@{N}:policies[\r\n".encode() + data + f"@@{N}:policies]\r\n@@{N}:end\r\n".encode()
    return policy.read_cache(shell.Chain(nonce=N).read(output))


def gpt(guid: str = ONE, text: str = TEMPLATE) -> str:
    return f"GPOPath={guid.lower()}\\MACHINE\r\n{text}"


def test_the_cache_is_listed_by_a_line_that_does_not_swallow_the_rest() -> None:
    line = policy.add_cache(shell.Chain()).line()
    check_safe(line)
    assert "dir /b /s /a-d" in line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_each_file_is_read_in_its_own_encoding_with_its_gpo(encoding: str) -> None:
    reading = read(("gpt00000.dom", gpt().encode(encoding)), ("gpt00001.inf", gpt(TWO).encode()))
    assert reading.complete
    assert [(one.file, one.guid) for one in reading.policies] == [("gpt00000.dom", ONE), ("gpt00001.inf", TWO)]
    assert reading.policies[0].rights == {"SeTcbPrivilege": ("*S-1-5-18", "CORP\\x")}


def test_the_template_of_a_controllers_policy_is_read_with_constants_as_the_catalogue_spells_them() -> None:
    reading = read(("gpt00000.inf", capture("07")))
    assert reading.complete
    assert "SeSystemtimePrivilege" in reading.policies[0].rights
    assert reading.policies[0].guid is None


def test_no_file_is_a_complete_reading_of_nothing() -> None:
    assert read() == PolicyReading((), complete=True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        TEMPLATE[:60].encode(),
        TEMPLATE.replace("[Version]", "").encode(),
        TEMPLATE.replace("SeTcb", "Se Tcb").encode(),
    ],
)
def test_a_file_that_a_refresh_is_writing_makes_the_reading_incomplete(content: bytes) -> None:
    assert not read(("gpt00000.inf", content), ("gpt00001.inf", gpt().encode())).complete


def test_a_cache_that_was_not_shown_is_incomplete() -> None:
    assert policy.read_cache(shell.Chain(nonce=N).read(f"@@{N}:end\r\n".encode())) == PolicyReading((), complete=False)


@given(st.lists(st.binary(max_size=120).filter(lambda data: b"@@" not in data), max_size=3))
def test_no_files_make_the_reader_fail(contents: list[bytes]) -> None:
    reading = read(*((f"gpt{i:05d}.inf", content) for i, content in enumerate(contents)))
    assert len(reading.policies) == len(contents)


def rsop_row(right: str, guid: str | None, precedence: str, *holders: str) -> dict[str, Any]:
    listed: Any = list(holders) if len(holders) > 1 else (holders[0] if holders else None)
    return {"UserRight": right, "GPOID": guid, "precedence": precedence, "AccountList": listed}


def test_the_policy_log_gives_the_winning_rows_only() -> None:
    path = f"CN={ONE.lower()},CN=Policies,CN=System,DC=corp,DC=example"
    rows = (
        rsop_row("SeTcbPrivilege", path, "1"),
        rsop_row("SeTcbPrivilege", f"CN={TWO}", "2", "*S-1-5-18"),
        rsop_row("SeSystemTimePrivilege", "LocalGPO", "1", "CORP\\x", "*S-1-5-19"),
        rsop_row("SeDebugPrivilege", path, "1", "*S-1-5-32-544"),
        {"precedence": "1"},
    )
    cim = FakeCim(on_query=lambda _wql: rows)
    reading = policy.read_rsop(cim)  # type: ignore[arg-type]  # stands for Cim
    assert cim.asked[0][2] == "root/rsop/computer"
    assert reading.refusal is None
    assert {right: (row.guid, row.holders) for right, row in reading.rights.items()} == {
        "SeTcbPrivilege": (ONE, ()),
        "SeSystemtimePrivilege": (None, ("CORP\\x", "*S-1-5-19")),
        "SeDebugPrivilege": (ONE, ("*S-1-5-32-544",)),
    }


@pytest.mark.parametrize("error", [WindowsError("no such namespace"), ReadError("torn")])
def test_a_policy_log_that_is_not_to_be_had_is_a_refusal_not_an_error(error: Exception) -> None:
    def refuse(_wql: str) -> None:
        raise error

    reading = policy.read_rsop(FakeCim(on_query=refuse))  # type: ignore[arg-type]  # stands for Cim
    assert (dict(reading.rights), reading.refusal) == ({}, str(error))


def test_what_device_management_sets_is_told_by_the_values_of_its_key() -> None:
    names = ["ActAsPartOfTheOperatingSystem", "ActAsPartOfTheOperatingSystem_ProviderSet", "LogOnAsService_ProviderSet"]
    cim = FakeCim(on_invoke=lambda *dummy: {"ReturnValue": "0", "sNames": names})
    reading = policy.read_mdm(Registry(cim))  # type: ignore[arg-type]  # stands for Cim
    assert reading == MdmReading(frozenset({"SeTcbPrivilege", "SeServiceLogonRight"}))
    key = "SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\UserRights"
    assert cim.asked == [("invoke", "StdRegProv", "EnumValues", {"hDefKey": "2147483650", "sSubKeyName": key}, None)]


def test_a_host_without_device_management_has_none_and_one_that_refuses_says_so() -> None:
    absent = FakeCim(on_invoke=lambda *dummy: {"ReturnValue": "2"})
    assert policy.read_mdm(Registry(absent)) == MdmReading()  # type: ignore[arg-type]  # stands for Cim
    denied = policy.read_mdm(Registry(FakeCim(on_invoke=lambda *dummy: {"ReturnValue": "5"})))  # type: ignore[arg-type]  # the same
    assert denied.rights == frozenset()
    assert "EnumValues returned 5" in str(denied.refusal)


class History:
    """StdRegProv over the registry history: entry → (GPOName, DisplayName)."""

    def __init__(self, entries: dict[str, tuple[str | None, str | None]]) -> None:
        self.entries = entries
        self.cim = FakeCim(on_invoke=self.answer)
        self.fail: Exception | None = None

    def answer(self, method: str, arguments: dict[str, str]) -> dict[str, Any]:
        if method == "EnumKey":
            return {"ReturnValue": "0", "sNames": list(self.entries)}
        if self.fail is not None:
            raise self.fail
        entry = self.entries[arguments["sSubKeyName"].rpartition("\\")[2]]
        value = entry[0 if arguments["sValueName"] == "GPOName" else 1]
        return {"ReturnValue": "1"} if value is None else {"ReturnValue": "0", "sValue": value}

    def names(self, *guids: str) -> dict[str, str]:
        return policy.names(Registry(self.cim), guids)  # type: ignore[arg-type]  # stands for Cim


def test_names_come_from_the_newest_entry_and_only_as_far_as_needed() -> None:
    history = History(
        {"0": (TWO, "Old name"), "1": (ONE.lower(), "Default Domain"), "10": (TWO, "Hardening"), "x": (None, None)}
    )
    assert history.names(TWO.lower()) == {TWO: "Hardening"}
    assert len(history.cim.asked) == 3
    assert history.names(ONE, TWO) == {ONE: "Default Domain", TWO: "Hardening"}


def test_what_the_registry_does_not_know_is_left_out() -> None:
    assert History({"0": (ONE, None), "1": (None, "x")}).names(ONE, TWO) == {}
    assert History({}).names(ONE) == {}


@pytest.mark.parametrize("error", [WindowsError("denied"), ReadError("torn")])
def test_a_registry_that_refuses_costs_the_name_and_never_the_task(error: Exception) -> None:
    history = History({"0": (ONE, "x")})
    history.fail = error
    assert history.names(ONE) == {}


def test_a_long_history_is_not_read_without_end() -> None:
    history = History({str(i): (TWO, "x") for i in range(500)})
    assert history.names(ONE) == {}
    assert len(history.cim.asked) <= 65
