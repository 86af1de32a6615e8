"""The documentation of the modules as `ansible-doc` shows it, fragments included, and the code it is about."""

from __future__ import annotations

import functools
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files

COLLECTION = "winmail.exchange"
MODULES = sorted(path.stem for path in project_files(".py", under="plugins/modules"))


@functools.cache
def documentation() -> dict[str, dict[str, Any]]:
    """For each module ``doc``, ``examples`` (a text) and ``return``."""
    command = [
        str(Path(sys.executable).parent / "ansible-doc"),
        "--json",
        *(f"{COLLECTION}.{name}" for name in MODULES),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name.rpartition(".")[2]: found for name, found in json.loads(done.stdout).items()}


def specification(module: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The argument spec that the action of a module validates with, and its rules (``mutually_exclusive``, …)."""
    action = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.action.{module}")
    if hasattr(action, "ARGUMENT_SPEC"):
        return action.ARGUMENT_SPEC, {"required_if": action.REQUIRED_IF}
    return action.ActionModule.ARGUMENT_SPEC, action.ActionModule.RULES
