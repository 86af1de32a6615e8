# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Group Policy on one computer: cached templates, the History in the registry, RSoP rows, the refresh."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.state import insists
from lab.state.lsa import LookupFailedError, Lsa
from lab.state.rights import RightsStore, canonical_right

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from lab.state.files import FileSystem
    from lab.state.registry import Registry

SECURITY_CSE = "{827D319E-6EAC-11D2-A4EA-00C04F79F83A}"
HISTORY = f"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\History\\{SECURITY_CSE}"
GPO_LIST = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\State\\Machine\\GPO-List"
CACHE = "C:\\Windows\\security\\templates\\policies"


@dataclass(frozen=True)
class Gpo:
    """A policy object: rights as template tokens (``*SID`` or names); ``link`` is ``domain`` or ``ou``."""

    guid: str
    name: str
    link: str
    rights: Mapping[str, tuple[str, ...]]

    def dn(self, dns: str) -> str:
        """Its distinguished name in Active Directory."""
        parts = ",".join(f"DC={part}" for part in dns.split("."))
        return f"CN={self.guid},CN=Policies,CN=System,{parts}"


@dataclass
class Policy:
    """The policy objects that apply to a computer, in order of application (the last one wins)."""

    gpos: list[Gpo] = field(default_factory=list)
    dns: str = ""
    applied_at: dt.datetime | None = None
    path_line_first: bool = False

    def winning(self) -> dict[str, tuple[Gpo, tuple[str, ...]]]:
        """For each governed right, the object that wins and its tokens."""
        won: dict[str, tuple[Gpo, tuple[str, ...]]] = {}
        for gpo in self.gpos:
            for right, tokens in gpo.rights.items():
                won[canonical_right(right) or right] = (gpo, tokens)
        return won

    def apply_rights(self, rights: RightsStore, lsa: Lsa) -> None:
        """Set every governed right as the security extension does; who cannot lose it stays."""
        for right, (dummy, tokens) in self.winning().items():
            wanted = [sid for token in tokens for sid in _resolve(token, lsa)]
            rights.set(right, [*wanted, *sorted(insists.kept(right, rights.holders(right), wanted))])

    def write_cache(self, files: FileSystem) -> None:
        """Rewrite ``gpt0000N.dom|inf``: UTF-16LE templates, hidden folder (docs/sources.md S6)."""
        files.make_folders(CACHE, system=True)
        for old in files.children(CACHE):
            files.delete(old.path)
        for number, gpo in enumerate(self.gpos):
            suffix = "dom" if gpo.link == "domain" else "inf"
            data = b"\xff\xfe" + self._template(gpo).encode("utf-16-le")
            node = files.write(f"{CACHE}\\gpt{number:05}.{suffix}", data)
            node.attributes.add("hidden")

    def write_registry(self, registry: Registry) -> None:
        """The display names, twice: History of the security extension and the State list."""
        registry.delete(HISTORY)
        registry.delete(GPO_LIST)
        for number, gpo in enumerate(self.gpos):
            share = f"\\\\{self.dns}\\SysVol\\{self.dns}\\Policies\\{gpo.guid}\\Machine"
            history = f"{HISTORY}\\{number}"
            registry.set(history, "DisplayName", gpo.name)
            registry.set(history, "GPOName", gpo.guid)
            registry.set(history, "DSPath", f"LDAP://CN=Machine,{gpo.dn(self.dns)}")
            registry.set(history, "FileSysPath", share)
            state = f"{GPO_LIST}\\{number}"
            registry.set(state, "DisplayName", gpo.name)
            registry.set(state, "GPO-ID", f"LDAP://CN=Machine,{gpo.dn(self.dns)}")
            registry.set(state, "FileSysPath", share)
            registry.set(state, "SOM-ID", f"LDAP://{gpo.dn(self.dns).partition('System,')[2]}")

    def rsop_rows(self) -> list[tuple[str, Gpo, int, tuple[str, ...]]]:
        """(right, object, precedence, tokens): precedence 1 wins."""
        rows: list[tuple[str, Gpo, int, tuple[str, ...]]] = []
        seen: dict[str, int] = {}
        for gpo in reversed(self.gpos):
            for right, tokens in gpo.rights.items():
                seen[right.casefold()] = seen.get(right.casefold(), 0) + 1
                rows.append((right, gpo, seen[right.casefold()], tokens))
        return rows

    def _template(self, gpo: Gpo) -> str:
        path_line = [f"GPOPath={gpo.guid}\\MACHINE"]
        lines = ["[Unicode]", "Unicode=yes", "[Version]", 'signature="$CHICAGO$"', "Revision=1"]
        if self.path_line_first:
            lines = path_line + lines
        if gpo.rights:
            lines.append("[Privilege Rights]")
            lines += [f"{right} = {','.join(tokens)}".rstrip(" ") for right, tokens in gpo.rights.items()]
        else:
            lines += ["[System Access]", "MinimumPasswordLength = 14"]
        if not self.path_line_first:
            lines += path_line
        return "".join(f"{line}\r\n" for line in lines)


def _resolve(token: str, lsa: Lsa) -> list[str]:
    if token.startswith("*"):
        return [token[1:]]
    try:
        return [lsa.name_to_sid(token).sid]
    except LookupFailedError:
        return []
