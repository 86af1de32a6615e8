"""Run `ansible-test sanity` on a copy of the checkout, with nothing but PyPI in reach.

ansible-test wants a tree under its own name (`ansible_collections/winmail/exchange`), without
symbolic links, in a git repository. The environments that it makes start with a script from a
server that need not be reachable.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
HOME = CACHE / "home"
# What ansible-core 2.16 and 2.17, 2.18 and 2.19, 2.20 and newer ask for.
PIP_SCRIPTS = ("get_pip_23_1_2.py", "get_pip_24_2.py", "get_pip_25_2.py")
# Every Python brings a pip of its own.
PIP_SCRIPT = "import ensurepip\n\nensurepip.bootstrap()\n"


def main(arguments: list[str]) -> int:
    """Copy, check, remove the copy; return ansible-test's exit code."""
    provide_pip()
    stage = pathlib.Path(tempfile.mkdtemp(prefix="sanity-", dir=CACHE))
    try:
        collection = stage / "ansible_collections" / "winmail" / "exchange"
        copy_checkout(collection)
        command = ["ansible-test", "sanity", "--color", "no", "--truncate", "0", *arguments]
        return subprocess.run(command, cwd=collection, env=environment(), check=False).returncode
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def provide_pip() -> None:
    """Lay what stands in for the downloaded script where ansible-test looks for it."""
    folder = HOME / ".ansible" / "test" / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    for name in PIP_SCRIPTS:
        (folder / name).write_text(PIP_SCRIPT, encoding="utf-8")


def copy_checkout(target: pathlib.Path) -> None:
    """Copy what git knows or would add, but for the link to the checkout itself."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    command = [*listing, "--", ".", ":!collections"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, os.fsdecode(names).split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    subprocess.run(["git", "init", "--quiet"], cwd=target, check=True)


def environment() -> dict[str, str]:
    """Give ansible-test a home of its own, and only Pythons that are really there."""
    path = os.pathsep.join([str(ROOT / ".venv" / "bin"), "/usr/local/bin", "/usr/bin", "/bin"])
    return {**os.environ, "HOME": str(HOME), "PATH": path}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
