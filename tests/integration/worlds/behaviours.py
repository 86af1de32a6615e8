# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The behaviours that must be right, or refused before any change, in every world: what is done to which host."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lab.state import sids

Assignment = dict[str, list[str]]

# Over which connections every world is played: winrm, psrp, or both ("winrm psrp"; make worlds CONNECTION=...).
CONNECTIONS = tuple(os.environ.get("WINMAIL_EXCHANGE_CONNECTION", "").split()) or ("winrm",)

CORP = "S-1-5-21-2840394521-1093752863-3410756322"
MEMBER = "S-1-5-21-2315843530-1563403064-648863213"
SAMENAME = "S-1-5-21-3148290908-4123915750-4164790604"
WORKGROUP = "S-1-5-21-3623811015-3361044348-30300820"
EXSVC, OLD = f"{CORP}-1107", f"{CORP}-1112"
POOL = "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415"
TCB, BATCH, SERVICE = "SeTcbPrivilege", "SeBatchLogonRight", "SeServiceLogonRight"


@dataclass(frozen=True)
class Behaviour:
    """One task on one host of the scenario ``rights``, and what it must have done when it succeeds.

    ``expected`` computes the host's rights from those before. ``refused`` says that it must be refused in every world.
    """

    name: str
    host: str
    options: Mapping[str, Any]
    expected: Callable[[Assignment], Assignment]
    faults: Sequence[Mapping[str, Any]] = field(default=())
    refused: bool = False


def short(right: str, *accounts: str, state: str = "present") -> dict[str, Any]:
    """The options of the short form."""
    return {"name": right, "accounts": list(accounts), "state": state}


def moved(right: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> Callable[[Assignment], Assignment]:
    """The rights with some holders added to one and some taken from it."""

    def expected(before: Assignment) -> Assignment:
        holders = sorted((set(before.get(right, ())) | set(add)) - set(remove))
        after = {**before, right: holders}
        return {name: held for name, held in after.items() if held}

    return expected


def exactly(right: str, *holders: str) -> Callable[[Assignment], Assignment]:
    """The rights with one held by exactly these."""
    return lambda before: {name: held for name, held in {**before, right: sorted(holders)}.items() if held}


def unchanged(before: Assignment) -> Assignment:
    """The rights as they were."""
    return before


def meanwhile(right: str, sid: str) -> dict[str, Any]:
    """A second administrator grants a right between the two exports that our write compares."""
    return {
        "at": "program.start",
        "match": {"program": "secedit", "verb": "/export"},
        "skip": 2,
        "do": "state",
        "grant": {"right": right, "sid": sid},
    }


DROPPED = {"at": "program.start", "match": {"program": "secedit", "verb": "/configure"}, "do": "drop"}

BEHAVIOURS = (
    Behaviour("domain user", "member", short(TCB, "CORP\\exsvc"), moved(TCB, add=[EXSVC])),
    Behaviour("beside local names", "member", short(BATCH, "CORP\\old"), moved(BATCH, add=[OLD])),
    Behaviour(
        "local group gone",
        "member",
        short(BATCH, ".\\Mail Operators", state="absent"),
        moved(BATCH, remove=[f"{MEMBER}-1010"]),
    ),
    Behaviour(
        "ampersand",
        "member",
        short("SeIncreaseQuotaPrivilege", ".\\R&D"),
        moved("SeIncreaseQuotaPrivilege", add=[f"{MEMBER}-1004"]),
    ),
    Behaviour("clear", "member", {"rights": [{"name": "SeBackupPrivilege", "set": []}]}, exactly("SeBackupPrivilege")),
    Behaviour(
        "forced entries",
        "member",
        short("SeImpersonatePrivilege", "S-1-5-19", "S-1-5-32-551", state="pure"),
        exactly("SeImpersonatePrivilege", "S-1-5-19", "S-1-5-20", "S-1-5-32-544", "S-1-5-32-551", "S-1-5-6"),
    ),
    Behaviour(
        "kept accounts",
        "member",
        short("SeSystemtimePrivilege", "S-1-5-32-544", "S-1-5-32-549", state="pure"),
        exactly("SeSystemtimePrivilege", "S-1-5-19", "S-1-5-32-544", "S-1-5-32-549"),
    ),
    Behaviour(
        "gmsa and service",
        "member",
        {"rights": [{"name": SERVICE, "add": ["NT SERVICE\\W32Time"], "remove": ["CORP\\gmsapop$"]}]},
        moved(
            SERVICE,
            add=[sids.service_sid("W32Time")],
            remove=[f"{CORP}-1130"],
        ),
    ),
    Behaviour("local twin", "samename", short(TCB, ".\\exsvc"), moved(TCB, add=[f"{SAMENAME}-1003"])),
    Behaviour(
        "domain twin gone", "samename", short(SERVICE, "CORP\\exsvc", state="absent"), moved(SERVICE, remove=[EXSVC])
    ),
    Behaviour("orphans kept", "orphans", short(SERVICE, "CORP\\old"), moved(SERVICE, add=[OLD])),
    Behaviour(
        "orphan removed", "orphans", short(TCB, f"{CORP}-9998", state="absent"), moved(TCB, remove=[f"{CORP}-9998"])
    ),
    Behaviour("300 holders", "many", short(BATCH, "CORP\\old"), moved(BATCH, add=[OLD])),
    Behaviour(
        "English name, German host",
        "german",
        short("SeTimeZonePrivilege", "Backup Operators"),
        moved("SeTimeZonePrivilege", add=["S-1-5-32-551"]),
    ),
    Behaviour("beside umlauts", "german", short(BATCH, "CORP\\old"), moved(BATCH, add=[OLD])),
    Behaviour("domain controller", "dc", short(SERVICE, "CORP\\old"), moved(SERVICE, add=[OLD])),
    Behaviour("workgroup", "workgroup", short(TCB, ".\\svc"), moved(TCB, add=[f"{WORKGROUP}-1002"])),
    Behaviour("2008 R2", "r2", short(TCB, "CORP\\exsvc"), moved(TCB, add=[EXSVC])),
    Behaviour("dead domain, by SID", "deaddomain", short(TCB, EXSVC), moved(TCB, add=[EXSVC])),
    Behaviour("dead domain, by name", "deaddomain", short(TCB, "CORP\\old"), unchanged, refused=True),
    Behaviour("governed", "governed", {**short(TCB, "CORP\\exsvc"), "gpo_conflict": "fail"}, unchanged, refused=True),
    Behaviour("lossy name", "lossy", short(BATCH, "CORP\\old"), moved(BATCH, add=[OLD])),
    Behaviour("not an administrator", "notadmin", short(TCB, "CORP\\exsvc"), unchanged, refused=True),
    Behaviour(
        "lock-out",
        "member",
        short("SeNetworkLogonRight", "S-1-5-19", state="pure"),
        unchanged,
        refused=True,
    ),
    Behaviour(
        "only by how one logs on",
        "member",
        short("SeNetworkLogonRight", "S-1-5-2", state="pure"),
        unchanged,
        refused=True,
    ),
    Behaviour(
        "domain users denied", "member", short("SeDenyNetworkLogonRight", f"{CORP}-513"), unchanged, refused=True
    ),
    Behaviour(
        "what Windows keeps",
        "member",
        {"rights": [{"name": "SeAuditPrivilege", "set": ["CORP\\exsvc", "IIS APPPOOL\\DefaultAppPool"]}]},
        exactly("SeAuditPrivilege", "S-1-5-19", "S-1-5-20", EXSVC, POOL),
    ),
    Behaviour(
        "second controller",
        "lonely",
        short(SERVICE, "CORP\\exsvc"),
        moved(SERVICE, add=[EXSVC, OLD]),
        faults=(meanwhile(SERVICE, OLD),),
    ),
    Behaviour("dropped", "r2", short(BATCH, "CORP\\exsvc"), moved(BATCH, add=[EXSVC]), faults=(DROPPED,)),
    Behaviour("confirmed", "member", {**short(TCB, "CORP\\exsvc"), "confirm": True}, moved(TCB, add=[EXSVC])),
    Behaviour("confirmed on 2008 R2", "r2", {**short(TCB, "CORP\\exsvc"), "confirm": True}, moved(TCB, add=[EXSVC])),
)
