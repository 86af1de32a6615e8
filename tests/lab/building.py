# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns a host of a scenario into a machine: accounts, rights, Exchange, files, policy, events."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from lab.spec import Spec, items, mapping
from lab.state import default_rights, device_management, exchange, sids, system_services, virtual_accounts, well_known
from lab.state.accounts import Account, Authority, controller_aliases, domain_sam, local_sam
from lab.state.clock import Clock
from lab.state.eventlog import EventLog
from lab.state.files import FileSystem
from lab.state.lsa import NONE_MAPPED, TRUST_FAILURE, LookupFailedError, Lsa
from lab.state.machine import Machine
from lab.state.policy import Gpo, Policy
from lab.state.registry import Registry
from lab.state.rights import RightsStore, canonical_right
from lab.state.services import OK, RUNNING, STOPPED, TIMED_OUT, Service
from lab.windows import programs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lab.worlds import Worlds

STARTED_BEFORE = dt.timedelta(days=3)
OUTLASTING = 30.0  # seconds; a WinRM operation may take 20 by Ansible's default


def domain(spec: Spec) -> Authority | None:
    """The domain that the hosts of a scenario share."""
    if not spec:
        return None
    sam = domain_sam(str(spec["netbios"]), str(spec["dns"]), str(spec["sid"]))
    for kind in ("user", "group", "gmsa", "computer"):
        for entry in items(spec.get(f"{kind}s")):
            data = mapping(entry)
            _add_account(sam, data, "alias" if data.get("scope") == "local" else kind)
    for entry in items(spec.get("users")):
        _join(sam, mapping(entry))
    for entry in items(spec.get("groups")):
        data = mapping(entry)
        group = sam.by_name(str(data["name"]))
        for member in items(data.get("members")):
            account = sam.by_name(str(member))
            if group and account:
                group.members.append(account.sid)
    return sam


def _add_account(sam: Authority, data: Spec, kind: str) -> None:
    sam.add(
        Account(
            f"{sam.sid}-{data['rid']}",
            str(data["name"]),
            kind,
            password=str(data.get("password", "")),
            enabled=bool(data.get("enabled", True)),
            upn=str(data.get("upn", "")),
        )
    )


def _join(sam: Authority, data: Spec) -> None:
    account = sam.by_name(str(data["name"]))
    for name in items(data.get("member_of")):
        group = sam.by_name(str(name))
        if group is None or account is None:
            raise ValueError(f"{data['name']}: no group {name} in {sam.netbios}")
        group.members.append(account.sid)


def policies(spec: Spec, shared: Authority | None) -> dict[str, Gpo]:
    """The policy objects of a scenario by their short names."""
    found = {}
    for key, value in spec.items():
        data = mapping(value)
        rights = {
            right: tuple(_policy_token(t, shared) for t in items(tokens))
            for right, tokens in mapping(data.get("rights")).items()
        }
        found[key] = Gpo(str(data["guid"]), str(data["name"]), str(data.get("link", "ou")), rights)
    return found


def _policy_token(token: object, shared: Authority | None) -> str:
    text = str(token)
    if sids.is_sid(text):
        return f"*{text}"
    account = shared.by_name(text.rpartition("\\")[2]) if shared and "\\" in text else None
    return f"*{account.sid}" if account else text


def machine(spec: Spec, shared: Authority | None, gpos: Mapping[str, Gpo], worlds: Worlds) -> Machine:
    """One computer as its YAML and the worlds say."""
    name = str(spec["name"]).upper()
    kind = str(spec.get("kind", "member"))
    language = str(spec.get("language", "en"))
    if language not in well_known.LANGUAGES:
        raise ValueError(f"{name}: the lab speaks {', '.join(well_known.LANGUAGES)}, not {language}")
    if worlds["machine_language"] != "as_scenario":
        language = worlds["machine_language"]
    own_domain = None if kind == "workgroup" else shared
    if own_domain:
        _machine_account(name, own_domain, worlds)
    if kind == "dc" and own_domain:
        local = controller_aliases(name, own_domain, language)
    else:
        local = local_sam(name, str(spec.get("sid") or _machine_sid(name)), language)
    clock = Clock(offset=float(str(spec.get("clock_offset", 0))), zone=int(str(spec.get("time_zone", 0))))
    files = FileSystem(clock.now)
    lsa = Lsa(
        language,
        local,
        own_domain,
        controller=kind == "dc",
        domain_reachable=bool(spec.get("domain_reachable", True)),
        unreachable_code=TRUST_FAILURE if worlds["unreachable_name"] == "trust_failure" else NONE_MAPPED,
        english_names=worlds["english_names_on_german"] == "yes",
        controller_bare_names=worlds["dc_bare_names"] == "work",
    )
    dns = own_domain.dns if own_domain else ""
    listed = [gpos[str(key)] for key in items(spec.get("policies"))]
    policy = Policy(listed, dns, path_line_first=worlds["gpo_path_line"] == "start")
    made = Machine(
        name,
        kind,
        str(spec.get("release", "2019")),
        language,
        local,
        own_domain,
        clock,
        lsa,
        RightsStore({}),
        Registry(),
        files,
        EventLog(clock.now),
        policy,
        logon_type_groups=worlds["logon_type_groups"] == "counted",
    )
    lsa.virtual = _virtual(made, spec)
    _furnish(made, spec, worlds)
    return made


def _virtual(made: Machine, spec: Spec) -> virtual_accounts.VirtualAccounts:
    return virtual_accounts.VirtualAccounts(
        made.services.names,
        [str(pool) for pool in items(spec.get("app_pools"))],
        [str(guid) for guid in items(spec.get("virtual_machines"))],
    )


def _machine_account(name: str, shared: Authority, worlds: Worlds) -> None:
    """The account of a joined machine in its domain (MS-ADTS 6.4.1), unless the scenario has given it one."""
    account = f"{name}$" if worlds["machine_account_name"] == "computer" else f"{name}-0001$"
    if shared.by_name(account) is None:
        number = 20_000 + sum(one.kind == "computer" for one in shared)
        shared.add(Account(f"{shared.sid}-{number}", account, "computer"))


def _machine_sid(name: str) -> str:
    """A computer SID that is the same in every run."""
    digest = hashlib.sha256(name.encode()).digest()
    parts = (int.from_bytes(digest[i : i + 4], "little") | 1 << 28 for i in (0, 4, 8))
    return "S-1-5-21-" + "-".join(str(part) for part in parts)


def _furnish(made: Machine, spec: Spec, worlds: Worlds) -> None:
    _accounts(made, spec)
    _system_files(made)
    _exchange(made, spec, worlds)
    _rights(made, spec)
    _start_services(made, spec, worlds)
    for path, values in mapping(spec.get("registry")).items():
        for key, value in mapping(values).items():
            made.registry.set(path, key, value if isinstance(value, int) else str(value))
    managed = mapping(spec.get("device_management"))
    if managed:
        settings = mapping(managed.get("settings"))
        tokens = {name: [str(token) for token in items(listed)] for name, listed in settings.items()}
        device_management.write(made.registry, str(managed.get("by")), tokens, worlds)
    for path, text in mapping(spec.get("files")).items():
        made.files.make_folders(path.rpartition("\\")[0], system=True)
        made.files.write(path, str(text).encode("utf-8"))
    made.lab_only = bool(spec.get("lab_only"))
    made.plain_text_login = bool(spec.get("plain_text_login"))
    made.shell_sids = frozenset(sid_of(made, s) for s in items(spec.get("shell_sids")))
    made.mailboxes = {str(k): str(v) for k, v in mapping(spec.get("mailboxes")).items()}
    for entry in items(spec.get("events")):
        _event(made, mapping(entry))


def _accounts(made: Machine, spec: Spec) -> None:
    sam = made.local
    for kind in ("user", "group"):
        for entry in items(spec.get(f"{kind}s")):
            _add_account(sam, mapping(entry), "alias" if kind == "group" else kind)
    for name, password in mapping(spec.get("passwords")).items():
        account = sam.by_name(name)
        if account is None:
            raise ValueError(f"{made.name} has no local account {name}")
        account.password = str(password)
    for entry in items(spec.get("users")):
        data = mapping(entry)
        for group in items(data.get("member_of")):
            _member(made, sid_of(made, group), sid_of(made, f"{made.name}\\{data['name']}"))
    if made.domain and not made.controller:
        _member(made, sids.ADMINISTRATORS, f"{made.domain.sid}-512")
        _member(made, "S-1-5-32-545", f"{made.domain.sid}-513")
    for name, members in mapping(spec.get("members")).items():
        for member in items(members):
            _member(made, sid_of(made, name), sid_of(made, member))
    made.profiles = {
        sids.LOCAL_SYSTEM: "C:\\Windows\\system32\\config\\systemprofile",
        sids.LOCAL_SERVICE: "C:\\Windows\\ServiceProfiles\\LocalService",
        sids.NETWORK_SERVICE: "C:\\Windows\\ServiceProfiles\\NetworkService",
    }


def _member(made: Machine, group: str, member: str) -> None:
    account = made.local.by_sid(group)
    if account is None:
        raise ValueError(f"{made.name} has no local group {group}")
    account.members.append(member)


def sid_of(made: Machine, name: object) -> str:
    r"""The SID of an account named in a scenario: a SID, ``DOMAIN\\x``, ``.\\x`` or an English name."""
    text = str(name)
    if sids.is_sid(text):
        return text
    if text.startswith(".\\"):
        if text[2:].casefold() in ("guest", "gast"):
            return f"{made.local.sid}-501"
        text = f"{made.name}\\{text[2:]}"
    try:
        reachable = replace(made.lsa, domain_reachable=True, english_names=True, controller_bare_names=True)
        return reachable.name_to_sid(text).sid
    except LookupFailedError as exc:
        raise ValueError(f"{made.name}: no account {text}") from exc


def _system_files(made: Machine) -> None:
    files = made.files
    for folder in ("Temp", "security\\logs", "security\\database", "security\\templates\\policies"):
        files.make_folders(f"C:\\Windows\\{folder}", system=True)
    for path in programs.installed(before_vista=made.before_vista):
        files.make_folders(path.rpartition("\\")[0], system=True)
        files.write(path, b"MZ", system=True)
    for node in ("C:\\Windows\\security\\templates\\policies",):
        found = files.node(node)
        if found:
            found.attributes.add("hidden")
    files.write("C:\\Windows\\security\\logs\\scesrv.log", b"\xff\xfe")
    files.write("C:\\Windows\\security\\database\\secedit.sdb", b"\xef\xcd\xab\x89")


def _exchange(made: Machine, spec: Spec, worlds: Worlds) -> None:
    accounts = {str(k).casefold(): str(v) for k, v in mapping(spec.get("service_accounts")).items()}
    stuck = {str(name).casefold() for name in items(spec.get("stuck"))}
    stuck_starting = {str(name).casefold() for name in items(spec.get("stuck_starting"))}
    timing = worlds["stop_service_timing"]
    seconds = {"prompt": 0.2, "slow": 3.0, "timeout": 2.0, "outlasts": 1.0}[timing]
    code = TIMED_OUT if timing == "timeout" else OK
    for own in system_services.services_of(made):
        made.services.add(own)
    key = str(spec.get("generation", ""))
    if key:
        made.generation = exchange.GENERATIONS[key]
        exchange.write_registry(made.generation, made.registry)
        site = str(spec.get("site_account", "CORP\\exsvc"))
        for service, dummy in exchange.services_of(made.generation, site):
            service.account = accounts.get(service.name.casefold(), service.account)
            made.services.add(service)
    for entry in items(spec.get("services")):
        made.services.add(_service(mapping(entry)))
    for name, mode in mapping(spec.get("service_modes")).items():
        named = made.services.get(name)
        if named is None:
            raise ValueError(f"{made.name} has no service {name}")
        named.start_mode = str(mode)
    for service in list(made.services):
        service.stop_seconds, service.start_seconds = seconds, 0.1
        service.stop_code = code
        service.call_seconds = OUTLASTING if timing == "outlasts" else 0.0
        service.stops = service.name.casefold() not in stuck
        service.starts = service.name.casefold() not in stuck_starting


def _service(data: Spec) -> Service:
    name = str(data["name"])
    return Service(
        name,
        str(data.get("display", name)),
        str(data.get("account", exchange.SYSTEM)),
        str(data.get("path", f"C:\\Windows\\System32\\{name}.exe")),
        str(data.get("start_mode", "Auto")),
        tuple(str(n) for n in items(data.get("depends_on"))),
    )


def _rights(made: Machine, spec: Spec) -> None:
    for right, held in _default_rights(made, spec).items():
        made.rights.set(right, held)
    for right, holders in mapping(spec.get("rights")).items():
        made.rights.set(_right(right), [sid_of(made, h) for h in items(holders)])
    for right, holders in mapping(spec.get("grant")).items():
        for holder in items(holders):
            made.rights.grant(_right(right), sid_of(made, holder))
    for right, count in mapping(spec.get("holders")).items():
        for number in range(int(str(count))):
            made.rights.grant(_right(right), f"S-1-5-21-2840394521-1093752863-3410756322-{5000 + number}")


def _default_rights(made: Machine, spec: Spec) -> dict[str, list[str]]:
    """As default_rights.yml says; IIS and Hyper-V are there when the scenario says so."""
    features = frozenset(str(name) for name in items(spec.get("features")))
    unknown = features - frozenset(default_rights.FEATURES)
    if unknown:
        raise ValueError(f"{made.name}: no feature is called {', '.join(sorted(unknown))}")
    role = "dc" if made.controller else "client" if made.client else "server"
    pools = [sids.app_pool_sid(pool) for pool in made.lsa.virtual.app_pools]
    own = {"GUEST": [f"{made.local.sid}-501"], "POOLS": pools}
    table = default_rights.defaults(role, made.build, features)
    return {right: [sid for h in holders for sid in own.get(h, [h])] for right, holders in table.items()}


def _right(name: str) -> str:
    right = canonical_right(name)
    if right is None:
        raise ValueError(f"no right is called {name}")
    return right


def _start_services(made: Machine, spec: Spec, worlds: Worlds) -> None:
    """Start what runs after boot; the processes are three days old, with the rights of that time."""
    not_running = {s.name for s in (made.generation.services if made.generation else ()) if not s.running}
    stopped = {str(mapping(e)["name"]) for e in items(spec.get("services")) if mapping(e).get("running") is False}
    if worlds["task_scheduler"] == "stopped":
        stopped.add("Schedule")
    for service in list(made.services):
        if service.name in not_running | stopped or service.start_mode == "Disabled":
            continue
        made.services.start(service)
    for service in made.services:
        if service.state != STOPPED:
            service.state, service.pending_until = RUNNING, None
        if service.process:
            service.process = replace(service.process, created=made.clock.now() - STARTED_BEFORE)


def _event(made: Machine, data: Spec) -> None:
    texts: Iterable[object] = items(data.get("data"))
    made.events.write(
        str(data["source"]),
        int(str(data["id"])),
        str(data.get("type", "information")),
        tuple(str(text) for text in texts),
        str(data.get("message", "")),
        age=float(str(data.get("age", 3600))),
    )
