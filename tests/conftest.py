"""What every test gets: an environment of its own, and witnesses that are asked for by name."""

from __future__ import annotations

import importlib
import os
import pathlib
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING, NoReturn

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = pathlib.Path(__file__).resolve().parent.parent
REQUIRE_WITNESSES = "WINMAIL_EXCHANGE_REQUIRE_WITNESSES"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")

os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / ".cache" / "hypothesis")
# In CI the same change gets the same answer; at a desk every run tries new inputs.
same_inputs = os.environ.get("CI") == "true"
hypothesis.settings.register_profile("project", deadline=None, derandomize=same_inputs)
hypothesis.settings.load_profile("project")


def _leave_the_person_out() -> str:
    """Forget the person's Ansible and proxies; returns a new home for Ansible."""
    for name in list(os.environ):
        if name.startswith("ANSIBLE_") or name.lower() in PROXIES:
            del os.environ[name]
    os.environ["ANSIBLE_NOCOLOR"] = "1"
    os.environ["ANSIBLE_HOME"] = tempfile.mkdtemp(prefix="winmail-ansible-")
    return os.environ["ANSIBLE_HOME"]


# Here and not in a hook: pytest imports the conftest files of named folders before any hook runs, and Ansible finds no
# collection that was imported before its own importer is in place.
ANSIBLE_HOME = _leave_the_person_out()
importlib.import_module("ansible.plugins.loader").init_plugin_loader()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Share out whole modules, whose fixtures are dear, but the worlds one by one: they take most of the time."""
    scheduler = importlib.import_module("xdist.scheduler").LoadScopeScheduling(config, log)
    scheduler._split_scope = unit_of_work  # noqa: SLF001 - what xdist lets a subclass change
    return scheduler


def unit_of_work(test: str) -> str:
    """What stays on one worker with a test: its module, or itself alone."""
    module = test.rpartition("::")[0]
    return test if module.endswith("worlds/test_worlds.py") else module


def pytest_unconfigure() -> None:
    """Remove what this run's Ansible wrote."""
    shutil.rmtree(ANSIBLE_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def checkout() -> pathlib.Path:
    """The folder of this checkout."""
    return ROOT


@pytest.fixture(scope="session")
def need_program() -> Callable[[str], pathlib.Path]:
    """Find an installed program by name or path; skip or fail the test without it."""

    def find(name: str) -> pathlib.Path:
        path = os.pathsep.join([os.environ["PATH"], "/usr/local/sbin", "/usr/sbin", "/sbin"])
        found = shutil.which(name, path=path)
        if found is None:
            go_without(f"the program {name}")
        return pathlib.Path(found)

    return find


@pytest.fixture(scope="session")
def need_system_module() -> Callable[[str], pathlib.Path]:
    """Find the system's Python if it has a module; skip or fail the test without it."""

    def find(module: str) -> pathlib.Path:
        python = pathlib.Path("/usr/bin/python3")
        command = [str(python), "-c", f"import {module}"]
        if not python.exists() or subprocess.run(command, capture_output=True, check=False).returncode:
            go_without(f"the module {module} of the system's Python")
        return python

    return find


def go_without(witness: str) -> NoReturn:
    """Skip a test whose witness is not installed, or fail it where witnesses are required."""
    if os.environ.get(REQUIRE_WITNESSES) == "1":
        pytest.fail(f"{witness} is not installed, and {REQUIRE_WITNESSES}=1 asks for it")
    pytest.skip(f"{witness} is not installed (.ci/run installs it)")
