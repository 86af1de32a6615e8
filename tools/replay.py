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

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "evidence"
TEST = "tests/integration/verify/test_evidence.py"


def main() -> int:
    """Copy the file under a name made of what it holds, and run its test; the test says what is wrong with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("evidence", type=Path, help="what winmail.exchange.verify wrote")
    given = parser.parse_args().evidence
    try:
        held = json.loads(given.read_text(encoding="utf-8"))
        windows = held["windows"]
        name = f"{windows['version']}-role{windows['role']}"
    except (OSError, ValueError, KeyError, TypeError) as exc:
        print(f"{given} cannot be read as evidence: {exc}", file=sys.stderr)
        return 1
    text = json.dumps(held, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    kept = FOLDER / f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    FOLDER.mkdir(exist_ok=True)
    kept.write_text(text, encoding="utf-8")
    print(f"Kept as {kept.relative_to(ROOT)}. Read it once more before you publish it.")
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-rA", TEST, "-k", kept.stem]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
