# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the variables of a fleet to its report: what is shown, what is returned, and the files of one folder."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from . import count, document, folder, read, screen, sheet
from .model import WORST_FIRST, BaselineFleet, Fleet, Host, HostT, Kind, Pool, PopFleet

# Told now and then while a step goes on: what is done, how many of how many.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Report:
    """A report that was made; ``folder`` is empty where no files were asked for."""

    lines: list[str]
    counts: dict[str, int]
    worst: list[dict[str, t.Any]]
    folder: str
    files: list[str]


def make(kind: Kind, title: str, results: Iterable[tuple[str, object]], report_dir: str, progress: Progress) -> Report:
    """Make the report of the hosts, pairs of a name and its raw variable; without ``report_dir`` there are no files.

    Raises InputError where no file can be written.
    """
    maker = _baseline if kind == "user_rights_baseline" else _pop
    return maker(title, list(results), report_dir, progress)


def _baseline(title: str, results: list[tuple[str, object]], report_dir: str, progress: Progress) -> Report:
    pool = Pool()
    fleet = BaselineFleet(
        "user_rights_baseline",
        title,
        folder.now(),
        tuple(
            _counted(results, lambda host, value: read.judged_host(host, value, pool), progress),
        ),
    )
    where, files = "", dict[str, str]()
    if report_dir:
        progress("writing the report", 0, len(fleet.hosts))
        files = {
            "report.json": document.render(document.baseline_document(fleet, None)),
            "controls.csv": sheet.baseline_sheet(fleet),
        }
        where = str(folder.write(report_dir, folder.folder_name(fleet.kind, fleet.written_at), files))
    return _report(fleet, screen.baseline_screen(fleet, where), _worst_rules(fleet), where, files)


def _pop(title: str, results: list[tuple[str, object]], report_dir: str, progress: Progress) -> Report:
    fleet = PopFleet("pop3_prerequisites", title, folder.now(), tuple(_counted(results, read.pop_host, progress)))
    where, files = "", dict[str, str]()
    if report_dir:
        progress("writing the report", 0, len(fleet.hosts))
        files = {
            "report.json": document.render(document.pop_document(fleet, None)),
            "hosts.csv": sheet.pop_sheet(fleet),
        }
        where = str(folder.write(report_dir, folder.folder_name(fleet.kind, fleet.written_at), files))
    return _report(fleet, screen.pop_screen(fleet, where), _worst_hosts(fleet), where, files)


def _counted(
    results: list[tuple[str, object]], reader: Callable[[str, object], HostT], progress: Progress
) -> t.Iterator[HostT]:
    for place, (host, value) in enumerate(results, 1):
        yield reader(host, value)
        progress("reading results", place, len(results))


def _report(
    fleet: Fleet[t.Any], lines: list[str], worst: list[dict[str, t.Any]], where: str, files: t.Mapping[str, str]
) -> Report:
    return Report(lines, count.standings(fleet.hosts), worst, where, sorted(files))


def _worst_rules(fleet: BaselineFleet) -> list[dict[str, t.Any]]:
    failing = [one for one in count.tallies(fleet) if one.count("fail")]
    return [
        {"id": one.rule.id, "title": one.rule.title, "right": one.rule.right or None, "hosts": one.count("fail")}
        for one in failing[: screen.WORST]
    ]


def _worst_hosts(fleet: PopFleet) -> list[dict[str, t.Any]]:
    unwell: list[Host] = [host for host in fleet.hosts if host.standing != "compliant"]
    unwell.sort(key=lambda host: WORST_FIRST.index(host.standing))
    return [
        {"host": host.host, "standing": host.standing, "reason": host.failure or getattr(host, "advice", "")}
        for host in unwell[: screen.WORST]
    ]
