"""Pin each requirements-NAME.in in requirements-NAME.txt, for every Python that the project supports.

Only names, versions and markers are recorded: no address, no path, no settings of this machine.
"""

from __future__ import annotations

import argparse
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMAND = [
    *("uv", "pip", "compile", "--upgrade"),
    *("--universal", "--python-version", "3.10", "--no-python-downloads"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
]


def main() -> int:
    """Lock what was asked for, or everything; return the exit code of the first that could not be locked."""
    every = sorted(path.stem.partition("-")[2] for path in ROOT.glob("requirements-*.in"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(every)}; all where none is given")
    for name in parser.parse_args().names or every:
        print(f"lock: requirements-{name}.txt", flush=True)
        code = lock(f"requirements-{name}")
        if code:
            return code
    return 0


def lock(name: str) -> int:
    """Write one lock file, or leave the old one and pass on what uv said."""
    done = subprocess.run([*COMMAND, f"{name}.in"], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if done.returncode == 0:
        head = f"# Made from {name}.in by `make lock`; not edited by hand.\n"
        (ROOT / f"{name}.txt").write_bytes(head.encode() + done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
