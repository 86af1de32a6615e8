# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions on hosts in memory that put one text into every name: what would reach a terminal comes back."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock

from ansible.errors import AnsibleConnectionFailure
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar

from ansible_collections.winmail.exchange.plugins.plugin_utils import _back_end
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    MovedError,
    ReadError,
    WindowsError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Applied,
    CachedPolicy,
    Caller,
    Computer,
    RightsReading,
    Service,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import Remains, Waiting
from ansible_collections.winmail.exchange.tests.support import memory_host
from ansible_collections.winmail.exchange.tests.support.memory_host import EXSVC, START, MemoryHost

TCB = "SeTcbPrivilege"
GUID = "{6D2C0F15-0000-0000-0000-000000000000}"


@dataclass
class Loud(memory_host.Member):
    """A computer whose accounts, policies, tokens and logs are called ``text``."""

    text: str = ""

    def accounts(self, sids_: Sequence[str]) -> Mapping[str, Account]:
        return {sid: Account(sid, f"CORP\\{self.text}", "account") for sid in sids_}

    def policy_names(self, guids: Sequence[str]) -> Mapping[str, str]:
        return dict.fromkeys(guids, self.text)

    def apply(self, plan: Any, query: Any) -> Applied:
        done = super().apply(plan, query)
        return Applied(done.reading, (self.text, f"Error {self.text}"), done.named, done.witness)


@dataclass
class Server(MemoryHost):
    """An Exchange server whose services, events and logs are called ``text``."""

    text: str = ""

    def computer(self) -> Computer:
        return Computer(self.text or "EXCH", self.text, self.role, part_of_domain=True)


@dataclass(frozen=True)
class Scene:
    """One way in which a host's text comes to a person: an action, its options, and the host for a text."""

    name: str
    action: str
    options: Mapping[str, Any]
    host: Callable[[str], Any]
    keywords: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


BASELINE = "microsoft_windows_server_2025"
WAIVER = {"control": "DebugPrograms", "accounts": ["CORP\\x"], "reason": "agreed"}
GRANT = {"name": TCB, "accounts": [memory_host.EXSVC]}


def _governed(text: str) -> Loud:
    policy = CachedPolicy("gpt00001.inf", GUID, {TCB: (f"CORP\\{text}", text)})
    return Loud(text=text, policies=(policy,))


def _not_told(text: str) -> Loud:
    return Loud(text=text, rsop_refusal=text, policies_complete=False)


def _bystander_in_log(text: str) -> Loud:
    return Loud(text=text, log_names=frozenset({memory_host.BYSTANDER}))


def _also_held(text: str) -> Loud:
    def give(host: memory_host.MemoryHost) -> None:
        host.rights[TCB] = [*host.rights[TCB], memory_host.BYSTANDER]

    return Loud(text=text, after_apply=give)


def _half_done(text: str) -> Loud:
    def take_back(host: memory_host.MemoryHost) -> None:
        host.rights[TCB] = [memory_host.OLD]
        host.unpinned[TCB] = [text]

    return Loud(text=text, rights={TCB: [memory_host.OLD]}, after_apply=take_back)


def _unpinned(text: str) -> Loud:
    return Loud(text=text, rights={TCB: [memory_host.OLD]}, unpinned={TCB: [text]})


@dataclass
class _Unreadable(Loud):
    def _reading(self, query: Any) -> RightsReading:
        whole = super()._reading(query)
        return RightsReading(
            whole.assignment, {TCB: f"a line: {self.text}"}, whole.resolved, whole.policies, None, memory_host.NOW
        )


@dataclass
class _Unresolved(Loud):
    def _reading(self, query: Any) -> RightsReading:
        whole = super()._reading(query)
        tried = {name: type(one)(None, (f"icacls: {self.text}",)) for name, one in whole.resolved.items()}
        return RightsReading(whole.assignment, {}, tried, whole.policies, None, memory_host.NOW)


def _server(text: str) -> Server:
    event = (
        "<Event><System><Provider Name='MSExchangePOP3'/><EventID>13003</EventID><Level>2</Level></System>"
        "<EventData><Data>{}</Data></EventData></Event>"
    )
    plain = "".join(char for char in text if char.isprintable() and char not in "<&>") + "&#x9b;2J&#x202e;"
    service = Service("MSExchangeIS", text, "Running", "Auto", f"CORP\\{text}", 1432)
    return Server(
        installed=(service,), owners={1432: EXSVC}, started={1432: START}, names={EXSVC: f"CORP\\{text}"},
        event_xml=event.format(plain), rsop_refusal=text, depends={"MSExchangeIS": ()}, text=text,
    )  # fmt: skip


def _refuses_to_stop(text: str) -> Server:
    host = _server(text)
    host.on_stop = lambda _host, _service: 5
    return host


def _confirmed(text: str, **more: Any) -> Loud:
    """A host whose change is to be confirmed, with whatever it tells on the way."""
    caller = Caller("S-1-5-21-1-2-3-500", frozenset({memory_host.ADMINISTRATORS}))
    return Loud(**{"text": text, "caller": caller, **more})


def _cannot(text: str) -> Loud:
    return _confirmed(text, refuse={"rehearse": WindowsError(f"Windows said {text}")})


def _taken_away(text: str) -> Loud:
    return _confirmed(text, left=(f"winmail-{text}",), on_logon=lambda host: host.take_away())


def _began(text: str) -> Loud:
    return _confirmed(text, rollback_fails=True, on_logon=lambda host: host.fire())


def _started_early(text: str) -> Loud:
    """Somebody starts the roll-back before anything is written, and the write finds that the rights moved."""

    def start(host: MemoryHost) -> None:
        host.fire()
        raise MovedError(f"Somebody changed {text}.")

    return _confirmed(text, left=(f"winmail-{text}",), on_apply=start)


def _rehearsed_over(text: str) -> Loud:
    return _confirmed(text, rehearsal_names=frozenset({memory_host.BYSTANDER}))


def _undone(text: str) -> Loud:
    found = Remains("winmail restores user rights", (TCB, text), result=1)
    return _confirmed(text, remains=(found,), on_logon=lambda host: host.fire())


def _ran_before(text: str) -> Loud:
    return Loud(text=text, remains=(Remains("winmail restores user rights", (TCB, text), result=1),))


def _waits(text: str) -> Loud:
    return Loud(text=text, waiting=(Waiting(f"winmail {text}", (TCB, text)),))


CONFIRM = {**GRANT, "confirm": True}
SCENES = (
    Scene("a change that is confirmed", "user_right", CONFIRM, _confirmed),
    Scene("a host that cannot be rolled back", "user_right", CONFIRM, _cannot),
    Scene("a roll-back that was taken away, with files that stay", "user_right", CONFIRM, _taken_away),
    Scene("a roll-back that began to no effect", "user_right", CONFIRM, _began),
    Scene("a roll-back that somebody started before the write", "user_right", CONFIRM, _started_early),
    Scene("a bystander in the log of the rehearsal", "user_right", CONFIRM, _rehearsed_over),
    Scene("a change that was undone, after another one", "user_right", CONFIRM, _undone),
    Scene("who holds what", "user_right_info", {}, lambda text: Loud(text=text, rights={TCB: [memory_host.OLD]})),
    Scene("who holds what after a roll-back", "user_right_info", {}, _ran_before),
    Scene("a judgement after a roll-back", "user_right_baseline_info", {"baseline": BASELINE}, _ran_before),
    Scene("a grant where another change waits to be confirmed", "user_right", GRANT, _waits),
    Scene("a grant with its diff", "user_right", GRANT, lambda text: Loud(text=text), {"diff": True}),
    Scene("a policy's name and holders", "user_right", GRANT, _governed),
    Scene("a policy that refuses", "user_right", {**GRANT, "gpo_conflict": "fail"}, _governed),
    Scene("a log of policies that is not to be had", "user_right", GRANT, _not_told),
    Scene("a bystander in secedit's log", "user_right", GRANT, _bystander_in_log),
    Scene("somebody else who got the right", "user_right", GRANT, _also_held),
    Scene("a change that Windows made in part", "user_right", GRANT, _half_done),
    Scene("a holder without a SID", "user_right", GRANT, _unpinned),
    Scene("a line that nobody expects", "user_right", GRANT, lambda text: _Unreadable(text=text)),
    Scene("a name that nobody knows", "user_right", {"name": TCB, "accounts": ["CORP\\x"]},
          lambda text: _Unresolved(text=text)),
    Scene("files that stayed", "user_right", GRANT,
          lambda text: Loud(text=text, left=(text, "winmail-20261124T090000Z-0a1b2c3d4e5f.inf"))),
    Scene("a judgement", "user_right_baseline_info", {"baseline": BASELINE},
          _unpinned),
    Scene("a workstation, and a waiver for a name that nobody knows", "user_right_baseline_info",
          {"baseline": BASELINE, "waivers": [WAIVER]}, lambda text: _Unresolved(text=text, role=1)),
    Scene("a host that is judged as another kind", "user_right_baseline_info",
          {"baseline": BASELINE, "host_role": "domain_controller"}, lambda text: _Unresolved(text=text, role=3)),
    Scene("a host of a fleet", "user_right_baseline_host", {"baseline": BASELINE}, _unpinned),
    Scene("a workstation of a fleet", "user_right_baseline_host", {"baseline": BASELINE},
          lambda text: _Unresolved(text=text, role=1)),
    Scene("a host of a fleet that breaks", "user_right_baseline_host", {"baseline": BASELINE},
          lambda text: Loud(text=text, refuse={"read_rights": ReadError(f"It said {text}.")})),
    Scene("the server", "pop3_server_info", {}, _server),
    Scene("a restart", "service_restart", {"name": "MSExchangeIS"}, _server),
    Scene("a service that does not stop", "service_restart", {"name": "MSExchangeIS", "timeout": 1}, _refuses_to_stop),
)  # fmt: skip


def run(scene: Scene, text: str) -> dict[str, Any]:
    """The result of an action; one of an unreachable host has its sentence under ``msg``."""
    with _connected(scene.host(text)):
        return _run(scene.action, scene.options, scene.keywords)


def run_raising(error: WinmailError) -> dict[str, Any]:
    """The result of a task whose work ends in an error."""
    cls = _class("user_right")

    def fail(*_arguments: object) -> None:
        raise error

    with _connected(Loud()), mock.patch.object(cls, "work", fail):
        return _run("user_right", GRANT, {})


def _connected(host: Any) -> mock._patch_dict | Any:
    """Every connection leads to a host in memory; nothing waits."""
    nobody = SimpleNamespace(masked=lambda text: text)
    link = SimpleNamespace(connect=lambda: None, leave=lambda: None, close=lambda: None, logon=lambda: nobody)
    return mock.patch.multiple(_back_end, link_of=lambda *_a: link, WinrmHost=lambda _transport: _Named(host))


class _Named:
    """The host with what every host can tell."""

    def __init__(self, host: Any) -> None:
        self._host = host

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._host, name, None)
        return (lambda: ()) if found is None and name == "left_behind" else found


def _class(action: str) -> Any:
    return importlib.import_module(f"ansible_collections.winmail.exchange.plugins.action.{action}").ActionModule


def _run(action: str, options: Mapping[str, Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    task = Task.load({"name": "test", f"winmail.exchange.{action}": dict(options), **keywords})
    loader = DataLoader()
    connection = SimpleNamespace(become=None, transport="winrm", _shell=SimpleNamespace(tmpdir="none"))
    made = _class(action)(task, connection, PlayContext(), loader, Templar(loader=loader), None)
    try:
        result: dict[str, Any] = made.run(task_vars={})
    except AnsibleConnectionFailure as exc:
        return {"unreachable": True, "msg": str(exc)}
    return result


def strings(value: Any) -> Iterator[str]:
    """Every text in a result, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from strings(key)
            yield from strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from strings(inner)
    elif value is not None and not isinstance(value, (bool, int, float, datetime.datetime)):
        raise AssertionError(f"{type(value).__name__} in a result")
