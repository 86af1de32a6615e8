# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table at the end of a run, for people (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ansible_collections.winmail.exchange.plugins.module_utils._printable import printable

from .decision import policy_name, unique
from .result import Outcome, RoleAction

NO_RESULT = "unreachable or failed, see above"
_NOTHING = "-"
_PAST: Mapping[RoleAction, str] = {"grant": "granted", "revoke": "revoked", "restart": "restarted"}


def table(outcomes: Sequence[tuple[str, Outcome | None]]) -> list[str]:
    """Lines with aligned columns: one for each host, also where there is no result."""
    rows = [tuple(_COLUMNS)]
    rows += [_row(host, shown) for host, shown in outcomes]
    widths = [max(len(row[index]) for row in rows) for index in range(len(_COLUMNS))]
    ruler = tuple("-" * width for width in widths)
    return [_line(row, widths) for row in (rows[0], ruler, *rows[1:])]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(host: str, shown: Outcome | None) -> tuple[str, ...]:
    if not shown:
        return (host, *[_NOTHING] * (len(_COLUMNS) - 2), NO_RESULT)
    return (host, *[printable(cell(shown)) or _NOTHING for cell in list(_COLUMNS.values())[1:]])


def action(shown: Outcome) -> str:
    """What was done on the host or why nothing was, in a few words."""
    if shown["failure"]:
        return "failed"
    words = ", ".join(_PAST[step] for step in shown["done"])
    if shown["check_mode"] and shown["done"]:
        words = "would be " + words.replace(", ", " and ")
    if shown["restart_required"]:
        return f"{words}, restart needed" if words else "restart needed"
    return words or _undone(shown)


def _undone(shown: Outcome) -> str:
    if shown["action"] == "governed":
        return f"none: governed by {policy_name(shown['governed'])}"
    return {
        "grant": "none: grant needed",
        "not_applicable": "none: not needed here",
        "unknown": "none: not known what is wrong",
    }.get(shown["action"], "none needed")


def _rights(shown: Outcome) -> str:
    return " ".join(unique(str(one["name"]) for one in shown["rights"]))


def _verdict_after(shown: Outcome) -> str:
    after = shown["verdict_after"]
    return str(after) if after else "not probed" if shown["done"] else ""


_COLUMNS: Mapping[str, Callable[[Outcome], str]] = {
    "host": lambda shown: str(shown["host"]),
    "generation": lambda shown: str(shown["generation"]),
    "account": lambda shown: str(shown["account"] or ""),
    "right": _rights,
    "verdict before": lambda shown: str(shown["verdict_before"] or ""),
    "action": action,
    "verdict after": _verdict_after,
}
