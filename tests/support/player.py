# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-playbook as a user would, in a folder of its own, and reads what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lab.server import RunningLab

ROOT = Path(__file__).resolve().parents[2]
# The ansible-core beside this Python: `make matrix` runs the story in an environment for each one that is supported.
BIN = Path(sys.executable).parent
TIMEOUT_SECONDS = 600
# Its result is the outcome of a host, until the role has done something.
REPORT = "winmail.exchange.fleet_report"
LOOK = "winmail.exchange.pop3_prerequisites_info"
RECAP = re.compile(
    r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)\s+skipped=(\d+)", re.MULTILINE
)


@dataclass(frozen=True)
class Event:
    """One result of one task on one host; ``status`` is ok, included, skipped, ignored, failed or unreachable."""

    host: str
    status: str
    task: str
    action: str = ""
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether the task reports a change of the host."""
        return self.status == "ok" and bool(self.result.get("changed"))


@dataclass(frozen=True)
class Played:
    """What a run left: exit code, output, the recap's numbers by host, and every result."""

    code: int
    output: str
    events: tuple[Event, ...]
    changed: Mapping[str, int]
    failed: Mapping[str, int]
    unreachable: Mapping[str, int]

    def outcome(self, host: str) -> dict[str, Any]:
        """The role's outcome for a host: the value that was set last."""
        found = [
            event.result.get("ansible_facts", {}).get("pop3_prerequisites_result") or event.result
            for event in self.events
            if event.host == host
            and ("pop3_prerequisites_result" in event.result.get("ansible_facts", {}) or event.action == LOOK)
        ]
        assert found, f"{host} has no outcome:\n{self.output}"
        outcome: dict[str, Any] = found[-1]
        return outcome

    def of(self, host: str, *statuses: str) -> list[Event]:
        """The results of a host, all or those of some statuses."""
        return [event for event in self.events if event.host == host and (not statuses or event.status in statuses)]

    def table(self) -> list[str]:
        """The lines of the table at the end: its head, its rule and a line for each host, the worst first."""
        return self.said()[: 2 + self._report()["hosts"]]

    def said(self) -> list[str]:
        """All lines of the report at the end."""
        lines: list[str] = self._report()["lines"]
        return lines

    def _report(self) -> dict[str, Any]:
        return [event.result for event in self.events if event.action == REPORT and event.status == "ok"][-1]


@contextlib.contextmanager
def playing(lab: RunningLab, folder: Path) -> Iterator[Player]:
    """A player in ``folder``; what Ansible writes for a moment goes to a folder of its own with a short name.

    Ansible-core puts a socket there, whose path may have about a hundred characters.
    """
    with tempfile.TemporaryDirectory(prefix="play-") as temporary:
        yield Player(lab, folder, Path(temporary))


class Player:
    """Runs playbooks against a lab, in ``folder``."""

    def __init__(self, lab: RunningLab, folder: Path, temporary: Path) -> None:
        self.folder = folder
        self.temporary = temporary
        self.inventory = lab.inventory(folder / "inventory.yml")
        self.more: dict[str, str] = {}
        self._runs = 0

    def play(
        self,
        *arguments: str | Path,
        cwd: Path = ROOT,
        extra: Mapping[str, object] | None = None,
        **variables: object,
    ) -> Played:
        """Run ``ansible-playbook`` with this lab's inventory; ``extra`` and ``variables`` are extra variables."""
        self._runs += 1
        events = self.folder / f"events-{self._runs}.json"
        given = {**(extra or {}), **variables}
        words = ["-e", json.dumps(given)] if given else []
        code, output = run(
            [str(BIN / "ansible-playbook"), "-i", str(self.inventory), *map(str, arguments), *words],
            cwd,
            {**environment(self.folder, self.temporary), "EVENTS": str(events), **self.more},
        )
        return read(code, output, events)

    def write(self, name: str, text: str) -> Path:
        """Write a playbook into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def run(command: list[str], cwd: Path, env: dict[str, str]) -> tuple[int, str]:
    """Exit code and output of a command; one that takes too long is asked to end, so that it ends its workers."""
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            output, _nothing = process.communicate(timeout=TIMEOUT_SECONDS)
        except BaseException:
            process.terminate()
            raise
    return process.returncode, output


def read(code: int, output: str, events: Path) -> Played:
    """The results of a run, from its recap and from what the callback wrote."""
    recap = {row[0]: [int(number) for number in row[1:]] for row in RECAP.findall(output)}
    lines = events.read_text(encoding="utf-8").splitlines() if events.exists() else []
    return Played(
        code,
        output,
        tuple(Event(**json.loads(line)) for line in lines),
        changed={host: numbers[1] for host, numbers in recap.items()},
        unreachable={host: numbers[2] for host, numbers in recap.items()},
        failed={host: numbers[3] for host, numbers in recap.items()},
    )


def environment(folder: Path, temporary: Path) -> dict[str, str]:
    """An environment in which everything that Ansible writes is in one of these folders."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    return {
        **kept,
        **({"LC_ALL": "C.UTF-8"} if sys.platform.startswith("linux") else {}),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(temporary),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_REMOTE_TMP": str(temporary / "remote"),
        "ANSIBLE_NOCOLOR": "1",
        # As for every test: a worker that writes down which lines it ran is not killed meanwhile.
        "ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT": os.environ["ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT"],
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "integration" / "story" / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "events",
    }
