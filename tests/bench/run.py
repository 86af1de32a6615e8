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

from ansible_collections.winmail.exchange.tests.bench.cases import CASES, RIGHTS, Case
from ansible_collections.winmail.exchange.tests.bench.page import PAGE, Figure, faults, over_budget, read, with_table
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
    if case.loop:
        options = {"name": "{{ item }}", "accounts": ["CORP\\exsvc"]}
        return [{"name": "Measured", f"winmail.exchange.{case.module}": options, "loop": list(RIGHTS[: case.loop])}]
    return [{"name": "Measured", f"winmail.exchange.{case.module}": dict(case.options), **case.keywords}]


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
    if options.write:
        PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), figures), encoding="utf-8")
    found = faults(figures, read(PAGE.read_text(encoding="utf-8")))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
