"""Copy the checkout under the collection's own name, for tools that need a real tree there."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
COLLECTION = pathlib.PurePath("ansible_collections", "winmail", "exchange")


def copy_checkout(stage: pathlib.Path) -> pathlib.Path:
    """Copy what git knows or would add, but for the link to the checkout itself; return the copy's folder."""
    target = stage / COLLECTION
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    command = [*listing, "--", ".", ":!collections"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, os.fsdecode(names).split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    subprocess.run(["git", "init", "--quiet"], cwd=target, check=True)
    return target
