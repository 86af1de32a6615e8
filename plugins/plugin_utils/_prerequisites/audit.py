# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of an audit: every host's outcome and a summary, in the form of docs/schema/pop3-audit.json (pure)."""

from __future__ import annotations

import typing as t
from collections import Counter
from collections.abc import Mapping, Sequence

from .result import Outcome

FORMAT = "winmail.exchange/pop3-audit"
VERSION = 1


def audit(outcomes: Sequence[tuple[str, Outcome | None]], written_at: str) -> dict[str, t.Any]:
    """The document; ``written_at`` is ISO 8601 in UTC. A host without an outcome is named in ``without_result``."""
    shown = [outcome for _host, outcome in outcomes if outcome]
    compliant = Counter(_word(outcome) for outcome in shown)
    return {
        "format": FORMAT,
        "version": VERSION,
        "written_at": written_at,
        "summary": {
            "hosts": len(outcomes),
            "compliant": compliant["compliant"],
            "not_compliant": compliant["not_compliant"],
            "unknown": compliant["unknown"] + len(outcomes) - len(shown),
            "actions": dict(sorted(Counter(str(outcome["action"]) for outcome in shown).items())),
            "verdicts": dict(sorted(Counter(str(outcome["verdict_before"]) for outcome in shown).items())),
        },
        "hosts": [_documented(outcome) for outcome in shown],
        "without_result": [host for host, outcome in outcomes if not outcome],
    }


def _documented(outcome: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The fields of an outcome; a registered one has the keys of any result beside them."""
    return {name: outcome[name] for name in Outcome.__annotations__}


def _word(outcome: Outcome) -> str:
    return "unknown" if outcome["unknown"] else "compliant" if outcome["compliant"] else "not_compliant"
