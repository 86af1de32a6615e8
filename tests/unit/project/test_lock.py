"""The lock files: pinned, the same everywhere, and silent about the machine that made them."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ansible_collections.winmail.exchange.noxfile import SUPPORTED
from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT

PIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*==[0-9][a-z0-9.]*(?: ; [a-z_]+ [a-zA-Z0-9_.*'<>=! ]+)?")


def lines(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith(("#", "-"))]


def names(file: str) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in lines(file)}


LOCKS = sorted(path.stem for path in ROOT.glob("requirements-*.in"))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_and_nothing_else(lock: str) -> None:
    assert [line for line in lines(f"{lock}.txt") if not PIN.fullmatch(line)] == []
    assert "://" not in (ROOT / f"{lock}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_asked_for_is_pinned(lock: str) -> None:
    assert names(f"{lock}.in") <= names(f"{lock}.txt")


def test_development_has_what_users_get() -> None:
    assert names("requirements.txt") <= names("requirements-dev.txt")


def test_kerberos_can_be_added_to_what_is_there() -> None:
    both = set(lines("requirements-dev.txt")) & set(lines("requirements-kerberos.txt"))
    assert names("requirements-dev.txt") & names("requirements-kerberos.txt") == {
        canonicalize_name(Requirement(line).name) for line in both
    }


def test_each_supported_python_has_its_ansible_core() -> None:
    pins = [Requirement(line) for line in lines("requirements-dev.txt") if line.startswith("ansible-core==")]
    for python in {python for pythons in SUPPORTED.values() for python in pythons}:
        environment = {"python_version": python, "python_full_version": f"{python}.0"}
        chosen = [pin for pin in pins if pin.marker is None or pin.marker.evaluate(environment)]
        assert len(chosen) == 1, python


def test_users_get_lower_bounds_only() -> None:
    bounds = {Requirement(line).name: str(Requirement(line).specifier) for line in lines("requirements.txt")}
    assert bounds == {"pywinrm": ">=0.4.3"}
