# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIDs → names, many in one request: Win32_SecurityDescriptorHelper.SDDLToWin32SD, with Win32_SID as the fallback.

Both ask the host's LSA and need no delegated credentials (Microsoft documents both since Vista). Names are for people:
nothing here ever fails because a SID has none.
"""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Account
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import faults
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_list, as_text

from .lookup_names import sddl_of

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.well_known import AccountKind
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import Value

_BATCH = 400
_MOST_SINGLE = 32
_MOST_BATCHES = 64
# Aliases of SDDL whose SID depends on the domain or the computer, told apart by their RID (Microsoft, "SID Strings"):
# many can be asked in one request. Any other alias is asked alone, so that its answer can be no other's.
# Microsoft, "SID Strings" with its constants in sddl.h: aliases whose SID ends with this number, in a domain or forest
# that only the host knows. An answer with another ending is not believed.
_RELATIVE = {
    "LA": 500,
    "LG": 501,
    "DA": 512,
    "DU": 513,
    "DG": 514,
    "DC": 515,
    "DD": 516,
    "CA": 517,
    "SA": 518,
    "EA": 519,
    "PA": 520,
    "RO": 498,
    "CN": 522,
    "AP": 525,
    "KA": 526,
    "EK": 527,
    "RS": 553,
}
_MOST_ALIASES = 16


class Accounts:
    """Names SIDs and expands SDDL aliases; keeps what it learned for the rest of the task."""

    def __init__(self, cim: Cim) -> None:
        self._cim = cim
        self._known: dict[str, Account] = {}
        self._batches = 0
        self._singles = 0
        self._works: bool | None = None

    def named(self, wanted: Iterable[str]) -> dict[str, Account]:
        """An Account for every SID; one that Windows cannot name keeps ``name`` None."""
        unique = list(dict.fromkeys(wanted))
        unknown = [sid for sid in unique if sid not in self._known]
        for start in range(0, len(unknown), _BATCH):
            batch = unknown[start : start + _BATCH]
            for trustee in self._ask(batch):
                self._learn(trustee)
            for sid in batch:
                if sid not in self._known:
                    # Not answered is not "no such account": the kind stays what the SID says.
                    self._known[sid] = Account(sid, sids.well_known_name(sid), sids.kind_of(sid))
        return {sid: self._known[sid] for sid in unique}

    def expand(self, aliases: Sequence[str]) -> dict[str, str]:
        """The SIDs of two-letter SDDL aliases: a few are the same everywhere, the host is asked about all others."""
        unique = list(dict.fromkeys(aliases))
        found = {alias: sids.SDDL_ALIASES[alias] for alias in unique if alias in sids.SDDL_ALIASES}
        relative = [alias for alias in unique if alias in _RELATIVE]
        for trustee in self._ask(relative) if relative else ():
            account = self._learn(trustee)
            for alias in relative:
                if account is not None and account.sid.endswith(f"-{_RELATIVE[alias]}"):
                    found[alias] = account.sid
        for alias in [alias for alias in unique if alias not in found and alias not in _RELATIVE][:_MOST_ALIASES]:
            learned = [self._learn(trustee) for trustee in self._ask([alias])]
            if len(learned) == 1 and learned[0] is not None:
                found[alias] = learned[0].sid
        return found

    def _learn(self, trustee: dict[str, Value]) -> Account | None:
        text = as_text(trustee.get("SIDString"))
        if text is None or not sids.is_sid(text):
            return None
        sid, name, domain = sids.normal(text), as_text(trustee.get("Name")), as_text(trustee.get("Domain"))
        shown = f"{domain}\\{name}" if name and domain else name or None
        # A host that cannot name a SID may repeat the SID itself.
        if shown is not None and sids.is_sid(shown):
            shown = None
        account = Account(sid, shown, _kind(sid, shown))
        self._known[sid] = account
        return account

    def _ask(self, trustees: Sequence[str]) -> list[dict[str, Value]]:
        """Ask for all at once; a call that one bad SID spoils is split in halves, single SIDs go to Win32_SID."""
        if not trustees or self._batches >= _MOST_BATCHES:
            return []
        self._batches += 1
        try:
            row = self._cim.invoke("Win32_SecurityDescriptorHelper", "SDDLToWin32SD", {"SDDL": sddl_of(trustees)})
            descriptor = row.get("Descriptor")
            if as_text(row.get("ReturnValue")) == "0" and isinstance(descriptor, dict):
                return [ace["Trustee"] for ace in as_list(descriptor.get("DACL")) if _has_trustee(ace)]
        except WindowsError as exc:
            if faults.OPERATION_TIMEOUT in exc.codes:
                return []  # a domain that does not answer costs one bounded wait, never the run
            if faults.INVALID_NAMESPACE_OR_CLASS in exc.codes or _denied(exc):
                return self._singly(trustees)
        except ReadError:
            return self._singly(trustees)
        if len(trustees) == 1:
            return self._singly(trustees)
        middle = len(trustees) // 2
        return [*self._ask(trustees[:middle]), *self._ask(trustees[middle:])]

    def _singly(self, trustees: Sequence[str]) -> list[dict[str, Value]]:
        found: list[dict[str, Value]] = []
        for trustee in trustees:
            if not sids.is_sid(trustee) or self._singles >= _MOST_SINGLE:
                continue
            self._singles += 1
            try:
                row = self._cim.get("Win32_SID", {"SID": trustee})
            except ReadError:
                continue
            except WindowsError as exc:
                if exc.codes & faults.NO_ANSWER:
                    continue
                row = {}  # hosts say "no such account" by an empty name or by a fault
            if row is None and not self._win32_sid_works():
                continue
            named = row or {}
            found.append(
                {"SIDString": trustee, "Name": named.get("AccountName"), "Domain": named.get("ReferencedDomainName")}
            )
        return found

    def _win32_sid_works(self) -> bool:
        """Whether "not found" means the SID and not the class, which old hosts lack: Local System has a name."""
        if self._works is None:
            try:
                self._works = self._cim.get("Win32_SID", {"SID": sids.LOCAL_SYSTEM}) is not None
            except (ReadError, WindowsError):
                self._works = False
        return self._works


def _denied(exc: WindowsError) -> bool:
    return bool(exc.codes & faults.ACCESS_DENIED)


def _has_trustee(ace: Value) -> t.TypeGuard[dict[str, t.Any]]:
    return isinstance(ace, dict) and isinstance(ace.get("Trustee"), dict)


def _kind(sid: str, name: str | None) -> AccountKind:
    """The kind of a SID that the host was asked about: one that it answered without a name is an orphan."""
    return "orphan" if name is None else sids.kind_of(sid, name)
