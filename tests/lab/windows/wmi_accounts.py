# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Win32_UserAccount, Win32_Group, Win32_SystemAccount, Win32_GroupUser, Win32_UserProfile (docs/sources.md S1, S10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.seams import CimReference, CimValue, WmiError
from lab.state import sids, well_known
from lab.state.accounts import USER_KINDS, Account
from lab.windows.cim import CIMV2, CimClass, Context, Row, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ACCOUNT = "Caption Description Domain InstallDate LocalAccount Name SID SIDType Status"
_USER = words(
    "AccountType Caption Description Disabled Domain FullName InstallDate LocalAccount Lockout Name "
    "PasswordChangeable PasswordExpires PasswordRequired SID SIDType Status"
)
FOREST_SECONDS = 120.0  # "two minutes and more" in a big forest (docs/sources.md S1)


def _domain_name(context: Context) -> str:
    machine = context.host.machine
    return machine.domain.netbios if machine.controller and machine.domain else machine.name


def _own(context: Context) -> list[Account]:
    """The accounts WMI shows: of this computer; on a domain controller those of the domain."""
    machine = context.host.machine
    shown = [account for account in machine.local if account.kind != "group"]  # not the group None
    if machine.controller and machine.domain:
        shown += list(machine.domain)
    return shown


def _walk_domain(context: Context) -> None:
    """A query that is not bound to the computer's own accounts may walk the forest (world)."""
    machine = context.host.machine
    if machine.domain and not machine.controller and context.host.worlds["cim_domain_accounts"] == "slow":
        context.seconds += FOREST_SECONDS


def _row(context: Context, account: Account, kind: int) -> Row:
    domain = _domain_name(context)
    local = not context.host.machine.controller or account.kind == "alias"
    row: dict[str, CimValue] = {
        "Caption": f"{domain}\\{account.name}",
        "Description": "",
        "Domain": domain,
        "LocalAccount": local,
        "Name": account.name,
        "SID": account.sid,
        "SIDType": kind,
        "Status": "OK" if account.enabled else "Degraded",
    }
    if kind == 1:
        row |= {
            "AccountType": 512,
            "Disabled": not account.enabled,
            "FullName": "",
            "Lockout": False,
            "PasswordChangeable": True,
            "PasswordExpires": False,
            "PasswordRequired": True,
        }
    return row


def _user_rows(context: Context) -> Iterator[Row]:
    _walk_domain(context)
    return (_row(context, a, 1) for a in _own(context) if a.kind in USER_KINDS)


def _group_rows(context: Context) -> Iterator[Row]:
    _walk_domain(context)
    return (_row(context, a, 4 if a.kind == "alias" else 2) for a in _own(context) if a.kind not in USER_KINDS)


def _system_rows(context: Context) -> Iterator[Row]:
    language = context.host.machine.language
    for row in well_known.WELL_KNOWN:
        if row.kind == "wellknown":
            yield _row(context, Account(row.sid, row.name(language), "wellknown"), 5)


def _by_keys(context: Context, keys: Mapping[str, str], *, users: bool) -> Row | None:
    """Get by Domain and Name: the computer's own name only; a domain's accounts are not seen from here."""
    if keys["Domain"].casefold() != _domain_name(context).casefold():
        _walk_domain(context)
        return None
    wanted = keys["Name"].casefold()
    for account in _own(context):
        if account.name.casefold() == wanted and (account.kind in USER_KINDS) == users:
            return _row(context, account, 1 if users else 4)
    return None


def _user(context: Context, keys: Mapping[str, str]) -> Row | None:
    return _by_keys(context, keys, users=True)


def _group(context: Context, keys: Mapping[str, str]) -> Row | None:
    return _by_keys(context, keys, users=False)


def _account_reference(context: Context, sid: str) -> CimReference | None:
    """A member as WMI points to it: domain and name, no SID; None for an orphan (world)."""
    machine = context.host.machine
    found = machine.lsa.sid_to_name(sid)
    if found is None:
        if context.host.worlds["group_member_orphans"] == "missing":
            return None
        return CimReference(CIMV2, "Win32_Account", {"Domain": _domain_name(context), "Name": sid})
    domain = found.domain if found.kind in USER_KINDS | {"group"} else _domain_name(context)
    kind = "Win32_SystemAccount" if found.kind == "wellknown" else "Win32_Group"
    kind = "Win32_UserAccount" if found.kind in USER_KINDS else kind
    return CimReference(CIMV2, kind, {"Domain": domain, "Name": found.name})


def _memberships(context: Context) -> Iterator[Row]:
    _walk_domain(context)
    for group in _own(context):
        if group.kind in USER_KINDS:
            continue
        component = CimReference(CIMV2, "Win32_Group", {"Domain": _domain_name(context), "Name": group.name})
        for sid in group.members:
            part = _account_reference(context, sid)
            if part:
                yield {"GroupComponent": component, "PartComponent": part}


def associated(context: Context, reference: CimReference, role: str, result_role: str) -> Iterable[tuple[str, Row]]:
    """Members of a local group (role GroupComponent), or local groups of an account (PartComponent)."""
    keys = {name.casefold(): value.casefold() for name, value in reference.keys.items()}
    if reference.class_name.casefold() == "win32_group" and role.casefold() in ("", "groupcomponent"):
        group = next((a for a in _own(context) if a.name.casefold() == keys.get("name")), None)
        for sid in group.members if group and result_role.casefold() in ("", "partcomponent") else ():
            part = _account_reference(context, sid)
            if part:
                yield part.class_name, _member_row(context, sid, part)
    if role.casefold() in ("", "partcomponent") and result_role.casefold() in ("", "groupcomponent"):
        for row in list(_memberships(context)):
            member, component = row["PartComponent"], row["GroupComponent"]
            if not isinstance(member, CimReference) or not isinstance(component, CimReference):
                continue
            if _same(member, keys):
                found = _group(context, component.keys)
                if found:
                    yield "Win32_Group", found


def _same(part: CimReference, keys: Mapping[str, str]) -> bool:
    own = {name.casefold(): value.casefold() for name, value in part.keys.items()}
    return own == keys


def _member_row(context: Context, sid: str, part: CimReference) -> Row:
    """A local member with all its properties; of a domain's member the two keys only."""
    account = next((a for a in _own(context) if a.sid == sid), None)
    if account:
        return _row(context, account, 1 if account.kind in USER_KINDS else 4)
    domain, name = part.keys["Domain"], part.keys["Name"]
    return {"Caption": f"{domain}\\{name}", "Domain": domain, "Name": name, "LocalAccount": False}


def _profiles(context: Context) -> Iterator[Row]:
    for sid, path in context.host.machine.profiles.items():
        yield {
            "LocalPath": path,
            "Loaded": sid in (sids.LOCAL_SYSTEM, sids.LOCAL_SERVICE, sids.NETWORK_SERVICE),
            "SID": sid,
            "Special": not sid.startswith("S-1-5-21-"),
            "Status": 0,
        }


def _profile(context: Context, keys: Mapping[str, str]) -> Row:
    for row in _profiles(context):
        if str(row["SID"]).casefold() == keys["SID"].casefold():
            return row
    raise WmiError("failed", "0x80070002", "GetObject", f'Win32_UserProfile.SID="{keys["SID"]}"')


CLASSES = (
    CimClass("Win32_Account", words(_ACCOUNT), ("Domain", "Name")),
    CimClass("Win32_UserAccount", _USER, ("Domain", "Name"), _user_rows, _user, parents=("Win32_Account",)),
    CimClass(
        "Win32_Group",
        words(_ACCOUNT),
        ("Domain", "Name"),
        _group_rows,
        _group,
        parents=("Win32_Account",),
    ),
    CimClass(
        "Win32_SystemAccount",
        words(_ACCOUNT),
        ("Domain", "Name"),
        _system_rows,
        parents=("Win32_Account",),
    ),
    CimClass(
        "Win32_GroupUser",
        words("GroupComponent PartComponent"),
        ("GroupComponent", "PartComponent"),
        _memberships,
    ),
    CimClass("Win32_UserProfile", words("LocalPath Loaded SID Special Status"), ("SID",), _profiles, _profile),
)
