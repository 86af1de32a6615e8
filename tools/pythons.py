"""Run README's two commands on the oldest and the newest Python here that .venv does not have, or on those named.

Each gets a copy of the checkout with an environment of its own, as on a new machine: `make demo`, then `make test` on
the tests of `tests/unit` and `tests/integration/ecosystem`. Another Python brings other pins, another ansible-core
among them. A machine that has no other Python is told so, and that is no failure.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, TextIO

from ansible_collections.winmail.exchange.tools.interpreters import found, numbers, running, version_of
from ansible_collections.winmail.exchange.tools.matrix import PYTHONS
from ansible_collections.winmail.exchange.tools.stage import CACHE, ROOT, copy_checkout

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = CACHE / "pythons"
OWN = "{}.{}".format(*sys.version_info[:2])
TESTS = "tests/unit tests/integration/ecosystem"
# The words of each command, and the line that it ends with where all is well.
COMMANDS = ((["demo"], r"The story came true\..*"), (["test", f"ARGS=--quiet {TESTS}"], r"\d+ passed in .*"))
SECONDS = 1200
LAST_LINES = 60
# What make tells the makes below it: the words of this command line are not theirs.
OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")


def main() -> int:
    """Run both commands on each; return 1 where one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    about = "these and no others; they need not be on PATH"
    parser.add_argument("--pythons", nargs="*", type=running, metavar="PROGRAM", default=[], help=about)
    named = parser.parse_args().pythons
    chosen = named or ends(dict(found(python for python in PYTHONS if python != OWN)))
    if not chosen:
        print(f"pythons: not run: no Python but {OWN} is on this machine ({', '.join(PYTHONS)}); PYTHONS= can name one")
    HOME.mkdir(parents=True, exist_ok=True)
    good = [run(program) for program in chosen]
    return int(not all(good))


def ends(here: Mapping[str, str]) -> list[str]:
    """The programs of the oldest and the newest of these Pythons (3.N and program); one where there is only one."""
    ordered = sorted(here, key=numbers)
    return [here[python] for python in dict.fromkeys([*ordered[:1], *ordered[-1:]])]


def run(program: str) -> bool:
    """Run the commands on a copy and say of each what came of it; whether all went well."""
    python = str(version_of(program))
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_checkout(pathlib.Path(folder))
        # The link to the checkout itself, by which its own commands find the collection.
        shutil.copytree(ROOT / "collections", copy / "collections", symlinks=True)
        return all(succeeds(python, copy, [*words, f"PYTHON={program}"], proof) for words, proof in COMMANDS)


def succeeds(python: str, copy: pathlib.Path, words: list[str], proof: str) -> bool:
    """Run one command of make in the copy and say how it ended; whether it ended well and its proof is there."""
    begin = time.monotonic()
    log = HOME / f"{python}-{words[0]}.log"
    with log.open("w", encoding="utf-8") as told:
        code = ended(["make", *words], copy, told)
    said = log.read_text(encoding="utf-8", errors="replace")
    proven = re.search(f"^{proof}$", said, re.MULTILINE)
    took = f"Python {python}, make {words[0]} ({time.monotonic() - begin:.0f} s)"
    if code == 0 and proven:
        print(f"pythons: ok   {took}: {proven[0]}", flush=True)
        return True
    how = f"not done within {SECONDS} s" if code is None else f"exit code {code}" if code else f"no line {proof!r}"
    print(*said.splitlines()[-LAST_LINES:], f"pythons: FAIL {took}: {how} (all of it: {log})", sep="\n", flush=True)
    return False


def ended(command: list[str], folder: pathlib.Path, told: TextIO) -> int | None:
    """The exit code of a command; None where it took too long, and then all that it started has been ended too."""
    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=told, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            return process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def environment() -> dict[str, str]:
    """This environment without what is the checkout's own: its programs, and what make says to makes."""
    own = str(ROOT / ".venv" / "bin")
    path = os.pathsep.join(folder for folder in os.environ["PATH"].split(os.pathsep) if folder != own)
    return {**{name: value for name, value in os.environ.items() if name not in OF_MAKE}, "PATH": path}


if __name__ == "__main__":
    sys.exit(main())
