# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam between the lab's wire (winrm/) and its Windows (windows/, state/): value types and protocols only."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Union

CimValue = Union[None, bool, int, str, datetime.datetime, "CimInstance", "CimReference", Sequence["CimValue"]]


@dataclass(frozen=True)
class CimReference:
    """A reference to an instance: namespace (``root/cimv2``), class and key properties."""

    namespace: str
    class_name: str
    keys: Mapping[str, str]


@dataclass(frozen=True)
class CimInstance:
    """An instance, an embedded object or a method's output; property order is kept."""

    namespace: str
    class_name: str
    properties: Mapping[str, CimValue]


@dataclass(frozen=True)
class QueryResult:
    """The rows of a WQL query; ``projected`` when the query named its columns (then a row is an XmlFragment)."""

    instances: Sequence[CimInstance]
    projected: bool


class WmiError(Exception):
    """A provider's refusal.

    ``kind`` is one of not_found, invalid_class, invalid_namespace, invalid_query, invalid_method, access_denied,
    not_supported, failed, hresult (then ``code`` is the provider's own); ``message`` is the provider's text and
    ``operation`` what was asked (GetObject, DeleteInstance, ExecQuery, ExecMethod).
    """

    def __init__(self, kind: str, message: str, operation: str = "", parameter: str = "", code: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.operation = operation
        self.parameter = parameter
        self.code = code


class LogonDenied(Exception):
    """A network logon that Windows refuses although the password is right (a logon right, a disabled account)."""


@dataclass(frozen=True)
class Caller:
    """Who is at the other end of a WinRM connection: the token of its network logon."""

    sid: str
    name: str
    group_sids: tuple[str, ...]
    administrator: bool


@dataclass(frozen=True)
class Completed:
    """What a command line left: its streams, its exit code (as Windows sends it) and its simulated seconds.

    ``writes`` are the same streams as they came, stream and bytes, one for each write; without
    them the output counts as written at once.
    """

    stdout: bytes
    stderr: bytes
    exit_code: int
    seconds: float = 0.0
    writes: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Effect:
    """What an injected fault asks of the place where it fired (see faults.py for the kinds)."""

    kind: str
    data: Mapping[str, object] = field(default_factory=dict)


class Windows(Protocol):
    """What the wire asks of one simulated computer (implemented in windows/computer.py)."""

    @property
    def name(self) -> str:
        """The computer name."""

    def credentials(self) -> Sequence[tuple[str, str, str]]:
        """Every (domain, user, password) that may log on over NTLM, one entry for each spelling of a domain."""

    def logon(self, domain: str, user: str) -> Caller:
        """The token of a network logon whose password was already proven; raises LogonDenied."""

    def may_open_shell(self, caller: Caller) -> bool:
        """Whether the WinRM shell plug-in admits this caller (RootSDDL)."""

    def run(self, caller: Caller, line: str, codepage: int) -> Completed:
        """Run one line by ``cmd /c`` semantics; never sleeps, reports its simulated duration instead."""

    def get(self, caller: Caller, namespace: str, class_name: str, selectors: Mapping[str, str]) -> CimInstance:
        """One instance by its keys (an empty mapping for a singleton); raises WmiError."""

    def delete(self, caller: Caller, namespace: str, class_name: str, selectors: Mapping[str, str]) -> None:
        """Remove an instance by its keys; raises WmiError."""

    def query(self, caller: Caller, namespace: str, wql: str) -> QueryResult:
        """The rows of a WQL query; raises WmiError."""

    def associators(
        self,
        caller: Caller,
        reference: CimReference,
        association_class: str,
        result_class: str,
        role: str,
        result_role: str,
    ) -> QueryResult:
        """The instances associated with ``reference`` (empty strings: no restriction); raises WmiError."""

    def invoke(
        self,
        caller: Caller,
        namespace: str,
        class_name: str,
        selectors: Mapping[str, str],
        method: str,
        arguments: Mapping[str, CimValue],
    ) -> CimInstance:
        """Call a method; the instance returned holds ReturnValue and the out parameters; raises WmiError."""
