"""Import the built tarball as Galaxy and Automation Hub do, and fail on whatever they would remark.

galaxy-importer holds other tools back to old versions, so it lives in an environment of its own
(`.cache/importer`, from requirements-importer.txt). It ends with code 0 whatever it found: what
counts is what it says. Its flake8 stays off, as on Galaxy: it would read the YAML documentation
of filters as Python, and ruff applies the same rules.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

from ansible_collections.winmail.exchange.tools.stage import CACHE, ROOT

VENV = CACHE / "importer"
STAMP = VENV / "complete"
LOCK = ROOT / "requirements-importer.txt"
FINDING = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\b.*|^Traceback .*|.* not found, skipping.*", re.MULTILINE)
COMPLETED = "Importer processing completed successfully"
STRICT = {"CHECK_REQUIRED_TAGS": "true", "CHECK_CHANGELOG": "true", "REQUIRE_V1_OR_GREATER": "true"}


def main() -> int:
    """Import the tarball of `make build`; return 1 where anything was found, 0 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tarball", nargs="?", type=pathlib.Path, help="another one than that of `make build`")
    tarball = (parser.parse_args().tarball or built()).resolve()
    if not tarball.is_file():
        sys.exit(f"importer: there is no {tarball}: `make build` writes it.")
    provide_environment()
    said = importing(tarball)
    found = findings(said)
    print(*(found or [f"importer: {tarball.name} would be imported without a remark"]), sep="\n")
    return 1 if found else 0


def built() -> pathlib.Path:
    """The tarball that `make build` writes for the version in galaxy.yml."""
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    return CACHE / "dist" / "{namespace}-{name}-{version}.tar.gz".format_map(galaxy)


def provide_environment() -> None:
    """Make the importer's environment, unless it is complete for this lock file and this folder."""
    expected = f"{ROOT}\n{LOCK.read_text(encoding='utf-8')}"
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == expected:
        return
    print("importer: making its environment (some seconds, more on a slow network)", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    uv = ["uv", "--quiet", "--no-python-downloads"]
    subprocess.run([*uv, "venv", "--python", sys.executable, VENV], check=True)
    subprocess.run([*uv, "pip", "sync", "--python", VENV / "bin" / "python", LOCK], check=True)
    STAMP.write_text(expected, encoding="utf-8")


def importing(tarball: pathlib.Path) -> str:
    """What the importer says about a tarball; it works and leaves its result in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="importer-") as folder:
        done = subprocess.run(
            [VENV / "bin" / "python", "-m", "galaxy_importer.main", tarball],
            cwd=folder,
            env=environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    return done.stdout + (f"ERROR: the importer ended with code {done.returncode}\n" if done.returncode else "")


def environment(folder: str) -> dict[str, str]:
    """Its own tools come first, and what it writes goes to a folder."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "GALAXY_"))},
        **{f"GALAXY_IMPORTER_{name}": value for name, value in STRICT.items()},
        "GALAXY_IMPORTER_TMP_ROOT_DIR": folder,
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": folder,
        "LC_ALL": "C.UTF-8" if sys.platform.startswith("linux") else os.environ.get("LC_ALL", "en_US.UTF-8"),
    }


def findings(said: str) -> list[str]:
    """The lines of an importer's output that make the import fail here; all of it where it did not come to its end."""
    return FINDING.findall(said) or ([] if COMPLETED in said else said.splitlines() or ["importer: it said nothing"])


if __name__ == "__main__":
    sys.exit(main())
