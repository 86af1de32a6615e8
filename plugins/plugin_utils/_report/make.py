# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the variables of a fleet to its report: what is shown, what is returned, and the files of one folder."""

from __future__ import annotations

import itertools
import typing as t
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from . import count, document, drift, folder, hdf, page_baseline, page_pop, read, screen, sheet
from .model import WORST_FIRST, BaselineFleet, Fleet, Host, HostT, Kind, Pool, PopFleet

# Told now and then while a step goes on: what is done, how many of how many.
Progress = Callable[[str, int, int], None]
# Reports that cannot be compared with are passed over, so many at most.
_TRIES = 5


@dataclass(frozen=True)
class Report:
    """A report that was made; ``folder`` is empty where no files were asked for."""

    lines: list[str]
    counts: dict[str, int]
    worst: list[dict[str, t.Any]]
    folder: str
    files: list[str]


@dataclass(frozen=True)
class _Drift:
    """What is different from an earlier report, and which reports were passed over."""

    entry: dict[str, t.Any] | None
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The same for the screen."""
        return [*self.notes, *(drift.lines(self.entry) if self.entry else [])]


def make(kind: Kind, title: str, results: Iterable[tuple[str, object]], report_dir: str, progress: Progress) -> Report:
    """Make the report of the hosts, pairs of a name and its raw variable; without ``report_dir`` there are no files.

    Raises InputError where no file can be written.
    """
    maker = _baseline if kind == "user_rights_baseline" else _pop
    return maker(title, list(results), report_dir, progress)


def _baseline(title: str, results: list[tuple[str, object]], report_dir: str, progress: Progress) -> Report:
    pool = Pool()
    hosts = _counted(results, lambda host, value: read.judged_host(host, value, pool), progress)
    fleet = BaselineFleet("user_rights_baseline", title, folder.now(), tuple(hosts))
    where, files, since = "", list[str](), _Drift(None)
    if report_dir:
        told = document.baseline_document(fleet, None)
        since = _since(told, report_dir, fleet.kind)
        parts = (
            ("report.html", page_baseline.baseline_page(fleet, since.entry, since.notes)),
            ("report.json", document.render({**told, "drift": since.entry})),
            ("controls.csv", sheet.baseline_sheet(fleet)),
        )
        where, files = _written(fleet, report_dir, itertools.chain(parts, _hdf(fleet, progress)))
    return _report(fleet, screen.baseline_screen(fleet, where, since.lines()), _worst_rules(fleet), where, files)


def _pop(title: str, results: list[tuple[str, object]], report_dir: str, progress: Progress) -> Report:
    fleet = PopFleet("pop3_prerequisites", title, folder.now(), tuple(_counted(results, read.pop_host, progress)))
    where, files, since = "", list[str](), _Drift(None)
    if report_dir:
        told = document.pop_document(fleet, None)
        since = _since(told, report_dir, fleet.kind)
        parts = (
            ("report.html", page_pop.pop_page(fleet, since.entry, since.notes)),
            ("report.json", document.render({**told, "drift": since.entry})),
            ("hosts.csv", sheet.pop_sheet(fleet)),
        )
        where, files = _written(fleet, report_dir, parts)
    return _report(fleet, screen.pop_screen(fleet, where, since.lines()), _worst_hosts(fleet), where, files)


def _written(fleet: Fleet[t.Any], report_dir: str, parts: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """The folder, and the files in it; of a folder in it the name alone."""
    where, names = folder.write(report_dir, folder.folder_name(fleet.kind, fleet.written_at), parts)
    return where, sorted({f"{name.partition('/')[0]}/" if "/" in name else name for name in names})


def _counted(
    results: list[tuple[str, object]], reader: Callable[[str, object], HostT], progress: Progress
) -> Iterator[HostT]:
    for place, (host, value) in enumerate(results, 1):
        yield reader(host, value)
        progress("reading results", place, len(results))


def _since(told: Mapping[str, t.Any], report_dir: str, kind: Kind) -> _Drift:
    """What is different from the newest earlier report that can be compared with; the others are named."""
    passed_over = []
    for place, (name, before) in enumerate(folder.earlier(report_dir, kind), 1):
        try:
            if isinstance(before, str):
                raise drift.ForeignError(before)
            entry = drift.compare(told, before, name)
        except drift.ForeignError as exc:
            passed_over.append(f"The earlier report {name} is passed over: {exc}.")
            if place == _TRIES:
                break
        else:
            return _Drift(entry, tuple(passed_over))
    return _Drift(None, tuple(passed_over))


def _hdf(fleet: BaselineFleet, progress: Progress) -> Iterator[tuple[str, str]]:
    """A file for each host that was judged, made when it is written: together they are large."""
    judged = [host for host in fleet.hosts if host.findings and host.baseline]
    names = folder.file_names([host.host for host in judged])
    for place, host in enumerate(judged, 1):
        if host.baseline is not None:
            yield f"hdf/{names[host.host]}.json", hdf.render(host, host.baseline, fleet.written_at)
        progress("writing a file for each host", place, len(judged))


def _report(
    fleet: Fleet[t.Any], lines: list[str], worst: list[dict[str, t.Any]], where: str, files: list[str]
) -> Report:
    return Report(lines, count.standings(fleet.hosts), worst, where, files)


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
