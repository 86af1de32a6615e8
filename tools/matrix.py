"""Run the contract of the connections and the story of site.yml on every supported ansible-core and Python.

Each pair whose Python is here gets an environment of its own in `.cache/matrix`. A Python that this machine lacks is
named, and so is a core for which no Python is here: with --every-core it makes the run fail.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from ansible_collections.winmail.exchange.tools.interpreters import found, numbers, running
from ansible_collections.winmail.exchange.tools.setup import make_importable
from ansible_collections.winmail.exchange.tools.stage import CACHE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HOME = CACHE / "matrix"
# The Pythons that each ansible-core names in its own metadata for the controller.
SUPPORTED = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}
PYTHONS = tuple(sorted({python for pythons in SUPPORTED.values() for python in pythons}, key=numbers))
# The libraries of the connections: the oldest supported ones go with the oldest pair, the pinned ones with the others.
OLDEST_LIBRARIES = {"pywinrm": "0.4.3", "pypsrp": "0.8.1"}
LIBRARIES = tuple(OLDEST_LIBRARIES)
TOOLS = ("cryptography", "hypothesis", "pyspnego", "pytest", "PyYAML")
# What the development's own ansible-core asks for; here each core has its own.
OF_THE_CORE = ("ansible-core", "resolvelib")
TESTS = ("tests/integration/connections/test_contract.py", "tests/integration/story/test_story.py")
TEST_SECONDS = 900
LAST_LINES = 60


@dataclasses.dataclass(frozen=True)
class Pair:
    """One ansible-core (2.N) on one Python (3.N, and the program that it is), perhaps with the oldest libraries."""

    core: str
    python: str
    program: str
    oldest: bool

    @property
    def folder(self) -> pathlib.Path:
        """Where its environment and what its tests said are."""
        return HOME / f"{self.core}-{self.python}"

    @property
    def requirements(self) -> list[str]:
        """What is installed."""
        exact = [f"{name}=={version}" for name, version in OLDEST_LIBRARIES.items()]
        return [f"ansible-core~={self.core}.0", *(exact if self.oldest else LIBRARIES), *TOOLS]


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a pair: versions by name, counts of tests, and why it failed where it did."""

    pair: Pair
    versions: dict[str, str]
    passed: int
    failed: int
    skipped: int
    seconds: float
    trouble: str = ""

    @property
    def is_good(self) -> bool:
        """Whether tests ran and each passed; a skipped one proves nothing."""
        return self.passed > 0 and not self.failed and not self.skipped and not self.trouble

    def __str__(self) -> str:
        named = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        counts = f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")
        return f"{'ok  ' if self.is_good else 'FAIL'} {named or self.pair}: {counts} ({self.seconds:.0f} s)"


def main() -> int:
    """Run the pairs, two at a time on two cores; return 1 where one failed, none ran or a core had to have one."""
    words = arguments()
    HOME.mkdir(parents=True, exist_ok=True)
    pythons = dict(found(PYTHONS, words.pythons))
    missing = sorted({python for core in words.cores for python in SUPPORTED[core]} - pythons.keys(), key=numbers)
    pairs = list(pairs_of(words.cores, pythons))
    print(f"matrix: {len(pairs)} pairs, {words.jobs} at a time", flush=True)
    outcomes = run_all(pairs, words.jobs)
    print("\nmatrix:", *outcomes, sep="\n  ")
    for python in missing:
        cores = ", ".join(core for core in words.cores if python in SUPPORTED[core])
        print(f"  not run: Python {python} is not on this machine (ansible-core {cores}); PYTHONS= can name one")
    without = [core for core in words.cores if core not in {pair.core for pair in pairs}]
    too_few = not pairs or (words.every_core and bool(without))
    for core in without:
        word = "FAIL" if too_few else "not run:"
        print(f"  {word} ansible-core {core}: none of its Pythons ({', '.join(SUPPORTED[core])}) is on this machine")
    return int(too_few or not all(outcome.is_good for outcome in outcomes))


def pairs_of(cores: Sequence[str], pythons: Mapping[str, str]) -> Iterator[Pair]:
    """The pairs of these cores with the Pythons that are here (3.N and program)."""
    for core in cores:
        here = [python for python in SUPPORTED[core] if python in pythons]
        for python in here:
            oldest = core == min(SUPPORTED, key=numbers) and python == here[0]
            yield Pair(core, python, pythons[python], oldest)


def arguments() -> argparse.Namespace:
    """The words of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cores", nargs="*", metavar="2.N", default=[], help="only these")
    about = "Pythons that are not on PATH"
    parser.add_argument("--pythons", nargs="*", type=running, metavar="PROGRAM", default=[], help=about)
    parser.add_argument("--every-core", action="store_true", help="fail where the machine has no Python for a core")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many pairs at a time")
    words = parser.parse_args()
    unknown = [core for core in words.cores if core not in SUPPORTED]
    if unknown:
        parser.error(f"not supported: {', '.join(unknown)}; supported are {', '.join(SUPPORTED)}")
    words.cores = words.cores or list(SUPPORTED)
    return words


def constraints(pair: Pair) -> Iterator[str]:
    """The pins of the development environment that fit a pair."""
    others = (*OF_THE_CORE, *(LIBRARIES if pair.oldest else ()))
    for line in (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines():
        if line.partition("==")[0] not in others:
            yield line


def run_all(pairs: Sequence[Pair], jobs: int) -> list[Outcome]:
    """Run the pairs and say of each what came of it, as soon as it is known; return them in their order."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = [pool.submit(run, pair) for pair in pairs]
        for number, future in enumerate(concurrent.futures.as_completed(futures), start=1):
            outcome = future.result()
            print(f"[{number:2}/{len(pairs)}] {outcome}", *filter(None, [outcome.trouble]), sep="\n", flush=True)
        return [future.result() for future in futures]


def run(pair: Pair) -> Outcome:
    """Make the environment of a pair and run the tests in it."""
    begin = time.monotonic()
    report = pair.folder / "report.xml"
    versions: dict[str, str] = {}
    try:
        make_environment(pair)
        versions = installed(pair)
        files = [f"--junit-xml={report}", "--override-ini", f"cache_dir={pair.folder / 'pytest'}"]
        command = [python_of(pair), "-m", "pytest", "--quiet", *files, *TESTS]
        told = subprocess.run(
            command, cwd=ROOT, env=environment(pair), timeout=TEST_SECONDS, check=False, capture_output=True, text=True
        )
    except subprocess.CalledProcessError as error:
        return Outcome(pair, versions, 0, 1, 0, time.monotonic() - begin, f"{error}\n{error.stdout}{error.stderr}")
    except subprocess.TimeoutExpired:
        return Outcome(pair, versions, 0, 1, 0, time.monotonic() - begin, f"not done within {TEST_SECONDS} s")
    passed, failed, skipped = counts(report)
    log = pair.folder / "pytest.log"
    log.write_text(f"{told.stdout}{told.stderr}", encoding="utf-8")
    last = log.read_text(encoding="utf-8").strip().splitlines()[-LAST_LINES:]
    trouble = "\n".join([*last, f"(all of it: {log})"]) if told.returncode or failed or skipped else ""
    return Outcome(pair, versions, passed, failed, skipped, time.monotonic() - begin, trouble)


def make_environment(pair: Pair) -> None:
    """Install the pair anew; raises CalledProcessError with what uv said in it."""
    uv = ["uv", "--quiet", "--no-python-downloads"]
    _run([*uv, "venv", "--clear", "--python", pair.program, str(pair.folder)])
    pins = pair.folder / "constraints.txt"
    pins.write_text("\n".join(constraints(pair)), encoding="utf-8")
    _run([*uv, "pip", "install", "--python", python_of(pair), "--constraint", str(pins), *pair.requirements])
    make_importable(pair.folder)


def python_of(pair: Pair) -> str:
    """The Python of the pair's environment."""
    return str(pair.folder / "bin" / "python")


def installed(pair: Pair) -> dict[str, str]:
    """The versions that the pair really has, asked of its own Python."""
    names = ("ansible-core", *LIBRARIES)
    script = f"import importlib.metadata as m, platform as p; print(p.python_version(), *map(m.version, {names}))"
    said = _run([python_of(pair), "-c", script])
    return dict(zip(("Python", *names), said.split(), strict=True))


def environment(pair: Pair) -> dict[str, str]:
    """The environment of the tests: the pair's programs first."""
    return {**os.environ, "PATH": f"{pair.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def counts(report: pathlib.Path) -> tuple[int, int, int]:
    """How many tests passed, failed and were skipped, by pytest's own report; nothing at all counts as one failure."""
    if not report.is_file():
        return 0, 1, 0
    suite = next(ET.parse(report).iter("testsuite"))
    total, failures, errors, skipped = (int(suite.get(k, "0")) for k in ("tests", "failures", "errors", "skipped"))
    return total - failures - errors - skipped, failures + errors, skipped


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
