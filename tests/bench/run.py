# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make bench``: HTTP requests of each task and the controller's CPU above a no-op action, from one run on the lab.

The requests have to be those that docs/budgets.md tells, and within the budgets; ``--write`` tells them anew there.
They are counted twice: on a host that hands out the output of a command at its end, and on one that does so as soon as
there is some.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from ansible_collections.winmail.exchange.tests.bench.cases import CASES, RIGHTS, WAYS, Case
from ansible_collections.winmail.exchange.tests.bench.page import (
    PAGE,
    Figure,
    faults,
    other_ways,
    over_budget,
    read,
    read_ways,
    with_table,
    with_ways,
)
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
REPEATS = 10


def play(
    inventory: Path, folder: Path, host: str, tasks: list[dict[str, object]], forks: int = 5
) -> tuple[float, float]:
    """Run one play; CPU and wall seconds of the controller with its workers."""
    book = folder / "bench.yml"
    book.write_text(yaml.safe_dump([{"name": "Bench", "hosts": host, "gather_facts": False, "tasks": tasks}]))
    program = str(Path(sys.executable).parent / "ansible-playbook")
    command = [program, "-i", str(inventory), "--forks", str(forks), str(book)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env=dict(os.environ))
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"bench: the play failed\n{done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def tasks_of(case: Case) -> list[dict[str, object]]:
    """The tasks of a case."""
    if case.tasks:
        return [
            {"name": f"Measured {right}", f"winmail.exchange.{case.module}": one_right(right), **case.keywords}
            for right in RIGHTS[: case.tasks]
        ]
    if case.loop:
        options = one_right("{{ item }}")
        return [{"name": "Measured", f"winmail.exchange.{case.module}": options, "loop": list(RIGHTS[: case.loop])}]
    return [{"name": "Measured", f"winmail.exchange.{case.module}": dict(case.options), **case.keywords}]


def one_right(right: str) -> dict[str, object]:
    """The options of a task that gives one right."""
    return {"name": right, "accounts": ["CORP\\exsvc"]}


def counted(lab: RunningLab, folder: Path, case: Case) -> tuple[int, float, float]:
    """The requests of one run, and its CPU and wall seconds."""
    inventory = lab.inventory(folder / "inventory.yml")
    if case.prepare:
        play(inventory, folder, case.host, tasks_of(case))
    lab.clear_requests()
    cpu, wall = play(inventory, folder, case.host, tasks_of(case))
    return lab.requests(case.host), cpu, wall


def eagerly(folder: Path, case: Case, worlds: Mapping[str, str]) -> int:
    """The requests of one run on a host that answers as soon as there is output."""
    with running("pop3", {**worlds, "receive": "eager"}) as lab:
        return counted(lab, folder, case)[0]


def measure(lab: RunningLab, folder: Path, case: Case, eager: int) -> Figure:
    """Count the requests of one run; take CPU from repeats of the task once it has nothing left to do."""
    requests, cpu, wall = counted(lab, folder, case)
    inventory = folder / "inventory.yml"
    if case.loop:
        base = play(inventory, folder, case.host, [noop()])
        return Figure(case.name, requests, eager, case.budget, (cpu - base[0]) * 1000, (wall - base[1]) * 1000)
    cpu, wall = play(inventory, folder, case.host, tasks_of(case) * REPEATS)
    base = play(inventory, folder, case.host, [noop()] * REPEATS)
    scale = 1000 / REPEATS
    return Figure(case.name, requests, eager, case.budget, (cpu - base[0]) * scale, (wall - base[1]) * scale)


def on_a_slow_network(case: Case) -> Figure:
    """One run of a way, with as many tasks that do nothing taken off; the lab plays the latency."""
    with tempfile.TemporaryDirectory() as name, running("pop3", {}, latency="wan") as lab:
        requests, cpu, wall = counted(lab, Path(name), case)
        base = play(Path(name) / "inventory.yml", Path(name), case.host, [noop()] * max(1, case.tasks))
    return Figure(case.name, requests, requests, None, (cpu - base[0]) * 1000, (wall - base[1]) * 1000)


def ways(only: str) -> list[Figure]:
    """Measure and print the ways whose names contain a text."""
    figures = []
    print(f"{'on a slow network':52} {'requests':>8} {'seconds':>8} {'CPU ms':>7}")
    for case in WAYS:
        if only in case.name:
            figure = on_a_slow_network(case)
            figures.append(figure)
            print(f"{figure.name:52} {figure.requests:8} {figure.wall_ms / 1000:8.1f} {figure.cpu_ms:7.1f}", flush=True)
    return figures


def noop() -> dict[str, object]:
    """A task that does nothing on the controller."""
    return {"name": "Nothing", "ansible.builtin.debug": {"msg": "nothing"}}


def main() -> int:
    """Measure every case and print the table; the exit code says whether the budgets and the page hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", default="none", help="the lab's latency profile: none or wan")
    parser.add_argument(
        "--world",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="play an answer of docs/assumptions.md, such as cim_files=absent; only the budgets are checked",
    )
    parser.add_argument("--only", default="", help="measure only cases whose name contains this")
    parser.add_argument(
        "--write", action="store_true", help="write the figures into docs/budgets.md; measures all cases"
    )
    options = parser.parse_args()
    worlds = dict(text.split("=", 1) for text in options.world)
    figures = []
    print(f"{'task':52} {'requests':>8} {'eager':>5} {'budget':>6} {'CPU ms':>7} {'wall ms':>8}  (above a no-op)")
    for case in CASES:
        if options.only not in case.name and not options.write:
            continue
        with tempfile.TemporaryDirectory() as name:
            eager = eagerly(Path(name), case, worlds)
            with running("pop3", worlds, latency=options.latency) as lab:
                figure = measure(lab, Path(name), case, eager)
        figures.append(figure)
        budget = "-" if figure.budget is None else str(figure.budget)
        print(
            f"{figure.name:52} {figure.requests:8} {figure.eager:5} {budget:>6} {figure.cpu_ms:7.1f} "
            f"{figure.wall_ms:8.1f}",
            flush=True,
        )
    if worlds:  # the page tells the default world; the budgets hold in all
        found = over_budget(figures)
        print(*found, sep="\n", end="\n" if found else "")
        return 1 if found else 0
    slow = ways("" if options.write else options.only)
    if options.write:
        page = with_table(PAGE.read_text(encoding="utf-8"), figures)
        PAGE.write_text(with_ways(page, slow), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    found = [*faults(figures, read(page)), *other_ways(slow, read_ways(page))]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
