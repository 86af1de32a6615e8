# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens of docs/fleets.md: what ``audit`` and ``site`` print of a hundred lab hosts of which five have a fault.

Fails where they print something else, or more lines than a person reads; ``--write`` puts what they print there.
"""

from __future__ import annotations

import argparse
import itertools
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from lab.server import running

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "fleets.md"
# By the command that is shown above its screen: the playbook, and how many lines it may print at most.
SCREENS = {"winmail.exchange.audit": ("playbooks/audit.yml", 150), "winmail.exchange.site": ("site.yml", 250)}
RECAP = "PLAY RECAP "
INCLUDED = re.compile(r"^included: \S*/tasks/(\S+) for (.+)$")


def shown(output: str) -> list[str]:
    """The output without what differs from run to run: paths, the order of hosts, and the recap's line of each host."""
    lines = output[: output.index(RECAP)].strip("\n").split("\n")
    ordered: list[str] = []
    for changed, group in itertools.groupby(lines, key=lambda line: line.startswith("changed: ")):
        told = [INCLUDED.sub(_included, line.rstrip()) for line in group]
        ordered += sorted(told) if changed else told
    return [*ordered, output[output.index(RECAP) :].split("\n", 1)[0], "(a line for each host)"]


def _included(found: re.Match[str]) -> str:
    return f"included: tasks/{found[1]} for {', '.join(sorted(found[2].split(', ')))}"


def block(page: str, command: str) -> tuple[int, int]:
    """Where the screen of a command begins and ends in the page."""
    begin = re.search(rf"^```text\n\$ ansible-playbook -i inventory\.yml {re.escape(command)}\n", page, re.MULTILINE)
    if begin is None:
        raise SystemExit(f"screens: {PAGE.name} has no screen of {command}")
    return begin.end(), page.index("```\n", begin.end())


def main() -> int:
    """Run both playbooks, compare or write; the exit code says whether the page holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the screens into docs/fleets.md")
    write = parser.parse_args().write
    page, wrong = PAGE.read_text(encoding="utf-8"), []
    with tempfile.TemporaryDirectory() as name, running(scenario="five_faults") as lab:
        inventory = lab.inventory(Path(name) / "inventory.yml")
        for command, (playbook, most) in SCREENS.items():
            program = str(Path(sys.executable).parent / "ansible-playbook")
            words = ["-i", str(inventory), "--forks", "20", playbook]
            done = subprocess.run([program, *words], capture_output=True, text=True, cwd=ROOT, check=False)
            if done.returncode:
                raise SystemExit(f"screens: {command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
            number = len(done.stdout.splitlines())
            print(f"{command}: {number} lines for {len(lab.hosts)} hosts, of which five have a fault; at most {most}")
            wrong += [f"{command}: {number} lines are more than {most}"] if number > most else []
            begin, end = block(page, command)
            screen = "\n".join(shown(done.stdout)) + "\n"
            if page[begin:end] != screen and not write:
                wrong.append(f"{command} prints another screen than {PAGE.name}: python tests/bench/screens.py --write")
            page = page[:begin] + screen + page[end:]
    if write:
        PAGE.write_text(page, encoding="utf-8")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
