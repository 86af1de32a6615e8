# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What needs an environment of its own: each ansible-core on each Python, README's commands elsewhere, ansible-test.

`make matrix`, `make pythons`, `make sanity` and `make units` call these sessions; `nox --list` tells them all, and
`nox --tags 2.21` or `nox -s matrix -p 3.12` picks some. A Python that this machine lacks is skipped and said.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING

import nox

from ansible_collections.winmail.exchange.tools.setup import make_importable
from ansible_collections.winmail.exchange.tools.stage import CACHE, ROOT, copy_checkout

if TYPE_CHECKING:
    from collections.abc import Iterator

# The supported versions of ansible-core and the Pythons that each runs on as a controller (its own release notes).
SUPPORTED = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}
PAIRS = tuple((core, python) for core, pythons in SUPPORTED.items() for python in pythons)
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
# The oldest libraries that requirements.txt and README allow run with the oldest pair.
OLDEST = PAIRS[0]
OLDEST_LIBRARIES = {"pywinrm": "0.4.3", "pypsrp": "0.8.1"}
TOOLS = ("cryptography", "hypothesis", "pyspnego", "pytest", "PyYAML")
# Each core brings its own of these.
OF_THE_CORE = ("ansible-core", "resolvelib")
STORY = ("tests/integration/connections/test_contract.py", "tests/integration/story/test_story.py")
# What `make pythons` runs of the tests elsewhere: README's whole command takes too long to run on each Python.
CHEAP = "tests/unit tests/integration/ecosystem"

nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
nox.options.envdir = str(CACHE / "nox")
nox.options.sessions = ["matrix"]
# Also in CI, where nox would fail by default: `--error-on-missing-interpreters` asks for it.
nox.options.error_on_missing_interpreters = False
# pyenv's stand-ins on PATH run only what a folder asks for; what they stand for is found behind them.
PYENV = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv")
REAL = [str(folder) for folder in sorted(PYENV.glob("versions/*/bin"), reverse=True)]
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *REAL])


def program(python: str) -> str | None:
    """The program of a Python (3.N) that is not .venv's own, or None where this machine has none."""
    own = str(ROOT / ".venv" / "bin")
    folders = [*REAL, *(folder for folder in os.environ["PATH"].split(os.pathsep) if folder != own)]
    return shutil.which(f"python{python}", path=os.pathsep.join(folders))


OTHERS = [python for python in PYTHONS if python != "{}.{}".format(*sys.version_info) and program(python)]
ENDS = [*OTHERS[:1], *OTHERS[-1:]] or [""]


def requirements(core: str, *, oldest: bool) -> list[str]:
    """What the environment of a pair gets."""
    exact = [f"{name}=={version}" for name, version in OLDEST_LIBRARIES.items()]
    return [f"ansible-core~={core}.0", *(exact if oldest else OLDEST_LIBRARIES), *TOOLS]


def constraints(*, oldest: bool) -> Iterator[str]:
    """The pins of the development environment that fit a pair."""
    others = (*OF_THE_CORE, *(OLDEST_LIBRARIES if oldest else ()))
    for line in (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines():
        if line.partition("==")[0] not in others:
            yield line


@nox.session(allow_parallel=True)
@nox.parametrize(["core", "python"], [nox.param(*pair, id="-".join(pair), tags=[pair[0]]) for pair in PAIRS])
def matrix(session: nox.Session, core: str) -> None:
    """Play the story of site.yml and the contract with Ansible's connections on one ansible-core and Python."""
    oldest = (core, session.python) == OLDEST
    folder = pathlib.Path(session.virtualenv.location)
    pins = folder / "constraints.txt"
    pins.write_text("\n".join(constraints(oldest=oldest)), encoding="utf-8")
    session.install("--constraint", str(pins), *requirements(core, oldest=oldest), silent=True)
    make_importable(folder)
    files = ["--override-ini", f"cache_dir={folder / 'pytest'}", *session.posargs]
    # A skipped test proves nothing here.
    environment = {"WINMAIL_EXCHANGE_REQUIRE_WITNESSES": "1"}
    session.run("python", "-m", "pytest", "--quiet", *files, *STORY, env=environment)


@nox.session(python=False, allow_parallel=True)
@nox.parametrize("other", [nox.param(one, id=one or "none", tags=["ends"] * (one in ENDS)) for one in OTHERS or [""]])
def pythons(session: nox.Session, other: str) -> None:
    """Run README's two commands with another Python, on a copy with an environment of its own: demo and cheap tests."""
    if not other:
        session.skip(f"this machine has no other Python ({', '.join(PYTHONS)})")
    # What make says to makes would name this checkout's own Python, and PATH its own tools.
    own = str(ROOT / ".venv" / "bin")
    path = os.pathsep.join(folder for folder in os.environ["PATH"].split(os.pathsep) if folder != own)
    environment = {"PATH": path, **dict.fromkeys(("MAKEFLAGS", "MFLAGS", "MAKELEVEL"))}
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_checkout(pathlib.Path(folder))
        # The link to the checkout itself, by which its own commands find the collection.
        shutil.copytree(ROOT / "collections", copy / "collections", symlinks=True)
        with session.chdir(copy):
            for words in (["demo"], ["test", f"ARGS=--quiet {CHEAP}"]):
                session.run("make", *words, f"PYTHON={program(other)}", env=environment, external=True)


# ansible-test's environments begin with a script from a server that need not be reachable: this stands in for it.
PIP_SCRIPTS = ("get_pip_23_1_2.py", "get_pip_24_2.py", "get_pip_25_2.py")
PIP_SCRIPT = "import ensurepip\n\nensurepip.bootstrap()\n"
HOME = CACHE / "home"


def ansible_test(session: nox.Session, *words: str) -> None:
    """Run ansible-test on a copy: it wants a tree under the collection's own name, without links, in a repository."""
    files = {f".ansible/test/cache/{name}": PIP_SCRIPT for name in PIP_SCRIPTS}
    for name, text in {**files, ".config/pip/pip.conf": "[global]\nquiet = 1\n"}.items():
        (HOME / name).parent.mkdir(parents=True, exist_ok=True)
        (HOME / name).write_text(text, encoding="utf-8")
    # A home of its own, and only Pythons that are really there.
    path = os.pathsep.join([str(ROOT / ".venv" / "bin"), "/usr/local/bin", "/usr/bin", "/bin"])
    command = ("ansible-test", *words, "--color", "no", "--truncate", "0", *session.posargs)
    with (
        tempfile.TemporaryDirectory(prefix="ansible-test-", dir=CACHE) as stage,
        session.chdir(copy_checkout(pathlib.Path(stage))),
    ):
        session.run(*command, env={"HOME": str(HOME), "PATH": path}, external=True)


@nox.session(python=False)
def sanity(session: nox.Session) -> None:
    """Run `ansible-test sanity`, which has no list of what it may ignore (a minute at the first time)."""
    ansible_test(session, "sanity")


@nox.session(python=False)
def units(session: nox.Session) -> None:
    """Run the plugins' tests by `ansible-test units`, with nothing but their own requirements, on .venv's Python."""
    version = "{}.{}".format(*sys.version_info)
    ansible_test(session, "units", "--venv", "--python", version, "--requirements", "tests/unit/plugins/")
