"""What DISA's rules on user rights ask: a table kept by hand, keyed by the rule's id in the STIG.

Read from the check of each rule in Windows Server 2016 V2R10, 2019 V3R8, 2022 V2R8 and 2025 V1R1 (docs/sources.md S12);
the four ask the same, but for the row that says otherwise. A check is prose: whoever meets a new release reads what
changed in it and changes this table; stig.py refuses a release that has other rules than the table.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import HOST_ROLES, HostRole, Operator

ADMINISTRATORS = "S-1-5-32-544"
GUESTS = "S-1-5-32-546"
SERVICE = "S-1-5-6"
DOMAIN_CONTROLLERS = "S-1-5-9"
AUTHENTICATED_USERS = "S-1-5-11"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"
VIRTUAL_MACHINES = "S-1-5-83-0"
LOCAL_ACCOUNT = "S-1-5-113"
LOCAL_ADMINISTRATOR = "S-1-5-114"
DOMAIN_ADMINS = "S-1-5-21-<domain>-512"
ENTERPRISE_ADMINS = "S-1-5-21-<root-domain>-519"

DC: tuple[HostRole, ...] = ("domain_controller",)
JOINED: tuple[HostRole, ...] = ("member_server",)
ALONE: tuple[HostRole, ...] = ("workgroup_member",)
SERVERS = (*JOINED, *ALONE)

APPLICATION = (
    "The check finds no fault with an application account that needs this right, if its vendor documents that and the "
    "security officer has it in writing: waive it."
)
AUDITORS = "The check finds no fault with a group of the organisation's auditors: waive it. " + APPLICATION


@dataclass(frozen=True)
class Asked:
    """What one rule asks of some roles; a member that is a tuple means any one of these accounts."""

    operator: Operator
    members: tuple[str | tuple[str, ...], ...] = ()
    roles: tuple[HostRole, ...] = HOST_ROLES


@dataclass(frozen=True)
class Rule:
    """One rule: its id since 2019 without the letters of the release, that in 2016, and what it asks.

    ``note`` is what the check says beside the members, and ``notes`` the same where one year says something else.
    ``hyper_v`` says that the check allows the virtual machines of Hyper-V as well. No right means orphans in any.
    """

    id: str
    id_2016: str
    right: str | None
    asked: tuple[Asked, ...]
    note: str = ""
    only_2016: str = ""
    hyper_v: bool = False


def _most(*members: str) -> tuple[Asked, ...]:
    return (Asked("at_most", members),)


def _of(roles: tuple[HostRole, ...], operator: Operator, *members: str | tuple[str, ...]) -> Asked:
    return Asked(operator, members, roles)


def _deny(*joined: str | tuple[str, ...]) -> tuple[Asked, ...]:
    """Guests everywhere; on domain members also those who could log on to others with what they leave there."""
    members = (ENTERPRISE_ADMINS, DOMAIN_ADMINS, *joined, GUESTS)
    return (_of(JOINED, "at_least", *members), _of(ALONE, "at_least", GUESTS))


_GUESTS_ON_DC = (_of(DC, "at_least", GUESTS),)
_NOBODY = (Asked("nobody"),)
_SERVICES = (ADMINISTRATORS, SERVICE, LOCAL_SERVICE, NETWORK_SERVICE)

RULES = (
    Rule("00-000450", "00-000460", None, _NOBODY),
    Rule(
        "DC-000340",
        "DC-000340",
        "SeNetworkLogonRight",
        (_of(DC, "at_most", ADMINISTRATORS, AUTHENTICATED_USERS, DOMAIN_CONTROLLERS),),
        APPLICATION,
    ),
    Rule("DC-000350", "DC-000350", "SeMachineAccountPrivilege", (_of(DC, "at_most", ADMINISTRATORS),)),
    Rule("DC-000360", "DC-000360", "SeRemoteInteractiveLogonRight", (_of(DC, "at_most", ADMINISTRATORS),)),
    Rule("DC-000370", "DC-000370", "SeDenyNetworkLogonRight", _GUESTS_ON_DC),
    Rule("DC-000380", "DC-000380", "SeDenyBatchLogonRight", _GUESTS_ON_DC),
    Rule("DC-000390", "DC-000390", "SeDenyServiceLogonRight", (_of(DC, "nobody"),)),
    Rule("DC-000400", "DC-000400", "SeDenyInteractiveLogonRight", _GUESTS_ON_DC),
    Rule("DC-000410", "DC-000410", "SeDenyRemoteInteractiveLogonRight", _GUESTS_ON_DC),
    Rule("DC-000420", "DC-000420", "SeEnableDelegationPrivilege", (_of(DC, "at_most", ADMINISTRATORS),)),
    Rule(
        "MS-000070",
        "MS-000340",
        "SeNetworkLogonRight",
        (_of(SERVERS, "at_most", ADMINISTRATORS, AUTHENTICATED_USERS),),
        APPLICATION,
    ),
    Rule("MS-000080", "MS-000370", "SeDenyNetworkLogonRight", _deny((LOCAL_ADMINISTRATOR, LOCAL_ACCOUNT))),
    Rule("MS-000090", "MS-000380", "SeDenyBatchLogonRight", _deny()),
    Rule(
        "MS-000100",
        "MS-000390",
        "SeDenyServiceLogonRight",
        (_of(JOINED, "at_least", ENTERPRISE_ADMINS, DOMAIN_ADMINS), _of(ALONE, "nobody")),
        "The title asks for no others on domain members; the check, which decides, does not.",
    ),
    Rule("MS-000110", "MS-000400", "SeDenyInteractiveLogonRight", _deny()),
    Rule("MS-000120", "MS-000410", "SeDenyRemoteInteractiveLogonRight", _deny(LOCAL_ACCOUNT)),
    Rule("MS-000130", "MS-000420", "SeEnableDelegationPrivilege", (_of(SERVERS, "nobody"),)),
    Rule("UR-000010", "UR-000010", "SeTrustedCredManAccessPrivilege", _NOBODY),
    Rule("UR-000020", "UR-000030", "SeTcbPrivilege", _NOBODY, APPLICATION),
    Rule("UR-000030", "UR-000050", "SeInteractiveLogonRight", _most(ADMINISTRATORS), APPLICATION),
    Rule("UR-000040", "UR-000070", "SeBackupPrivilege", _most(ADMINISTRATORS), APPLICATION),
    Rule("UR-000050", "UR-000080", "SeCreatePagefilePrivilege", _most(ADMINISTRATORS)),
    Rule("UR-000060", "UR-000090", "SeCreateTokenPrivilege", _NOBODY, APPLICATION),
    Rule("UR-000070", "UR-000100", "SeCreateGlobalPrivilege", _most(*_SERVICES), APPLICATION),
    Rule("UR-000080", "UR-000110", "SeCreatePermanentPrivilege", _NOBODY),
    Rule("UR-000090", "UR-000120", "SeCreateSymbolicLinkPrivilege", _most(ADMINISTRATORS), hyper_v=True),
    Rule("UR-000100", "UR-000130", "SeDebugPrivilege", _most(ADMINISTRATORS), APPLICATION),
    Rule("UR-000110", "UR-000200", "SeRemoteShutdownPrivilege", _most(ADMINISTRATORS)),
    Rule("UR-000120", "UR-000210", "SeAuditPrivilege", _most(LOCAL_SERVICE, NETWORK_SERVICE), APPLICATION),
    Rule("UR-000130", "UR-000220", "SeImpersonatePrivilege", _most(*_SERVICES), APPLICATION),
    Rule("UR-000140", "UR-000230", "SeIncreaseBasePriorityPrivilege", _most(ADMINISTRATORS), APPLICATION),
    Rule("UR-000150", "UR-000240", "SeLoadDriverPrivilege", _most(ADMINISTRATORS)),
    Rule("UR-000160", "UR-000250", "SeLockMemoryPrivilege", _NOBODY, APPLICATION),
    Rule("UR-000170", "UR-000260", "SeSecurityPrivilege", _most(ADMINISTRATORS), AUDITORS),
    Rule("UR-000180", "UR-000270", "SeSystemEnvironmentPrivilege", _most(ADMINISTRATORS)),
    Rule("UR-000190", "UR-000280", "SeManageVolumePrivilege", _most(ADMINISTRATORS), only_2016=APPLICATION),
    Rule("UR-000200", "UR-000290", "SeProfileSingleProcessPrivilege", _most(ADMINISTRATORS)),
    Rule("UR-000210", "UR-000300", "SeRestorePrivilege", _most(ADMINISTRATORS), APPLICATION),
    Rule("UR-000220", "UR-000310", "SeTakeOwnershipPrivilege", _most(ADMINISTRATORS), APPLICATION),
)


def by_id(year: str) -> dict[str, Rule]:
    """The rules by their whole id in the STIG of a year: WN22-UR-000010."""
    letters = f"WN{year[2:]}-"
    return {letters + (rule.id_2016 if year == "2016" else rule.id): rule for rule in RULES}
