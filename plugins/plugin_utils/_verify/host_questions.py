# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open questions about policies, device management, files and events."""

from __future__ import annotations

import re

from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import leftovers, policy
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.registry import Registry
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.services import moment
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_text

from .desk import UNKNOWN, Desk, Question, Settled, files

_MDM = "SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\UserRights"


def files_by_cim(desk: Desk) -> Settled:
    """Whether CIM_DataFile tells the time of a file of ours and removes it."""
    own, folder = files(), desk.show("echo %windir%")
    desk.show(f">{own.quoted('x')} echo.")
    path = f"{folder}\\Temp\\{own.stem}.x"
    row = desk.cim.get("CIM_DataFile", {"Name": path}) or {}
    (system,) = desk.cim.query("select LocalDateTime from Win32_OperatingSystem")
    written, now = (moment(as_text(one)) for one in (row.get("LastModified"), system.get("LocalDateTime")))
    young = written is not None and now is not None and abs(now - written) < leftovers.STALE
    gone = leftovers.remove_file(desk.cim, path)
    if not gone:
        desk.run(shell.Chain(), own)
    evidence = f"the time fits: {young}, removed: {gone}"
    return Settled("W84", "cim_files", "works" if young and gone else "absent", evidence)


def policy_log(desk: Desk) -> Settled:
    """Whether RSoP is there."""
    found = policy.read_rsop(desk.cim)
    answer = "absent" if found.refusal else "present" if found.rights else "empty"
    return Settled("W50", "rsop", answer, found.refusal or f"{len(found.rights)} rights")


def cached_policies(desk: Desk) -> Settled:
    """Whether cached security templates are there."""
    chain = policy.add_cache(shell.Chain())
    found = policy.read_cache(chain.read(desk.transport.run(chain.line()).stdout))
    files = ", ".join(one.file for one in found.policies) or "none"
    return Settled("W52", "gpt_cache", "present" if found.policies else "absent", f"{files}; whole: {found.complete}")


def tokens_of_rsop(desk: Desk) -> Settled:
    """Whether the policy log names accounts by their SIDs."""
    tokens = [token for right in policy.read_rsop(desk.cim).rights.values() for token in right.holders]
    if not tokens:
        return Settled("W51", "rsop_tokens", UNKNOWN, "no rights in the policy log")
    all_sids = all(token.lstrip("*").upper().startswith("S-1-") for token in tokens)
    return Settled("W51", "rsop_tokens", "sid" if all_sids else "names", f"{len(tokens)} accounts")


def place_of_the_path(desk: Desk) -> Settled:
    """Whether the line that names the policy stands before or behind the sections of a cached template."""
    chain = policy.add_cache(shell.Chain())
    data = chain.read(desk.transport.run(chain.line()).stdout).section("policies") or b""
    found = set()
    for text in re.split(rb"@@[0-9a-f]{8}:gpt [^\r\n]*\r?\n", data)[1:]:
        lines = [line.strip().lower() for line in decode(text).splitlines() if line.strip()]
        paths = [number for number, line in enumerate(lines) if line.startswith("gpopath=")]
        heads = [number for number, line in enumerate(lines) if line.startswith("[")]
        if paths and heads:
            found.add("start" if paths[0] < heads[0] else "end")
    answer = found.pop() if len(found) == 1 else UNKNOWN
    return Settled("W53", "gpo_path_line", answer, f"{len(data)} bytes of cached templates")


def values_of_management(desk: Desk) -> Settled:
    """Which values device management leaves for a right."""
    values = Registry(desk.cim).values(_MDM)
    marks = [name for name in values if name.lower().endswith(("_providerset", "_winningprovider"))]
    plain = [name for name in values if name not in marks]
    answer = UNKNOWN if not values else "all" if plain else "provider_set"
    return Settled("W54", "mdm_values", answer, f"{len(plain)} values and {len(marks)} marks")


def events(desk: Desk) -> Settled:
    """How wevtutil writes to a pipe; what it writes is looked at and not kept."""
    program = shell.program("wevtutil.exe")
    data = desk.raw(f"2>nul {program} qe Application /c:1 /rd:true /f:xml /uni:true")
    answer = UNKNOWN
    if data.startswith(b"\xff\xfe"):
        answer = "utf16"
    elif data[1:2] == b"\0":
        answer = "utf16_no_bom"
    elif data.isascii():
        return Settled("W61", "wevtutil_encoding", UNKNOWN, f"{len(data)} bytes of ASCII")
    elif data:
        answer = "utf8" if _is_utf8(data) else "ansi"
    return Settled("W61", "wevtutil_encoding", answer, f"{len(data)} bytes")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


QUESTIONS: tuple[Question, ...] = (
    *(files_by_cim, policy_log, cached_policies, tokens_of_rsop, place_of_the_path, values_of_management, events),
)
