# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps a file of evidence in tests/evidence and plays it: `make replay EVIDENCE=file.json`."""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # it has no types of its own

from ansible_collections.winmail.exchange.tests.support.evidence import FOLDER, ROOT, load

TEST = "tests/integration/verify/test_evidence.py"


def keep(given: Path, folder: Path) -> Path:
    """Copy a file under a name made of what it holds; raises ValueError, in one sentence, for what is no evidence."""
    try:
        held = load(given)
    except (OSError, ValueError) as exc:
        raise ValueError(f"{given} cannot be read: {exc}") from exc
    except jsonschema.ValidationError as exc:
        raise ValueError(f"{given} is no evidence: {exc.json_path}: {exc.message[:200]}") from exc
    text = json.dumps(held, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    windows = held["windows"]
    name = f"{windows['version']}-role{windows['role']}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def main() -> int:
    """Keep the file and run its test, which says what the lab does not know yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("evidence", type=Path, help="what winmail.exchange.verify wrote")
    try:
        kept = keep(parser.parse_args().evidence, FOLDER)
    except ValueError as exc:
        print(exc, file=sys.stderr)
        return 1
    print(f"Kept as {kept.relative_to(ROOT)}. Read it once more before you publish it.", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n0", TEST, "-k", kept.stem]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
