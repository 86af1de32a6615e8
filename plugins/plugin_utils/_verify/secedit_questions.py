# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open questions about secedit that reading answers: exports, their order, encoding and names, the private database."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf, private_database, secedit
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell

from .desk import UNKNOWN, Desk, Question, Settled, encoding, files, size_of

HARMLESS = "SeCreatePermanentPrivilege"


def typed_export(desk: Desk) -> Settled:
    """How an export arrives that ``type`` prints in a 65001 shell."""
    own, chain = files(), shell.Chain()
    found = desk.run(secedit.add_read(chain, own, "e"), own).section("e") or b""
    raw = found[:2] == b"\xff\xfe" or found[1:2] == b"\0"
    return Settled("W01", "type_converts_utf16", "raw" if raw else "yes", f"first bytes {found[:12].hex(' ')}")


def steady_exports(desk: Desk) -> Settled:
    """Whether two exports of the same rights are the same bytes."""
    own, chain = files(), shell.Chain()
    chain.run(secedit.export(own, "e1")).run(secedit.export(own, "e2"))
    pair = f"{own.quoted('e1.inf')} {own.quoted('e2.inf')}"
    code = desk.run(chain.run(f">nul 2>&1 {shell.program('fc.exe')} /b {pair}", code="fc"), own).code("fc")
    return Settled("W11", "export_order_stable", "yes" if code == 0 else "no", f"fc /b ended with {code}")


def long_line(desk: Desk) -> Settled:
    """Whether secedit reads a template line with 300 SIDs whole; it goes into a private database only."""
    own = files()
    wanted = {HARMLESS: [f"S-1-5-21-1-2-3-{rid}" for rid in range(2000, 2300)]}
    try:
        for chain in secedit.prepare_lines(own, inf.render(wanted)):
            chain.read(desk.transport.run(chain.line()).stdout)
        parsed = secedit.read_export(desk.run(secedit.rehearse_line(own), own), "v")
    except WinmailError:
        desk.run(shell.Chain(), own)
        raise
    count = len(parsed.by_constant.get(HARMLESS, ()))
    return Settled("W92", "inf_long_line", "whole" if count == 300 else "cut_4096", f"{count} of 300 holders came back")


def private_names(desk: Desk) -> Settled:
    """Whether the private database turns the connecting account's own name into a SID."""
    if not private_database.askable(desk.me):
        return Settled("W19", "private_db_domain_names", UNKNOWN, "whoami gave no plain name")
    own = files()
    found = desk.run(private_database.add_questions(shell.Chain(), own, [desk.me]), own)
    answer = private_database.read_answers(found, [desk.me])[desk.me]
    return Settled("W19", "private_db_domain_names", "yes" if answer.trustee else "no", f"{desk.me}: {answer.trustee}")


def _sized(desk: Desk) -> tuple[shell.Sections, shell.Files]:
    """An export with the lengths of its two files on the host."""
    own, chain = files(), shell.Chain()
    secedit.add_read(chain, own, "e")
    for name, suffix in (("size", "e.inf"), ("logsize", "e.log")):
        chain.show(name, size_of(own.quoted(suffix)))
    return desk.run(chain, own), own


def export_mark(desk: Desk) -> Settled:
    """Whether an export to a new file begins with a byte order mark."""
    found, dummy = _sized(desk)
    kind, seen = encoding(found.section("size"), found.section("e") or b"")
    return Settled("W10", "export_bom", {"utf16_bom": "yes", "utf16": "no"}.get(kind, UNKNOWN), seen)


def log_file(desk: Desk) -> Settled:
    """How the file of ``/log`` is encoded."""
    found, dummy = _sized(desk)
    kind, seen = encoding(found.section("logsize"), found.section("elog") or b"")
    answer = {"utf16_bom": "utf16", "one_byte": "ansi"}.get(kind, UNKNOWN)
    return Settled("W18", "secedit_log_encoding", answer, seen)


def quiet_log(desk: Desk) -> Settled:
    """Whether ``/quiet`` leaves the file of ``/log`` alone."""
    found, dummy = _sized(desk)
    lines = secedit.log_lines(found.section("elog"))
    return Settled("W23", "quiet_log", "written" if lines else "suppressed", f"{len(lines)} lines")


def printed_names(desk: Desk) -> Settled:
    """Which accounts an export prints as names; their SIDs were looked up before."""
    holders = [one for held in desk.reading.assignment.values() for one in held if not one.token.startswith("*")]
    seen = f"{len(holders)} names"
    if desk.computer.domain_controller or not holders or any(one.sid is None for one in holders):
        return Settled("W12", "bare_names_scope", UNKNOWN, seen)
    if any("\\" in one.token for one in holders):
        return Settled("W12", "bare_names_scope", "qualified", seen)
    accounts = [one.sid.rpartition("-")[0] for one in holders if one.sid and one.sid.startswith("S-1-5-21-")]
    local = len(set(accounts)) == 1
    return Settled("W12", "bare_names_scope", "local_only" if local else "local_and_domain", seen)


def names_on_a_controller(desk: Desk) -> Settled:
    """Whether a domain controller prints the accounts of its domain as names."""
    tokens = [one.token for held in desk.reading.assignment.values() for one in held]
    bare = [token for token in tokens if not token.startswith("*")]
    of_domain = [token for token in tokens if token.startswith("*S-1-5-21-")]
    answer = "bare" if bare else "sid" if of_domain else UNKNOWN
    if not desk.computer.domain_controller:
        answer = UNKNOWN
    return Settled("W22", "dc_export_names", answer, f"{len(bare)} names, {len(of_domain)} SIDs")


def names_of_pools(desk: Desk) -> Settled:
    """Whether application pools print as SIDs; a pool by its name cannot be told from an account here."""
    pools = [
        one.token
        for held in desk.reading.assignment.values()
        for one in held
        if (one.sid or "").startswith("S-1-5-82-")
    ]
    answer = UNKNOWN if not pools else "sid" if all(token.startswith("*") for token in pools) else "bare"
    return Settled("W24", "pool_names", answer, f"{len(pools)} pools")


QUESTIONS: tuple[Question, ...] = (
    *(typed_export, steady_exports, long_line, private_names, export_mark, log_file, quiet_log),
    *(printed_names, names_on_a_controller, names_of_pools),
)
