# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""controls.csv: one row for each host and control, for spreadsheets; what a cell says is never a formula (pure).

RFC 4180, in UTF-8 with the mark by which Excel knows it. A cell that a spreadsheet would calculate begins with an
apostrophe instead, as OWASP's page "CSV Injection" asks.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from .model import Baseline, BaselineFleet, Finding, JudgedHost, Member, PopFleet

_MARK = "\ufeff"
# Also as full-width characters, which spreadsheets of East Asian languages take for the same.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_BETWEEN = "; "

HOST = ("host", "computer", "host_role", "standing", "baseline", "release", "as_of")
CONTROL = (
    *("control", "severity", "status", "right", "display_name", "title", "operator"),
    *("expected", "holders", "extra", "missing", "allowed_by", "waived_until", "governed", "reason"),
    *("cci", "cce", "nist", "stig_id"),
)
POP3 = (
    *("host", "computer", "standing", "generation", "account", "right", "verdict_before", "action", "verdict_after"),
    *("failure", "advice"),
)


def baseline_sheet(fleet: BaselineFleet) -> str:
    """The sheet of a fleet that was held against a baseline; a host without findings has one row that says why."""
    return _written((*HOST, *CONTROL), _rows(fleet))


def pop_sheet(fleet: PopFleet) -> str:
    """The sheet of a fleet that the POP3 role looked at: one row for each host."""
    return _written(POP3, ([str(getattr(host, name)) for name in POP3] for host in fleet.hosts))


def _written(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    text.write(_MARK)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue()


def _inert(cell: str) -> str:
    """The cell, with an apostrophe where a spreadsheet would calculate it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) or cell.startswith("\t") else cell


def _rows(fleet: BaselineFleet) -> Iterator[list[str]]:
    for host in fleet.hosts:
        head = _host(host)
        if not host.findings:
            blank = dict.fromkeys(CONTROL, "") | {"reason": host.failure}
            yield [*head, *blank.values()]
        for finding in host.findings:
            yield [*head, *_finding(finding)]


def _host(host: JudgedHost) -> list[str]:
    baseline = host.baseline or Baseline("", "", "", "")
    return [
        *(host.host, host.computer, host.role, host.standing),
        *(baseline.title or baseline.name, baseline.release, host.as_of),
    ]


def _finding(one: Finding) -> list[str]:
    rule = one.rule
    return [
        *(rule.id, rule.severity, one.status, rule.right, rule.display_name, rule.title, rule.operator),
        *(_members(members) for members in (one.expected, one.holders, one.extra, one.missing)),
        _BETWEEN.join(f"{by.member.label}: {by.reason}" for by in one.allowed_by),
        one.waived_until,
        f"{one.governed}: {one.governed_by}" if one.governed_by else one.governed,
        one.reason,
        *(" ".join(rule.reference(catalogue)) for catalogue in ("cci", "cce", "nist", "stig_id")),
    ]


def _members(members: Iterable[Member]) -> str:
    return _BETWEEN.join(f"{one.name} ({one.sid})" if one.name and one.sid else one.label for one in members)
