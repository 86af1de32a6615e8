# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions that only a write answers: one right that nobody holds, for LOCAL SERVICE, put back whatever happens.

``SeCreatePermanentPrivilege`` (Create permanent shared objects) has no holder on an ordinary host. It is asked first,
and nothing is written where somebody holds it or a policy sets it.
"""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import RefusedError, WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf, secedit
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell

from .desk import UNKNOWN, Settled, files

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from .desk import Desk

RIGHT = "SeCreatePermanentPrivilege"
ACCOUNT = "S-1-5-19"
# No account can have this name: it has more than the twenty characters of a user's and a sign that groups may not have.
NOBODY = "winmail-nobody-has-this-name"


def settle(desk: Desk) -> list[Settled]:
    """The answers; raises RefusedError before anything is written, WinmailError where the right is not as it was."""
    if desk.reading.assignment.get(RIGHT):
        raise RefusedError(f"Somebody holds {RIGHT} on this host, so nothing was tried on it. Take another host.")
    if any(RIGHT in one.rights for one in desk.reading.policies.policies):
        raise RefusedError(f"A Group Policy sets {RIGHT} on this host, so nothing was tried on it. Take another host.")
    found: list[Settled] = []
    try:
        found += _questions(desk)
    finally:
        _code, held = _write(desk, [])
        if held:
            raise WinmailError(
                f"{RIGHT} could not be taken back from {', '.join(held)}. Run user_right with name: {RIGHT}, "
                "accounts: [], state: pure."
            )
    return found


def _questions(desk: Desk) -> list[Settled]:
    code, held = _write(desk, [f"*{ACCOUNT}"])
    if held != [f"*{ACCOUNT}"]:
        return [Settled("W26", "new_database_exit", UNKNOWN, f"ended with {code}, held by {len(held)}")]
    found = [_by_code("W26", "new_database_exit", code)]
    code, held = _write(desk, [f"*{ACCOUNT}", NOBODY])
    found.append(_by_code("W21", "configure_exit_partial", code))
    # Applied or not shows after the list was another one before.
    _write(desk, [])
    dummy, held = _write(desk, [f"*{ACCOUNT}", NOBODY])
    applied = f"*{ACCOUNT}" in held
    found.append(
        Settled("W15", "unresolved_line", "others_applied" if applied else "line_skipped", f"{len(held)} held")
    )
    _write(desk, [f"*{ACCOUNT}"])
    dummy, held = _write(desk, [ACCOUNT])
    kept = f"*{ACCOUNT}" in held
    return [*found, Settled("W16", "bare_sid_line", "kept" if kept else "wiped", f"{len(held)} held")]


def _by_code(row: str, world: str, code: int | None) -> Settled:
    return Settled(row, world, str(code) if code in (0, 3) else UNKNOWN, f"ended with {code}")


def _write(desk: Desk, tokens: Sequence[str]) -> tuple[int | None, list[str]]:
    """Configure the right's line as it is given, and read it: the exit code and the holders as they are printed."""
    own, chain = files(), shell.Chain()
    for line in ("[Unicode]", "Unicode=yes", "[Version]", 'signature="$CHICAGO$"', "Revision=1", "[Privilege Rights]"):
        chain.run(f">>{own.quoted('t.inf')} echo {line}")
    chain.run(f">>{own.quoted('t.inf')} echo {RIGHT} = {','.join(tokens)}")
    desk.transport.changes.asked()
    chain.run(secedit.configure(own), code="configure")
    secedit.add_read(chain, own, "r")
    found = desk.run(chain, own)
    export: inf.Template = secedit.read_export(found, "r")
    return found.code("configure"), list(export.by_constant.get(RIGHT, ()))
