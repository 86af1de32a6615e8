# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changing a computer from outside (faults, a second administrator) and looking at it as a whole."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from lab.state import sids
from lab.state.files import FileError
from lab.state.lsa import LookupFailedError
from lab.state.policy import CACHE, GPO_LIST, HISTORY
from lab.state.rights import canonical_right
from lab.state.services import RUNNING

if TYPE_CHECKING:
    from lab.state.accounts import Account
    from lab.state.machine import Machine
    from lab.state.tasks import TaskStore


def _sid(machine: Machine, name: object) -> str:
    text = str(name)
    if sids.is_sid(text):
        return text
    try:
        return machine.lsa.name_to_sid(text).sid
    except LookupFailedError as exc:
        raise ValueError(f"{machine.name} knows no account {text}") from exc


def _right(name: object) -> str:
    right = canonical_right(str(name))
    if right is None:
        raise ValueError(f"no right is called {name}")
    return right


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"a mapping is needed, not {value!r}")
    return value


def _grant(machine: Machine, value: object) -> None:
    data = _mapping(value)
    machine.rights.grant(_right(data["right"]), _sid(machine, data["sid"]))


def _revoke(machine: Machine, value: object) -> None:
    data = _mapping(value)
    machine.rights.revoke(_right(data["right"]), _sid(machine, data["sid"]))


def _set_right(machine: Machine, value: object) -> None:
    data = _mapping(value)
    holders = data.get("holders", data.get("sids", ()))
    if not isinstance(holders, (list, tuple)):
        raise ValueError(f"holders must be a list, not {holders!r}")
    machine.rights.set(_right(data["right"]), [_sid(machine, h) for h in holders])


def _find(machine: Machine, name: object) -> Account:
    account = machine.account(_sid(machine, name))
    if account is None:
        raise ValueError(f"{machine.name} has no account {name}")
    return account


def _rename(machine: Machine, value: object) -> None:
    data = _mapping(value)
    _find(machine, data.get("from", data.get("sid"))).name = str(data["to"])


def _delete_account(machine: Machine, value: object) -> None:
    sid = _sid(machine, value)
    for authority in machine.authorities():
        authority.remove(sid)


def _disable(machine: Machine, value: object) -> None:
    _find(machine, value).enabled = False


def _stop(machine: Machine, value: object) -> None:
    service = machine.services.get(str(value))
    if service is None:
        raise ValueError(f"{machine.name} has no service {value}")
    machine.services.stop(service)


def _start(machine: Machine, value: object) -> None:
    service = machine.services.get(str(value))
    if service is None:
        raise ValueError(f"{machine.name} has no service {value}")
    machine.services.start(service)


def _write_file(machine: Machine, value: object) -> None:
    data = _mapping(value)
    machine.files.write(str(data["path"]), str(data.get("text", "")).encode("utf-8"))


def _delete_file(machine: Machine, value: object) -> None:
    path = str(value)
    paths = [path]
    if "*" in path:
        nodes = machine.files.children(path.rpartition("\\")[0])
        paths = [node.path for node in nodes if fnmatch.fnmatchcase(node.path.casefold(), path.casefold())]
        if not paths:
            raise ValueError(f"{machine.name} has no file {path}")
    try:
        for one in paths:
            machine.files.delete(one)
    except FileError as exc:
        raise ValueError(str(exc)) from exc


def _member(machine: Machine, value: object) -> None:
    data = _mapping(value)
    _find(machine, data["group"]).members.append(_sid(machine, data["sid"]))


def _remove_cache(machine: Machine, value: object) -> None:
    """What a refresh that is under way looks like: no cached templates."""
    del value
    remove_policy_cache(machine)


def _domain_reachable(machine: Machine, value: object) -> None:
    machine.lsa.domain_reachable = bool(value)


CHANGES: Mapping[str, Callable[[Machine, object], None]] = {
    "grant": _grant,
    "revoke": _revoke,
    "set_right": _set_right,
    "rename_account": _rename,
    "delete_account": _delete_account,
    "disable_account": _disable,
    "add_member": _member,
    "stop_service": _stop,
    "start_service": _start,
    "write_file": _write_file,
    "delete_file": _delete_file,
    "domain_reachable": _domain_reachable,
    "remove_policy_cache": _remove_cache,
}


# What happens to the computer as a whole: passing.py does it.
EVENTS = ("advance", "clock_step", "on_batteries", "reboot", "refresh_policy", "remove_task")


def apply(machine: Machine, data: Mapping[str, object], *, fresh_names: str) -> dict[str, object]:
    """Apply every change in ``data`` and return those that are events; raises ValueError."""
    changes = _mapping(data.get("change", data))
    for name, value in changes.items():
        if name in EVENTS:
            continue
        if name not in CHANGES:
            known = ", ".join(sorted([*CHANGES, *EVENTS]))
            raise ValueError(f"no change is called {name!r}; there are {known}")
        if name == "rename_account" and fresh_names == "stale":
            source = _mapping(value)
            machine.lsa.remember(_sid(machine, source.get("from", source.get("sid"))))
        CHANGES[name](machine, value)
    return {name: value for name, value in changes.items() if name in EVENTS}


def remove_policy_cache(machine: Machine) -> None:
    """The world without cached templates and without their names in the registry."""
    for node in machine.files.children(CACHE):
        machine.files.delete(node.path)
    machine.registry.delete(HISTORY)
    machine.registry.delete(GPO_LIST)


def snapshot(machine: Machine, notes: list[tuple[str, str]]) -> dict[str, object]:
    """Rights, services, files, registry, events, groups and access entries; JSON-able."""
    services = {}
    for service in machine.services:
        process = service.process
        services[service.name] = {
            "state": service.state,
            "account": service.account,
            "start_mode": service.start_mode,
            "pid": process.pid if process else 0,
            "started": process.created.isoformat() if process else None,
            "privileges": sorted(process.privileges) if process and service.state == RUNNING else [],
        }
    return {
        "name": machine.name,
        "rights": {right: list(holders) for right, holders in machine.rights.all().items()},
        "services": services,
        "files": _files(machine),
        "acl": _acl(machine),
        "registry": {k: _plain(v) for k, v in machine.registry.flat().items()},
        "events": _events(machine),
        "groups": _groups(machine),
        "notes": [list(note) for note in notes],
    }


def tasks(store: TaskStore) -> list[dict[str, object]]:
    """Every scheduled task: what it does, how it ended, the starts that wait (in the seconds of Clock.elapsed)."""
    return [
        {
            "path": f"{task.path}{task.name}",
            "state": store.state(task),
            "enabled": task.enabled,
            "last_result": task.last_result,
            "last_run": task.last_run.isoformat() if task.last_run else None,
            "actions": [f"{a.command} {a.arguments}".strip() for a in task.definition.actions],
            "triggers": [trigger.kind for trigger in task.definition.triggers],
            "armed": [[timer.trigger.kind, round(timer.due, 3)] for timer in task.timers],
            "user": task.definition.user,
            "xml": task.definition.xml,
        }
        for task in store
    ]


def _files(machine: Machine) -> list[dict[str, object]]:
    return [
        {
            "path": node.path,
            "size": len(node.data or b""),
            "sha1": hashlib.sha1(node.data or b"", usedforsecurity=False).hexdigest(),
        }
        for node in machine.files.own_files()
    ]


def _acl(machine: Machine) -> dict[str, list[list[str]]]:
    found = {}
    for node in machine.files.own_files():
        if node.explicit:
            found[node.path] = [[ace.kind, ace.rights, ace.sid] for ace in node.explicit]
    return found


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    return list(value) if isinstance(value, tuple) else value


def _events(machine: Machine) -> dict[str, object]:
    found: dict[str, object] = {}
    for channel, events in machine.events.channels.items():
        newest = events[-1] if events else None
        found[channel] = {
            "count": len(events),
            "newest": None
            if newest is None
            else {
                "record": newest.record,
                "source": newest.source,
                "event_id": newest.event_id,
                "type": newest.kind,
                "time": newest.time.isoformat(),
                "data": list(newest.data),
            },
        }
    return found


def _groups(machine: Machine) -> dict[str, list[str]]:
    return {a.name: list(a.members) for a in machine.local if a.members}
