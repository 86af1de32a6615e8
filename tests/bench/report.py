# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a fleet: seconds to write, sizes, and seconds to open its page in Chromium where that is installed.

``python tests/bench/report.py --hosts 5000`` takes another number; ``make bench`` takes a hundred and a thousand.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from ansible_collections.winmail.exchange.plugins.plugin_utils._report.make import make
from ansible_collections.winmail.exchange.tests.support import synthetic_fleet


def written(hosts: int, folder: Path) -> tuple[float, Path]:
    """Write the report of so many hosts: seconds, and its folder."""
    results = synthetic_fleet.baseline_results(hosts)
    begin = time.perf_counter()
    made = make("user_rights_baseline", "", list(results.items()), str(folder), lambda *_told: None)
    return time.perf_counter() - begin, Path(made.folder)


def opened(page: Path) -> float | None:
    """Seconds until the page has loaded and answers; None without Chromium and its driver."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        return None
    from ansible_collections.winmail.exchange.tests.support.browser import browsing  # noqa: PLC0415 - wants selenium

    with browsing(Path(chromium), Path(driver)) as browser:
        browser.look(1280, dark=False)
        begin = time.perf_counter()
        browser.open(page)
        browser.value("return document.querySelector('#findings .count').textContent")
        return time.perf_counter() - begin


def main() -> int:
    """Measure and print a line for each number of hosts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, nargs="+", default=[100, 1000])
    asked = parser.parse_args()
    columns = ("hosts", "s to write", "ms a host", "page kB", "json kB", "csv kB", "hdf kB", "s to open")
    print("fleet_report  " + " ".join(f"{name:>10}" for name in columns))
    for hosts in asked.hosts:
        with tempfile.TemporaryDirectory() as name:
            seconds, folder = written(hosts, Path(name))
            sizes = [(folder / file).stat().st_size for file in ("report.html", "report.json", "controls.csv")]
            sizes.append(sum(path.stat().st_size for path in (folder / "hdf").iterdir()))
            until = opened(folder / "report.html")
        cells = [str(hosts), f"{seconds:.1f}", f"{seconds * 1000 / hosts:.1f}", *(str(size // 1000) for size in sizes)]
        cells.append("-" if until is None else f"{until:.1f}")
        print("              " + " ".join(f"{cell:>10}" for cell in cells), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
