"""What every test gets: an environment of its own, and witnesses that are asked for by name."""

from __future__ import annotations

import collections
import importlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, NoReturn

import hypothesis
import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = pathlib.Path(__file__).resolve().parent.parent
REQUIRE_WITNESSES = "WINMAIL_EXCHANGE_REQUIRE_WITNESSES"
# Ansible kills workers that do not end at once, also those that are writing down which lines they ran.
PATIENCE = {"ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT": "100"}
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
AUTHORITIES = ("requests_ca_bundle", "curl_ca_bundle")
# `ansible-test units` leaves the person out by itself, needs its variables in every worker, brings its own importer,
# and hides from the tests of modules what of Ansible is the controller's.
ANSIBLE_TEST = "ANSIBLE_CONTROLLER_MIN_PYTHON_VERSION" in os.environ

os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(ROOT / ".cache" / "hypothesis")
# In CI the same change gets the same answer; at a desk every run tries new inputs.
same_inputs = os.environ.get("CI") == "true"
hypothesis.settings.register_profile("project", deadline=None, derandomize=same_inputs)
# Mutation testing (tools/mutation.py): a change has to be noticed; its smallest example is not asked for.
no_shrinking = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
hypothesis.settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None, max_examples=30, phases=no_shrinking
)
hypothesis.settings.load_profile("project")


def _leave_the_person_out() -> str:
    """Forget the person's Ansible, proxies, authorities and tickets; returns a new home for Ansible."""
    for name in list(os.environ):
        foreign = name.lower() in PROXIES + AUTHORITIES or name.startswith("KRB5")
        if foreign or (name.startswith("ANSIBLE_") and not ANSIBLE_TEST):
            del os.environ[name]
    os.environ["ANSIBLE_NOCOLOR"] = "1"
    os.environ |= PATIENCE
    os.environ["ANSIBLE_HOME"] = tempfile.mkdtemp(prefix="winmail-ansible-")
    # A client that may choose tries Kerberos first where it is installed: it must not find the machine's realm.
    realmless = pathlib.Path(os.environ["ANSIBLE_HOME"], "krb5.conf")
    realmless.write_text("[libdefaults]\ndns_lookup_kdc = false\ndns_lookup_realm = false\n", encoding="utf-8")
    os.environ["KRB5_CONFIG"] = str(realmless)
    return os.environ["ANSIBLE_HOME"]


# Here and not in a hook: pytest imports the conftest files of named folders before any hook runs, and Ansible finds no
# collection that was imported before its own importer is in place.
ANSIBLE_HOME = _leave_the_person_out()
if not ANSIBLE_TEST:
    importlib.import_module("ansible.plugins.loader").init_plugin_loader()
# The lab is a package of its own; .venv names this folder too, other environments do not.
sys.path.append(str(ROOT / "tests"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores, for a third of the time a test waits for a server or a process."""
    return (os.cpu_count() or 1) + 1


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


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known here and not in pyproject.toml, which `ansible-test units` does not read."""
    config.addinivalue_line("markers", "case(kind): plays what was met on a real host; tests/cases has the kinds")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let the report of a test say, from whatever worker, which kind of case it plays."""
    item.user_properties.extend(("case", mark.args[0]) for mark in item.iter_markers("case"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Where only cases were asked for (`make cases`), say of each kind how many were played and how they ended."""
    if config.getoption("markexpr") != "case":
        return
    ended: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.getreports(outcome):
            for name, kind in report.user_properties:
                if name == "case":
                    ended[kind][outcome] += 1
    terminalreporter.section("cases")
    for kind, title in yaml.safe_load((ROOT / "tests" / "cases" / "kinds.yml").read_text(encoding="utf-8")).items():
        counts = ", ".join(f"{number} {outcome}" for outcome, number in ended[kind].items())
        terminalreporter.line(f"{kind:4} {counts or 'not played':24} {title}")


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
def need_module() -> Callable[[str], None]:
    """Skip or fail the test without a Python module that `make setup` does not install."""

    def find(name: str) -> None:
        if importlib.util.find_spec(name) is None:
            go_without(f"the Python module {name}")

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
