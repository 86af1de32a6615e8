# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies as the host remembers them: cached templates, the policy log, names and device management in the registry.

Microsoft KB 324383 (cache), KB 201453 (registry history of the security extension), Policy CSP; docs/sources.md S6.
"""

from __future__ import annotations

import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    CachedPolicy,
    MdmReading,
    PolicyReading,
    RsopReading,
    RsopRight,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import csp
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import constant_of
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_list, as_number, as_text

from . import inf

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.shell import Chain, Sections

    from .registry import Registry

_CACHE = "%windir%\\security\\templates\\policies\\gpt*.*"
_HISTORY = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\History\\{827D319E-6EAC-11D2-A4EA-00C04F79F83A}"
_GUID = re.compile(r"\{[0-9A-Fa-f-]{36}\}")
_MDM = "SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\UserRights"
_RSOP = "root/rsop/computer"
_MOST_POLICIES = 64


def add_cache(chain: Chain) -> Chain:
    """Show every cached template behind a marker with its path; ``dir /a`` lists hidden files too."""
    listing = f"'2^>nul dir /b /s /a-d \"{_CACHE}\"'"
    return chain.show(
        "policies", f'for /f "delims=" %f in ({listing}) do @(echo @@{chain.nonce}:gpt %f& type "%f"& echo.)'
    )


def read_cache(sections: Sections) -> PolicyReading:
    """The cached templates; one that is cut off makes the reading incomplete (a refresh rewrites them)."""
    data = sections.section("policies")
    if data is None:
        return PolicyReading((), complete=False)
    marker = re.compile(f"@@{sections.nonce}:gpt ([^\r\n]*)\r?\n".encode())
    parts = marker.split(data)
    policies, complete = [], not parts[0].strip()
    for path, content in zip(parts[1::2], parts[2::2], strict=True):
        parsed = inf.parse(content)
        complete = complete and "version" in parsed.sections and not parsed.stray
        guid = _GUID.search(parsed.gpo_path or "")
        name = decode(path).rpartition("\\")[2]
        policies.append(CachedPolicy(name, guid.group(0).upper() if guid else None, parsed.by_constant))
    return PolicyReading(tuple(policies), complete)


def read_rsop(cim: Cim) -> RsopReading:
    """The winning rows (precedence 1) of RSOP_UserPrivilegeRight; GPOID is the distinguished name of the GPO."""
    wql = "select UserRight,AccountList,GPOID,precedence from RSOP_UserPrivilegeRight"
    try:
        rows = cim.query(wql, _RSOP)
    except (WindowsError, ReadError) as exc:
        return RsopReading({}, str(exc))
    rights = {}
    for row in rows:
        right, guid = as_text(row.get("UserRight")), _GUID.search(as_text(row.get("GPOID")) or "")
        if right and as_text(row.get("precedence")) == "1":
            holders = tuple(text for text in map(as_text, as_list(row.get("AccountList"))) if text)
            rights[constant_of(right)] = RsopRight(guid.group(0).upper() if guid else None, holders)
    return RsopReading(rights)


def read_mdm(registry: Registry) -> MdmReading:
    """The rights that device management sets: the area of the Policy CSP in the registry has values for each."""
    try:
        return MdmReading(csp.rights_of(registry.values(_MDM)))
    except (WindowsError, ReadError) as exc:
        return MdmReading(refusal=str(exc))


def names(registry: Registry, guids: Sequence[str]) -> dict[str, str]:
    """Display names by GUID, from the newest entry of the history on; what the registry does not know is left out."""
    wanted = {guid.upper() for guid in guids}
    found: dict[str, str] = {}
    try:
        entries = registry.subkeys(_HISTORY)
        for entry in sorted(entries, key=_number, reverse=True)[:_MOST_POLICIES]:
            if not wanted - set(found):
                break
            key = f"{_HISTORY}\\{entry}"
            guid = str(registry.string(key, "GPOName") or "").upper()
            if guid in wanted:
                found[guid] = str(registry.string(key, "DisplayName") or "")
    except (WindowsError, ReadError):
        return found  # a name is for people: without it the GUID is shown
    return {guid: name for guid, name in found.items() if name}


def _number(entry: str) -> int:
    number = as_number(entry)
    return -1 if number is None else number
