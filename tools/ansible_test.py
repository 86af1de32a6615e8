"""Run `ansible-test sanity` or `ansible-test units` on a copy of the checkout, with nothing but PyPI in reach.

ansible-test wants a tree under its own name (`ansible_collections/winmail/exchange`), without
symbolic links, in a git repository. The environments that it makes start with a script from a
server that need not be reachable.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from ansible_collections.winmail.exchange.tools.stage import CACHE, ROOT, copy_checkout

HOME = CACHE / "home"
# What ansible-core 2.16 and 2.17, 2.18 and 2.19, 2.20 and newer ask for.
PIP_SCRIPTS = ("get_pip_23_1_2.py", "get_pip_24_2.py", "get_pip_25_2.py")
# Every Python brings a pip of its own.
PIP_SCRIPT = "import ensurepip\n\nensurepip.bootstrap()\n"
# The plugins' tests, on the Python of this environment, with ansible-test's own pytest and what
# tests/unit/requirements.txt names: nothing of this environment helps them.
UNITS = ("--venv", "--python", "{}.{}".format(*sys.version_info), "--requirements", "tests/unit/plugins/")
COMMANDS = {"sanity": (), "units": UNITS}


def main() -> int:
    """Copy, check, remove the copy; return ansible-test's exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=sorted(COMMANDS))
    options, more = parser.parse_known_args()
    provide_pip()
    stage = pathlib.Path(tempfile.mkdtemp(prefix="ansible-test-", dir=CACHE))
    try:
        collection = copy_checkout(stage)
        words = ["ansible-test", options.command, "--color", "no", "--truncate", "0", *COMMANDS[options.command], *more]
        return subprocess.run(words, cwd=collection, env=environment(), check=False).returncode
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def provide_pip() -> None:
    """Lay what stands in for the downloaded script where ansible-test looks for it, and let pip be quiet."""
    files = {f".ansible/test/cache/{name}": PIP_SCRIPT for name in PIP_SCRIPTS}
    for name, text in {**files, ".config/pip/pip.conf": "[global]\nquiet = 1\n"}.items():
        (HOME / name).parent.mkdir(parents=True, exist_ok=True)
        (HOME / name).write_text(text, encoding="utf-8")


def environment() -> dict[str, str]:
    """Give ansible-test a home of its own, and only Pythons that are really there."""
    path = os.pathsep.join([str(ROOT / ".venv" / "bin"), "/usr/local/bin", "/usr/bin", "/bin"])
    return {**os.environ, "HOME": str(HOME), "PATH": path}


if __name__ == "__main__":
    sys.exit(main())
