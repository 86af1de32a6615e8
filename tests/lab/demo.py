# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m lab.demo`: the fault, the cure and the proof on a simulated network, for somebody who sees it first."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab import demo_checks, demo_text
from lab.demo_telnet import Dialogue, telnet
from lab.server import RunningLab, running

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 600
RECAP = re.compile(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.MULTILINE)
# Head and rule of the table at the end, and the lines below it; the last one before Ansible's recap is the verdict.
TABLE = re.compile(r"^host +generation .*\n-[- ]+\n(?:.+\n)*", re.MULTILINE)
COLUMNS = 7


@dataclass(frozen=True)
class Playbook:
    """What a run of ansible-playbook left: exit code, output, and by host its changes and its failures."""

    code: int
    output: str
    changed: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)

    @property
    def recap(self) -> str:
        """The last part of the output."""
        return self.output[self.output.rfind("PLAY RECAP") :].strip()

    @property
    def table(self) -> list[str]:
        """The lines of the table at the end; empty where the run did not get there."""
        found = TABLE.search(self.output)
        lines = found[0].splitlines() if found else []
        return [line for line in lines if len(re.split(" {2,}", line)) == COLUMNS]


def main() -> int:
    """Tell the story; returns 0 where it came true, else 1."""
    with folder() as place, running(scenario="pop3") as lab:
        inventory = lab.inventory(place / "inventory.yml").relative_to(ROOT)
        told = demo_checks.Story(lab.hosts)
        say(demo_text.OPENING, demo_text.hosts())
        told.started = snapshots(lab)

        title("1. The fault: the telnet test of the article, at exch50")
        told.before = show(lab)

        title("2. The cure: ansible-playbook site.yml")
        told.first = play(inventory, place, quiet=False)
        told.cured = snapshots(lab)

        title("3. The proof: the same telnet test again")
        told.after = show(lab)

        title("4. Once more: ansible-playbook site.yml (only the end of its output is shown)")
        told.second = play(inventory, place, quiet=True)
        print(textwrap.indent(told.second.recap, "  "), flush=True)
        told.ended = snapshots(lab)
    return conclude(told)


def conclude(told: demo_checks.Story) -> int:
    """Print the checks, the table and where to look next."""
    title("5. What was checked, from the state of the simulated hosts and not from what Ansible said of them")
    found = demo_checks.check(told)
    for one in found:
        print(f"  [{'ok' if one.true else 'NOT TRUE'}] {one.sentence}")
    title("6. Before and after")
    lines = told.first.table or ["There is no table: the first run did not get to its end."]
    say("\n".join(f"  {line}" for line in lines), demo_text.FOOTNOTE)
    came_true = all(one.true for one in found)
    say(demo_text.CLOSING if came_true else demo_text.NOT_TRUE)
    return 0 if came_true else 1


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder of this run's own inside the checkout; the inventory in it holds the lab's passwords (mode 0700)."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f"demo-{os.getpid()}-", dir=cache))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def snapshots(lab: RunningLab) -> dict[str, dict[str, object]]:
    """The state of every host."""
    return {name: lab.computer(name).snapshot() for name in lab.hosts}


def show(lab: RunningLab) -> Dialogue:
    """Log on at exch50 as the lab's test user, by hand, and print the dialogue."""
    host = lab.hosts["exch50"]
    user = str(host.variables["pop3_prerequisites_login_user"])
    password = str(host.variables["pop3_prerequisites_login_password"])
    dialogue = telnet(host.address, host.pop3_port, user, password)
    print(textwrap.indent("\n".join(dialogue.lines), "  "), flush=True)
    return dialogue


def play(inventory: Path, place: Path, *, quiet: bool) -> Playbook:
    """Run ``ansible-playbook site.yml`` as a user would, and show its output while it runs unless ``quiet``."""
    command = ["ansible-playbook", "--inventory", str(inventory), "site.yml"]
    print(f"  $ {' '.join(command)}\n", flush=True)
    program = Path(sys.executable).with_name(command[0])
    if not program.exists():
        sys.exit(
            f"demo: there is no {command[0]} beside {sys.executable}: run `make demo`, which makes the environment."
        )
    lines = []
    with subprocess.Popen(
        [str(program), *command[1:]],
        cwd=ROOT,
        env=environment(place),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        # Asked to end, it ends its workers as well.
        watch = threading.Timer(TIMEOUT_SECONDS, process.terminate)
        watch.start()
        try:
            for line in process.stdout or ():
                lines.append(line)
                if not quiet:
                    print(f"  | {line}" if line.strip() else "  |\n", end="", flush=True)
        finally:
            watch.cancel()
            if sys.exc_info()[0] is not None:
                process.terminate()
    return read(process.returncode, "".join(lines))


def read(code: int, output: str) -> Playbook:
    """What the output of a run says of each host."""
    recap = RECAP.findall(output[output.rfind("PLAY RECAP") :])
    changed = {host: int(number) for host, number, _unreachable, _failed in recap}
    failed = {host: int(unreachable) + int(number) for host, _changed, unreachable, number in recap}
    return Playbook(code, output, changed, failed)


def environment(place: Path) -> dict[str, str]:
    """The person's environment without their Ansible: nothing of theirs helps or hurts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    for name in ("PYTHONPATH", "PYTHONHOME", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        kept.pop(name, None)
    if sys.platform.startswith("linux"):
        kept["LC_ALL"] = "C.UTF-8"
    return {
        **kept,
        "ANSIBLE_HOME": str(place / "ansible"),
        "ANSIBLE_NOCOLOR": "1",
        # The checkout's ansible.cfg hides what is in order; here it is to be seen what is done.
        "ANSIBLE_DISPLAY_OK_HOSTS": "true",
        # A worker that is still writing when the play ends, as one whose lines are counted, gets its time.
        "ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT": "100",
        "PYTHONUNBUFFERED": "1",
    }


def title(text: str) -> None:
    """A heading."""
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def say(*texts: str) -> None:
    """Paragraphs."""
    print("\n".join(texts), flush=True)


def stop(number: int, _frame: object) -> None:
    """End as after Ctrl-C, with everything stopped and removed."""
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m lab.demo", description=__doc__).parse_args()
    signal.signal(signal.SIGTERM, stop)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("demo: interrupted; the lab has stopped and its folder is removed.")
