# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The probe over a fleet: in the controller's worker process against the same as a module, side by side.

``python tests/bench/fleet.py --hosts 1000`` measures a thousand lab hosts; ``make bench`` takes a hundred.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import yaml

from ansible_collections.winmail.exchange.tests.bench.run import noop, play
from lab.server import running

FORKS = 10


def inventory_with_prober(path: Path) -> None:
    """Add a POSIX host that tasks can be delegated to, so that the probe runs there as a module."""
    inventory = yaml.safe_load(path.read_text())
    inventory["all"].setdefault("hosts", {})["prober"] = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
    }
    path.write_text(yaml.safe_dump(inventory))


def main() -> int:
    """Measure and print seconds in all and milliseconds for each host, above a no-op task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=100)
    count = parser.parse_args().hosts
    probe: dict[str, object] = {
        "name": "Probe",
        "winmail.exchange.pop3_probe": {"port": "{{ pop3_prerequisites_port }}"},
    }
    cases = {
        "a task that does nothing": noop(),
        "pop3_probe in process": probe,
        "pop3_probe as a module": {**probe, "delegate_to": "prober"},
    }
    print(f"{count} hosts, {FORKS} forks: {'seconds':>34} {'ms a host':>10} {'CPU ms a host':>14}")
    with tempfile.TemporaryDirectory() as name, running(scenario="fleet", hosts=count) as lab:
        inventory = lab.inventory(Path(name) / "inventory.yml")
        inventory_with_prober(inventory)
        for title, task in cases.items():
            cpu, wall = play(inventory, Path(name), "exchange_pop3", [task], forks=FORKS)
            print(f"{title:45} {wall:10.1f} {wall * 1000 / count:10.1f} {cpu * 1000 / count:14.1f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
