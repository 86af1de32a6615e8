# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIDs to names: many in one request, one bad SID spoils nothing, no answer is not "no such account"."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, UnreachableError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Account
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.well_known import AccountKind
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.lookup_sids import Accounts
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.fake_cim import FakeCim

DOMAIN = "S-1-5-21-1-2-3"
EXSVC, ORPHAN, COMPUTER = f"{DOMAIN}-1107", f"{DOMAIN}-9999", f"{DOMAIN}-1200"
NAMES = {
    EXSVC: ("CORP", "exsvc"),
    COMPUTER: ("CORP", "EXCH$"),
    "S-1-5-32-544": ("VORDEFINIERT", "Administratoren"),
    "S-1-1-0": ("", "Jeder"),
    f"{DOMAIN}-512": ("CORP", "Domain Admins"),
    "S-1-5-21-9-9-9-500": ("EXCH", "Administrator"),
}
ALIASES = {"DA": f"{DOMAIN}-512", "LA": "S-1-5-21-9-9-9-500"}


class Helper:
    """A host's SDDLToWin32SD and Win32_SID. ``bad`` SIDs spoil a whole call with this error or return value."""

    def __init__(self, bad: dict[str, Exception | str] | None = None, sid_error: Exception | None = None) -> None:
        self.bad = bad or {}
        self.sid_error = sid_error
        self.cim = FakeCim(on_invoke=self.invoke, on_get=self.get)

    def invoke(self, method: str, arguments: dict[str, str]) -> dict[str, Any]:
        assert method == "SDDLToWin32SD"
        trustees = re.findall(r"\(A;;GR;;;([^)]*)\)", arguments["SDDL"])
        for trustee in trustees:
            trouble = self.bad.get(trustee, self.bad.get("*"))
            if isinstance(trouble, Exception):
                raise trouble
            if trouble is not None:
                return {"ReturnValue": trouble}
        entries = [{"AccessMask": "1", "Trustee": self.trustee(ALIASES.get(text, text))} for text in trustees]
        listed: Any = entries if len(entries) > 1 else (entries[0] if entries else None)
        return {"ReturnValue": "0", "Descriptor": {"ControlFlags": "4", "DACL": listed}}

    @staticmethod
    def trustee(sid: str) -> dict[str, str | None]:
        domain, name = NAMES.get(sid, (None, None))
        return {"Domain": domain, "Name": name, "SIDString": sid, "SID": None}

    def get(self, class_name: str, keys: dict[str, str]) -> dict[str, str | None] | None:
        assert class_name == "Win32_SID"
        if self.sid_error is not None:
            raise self.sid_error
        domain, name = NAMES.get(keys["SID"], ("", ""))
        return {"AccountName": name, "ReferencedDomainName": domain, "SID": keys["SID"]}

    def accounts(self) -> Accounts:
        return Accounts(self.cim)  # type: ignore[arg-type]  # stands for Cim


def test_many_sids_are_named_in_one_request_and_never_asked_again() -> None:
    helper = Helper()
    accounts = helper.accounts()
    wanted = [EXSVC, COMPUTER, "S-1-5-32-544", "S-1-1-0", ORPHAN, EXSVC]
    assert accounts.named(wanted) == {
        EXSVC: Account(EXSVC, "CORP\\exsvc", "account"),
        COMPUTER: Account(COMPUTER, "CORP\\EXCH$", "computer"),
        "S-1-5-32-544": Account("S-1-5-32-544", "VORDEFINIERT\\Administratoren", "alias"),
        "S-1-1-0": Account("S-1-1-0", "Jeder", "well_known"),
        ORPHAN: Account(ORPHAN, None, "orphan"),
    }
    accounts.named([ORPHAN, EXSVC])
    assert len(helper.cim.asked) == 1
    assert accounts.named([]) == {}


def test_a_host_that_repeats_the_sid_as_a_name_has_no_name_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NAMES, ORPHAN, ("", ORPHAN))
    assert Helper().accounts().named([ORPHAN])[ORPHAN] == Account(ORPHAN, None, "orphan")


def test_a_sid_in_another_spelling_is_learned_in_the_one_that_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Helper, "trustee", staticmethod(lambda _sid: {"SIDString": "s-1-5-32-0544", "Name": "x", "Domain": None})
    )
    assert Helper().accounts().named(["S-1-5-32-544"])["S-1-5-32-544"].name == "x"


@pytest.mark.parametrize("trouble", ["1338", WindowsError("refused", code=1), WindowsError("no", inner=1338)])
def test_one_bad_sid_costs_its_own_name_and_no_other(trouble: Exception | str) -> None:
    helper = Helper({ORPHAN: trouble})
    wanted = [f"{DOMAIN}-{rid}" for rid in range(5000, 5040)]
    found = helper.accounts().named([*wanted[:20], ORPHAN, *wanted[20:], EXSVC])
    assert found[EXSVC].name == "CORP\\exsvc"
    assert found[ORPHAN] == Account(ORPHAN, None, "orphan")
    assert len(helper.cim.asked) <= 16


def test_a_host_that_refuses_every_batch_is_not_asked_without_end() -> None:
    helper = Helper({"*": "1"})
    found = helper.accounts().named([f"{DOMAIN}-{rid}" for rid in range(5000, 5400)])
    assert len(found) == 400
    assert len(helper.cim.asked) <= 96


@pytest.mark.parametrize(
    "trouble",
    [
        WindowsError("no class", code=faults.INVALID_NAMESPACE_OR_CLASS),
        WindowsError("denied", code=5),
        WindowsError("denied", inner=0x80041003),
        ReadError("torn"),
    ],
)
def test_a_host_without_the_helper_is_asked_by_single_sids(trouble: Exception) -> None:
    helper = Helper({"*": trouble})
    found = helper.accounts().named([EXSVC, ORPHAN])
    assert found[EXSVC].name == "CORP\\exsvc"
    assert found[ORPHAN].kind == "orphan"
    assert [question[0] for question in helper.cim.asked] == ["invoke", "get", "get"]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        pytest.param(WindowsError("not found", code=1), "orphan", id="fault"),
        pytest.param(WindowsError("denied", code=5), "account", id="denied"),
        pytest.param(WindowsError("late", code=faults.OPERATION_TIMEOUT), "account", id="late"),
        pytest.param(ReadError("torn"), "account", id="torn"),
    ],
)
def test_only_a_host_that_answers_can_say_that_an_account_is_gone(error: Exception, kind: AccountKind) -> None:
    helper = Helper({"*": ReadError("torn")}, sid_error=error)
    assert helper.accounts().named([ORPHAN])[ORPHAN] == Account(ORPHAN, None, kind)


def test_a_domain_that_does_not_answer_costs_one_wait_and_no_verdict() -> None:
    helper = Helper({"*": WindowsError("late", code=faults.OPERATION_TIMEOUT)})
    found = helper.accounts().named([EXSVC, ORPHAN, "S-1-5-32-544", "S-1-5-20"])
    assert len(helper.cim.asked) == 1
    assert found[EXSVC] == Account(EXSVC, None, "account")
    assert found["S-1-5-32-544"].name == "BUILTIN\\Administrators"
    assert found["S-1-5-20"].name == "NT AUTHORITY\\NETWORK SERVICE"


def test_single_questions_are_bounded() -> None:
    helper = Helper({"*": ReadError("torn")})
    helper.accounts().named([f"{DOMAIN}-{rid}" for rid in range(5000, 5100)])
    assert len([question for question in helper.cim.asked if question[0] == "get"]) == 32


def test_a_lost_connection_is_not_swallowed() -> None:
    with pytest.raises(UnreachableError):
        Helper({"*": UnreachableError("gone")}).accounts().named([EXSVC])


def test_fixed_aliases_are_expanded_without_a_request_and_relative_ones_by_the_host() -> None:
    helper = Helper()
    accounts = helper.accounts()
    assert accounts.expand(["BA", "SY"]) == {"BA": "S-1-5-32-544", "SY": "S-1-5-18"}
    assert helper.cim.asked == []
    assert accounts.expand(["LA", "BA", "DA", "LA"]) == {
        "BA": "S-1-5-32-544",
        "LA": "S-1-5-21-9-9-9-500",
        "DA": f"{DOMAIN}-512",
    }
    assert len(helper.cim.asked) == 1


def test_an_alias_that_no_table_has_is_asked_alone_so_that_its_answer_is_no_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Microsoft, "SID Strings"; QQ is one that a later Windows may bring."""
    new = {"CY": "S-1-5-32-569", "AS": "S-1-18-1", "KA": f"{DOMAIN}-526", "QQ": "S-1-5-32-999", "RM": "S-1-5-32-580"}
    for alias, sid in new.items():
        monkeypatch.setitem(ALIASES, alias, sid)
    helper = Helper()
    assert helper.accounts().expand([*new, "BA", "CY"]) == {**new, "BA": "S-1-5-32-544"}
    asked = [question[3]["SDDL"] for question in helper.cim.asked]
    assert sorted(sddl.count("(") for sddl in asked) == [1] * len(new)


CRYPTO = {"Trustee": {"SIDString": "S-1-5-32-569", "Name": "x"}}


@pytest.mark.parametrize("answer", [[CRYPTO, CRYPTO], [], {"Trustee": {"SIDString": "CY"}}])
def test_an_alias_with_two_answers_or_none_stays_unknown(answer: object) -> None:
    cim = FakeCim(on_invoke=lambda *_: {"ReturnValue": "0", "Descriptor": {"DACL": answer}})
    assert Accounts(cim).expand(["CY"]) == {}  # type: ignore[arg-type]  # stands for Cim


def test_unknown_aliases_are_asked_a_bounded_number_of_times() -> None:
    helper = Helper()
    helper.accounts().expand([f"Q{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
    assert len(helper.cim.asked) == 16


@pytest.mark.parametrize(
    "sid",
    [
        "S-1-5-82-1036420768-1044797643-1061213386-2937092688-4282445334",
        "S-1-5-80-1-2-3-4-5",
        "S-1-5-99-1-2-3-4-5",
        "S-1-5-83-1-1-2-3-4",
        "S-1-12-1-1-2-3-4",
        "S-1-5-32-549",
        "S-1-5-21-1-2-3-500",
        "S-1-15-3-1",
        "S-1-99-1",
    ],
)
def test_a_sid_that_the_host_answers_without_a_name_is_an_orphan_whatever_it_begins_with(sid: str) -> None:
    """LookupAccountSid tells "no mapping" for all of them; Server Operators exist on controllers only."""
    assert Helper().accounts().named([sid])[sid] == Account(sid, None, "orphan")


@pytest.mark.parametrize("works", [True, False])
def test_not_found_is_an_answer_only_where_the_class_is_there(works: bool) -> None:
    """Hosts without Win32_SID say "not found" as well: Local System has a name wherever the class works."""
    system = {"AccountName": "SYSTEM", "ReferencedDomainName": "NT AUTHORITY"} if works else None
    cim = FakeCim(
        on_invoke=lambda *_: {"ReturnValue": "1"},
        on_get=lambda _class, keys: system if keys["SID"] == "S-1-5-18" else None,
    )
    found = Accounts(cim).named([ORPHAN])[ORPHAN]  # type: ignore[arg-type]  # stands for Cim
    assert found.kind == ("orphan" if works else "account")


@pytest.mark.parametrize("code", [2150859173, 2150859175, 2150858778, 2150859012])
def test_a_host_that_is_busy_or_refuses_has_not_said_that_an_account_is_gone(code: int) -> None:
    helper = Helper({"*": ReadError("torn")}, sid_error=WindowsError("refused", code=code))
    assert helper.accounts().named([ORPHAN])[ORPHAN].kind == "account"


@pytest.mark.parametrize("trouble", ["1", ReadError("torn"), WindowsError("late", code=faults.OPERATION_TIMEOUT)])
def test_an_alias_that_the_host_does_not_expand_stays_unknown(trouble: Exception | str) -> None:
    assert Helper({"LA": trouble}).accounts().expand(["LA", "ZZ", "BA"]) == {"BA": "S-1-5-32-544"}


@pytest.mark.parametrize(
    "descriptor", [None, "text", {}, {"DACL": None}, {"DACL": "x"}, {"DACL": [{"Trustee": "x"}, {"Trustee": {}}]}]
)
def test_a_descriptor_of_another_shape_names_nobody_and_breaks_nothing(descriptor: object) -> None:
    cim = FakeCim(on_invoke=lambda *_: {"ReturnValue": "0", "Descriptor": descriptor})
    assert Accounts(cim).named([EXSVC])[EXSVC].name is None  # type: ignore[arg-type]  # stands for Cim
