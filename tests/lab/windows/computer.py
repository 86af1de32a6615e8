# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated computer as the wire sees it: logons, command lines, WMI, snapshots, faults."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from typing import TYPE_CHECKING

from lab.faults import Faults
from lab.seams import (
    Caller,
    CimInstance,
    CimReference,
    CimValue,
    Completed,
    Effect,
    LogonDenied,
    QueryResult,
)
from lab.state import sids, system_services
from lab.state.files import FileError, normal
from lab.windows import changes, environment, task_actions, wmi
from lab.windows.cim import Context
from lab.windows.console import Shell
from lab.windows.passing import Passing
from lab.windows.streams import KilledError, Noted, Streams
from lab.windows.tools import outer_quotes

if TYPE_CHECKING:
    import datetime as dt
    import ssl
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lab.state.machine import Machine
    from lab.worlds import Worlds

FILTER_POLICY = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System"
COMMAND_PROCESSOR = "SOFTWARE\\Microsoft\\Command Processor"
TEMP = "c:\\windows\\temp"


class Computer:
    """Implements ``seams.Windows`` (and ``windows.host.Host`` for what runs on it); safe between threads."""

    def __init__(self, name: str, machine: Machine, worlds: Worlds) -> None:
        self.name = name
        self.machine = machine
        self.worlds = worlds
        self.faults = Faults()
        self.drop_connections = False
        self.boots = 0
        self.exports = 0
        self.notes: list[tuple[str, str]] = []
        self.cim_seconds = 0.0
        self.winrm: Mapping[str, object] = {}
        self.pop3_cache: dict[tuple[int, str, str], tuple[dt.datetime, dt.datetime]] = {}
        self.pop3_tls: ssl.SSLContext | None = None
        self.tasks = task_actions.store(self)
        self.passing = Passing(self)
        self._once: set[str] = set()
        self._seed = 1
        self._lock = threading.RLock()

    # what the wire asks (seams.Windows)

    def credentials(self) -> Sequence[tuple[str, str, str]]:
        """(domain, user, password) for every spelling of a domain under which a user may log on."""
        found: list[tuple[str, str, str]] = []
        machine = self.machine
        for account in machine.local if not machine.controller else ():
            if account.password:
                for domain in ("", ".", machine.name, machine.name.lower()):
                    found.append((domain, account.name, account.password))
        domain_sam = machine.domain
        for account in domain_sam or ():
            if account.password and domain_sam:
                spellings = {domain_sam.netbios, domain_sam.netbios.lower(), domain_sam.dns}
                if machine.controller:
                    spellings |= {"", "."}
                found += [(d, account.name, account.password) for d in sorted(spellings)]
                upn = account.upn or f"{account.name}@{domain_sam.dns}"
                found.append(("", upn, account.password))
        return found

    def logon(self, domain: str, user: str) -> Caller:
        """The token of a network logon whose password was already proven; raises LogonDenied."""
        with self._turn():
            fired = self.faults.fire("logon", user=user)
            refused = [effect for effect in fired if effect.kind == "refuse"]
            for effect in fired:
                if effect.kind == "state":
                    self.change(effect)
            sid, name = self._account(domain, user)
            if not system_services.authenticates(self.machine, sid):
                raise LogonDenied(f"{self.name} reaches nobody who could prove the password of {name}")
            if refused or not self.machine.may_log_on(sid):
                raise LogonDenied(f"{name} may not log on to {self.name} over the network")
            return self._caller(sid, name)

    def _account(self, domain: str, user: str) -> tuple[str, str]:
        machine = self.machine
        authority = machine.local
        if machine.domain and (machine.controller or "@" in user or self._is_domain(domain)):
            authority = machine.domain
        account = authority.by_upn(user) if "@" in user else authority.by_name(user)
        if account is None:
            raise LogonDenied(f"no account {domain}\\{user}")
        return account.sid, f"{authority.netbios}\\{account.name}"

    def _is_domain(self, domain: str) -> bool:
        own = self.machine.domain
        return own is not None and domain.casefold() in (own.netbios.casefold(), own.dns.casefold())

    def _caller(self, sid: str, name: str) -> Caller:
        machine = self.machine
        groups = machine.token_groups(sid, "network")
        administrator = sids.ADMINISTRATORS in groups
        local = not machine.controller and machine.local.owns(sid)
        if administrator and local and not sid.endswith("-500"):
            policy = machine.registry.value(FILTER_POLICY, "LocalAccountTokenFilterPolicy")
            administrator = policy is not None and policy.data == 1
        return Caller(sid, name, tuple(sorted(groups)), administrator)

    def may_open_shell(self, caller: Caller) -> bool:
        """The default RootSDDL gives administrators everything; a scenario may add SIDs."""
        extra = self.machine.shell_sids
        return caller.administrator or not extra.isdisjoint({caller.sid, *caller.group_sids})

    def run(self, caller: Caller, line: str, codepage: int) -> Completed:
        """Run a line by ``cmd /c`` semantics; the simulated duration is in the result, nothing sleeps."""
        with self._turn():
            log: list[tuple[str, bytes]] = []
            out, err = Noted("stdout", log), Noted("stderr", log)
            if self.worlds["command_line_unicode"] == "no":
                line = line.encode("ascii", "replace").decode("ascii")
            shell = self._shell(caller, codepage)
            try:
                code = shell.run_line(outer_quotes(line, self.machine.files), Streams(b"", out, err))
            except KilledError:  # nobody is there to be answered: WinRM went with the rest
                return Completed(b"", b"", 1)
            if self.worlds["exit_code_sign"] == "signed" and code >= 1 << 31:
                code -= 1 << 32
            return Completed(bytes(out.data), bytes(err.data), code, shell.seconds, tuple(log))

    def _shell(self, caller: Caller, codepage: int) -> Shell:
        env = environment.of_user(self.machine, caller.name)
        home = env["userprofile"][1]
        delayed = self._delayed_expansion()
        return Shell(self, caller, codepage, env, home, delayed=delayed, delayed_by_registry=delayed)

    def _delayed_expansion(self) -> bool:
        """What a cmd.exe without /v does with exclamation marks: Microsoft's page on DelayedExpansion [D]."""
        value = self.machine.registry.value(COMMAND_PROCESSOR, "DelayedExpansion")
        return self.worlds["delayed_expansion"] == "on" or (value is not None and value.data == 1)

    def get(self, caller: Caller, namespace: str, class_name: str, selectors: Mapping[str, str]) -> CimInstance:
        """One instance by its keys; raises WmiError."""
        with self._turn(), self._timed(caller) as context:
            return wmi.get(context, namespace, class_name, selectors)

    def query(self, caller: Caller, namespace: str, wql: str) -> QueryResult:
        """The rows of a query; raises WmiError."""
        with self._turn(), self._timed(caller) as context:
            return wmi.query(context, namespace, wql)

    def associators(
        self,
        caller: Caller,
        reference: CimReference,
        association_class: str,
        result_class: str,
        role: str,
        result_role: str,
    ) -> QueryResult:
        """The instances associated with ``reference``; raises WmiError."""
        with self._turn(), self._timed(caller) as context:
            roles = (role, result_role)
            return wmi.associators(context, reference, association_class, result_class, roles)

    def invoke(
        self,
        caller: Caller,
        namespace: str,
        class_name: str,
        selectors: Mapping[str, str],
        method: str,
        arguments: Mapping[str, CimValue],
    ) -> CimInstance:
        """Call a method; raises WmiError."""
        with self._turn(), self._timed(caller) as context:
            return wmi.invoke(context, namespace, class_name, selectors, method, arguments)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """One thing at a time, after what was due before it."""
        with self._lock:
            self.passing.settle()
            yield

    def delete(self, caller: Caller, namespace: str, class_name: str, selectors: Mapping[str, str]) -> None:
        """Remove an instance; raises WmiError."""
        with self._turn(), self._timed(caller) as context:
            wmi.delete(context, namespace, class_name, selectors)

    def _timed(self, caller: Caller) -> _Timed:
        return _Timed(self, Context(self, caller))

    def now(self) -> dt.datetime:
        """What the computer believes that the time is, in UTC."""
        return self.machine.clock.now()

    @property
    def carried(self) -> bool:
        """Whether the services that carry a WinRM connection run."""
        with self._lock:
            return system_services.carried(self.machine)

    def watch(self, changed: Callable[[], None]) -> None:
        """Call this whenever a service changes its state, from whatever thread."""
        self.machine.services.listeners.append(changed)

    def next_change(self) -> float | None:
        """Seconds until a service ends to stop or to start; None: none does."""
        with self._lock:
            due = self.machine.services.next_change()
            return None if due is None else due - self.machine.clock.elapsed()

    # what tests and the control port ask

    def advance(self, seconds: float) -> None:
        """Let time pass: services, scheduled tasks and Group Policy (90 minutes, DC: 5) do what is due."""
        with self._lock:
            self.passing.advance(seconds)

    def times(self) -> dict[str, object]:
        """What its clocks show, and when something is due by itself (in the seconds of ``elapsed``)."""
        with self._turn():
            clock = self.machine.clock
            local, due = clock.local().isoformat(), self.tasks.next_due()
            return {
                "now": local,
                "booted": clock.local(self.machine.booted).isoformat(),
                "elapsed": clock.elapsed(),
                "due": due,
            }

    def refresh_policy(self) -> None:
        """Run Group Policy now."""
        with self._lock:
            self.machine.refresh_policy()
            self.passing.refreshed()
            if self.worlds["gpt_cache"] == "absent":
                changes.remove_policy_cache(self.machine)

    def snapshot(self) -> dict[str, object]:
        """Everything a run may have changed, as plain data in a fixed order."""
        with self._turn():
            return {**changes.snapshot(self.machine, self.notes), "tasks": changes.tasks(self.tasks)}

    def change(self, effect: Effect) -> None:
        """Apply a ``state`` effect (changes.py lists what it may hold)."""
        with self._lock:
            events = changes.apply(self.machine, effect.data, fresh_names=self.worlds["lsa_cache_after_rename"])
            for name, value in events.items():
                self.passing.event(name, value)

    # what runs on it asks (windows.host.Host)

    def note(self, kind: str, text: str) -> None:
        """Record a call of something this lab refuses or does not imitate."""
        self.notes.append((kind, text))

    def once(self, name: str) -> bool:
        """True the first time."""
        first = name not in self._once
        self._once.add(name)
        return first

    def random(self, below: int) -> int:
        """The same numbers in every run."""
        self._seed = (self._seed * 1103515245 + 12345) % (1 << 31)
        return self._seed % below

    def read(self, caller: Caller, path: str) -> bytes:
        """Read a file; others than administrators are kept out of foreign scratch files."""
        node = self.machine.files.node(path)
        if node and not caller.administrator and node.owner != caller.sid:
            folder = node.folder.casefold()
            if folder == TEMP or folder.startswith("c:\\users\\"):
                raise FileError(5, path)
        return self.machine.files.read(path)

    def write(self, caller: Caller, path: str, data: bytes) -> None:
        """Create or overwrite a file."""
        self.check_write(caller, path)
        owner = sids.ADMINISTRATORS if caller.administrator else caller.sid
        self.machine.files.write(path, data, owner=owner)

    def check_write(self, caller: Caller, path: str) -> None:
        """Administrators write everywhere, others at home and new files in the Temp folder of Windows."""
        path = normal(path)
        home = f"c:\\users\\{caller.name.rpartition(chr(92))[2].casefold()}\\"
        folder = path.rpartition("\\")[0].casefold()
        if caller.administrator or path.casefold().startswith(home):
            return
        node = self.machine.files.node(path)
        if folder == TEMP and (node is None or node.owner == caller.sid):
            return
        raise FileError(5, path)

    def digest(self) -> str:
        """One value for the whole snapshot: equal means that nothing changed."""
        return hashlib.sha256(repr(self.snapshot()).encode()).hexdigest()


class _Timed:
    """Keeps what a CIM operation took, simulated, in ``cim_seconds`` for the wire to read."""

    def __init__(self, computer: Computer, context: Context) -> None:
        self._computer = computer
        self._context = context

    def __enter__(self) -> Context:
        return self._context

    def __exit__(self, *_: object) -> None:
        self._computer.cim_seconds = self._context.seconds
