# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks over a fleet of healthy hosts, beside plays of tasks that do nothing: all that is a look's own.

``python tests/bench/fleet.py --hosts 1000`` measures a thousand lab hosts; ``make bench`` takes a hundred. CPU is that
of ansible-playbook with its workers; the lab's own is not in it. Requests and lines are held to their budgets.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from lab.server import RunningLab, running

ROOT = Path(__file__).resolve().parents[2]
FORKS = 10
# HTTP requests for a whole look, and lines beside those that Ansible itself prints for each host in its recap.
REQUESTS, LINES = 24, 25
PLAYBOOKS = {"audit": "playbooks/audit.yml", "site, nothing to do": "site.yml"}


@dataclass(frozen=True)
class Figures:
    """What one run cost: seconds, CPU seconds, the most requests to one host, lines on the screen, the exit code."""

    wall: float
    cpu: float
    requests: int
    lines: int
    code: int


def noops(folder: Path, number: int) -> Path:
    """A playbook of so many tasks that do nothing."""
    path = folder / f"noop{number}.yml"
    task = {"name": "Nothing", "ansible.builtin.debug": {"msg": "nothing"}}
    play = {"name": "Bench", "hosts": "exchange_pop3", "gather_facts": False, "tasks": [task] * number}
    path.write_text(yaml.safe_dump([play]))
    return path


def run(lab: RunningLab, inventory: Path, playbook: Path) -> Figures:
    """Run a playbook with every host at once."""
    lab.clear_requests()
    program = str(Path(sys.executable).parent / "ansible-playbook")
    words = ["-i", str(inventory), "--forks", str(FORKS), "-e", "batch=100%", str(playbook)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([program, *words], capture_output=True, text=True, cwd=ROOT, check=False, env=os.environ)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        print(done.stdout, done.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Figures(wall, cpu, max(map(lab.requests, lab.hosts)), len(done.stdout.splitlines()), done.returncode)


def faults(title: str, found: Figures, hosts: int) -> list[str]:
    """What is wrong with a run: a failure, or more requests or lines than it may have; CPU is not judged."""
    wrong = [f"{title}: ended with {found.code}"] if found.code else []
    if found.requests > REQUESTS:
        wrong.append(f"{title}: {found.requests} requests to a host are over the budget of {REQUESTS}")
    if found.lines > hosts + LINES:
        wrong.append(f"{title}: {found.lines} lines for {hosts} healthy hosts are over the budget of {hosts + LINES}")
    return wrong


def main() -> int:
    """Measure and print; the exit code says whether the budgets hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=100)
    count = parser.parse_args().hosts
    wrong = []
    print(f"{f'{count} hosts, {FORKS} forks':32} {'seconds':>8} {'CPU ms a host':>14} {'requests':>9} {'lines':>6}")
    with tempfile.TemporaryDirectory() as name, running(scenario="healthy", hosts=count) as lab:
        inventory = lab.inventory(Path(name) / "inventory.yml")
        books = {f"{number} tasks that do nothing": noops(Path(name), number) for number in (1, 2)}
        for title, book in {**books, **{title: ROOT / path for title, path in PLAYBOOKS.items()}}.items():
            found = run(lab, inventory, book)
            wrong += faults(title, found, count)
            print(
                f"{title:32} {found.wall:8.1f} {found.cpu * 1000 / count:14.1f} {found.requests:9} {found.lines:6}",
                flush=True,
            )
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
