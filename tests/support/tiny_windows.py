# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiny Windows for the tests of the wire: whatever a test needs to see come through, and nothing else."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

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
    WmiError,
)

USER, PASSWORD = "labadmin", "Corr3ct-Horse"
PLAIN_USER, PLAIN_PASSWORD = "labuser", "Batt3ry-Staple"
CIMV2 = "root/cimv2"
OUTPUT = {
    "echo hello": Completed(b"hello\r\n", b"", 0),
    "both": Completed(b"out\r\n", b"err\r\n", 3),
    "big": Completed(bytes(range(256)) * 2000, b"e" * 50_000, 0),
    "slow": Completed(b"done\r\n", b"", 0, seconds=150.0),
    "crash": Completed(b"", b"", 0xC0000005),
}


def service(name: str, caption: str | None) -> CimInstance:
    """A row with one value of each scalar kind."""
    started = datetime.datetime(2026, 11, 24, 9, 0, 0, 120_000, tzinfo=datetime.timezone.utc)
    properties: dict[str, CimValue] = {
        "Name": name,
        "Caption": caption,
        "ProcessId": 612,
        "Started": True,
        "InstallDate": started,
        "Description": "",
    }
    return CimInstance(CIMV2, "Win32_Service", properties)


@dataclass
class FakeWindows:
    """One computer with two accounts; remembers the lines it ran and the methods it was asked for."""

    name: str = "fake1"
    faults: Faults = field(default_factory=Faults)
    drop_connections: bool = False
    cim_seconds: float = 0.0
    lines: list[tuple[str, int]] = field(default_factory=list)
    invoked: list[tuple[str, Mapping[str, CimValue]]] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)
    carried: bool = True
    boots: int = 0
    deleted: list[dict[str, str]] = field(default_factory=list)
    watchers: list[Callable[[], None]] = field(default_factory=list)

    def credentials(self) -> Sequence[tuple[str, str, str]]:
        """Both accounts, with and without the computer's name as their domain."""
        return [
            (domain, user, password)
            for user, password in ((USER, PASSWORD), (PLAIN_USER, PLAIN_PASSWORD))
            for domain in ("", self.name.upper())
        ]

    def logon(self, domain: str, user: str) -> Caller:
        """The administrator or the plain user, unless a test denies the logon."""
        del domain
        if user.lower() in self.denied:
            raise LogonDenied(user)
        admin = user.lower() == USER
        return Caller(f"S-1-5-21-1-2-3-{1000 + len(user)}", f"FAKE\\{user.lower()}", (), admin)

    def may_open_shell(self, caller: Caller) -> bool:
        """Administrators only."""
        return caller.administrator

    def run(self, caller: Caller, line: str, codepage: int) -> Completed:
        """A known line, or what cmd says about an unknown one."""
        del caller
        self.lines.append((line, codepage))
        word = line.partition(" ")[0]
        unknown = f"'{word}' is not recognized as an internal or external command,\r\n"
        return OUTPUT.get(line, Completed(b"", unknown.encode(), 1))

    def get(self, caller: Caller, namespace: str, class_name: str, selectors: Mapping[str, str]) -> CimInstance:
        """The service POP3SVC."""
        if not caller.administrator:
            raise WmiError("access_denied", "Access denied", "GetObject")
        if class_name.lower() != "win32_service":
            raise WmiError("invalid_class", "Invalid class", "GetObject", class_name)
        if {k.lower(): v.lower() for k, v in selectors.items()} != {"name": "pop3svc"}:
            shown = ",".join(f'{k}="{v}"' for k, v in selectors.items())
            raise WmiError("not_found", "Not found", "GetObject", f"{class_name}.{shown}")
        del namespace
        return service("POP3SVC", "POP3 <service> & more")

    def delete(self, caller: Caller, namespace: str, class_name: str, selectors: Mapping[str, str]) -> None:
        """Everything that ``get`` finds may be removed."""
        self.get(caller, namespace, class_name, selectors)
        self.deleted.append(dict(selectors))

    def query(self, caller: Caller, namespace: str, wql: str) -> QueryResult:
        """``select …`` gives five services, ``bad`` none."""
        del caller, namespace
        if "Win32_OperatingSystem" in wql:
            row = CimInstance(CIMV2, "Win32_OperatingSystem", {"Version": "10.0.20348"})
            return QueryResult([row], projected=True)
        if not wql.lower().startswith("select"):
            raise WmiError("invalid_query", "Invalid query", "ExecQuery", wql)
        rows = [service(f"svc{number}", None) for number in range(5)]
        return QueryResult(rows, projected="*" not in wql)

    def associators(
        self,
        caller: Caller,
        reference: CimReference,
        association_class: str,
        result_class: str,
        role: str,
        result_role: str,
    ) -> QueryResult:
        """One row that repeats the question."""
        del caller
        properties: dict[str, CimValue] = {
            "Asked": reference,
            "Words": [association_class, result_class, role, result_role],
        }
        return QueryResult([CimInstance(CIMV2, "Win32_Asked", properties)], projected=False)

    def invoke(
        self,
        caller: Caller,
        namespace: str,
        class_name: str,
        selectors: Mapping[str, str],
        method: str,
        arguments: Mapping[str, CimValue],
    ) -> CimInstance:
        """Returns a security descriptor, or refuses the method Explode."""
        del caller, namespace, selectors
        self.invoked.append((f"{class_name}.{method}", dict(arguments)))
        if method == "Linger":
            self.cim_seconds = 90.0
        if method == "Explode":
            raise WmiError("not_found", "Not found", "ExecMethod", class_name)
        trustee = CimInstance(CIMV2, "Win32_Trustee", {"Name": "exsvc", "SIDString": "S-1-5-32-544"})
        aces = [CimInstance(CIMV2, "Win32_ACE", {"AccessMask": mask, "Trustee": trustee}) for mask in (1, 2)]
        descriptor = CimInstance(CIMV2, "Win32_SecurityDescriptor", {"ControlFlags": 4, "DACL": aces})
        return CimInstance(CIMV2, "__PARAMETERS", {"ReturnValue": 0, "Descriptor": descriptor})

    def snapshot(self) -> dict[str, object]:
        """The lines that ran."""
        return {"lines": [line for line, dummy in self.lines]}

    def advance(self, seconds: float) -> None:
        """Nothing here ages."""

    def change(self, effect: Effect) -> None:
        """Nothing here can be changed from outside."""
        raise ValueError(f"no change is called {effect.data}")

    def times(self) -> dict[str, object]:
        """Nothing is ever due."""
        return {"now": self.now().isoformat(), "due": None}

    def now(self) -> datetime.datetime:
        """Far from the true time, so that nobody takes the one for the other."""
        return datetime.datetime(2031, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)

    def watch(self, changed: Callable[[], None]) -> None:
        """Tell a listener when ``carry`` is called."""
        self.watchers.append(changed)

    def next_change(self) -> float | None:
        """Nothing changes by itself."""
        return None

    def carry(self, *, carried: bool) -> None:
        """Let the services behind WinRM go or come back."""
        self.carried = carried
        for changed in self.watchers:
            changed()


@dataclass
class FakeScenario:
    """Fake computers with the variables that a scenario would give."""

    computers: list[FakeWindows]
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def inventory_vars(self, computer: FakeWindows) -> Mapping[str, object]:
        """How to log on."""
        del computer
        return {"ansible_user": USER, "ansible_password": PASSWORD}


def one() -> FakeScenario:
    """A scenario of one computer."""
    return FakeScenario([FakeWindows()])
