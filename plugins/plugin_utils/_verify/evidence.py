# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One host's answers as a file that names nobody: docs/schema/host-evidence.json, which replay makes a host of."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import RightsQuery
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_text
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport

from . import host_questions, name_questions, scratch, secedit_questions, shell_questions
from .desk import UNKNOWN, Desk, Settled
from .disguise import Disguise

if t.TYPE_CHECKING:
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Account, Host

FORMAT, VERSION = "winmail.exchange/host-evidence", 1
_LONGEST = 300
QUESTIONS = (
    *shell_questions.QUESTIONS,
    *secedit_questions.QUESTIONS,
    *name_questions.QUESTIONS,
    *host_questions.QUESTIONS,
)


def collect(line: object, host: Host, *, write: bool) -> dict[str, t.Any]:
    """Ask a host everything and tell it without names; with ``write`` the questions about one right that nobody holds.

    ``line`` is that of the host's back end. Raises InputError for a back end without a shell, WinmailError where the
    host does not answer what all else needs: who it is, and its rights.
    """
    if not isinstance(line, Transport):
        raise InputError("The questions are put in a shell over WinRM, which this connection does not have.")
    computer = host.computer()
    # It does not tidy up: what an earlier roll-back left is for a task that says so.
    reading = host.read_rights(RightsQuery(pin=None))
    cim = Cim(line)
    desk = Desk(line, cim, host, computer, reading)
    desk = replace(desk, me=next(iter(desk.show(shell.program("whoami.exe")).splitlines()), ""))
    answers = settled(desk)
    if write:
        answers += scratch.settle(desk)
    caller = host.connecting_account()
    held = {holder.sid for holders in reading.assignment.values() for holder in holders if holder.sid}
    accounts = host.accounts(sorted(held | ({caller.sid, *caller.groups} if caller else set())))
    disguise = Disguise(_names(desk, list(accounts.values())))
    return {
        "format": FORMAT,
        "version": VERSION,
        "wrote": write,
        "windows": _windows(desk),
        "domains": {kind: disguise.sid(sid) for kind, sid in _domains(desk, list(accounts.values())).items()},
        "answers": [
            {"row": one.row, "world": one.world, "answer": one.answer, "seen": _cut(disguise.text(one.evidence))}
            for one in answers
        ],
        "rights": {
            right: [
                {"sid": disguise.sid(one.sid) if one.sid else None, "printed_as": _printed(one.token)}
                for one in holders
            ]
            for right, holders in sorted(reading.assignment.items())
        },
        "accounts": {disguise.sid(sid): account.kind for sid, account in accounts.items()},
        "caller": {
            "sid": disguise.sid(caller.sid),
            "groups": sorted(disguise.sid(sid) for sid in caller.groups),
        }
        if caller
        else None,
        "policies": [
            {
                "policy": disguise.text(one.guid or ""),
                "rights": {right: [_token(disguise, one) for one in tokens] for right, tokens in one.rights.items()},
            }
            for one in reading.policies.policies
        ],
    }


def settled(desk: Desk) -> list[Settled]:
    """Ask every question that reading answers; one that fails is an answer as well: unknown, with what Windows said."""
    found = []
    for question in QUESTIONS:
        try:
            found.append(question(desk))
        except WinmailError as exc:
            found.append(Settled("-", question.__name__, UNKNOWN, str(exc)))
    return found


def _cut(text: str) -> str:
    """A text of bearable length; cut only once it names nobody, for half a name is in no list."""
    return text[:_LONGEST]


def _windows(desk: Desk) -> dict[str, t.Any]:
    system = desk.host.operating_system()
    (row,) = desk.cim.query("select Locale from Win32_OperatingSystem")
    return {
        "version": system.version,
        "product_type": system.product_type,
        "locale": as_text(row.get("Locale")) or "",
        "role": desk.computer.role,
        "part_of_domain": desk.computer.part_of_domain,
    }


def _domains(desk: Desk, accounts: Sequence[Account]) -> dict[str, str]:
    """The SIDs of the computer's own accounts and of its domain's, as far as an account of each was seen."""
    own, found = desk.computer.name.lower(), dict[str, str]()
    short = desk.computer.domain.partition(".")[0].lower()
    for account in accounts:
        authority = (account.name or "").rpartition("\\")[0].lower()
        if account.sid.startswith("S-1-5-21-") and authority in (own, short):
            found["computer" if authority == own else "domain"] = account.sid.rpartition("-")[0]
    return found


def _printed(token: str) -> str:
    return "sid" if token.startswith("*") else "qualified_name" if "\\" in token else "name"


def _token(disguise: Disguise, token: str) -> str:
    """A token of a policy: SIDs as they are told elsewhere; a name says only that it was one."""
    sid = token.lstrip("*")
    return f"*{disguise.sid(sid)}" if sid.upper().startswith("S-1-") else "name"


def _names(desk: Desk, accounts: Sequence[Account]) -> Iterator[str]:
    """Every name of a person, domain or computer that is known: each may stand in a text of Windows."""
    yield from (desk.computer.name, desk.computer.domain, desk.computer.domain.partition(".")[0])
    yield desk.transport.address()
    for user in (desk.transport.user(), desk.me):
        yield from _parts(user)
    for holders in desk.reading.assignment.values():
        for holder in holders:
            if not holder.token.startswith("*"):
                yield from _parts(holder.token)
    for account in accounts:
        # The names of Windows' own accounts are nobody's; their SIDs are short.
        if account.name and len(account.sid.split("-")) >= 7:
            authority, dummy, name = account.name.rpartition("\\")
            yield name
            # NT SERVICE, IIS APPPOOL and their like are the same everywhere.
            if account.sid.startswith("S-1-5-21-"):
                yield from _parts(f"{authority}\\{name}")


def _parts(name: str) -> Iterator[str]:
    domain, dummy, account = name.rpartition("\\")
    yield from (name, domain, account)
    if "@" in account:
        yield from account.split("@")
