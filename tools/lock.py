"""Pin requirements-dev.in in requirements-dev.txt, for every Python that the project supports.

Only names, versions and markers are recorded: no address, no path, no settings of this machine.
"""

from __future__ import annotations

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEAD = "# Made from requirements-dev.in by `make lock`; not edited by hand.\n"
COMMAND = [
    *("uv", "pip", "compile", "requirements-dev.in", "--upgrade"),
    *("--universal", "--python-version", "3.10", "--no-python-downloads"),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
]


def main() -> int:
    """Write the lock file, or leave the old one and pass on what uv said."""
    done = subprocess.run(COMMAND, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if done.returncode == 0:
        (ROOT / "requirements-dev.txt").write_bytes(HEAD.encode() + done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
