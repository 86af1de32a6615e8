"""Change the pure packages line by line with mutmut, in a copy, and count the changes that no test notices.

Only a package's own tests are asked: what another package's tests notice by accident is no statement.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import dataclasses
import fcntl
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from ansible_collections.winmail.exchange.tools.stage import CACHE, COLLECTION, copy_checkout

HOME = CACHE / "mutation"
# Of the code and, mirrored below tests/unit, of its tests.
UTILS = "plugins/plugin_utils"
PACKAGES = {
    "_windows": (f"{UTILS}/_windows", f"tests/unit/{UTILS}/_windows"),
    "_deltas": (f"{UTILS}/_deltas.py", f"tests/unit/{UTILS}/test_deltas.py"),
    "_rights": (f"{UTILS}/_rights", f"tests/unit/{UTILS}/_rights"),
    "_exchange": (f"{UTILS}/_exchange", f"tests/unit/{UTILS}/_exchange"),
    "_prerequisites": (f"{UTILS}/_prerequisites", f"tests/unit/{UTILS}/_prerequisites"),
    "_baseline": (f"{UTILS}/_baseline", f"tests/unit/{UTILS}/_baseline"),
    "_convert": (f"{UTILS}/_convert", f"tests/unit/{UTILS}/_convert"),
    "_report": (f"{UTILS}/_report", f"tests/unit/{UTILS}/_report"),
    "_services": (f"{UTILS}/_services", f"tests/unit/{UTILS}/_services"),
    "_pop3": ("plugins/module_utils/_pop3", "tests/unit/plugins/module_utils/_pop3"),
}
# A mutant may take this many times as long as its tests took, and some seconds for a busy computer. With the project's
# import mode, pytest would import the copy's parent folders itself, past Ansible's importer. The two plugins of pytest
# that are left out collect garbage at the end of every run, which costs a fifth of one.
SETTINGS = """\
[tool.mutmut]
source_paths = ["{source}"]
also_copy = ["ansible_collections"]
pytest_add_cli_args_test_selection = ["{tests}"]
pytest_add_cli_args = [
  "--import-mode=prepend", "--hypothesis-profile=mutation", "-p", "no:unraisableexception", "-p", "no:threadexception",
]
timeout_multiplier = 2.0
timeout_constant = 5.0
use_git_change_detection = false
"""
COLUMNS = ("killed", "survived", "no tests", "timeout", "other")
# What a run of one package may take before it is stopped; what is left then counts as "other".
MINUTES = 30
# Seconds between two words about where a run stands.
PAUSE = 30.0


@dataclasses.dataclass(frozen=True)
class Package:
    """One package's copy, and what mutmut knows about its mutants."""

    name: str

    @property
    def stage(self) -> pathlib.Path:
        """The folder that mutmut runs in."""
        return HOME / self.name

    def verdicts(self) -> dict[str, str]:
        """Return each mutant's name and what became of it, in mutmut's words."""
        lines = self._mutmut("results", "--all", "true").splitlines()
        return dict(line.strip().split(": ", 1) for line in lines if "__mutmut_" in line)

    def diff(self, mutant: str) -> str:
        """Show what a mutant changes."""
        return self._mutmut("show", mutant)

    def run(self, again: bool, jobs: int, minutes: float) -> None:
        """Run every mutant, or again those that were not killed."""
        with self._alone():
            self._run(again, jobs, minutes)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        HOME.mkdir(parents=True, exist_ok=True)
        with (HOME / f"{self.name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.exit(f"mutation: {self.name} is being run by somebody else: wait until that has ended")
            yield

    def _run(self, again: bool, jobs: int, minutes: float) -> None:
        mutants = self._left() if again else ["*"]
        if again:
            # The new tests and their reach have to be learned; what is known about each mutant stays.
            self._forget(keep=".meta")
        else:
            shutil.rmtree(self.stage, ignore_errors=True)
        copy_checkout(self.stage)
        source, tests = (str(COLLECTION / path) for path in PACKAGES[self.name])
        (self.stage / "pyproject.toml").write_text(SETTINGS.format(source=source, tests=tests), encoding="utf-8")
        command = ["mutmut", "run", "--max-children", str(jobs)]
        if mutants:
            # By name, and be it "*": then mutmut calls tests by their names before it trusts that they can fail.
            self._bounded([*command, *mutants], minutes)
        if again and "not checked" in self.verdicts().values():
            # Code that changed since has mutants that had no name before.
            self._bounded(command, minutes)

    def _left(self) -> list[str]:
        return [name for name, verdict in self.verdicts().items() if verdict != "killed"]

    def _forget(self, keep: str) -> None:
        for folder, dummy, names in os.walk(self.stage, topdown=False):
            for name in names:
                if not name.endswith(keep):
                    pathlib.Path(folder, name).unlink()
            with contextlib.suppress(OSError):
                pathlib.Path(folder).rmdir()

    def _mutmut(self, *arguments: str) -> str:
        return subprocess.run(
            ["mutmut", *arguments], cwd=self.stage, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    def _bounded(self, command: list[str], minutes: float) -> None:
        log = self.stage / "mutmut.log"
        deadline = time.monotonic() + minutes * 60
        with log.open("wb") as out:
            # A group of its own, so that nothing is left of it when it has to go; it keeps what it has found so far.
            mutmut = subprocess.Popen(
                command, cwd=self.stage, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
            try:
                while not _ended(mutmut, PAUSE) and time.monotonic() < deadline:
                    print(f"{self.name}: {_progress(log)}", file=sys.stderr, flush=True)
            finally:
                if mutmut.poll() is None:
                    os.killpg(mutmut.pid, signal.SIGTERM)
                    mutmut.wait(timeout=60)
        if mutmut.returncode not in (0, -signal.SIGTERM):
            sys.exit(f"mutation: mutmut ended with exit code {mutmut.returncode}: read {log.relative_to(CACHE.parent)}")


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
    return process.returncode is not None


def _progress(log: pathlib.Path) -> str:
    """How many mutants were run, as mutmut's log said last."""
    said = re.findall(rb"(\d+)/(\d+) ", log.read_bytes()[-4096:])
    return " of ".join(part.decode() for part in said[-1]) if said else "tests without a change"


def main() -> int:
    """Run or show what was asked for; return 0, whatever survived."""
    options = parse()
    # As Ctrl-C: what was started ends with this.
    signal.signal(signal.SIGTERM, lambda *dummy: sys.exit(128 + signal.SIGTERM))
    rows = [heading()]
    for name in options.packages or PACKAGES:
        package = Package(name)
        if (options.show or options.again) and not (package.stage / "pyproject.toml").exists():
            sys.exit(f"mutation: nothing is known about {name} yet: run `make mutation ARGS={name}` first")
        if options.show:
            show(package)
            continue
        begin = time.monotonic()
        package.run(options.again, options.jobs, options.minutes)
        rows.append(row(package, time.monotonic() - begin))
        print("\n".join(rows if len(rows) == 2 else rows[-1:]), flush=True)
        summarise(rows[-1])
    return 0


def summarise(new: str) -> None:
    """Keep the last row of each package in `.cache/mutation/summary.txt`."""
    file = HOME / "summary.txt"
    old = file.read_text(encoding="utf-8").splitlines()[1:] if file.exists() else []
    rows = {line.split()[0]: line for line in [*old, new]}
    file.write_text("\n".join([heading(), *(rows[name] for name in PACKAGES if name in rows), ""]), encoding="utf-8")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "packages", nargs="*", metavar="PACKAGE", help=f"{', '.join(PACKAGES)}; all where none is given"
    )
    parser.add_argument("--show", action="store_true", help="show the changes of the last run that no test noticed")
    parser.add_argument("--again", action="store_true", help="run those once more, with the tests as they are now")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants at a time (%(default)s)")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="the most for a package (%(default)s)")
    options = parser.parse_args()
    unknown = sorted({*options.packages} - {*PACKAGES})
    if unknown:
        parser.error(f"there is no {', '.join(unknown)} here: {', '.join(PACKAGES)}")
    return options


def heading() -> str:
    """Name the columns of a row."""
    return "".join([f"{'package':<16}", *(f"{column:>10}" for column in ("mutants", *COLUMNS, "seconds"))])


def row(package: Package, seconds: float) -> str:
    """Count what became of a package's mutants; a mutant that no test reaches was not killed."""
    verdicts = package.verdicts()
    counts = collections.Counter(name if name in COLUMNS else "other" for name in verdicts.values())
    numbers = (len(verdicts), *(counts[column] for column in COLUMNS), round(seconds))
    return "".join([f"{package.name:<16}", *(f"{number:>10}" for number in numbers)])


def show(package: Package) -> None:
    """Print every change that was not noticed."""
    for mutant, verdict in package.verdicts().items():
        if verdict != "killed":
            print(package.diff(mutant).strip(), end="\n\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
