# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person reads on the screen at the end of a run: counts, the worst ten, equal sentences once (pure).

The verdict on the fleet is the last line: it stands right above Ansible's recap.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import count
from .model import WORST_FIRST, BaselineFleet, JudgedHost, PopFleet, PopHost, Standing

WORST = 10
# Up to so many hosts are all shown in the table; of a larger fleet those that are well are counted.
WHOLE_TABLE = 25
LONGEST_TABLE = 60
_HOSTS_NAMED = 5
_WORDS: dict[Standing, str] = {
    "not_compliant": "{} do not",
    "unknown": "{} unknown",
    "unreachable": "{} unreachable",
    "failed": "{} failed",
    "no_result": "{} without a result",
}
_COLUMNS = ("host", "generation", "account", "right", "verdict before", "action", "verdict after")


def headline(fleet: BaselineFleet) -> str:
    """``3 of 12 hosts meet STIG ... 2, as of 2026-11-24T09:00:00Z; 7 do not; 2 unknown``, or ``would meet``."""
    found = count.standings(fleet.hosts)
    names = [one.label for one in count.baselines(fleet)]
    meet = (
        names[0] if len(names) == 1 else f"the baseline of each ({len(names)} baselines)" if names else "the baseline"
    )
    first, last = count.times(fleet)
    when = f", as of {last}" if first == last else f", as of {first} to {last}"
    others = "".join(f"; {_WORDS[word].format(found[word])}" for word in _WORDS if found[word])
    # In check mode a host that would be cured is judged as it would be.
    verb = "would meet" if any(host.check_mode and host.changed for host in fleet.hosts) else "meet"
    return f"{found['compliant']} of {found['hosts']} hosts {verb} {meet}{when if last else ''}{others}"


def pop_headline(fleet: PopFleet) -> str:
    """``95 of 100 hosts: users can log on; 3 cannot; 2 unknown``."""
    found = count.standings(fleet.hosts)
    cannot = found["not_compliant"] + found["failed"]
    unknown = found["hosts"] - found["compliant"] - cannot
    return f"{found['compliant']} of {found['hosts']} hosts: users can log on; {cannot} cannot; {unknown} unknown"


def baseline_screen(fleet: BaselineFleet, folder: str = "", drift: Sequence[str] = ()) -> list[str]:
    """The lines for a fleet that was held against a baseline."""
    lines = [*_worst(fleet), *_troubles([(host.host, host.failure) for host in fleet.hosts])]
    lines += _troubles([(host.host, _doubt(host)) for host in fleet.hosts if host.standing == "unknown"])
    lines += _troubles([(host.host, text) for host in fleet.hosts for text in host.warnings], "Warning: ")
    lines += drift
    lines += [f"Report: {folder}"] if folder else []
    return [*lines, headline(fleet)]


def pop_screen(fleet: PopFleet, folder: str = "", drift: Sequence[str] = ()) -> list[str]:
    """The lines for a fleet that the POP3 role looked at: a table, the worst first."""
    hosts = sorted(fleet.hosts, key=lambda host: WORST_FIRST.index(host.standing))
    told = [host for host in hosts if host.standing != "compliant" or host.changed]
    shown = hosts if len(hosts) <= WHOLE_TABLE else told
    shown = shown[:LONGEST_TABLE]
    lines = _table(shown) if shown else []
    hidden = [host for host in hosts[len(shown) :] if host.standing != "compliant"]
    lines += [f"And {_hosts(len(hidden))} more that are not well."] if hidden else []
    lines += _troubles(
        [(host.host, host.failure or host.advice) for host in hosts if host.standing != "compliant" or host.failure]
    )
    lines += drift
    lines += [f"Report: {folder}"] if folder else []
    return [*lines, pop_headline(fleet)]


def _worst(fleet: BaselineFleet) -> list[str]:
    """The ten controls that fail on most hosts, each with its hosts."""
    failing = [one for one in count.tallies(fleet) if one.count("fail")]
    if not failing:
        return []
    head = f"Controls that fail ({len(failing)} of them"
    lines = [f"{head}, the worst {WORST}):" if len(failing) > WORST else f"{head}):"]
    for one in failing[:WORST]:
        hosts = one.hosts["fail"]
        lines.append(f"  {_hosts(len(hosts))}: {one.rule.id} {one.rule.display_name or one.rule.title}")
        lines.append(f"      {count.some(hosts, _HOSTS_NAMED)}")
    return lines


def _doubt(host: JudgedHost) -> str:
    """Why a host that fails nothing is not known to be well: its first control that is unknown, and how many more."""
    unknown = [one for one in host.findings if one.status == "unknown"]
    if not unknown:
        return ""
    others = len(unknown) - 1
    more = f" ({others} more {'is' if others == 1 else 'are'} unknown.)" if others else ""
    return f"{unknown[0].rule.id} {unknown[0].rule.display_name or unknown[0].rule.title}: {unknown[0].reason}{more}"


def _troubles(pairs: Sequence[tuple[str, str]], head: str = "") -> list[str]:
    """Equal sentences once, with their hosts; ``head`` stands before each."""
    found = count.sentences(pairs)
    lines = []
    for text, names in found[:WORST]:
        who = names[0] if len(names) == 1 else f"{_hosts(len(names))} ({count.some(names, _HOSTS_NAMED)})"
        lines.append(f"{head}{who}: {text}")
    hidden = sum(len(names) for dummy, names in found[WORST:])
    return [*lines, f"{head}And {_hosts(hidden)} more with other {'ones' if head else 'reasons'}."] if hidden else lines


def _table(hosts: Sequence[PopHost]) -> list[str]:
    rows = [_COLUMNS, *map(_row, hosts)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(_COLUMNS))]
    ruler = tuple("-" * width for width in widths)
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in (rows[0], ruler, *rows[1:])]


def _row(host: PopHost) -> tuple[str, ...]:
    cells = (host.generation, host.account, host.right, host.verdict_before, _action(host), host.verdict_after)
    return (host.host, *(cell or "-" for cell in cells))


def _action(host: PopHost) -> str:
    words: dict[Standing, str] = {"no_result": "no result", "unreachable": "unreachable"}
    return words.get(host.standing, host.action)


def _hosts(number: int) -> str:
    return f"{number} host" if number == 1 else f"{number} hosts"
