# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who this connection is: whoami.exe's CSV, and where that cannot run, the name that the connection logged on with.

Header, names and kinds are localised, names can hold quotation marks, labels stand first or last (captures/whoami):
only fields that are SIDs are read. The primary group is in no such list.
"""

from __future__ import annotations

import csv
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Caller
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .resolving import Resolver
    from .session import Session


def ask(session: Session, resolver: Resolver) -> Caller | None:
    """The connecting account, by whoami or else by the name that it logged on with; None where nothing tells it.

    Its groups are known from whoami alone: without it there are none in the answer.
    """
    try:
        found = read(session.run(add_questions(shell.Chain())))
    except (ReadError, WindowsError):  # not told is an answer here: the guard then takes nothing for granted
        found = None
    return found or _by_name(session.transport.user, resolver)


def add_questions(chain: shell.Chain) -> shell.Chain:
    """Ask in a chain who is connected."""
    whoami = shell.program("whoami.exe")
    chain.show("user", f"2>nul {whoami} /user /fo csv /nh")
    return chain.show("groups", f"2>nul {whoami} /groups /fo csv /nh")


def read(sections: shell.Sections) -> Caller | None:
    """What whoami told, or None where nothing tells it."""
    return understood(sections.section("user") or b"", sections.section("groups") or b"")


def understood(user: bytes, groups: bytes) -> Caller | None:
    """The account that the two outputs of whoami tell, or None where the first does not hold exactly one SID.

    One row of the groups that is not understood is one group too few, so then none is known.
    """
    found, listed = _sids(user), _sids(groups)
    if found is None or len(found) != 1:
        return None
    return Caller(found[0], frozenset(listed or ()))


def _sids(output: bytes) -> list[str] | None:
    """The SID of each row, or None where a row holds none."""
    found = [_sid(line) for line in decode(output).splitlines() if line.strip()]
    return None if None in found else [sid for sid in found if sid is not None]


def _sid(line: str) -> str | None:
    """The last field that is a SID, of a row that is whole: the beginning of a SID is somebody else's."""
    if not line.rstrip().endswith('"'):
        return None
    try:
        fields = next(csv.reader([line]), [])
    except csv.Error:  # a field of more than 128 KB, or a NUL
        return None
    return next((sids.normal(field) for field in reversed(fields) if sids.is_sid(field)), None)


def _by_name(user: Callable[[], str], resolver: Resolver) -> Caller | None:
    try:
        name = parse(user())
        sid = resolver.resolve(name).sid
    except (InputError, ReadError, WindowsError):
        return None
    return None if sid is None else Caller(sid, frozenset())
