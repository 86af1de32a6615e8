"""Results of many hosts as the roles leave them, made from a seed: orphans, waivers, faults and lost hosts too."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

AS_OF = "2026-11-24T09:{:02}:00Z"
DOMAIN = "S-1-5-21-1004336348-1177238915-682003330"
BASELINE = {
    "name": "microsoft_windows_server_2025",
    "title": "Microsoft OSConfig security baseline, Windows Server 2025",
    "release": "2506",
    "source": "https://github.com/microsoft/osconfig",
}
ADMINISTRATORS = {"sid": "S-1-5-32-544", "name": "BUILTIN\\Administrators", "kind": "alias"}
USERS = {"sid": "S-1-5-32-545", "name": "BUILTIN\\Users", "kind": "alias"}
EVERYONE = {"sid": "S-1-1-0", "name": "Everyone", "kind": "well_known"}
AUTHENTICATED = {"sid": "S-1-5-11", "name": "NT AUTHORITY\\Authenticated Users", "kind": "well_known"}
LOCAL_SERVICE = {"sid": "S-1-5-19", "name": "NT AUTHORITY\\LOCAL SERVICE", "kind": "well_known"}
NETWORK_SERVICE = {"sid": "S-1-5-20", "name": "NT AUTHORITY\\NETWORK SERVICE", "kind": "well_known"}
SERVICE = {"sid": "S-1-5-6", "name": "NT AUTHORITY\\SERVICE", "kind": "well_known"}
GUESTS = {"sid": "S-1-5-32-546", "name": "BUILTIN\\Guests", "kind": "alias"}
BACKUP_OPERATORS = {"sid": "S-1-5-32-551", "name": "BUILTIN\\Backup Operators", "kind": "alias"}
BACKUP = {"sid": f"{DOMAIN}-1144", "name": "CORP\\svc-backup", "kind": "account"}
WAIVER = {
    "control": "OSC-008",
    "accounts": [BACKUP],
    "unknown_accounts": [],
    "reason": "agreed with security",
    "until": "2027-03-31",
    "state": "in_force",
}
# Right, display name, who is expected.
RIGHTS: tuple[tuple[str, str, tuple[dict[str, str], ...]], ...] = (
    ("SeTrustedCredManAccessPrivilege", "Access Credential Manager as a trusted caller", ()),
    ("SeNetworkLogonRight", "Access this computer from the network", (ADMINISTRATORS, AUTHENTICATED)),
    ("SeTcbPrivilege", "Act as part of the operating system", ()),
    ("SeMachineAccountPrivilege", "Add workstations to domain", (ADMINISTRATORS,)),
    (
        "SeIncreaseQuotaPrivilege",
        "Adjust memory quotas for a process",
        (ADMINISTRATORS, LOCAL_SERVICE, NETWORK_SERVICE),
    ),
    ("SeInteractiveLogonRight", "Allow log on locally", (ADMINISTRATORS,)),
    ("SeRemoteInteractiveLogonRight", "Allow log on through Remote Desktop Services", (ADMINISTRATORS,)),
    ("SeBackupPrivilege", "Back up files and directories", (ADMINISTRATORS,)),
    ("SeChangeNotifyPrivilege", "Bypass traverse checking", (EVERYONE, ADMINISTRATORS, USERS)),
    ("SeSystemtimePrivilege", "Change the system time", (ADMINISTRATORS, LOCAL_SERVICE)),
    ("SeTimeZonePrivilege", "Change the time zone", (ADMINISTRATORS, LOCAL_SERVICE)),
    ("SeCreatePagefilePrivilege", "Create a pagefile", (ADMINISTRATORS,)),
    ("SeCreateTokenPrivilege", "Create a token object", ()),
    (
        "SeCreateGlobalPrivilege",
        "Create global objects",
        (ADMINISTRATORS, LOCAL_SERVICE, NETWORK_SERVICE, SERVICE),
    ),
    ("SeCreatePermanentPrivilege", "Create permanent shared objects", ()),
    ("SeCreateSymbolicLinkPrivilege", "Create symbolic links", (ADMINISTRATORS,)),
    ("SeDebugPrivilege", "Debug programs", (ADMINISTRATORS,)),
    ("SeDenyNetworkLogonRight", "Deny access to this computer from the network", (GUESTS,)),
    ("SeDenyBatchLogonRight", "Deny log on as a batch job", (GUESTS,)),
    ("SeDenyServiceLogonRight", "Deny log on as a service", (GUESTS,)),
    ("SeDenyInteractiveLogonRight", "Deny log on locally", (GUESTS,)),
    ("SeDenyRemoteInteractiveLogonRight", "Deny log on through Remote Desktop Services", (GUESTS,)),
    ("SeEnableDelegationPrivilege", "Enable computer and user accounts to be trusted for delegation", ()),
    ("SeRemoteShutdownPrivilege", "Force shutdown from a remote system", (ADMINISTRATORS,)),
    ("SeAuditPrivilege", "Generate security audits", (LOCAL_SERVICE, NETWORK_SERVICE)),
    (
        "SeImpersonatePrivilege",
        "Impersonate a client after authentication",
        (ADMINISTRATORS, LOCAL_SERVICE, NETWORK_SERVICE, SERVICE),
    ),
    ("SeIncreaseBasePriorityPrivilege", "Increase scheduling priority", (ADMINISTRATORS,)),
    ("SeLoadDriverPrivilege", "Load and unload device drivers", (ADMINISTRATORS,)),
    ("SeLockMemoryPrivilege", "Lock pages in memory", ()),
    ("SeBatchLogonRight", "Log on as a batch job", (ADMINISTRATORS,)),
    ("SeServiceLogonRight", "Log on as a service", ()),
    ("SeSecurityPrivilege", "Manage auditing and security log", (ADMINISTRATORS,)),
    ("SeRelabelPrivilege", "Modify an object label", ()),
    ("SeSystemEnvironmentPrivilege", "Modify firmware environment values", (ADMINISTRATORS,)),
    ("SeManageVolumePrivilege", "Perform volume maintenance tasks", (ADMINISTRATORS,)),
    ("SeProfileSingleProcessPrivilege", "Profile single process", (ADMINISTRATORS,)),
    ("SeAssignPrimaryTokenPrivilege", "Replace a process level token", (LOCAL_SERVICE, NETWORK_SERVICE)),
    ("SeRestorePrivilege", "Restore files and directories", (ADMINISTRATORS,)),
    ("SeTakeOwnershipPrivilege", "Take ownership of files or other objects", (ADMINISTRATORS,)),
)
LOST = "Logging on to {host} failed (rejected): the account or its password is wrong there, or it may not log on."
REFUSED = "The export of the user rights is not whole, so nothing is said of them: secedit gave exit code 1."


def names(number: int) -> list[str]:
    """Names of hosts as inventories have them."""
    kinds = ("sql", "web", "file", "app", "mail")
    return [f"{kinds[index % len(kinds)]}{index:04}.corp.example" for index in range(number)]


def baseline_results(number: int, seed: int = 1) -> dict[str, Any]:
    """For each host its ``user_rights_baseline_result``; None where the play has nothing."""
    rng = random.Random(seed)
    return {host: _host(host, index, rng) for index, host in enumerate(names(number))}


def _host(host: str, index: int, rng: random.Random) -> dict[str, Any] | None:
    chance = rng.random()
    if chance < 0.01:
        return None
    if chance < 0.03:
        return _lost(host, "unreachable", LOST.format(host=host))
    if chance < 0.035:
        return _lost(host, "failed", REFUSED)
    judged = _judged(index, rng)
    word = {True: "compliant", False: "not_compliant", None: "unknown"}[judged["compliant"]]
    return {**_lost(host, word, ""), "computer": host.partition(".")[0].upper(), "judged": judged}


def _lost(host: str, status: str, failure: str) -> dict[str, Any]:
    return {
        "host": host,
        "computer": "",
        "status": status,
        "judged": {},
        "before": {},
        "changed": False,
        "check_mode": False,
        "restore": [],
        "restore_file": "",
        "confirm": {},
        "failure": failure,
    }


def _judged(index: int, rng: random.Random) -> dict[str, Any]:
    local = f"S-1-5-21-{1000000000 + index}-{2000000000 + index}-{3000000000 + index}"
    controller = index % 50 == 7
    controls = [_control(place, local, controller, rng) for place in range(len(RIGHTS))]
    statuses = [one["status"] for one in controls]
    words = ("pass", "fail", "unknown", "not_applicable", "waived")
    orphans = sorted({one["sid"] for row in controls for one in row["holders"] if one["sid"] and not one["name"]})
    return {
        "compliant": False if "fail" in statuses else None if "unknown" in statuses else True,
        "host_role": "domain_controller" if controller else "member_server",
        "baseline": BASELINE,
        "as_of": AS_OF.format(index % 60),
        "summary": {word: statuses.count(word) for word in words},
        "orphans": orphans,
        "controls": controls,
        "remedy": [],
        "waivers": [WAIVER],
    }


def _control(place: int, local: str, controller: bool, rng: random.Random) -> dict[str, Any]:
    right, display_name, expected = RIGHTS[place]
    holders: list[dict[str, Any]] = list(expected)
    missing: list[dict[str, str]] = []
    extra = _extra(right, local, rng)
    allowed: list[Mapping[str, Any]] = []
    status, reason = "pass", f"Only who is expected holds {right}."
    if right == "SeMachineAccountPrivilege" and not controller:
        status, reason = "not_applicable", "This control is for domain controllers."
    elif extra:
        holders += extra
        status = "fail"
        reason = f"{', '.join(one['name'] or one['sid'] for one in extra)} holds {right} and is not expected to."
    elif right == "SeServiceLogonRight" and rng.random() < 0.3:
        # An instance of SQL Server, named after the computer it was set up on.
        holders.append({"sid": f"{local}-1013", "name": f"{local[-4:]}\\SQLAgent", "kind": "user"})
        status, reason = "fail", f"{holders[-1]['name']} holds {right} and is not expected to."
        extra = holders[-1:]
    elif right == "SeBackupPrivilege" and rng.random() < 0.2:
        holders.append(dict(BACKUP))
        allowed.append({"sid": BACKUP["sid"], "reason": "waived until 2027-03-31: agreed with security"})
        status, reason = "waived", "CORP\\svc-backup holds it by a waiver until 2027-03-31."
    elif right.startswith("SeDeny") and rng.random() < 0.08:
        holders, missing = [], [GUESTS]
        status, reason = "fail", f"BUILTIN\\Guests lacks {right}."
    elif rng.random() < 0.002:
        holders.append({"sid": None, "name": "OLDDOM\\somebody", "kind": "unknown"})
        status, reason = "unknown", "OLDDOM\\somebody could not be pinned to a SID, so it is not known who it is."
    return {
        "id": f"OSC-{place + 1:03}",
        "title": f"The user right {display_name} is held by the accounts that need it",
        "right": right,
        "display_name": display_name,
        "operator": "at_least" if right.startswith("SeDeny") else "at_most" if expected else "nobody",
        "expected": list(expected),
        "status": status,
        "holders": holders,
        "extra": extra if status == "fail" else [],
        "missing": missing,
        "allowed_by": allowed,
        "severity": "critical" if right in ("SeTcbPrivilege", "SeDebugPrivilege") else "medium",
        "references": {"cce": f"CCE-{37000 + place}-1", "cci": ["CCI-000213"], "nist": ["AC-3"]},
        "governed": {"status": "gpo", "gpo": {"guid": "{6AC1786C-016F-11D2-945F-00C04FB984F9}", "name": "Servers"}}
        if place % 3 == 0
        else {"status": "none_seen", "gpo": None},
        "reason": reason,
    }


def _extra(right: str, local: str, rng: random.Random) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if right == "SeRemoteShutdownPrivilege" and rng.random() < 0.25:
        found.append({"sid": "S-1-5-32-549", "name": "BUILTIN\\Server Operators", "kind": "alias"})
    if right == "SeInteractiveLogonRight" and rng.random() < 0.35:
        found += [USERS, BACKUP_OPERATORS]
    if right == "SeDebugPrivilege" and rng.random() < 0.04:
        found.append({"sid": f"{DOMAIN}-1311", "name": "CORP\\DBAs", "kind": "account"})
    if right == "SeTcbPrivilege" and rng.random() < 0.02:
        found.append({"sid": f"{DOMAIN}-1107", "name": "CORP\\exsvc", "kind": "account"})
    if right in ("SeBatchLogonRight", "SeServiceLogonRight") and rng.random() < 0.08:
        found.append({"sid": f"{local}-1{rng.randrange(100, 999)}", "name": None, "kind": "unknown"})
    return found


def pop_results(number: int, seed: int = 1) -> dict[str, Any]:
    """For each host its ``pop3_prerequisites_result``; None where the play has nothing."""
    rng = random.Random(seed)
    return {host: _outcome(host, rng) for host in names(number)}


def _outcome(host: str, rng: random.Random) -> dict[str, Any] | None:
    chance = rng.random()
    if chance < 0.01:
        return None
    broken, unknown = chance < 0.05, 0.05 <= chance < 0.07
    account = {"sid": f"{DOMAIN}-1107", "name": "CORP\\exsvc", "kind": "account"}
    advice = "Grant it, with the playbook winmail.exchange.fix or otherwise: CORP\\exsvc does not hold SeTcbPrivilege."
    return {
        "host": host,
        "computer": None if unknown else host.partition(".")[0].upper(),
        "generation": "unknown" if unknown else "5.5",
        "services": [] if unknown else ["MSExchangeIS"],
        "account": None if unknown else "CORP\\exsvc",
        "rights": [
            {
                "name": "SeTcbPrivilege",
                "display_name": "Act as part of the operating system",
                "account": account,
                "before": "missing" if broken else "direct",
                "after": "missing" if broken else "direct",
                "governed": None,
            }
        ]
        if not unknown
        else [],
        "governed": None,
        "verdict_before": "privilege_missing" if broken else "unreachable" if unknown else "logon_ok",
        "verdict_after": "privilege_missing" if broken else "unreachable" if unknown else "logon_ok",
        "dialogue_before": [],
        "dialogue_after": [],
        "action": "grant" if broken else "unknown" if unknown else "none",
        "reason": "CORP\\exsvc does not hold SeTcbPrivilege." if broken else "Nothing is wrong.",
        "done": [],
        "changed": False,
        "check_mode": False,
        "restarted": [],
        "restart_required": False,
        "events": None,
        "unread": [],
        "restore": [],
        "restore_file": None,
        "failure": LOST.format(host="the host") if unknown else "",
        "compliant": not broken and not unknown,
        "unknown": unknown,
        "advice": LOST.format(host="the host") if unknown else advice if broken else "There is nothing to do.",
    }
