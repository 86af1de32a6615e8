# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of Kerberos share: a KDC that knows the story's hosts, the lab joined to it, and a way to log on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.kerberos import kdc as centre
from ansible_collections.winmail.exchange.tests.integration.kerberos.ways import (
    ADMINISTRATOR,
    DOMAIN,
    GHOST,
    HOSTS,
    ORDINARY,
    PASSWORDS,
)
from ansible_collections.winmail.exchange.tests.support.harness import Controller
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ansible_collections.winmail.exchange.tests.integration.kerberos.kdc import Kdc


@pytest.fixture(scope="session")
def kdc(
    need_program: Callable[[str], Path],
    need_module: Callable[[str], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Kdc]:
    """A KDC with three people and the services of the story's four hosts."""
    programs = {name: need_program(name) for name in centre.PROGRAMS}
    for module in ("gssapi", "krb5", "kerberos"):
        need_module(module)
    with centre.running(tmp_path_factory.mktemp("kdc"), programs) as started:
        for name in (ADMINISTRATOR, ORDINARY, GHOST):
            started.add_user(name, PASSWORDS[name])
        # As a Windows registers them: WinRM is reached under each name, and clients differ in which they ask for.
        names = ("HTTP", "WSMAN", "host")
        started.add_services([f"{service}/{host}.{DOMAIN}" for host in HOSTS for service in names])
        yield started


@pytest.fixture(scope="module")
def joined(kdc: Kdc) -> Iterator[RunningLab]:
    """The story's hosts, joined to the realm, for a file; over TLS they demand channel bindings."""
    settings = {"kerberos_keytab": str(kdc.keytab), "channel_bindings": "strict"}
    before = {name: os.environ.get(name) for name in kdc.environment}
    os.environ.update(kdc.environment)
    try:
        with running(scenario="pop3", winrm=settings) as lab:
            yield lab
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@pytest.fixture
def lab(joined: RunningLab, kdc: Kdc, monkeypatch: pytest.MonkeyPatch) -> RunningLab:
    """The same, as they are at the start, and nobody has a ticket."""
    joined.reset()
    # Ansible's winrm connection leaves the ticket that it got for itself in here.
    monkeypatch.setenv("KRB5CCNAME", kdc.environment["KRB5CCNAME"])
    return joined


@pytest.fixture
def ticket(lab: RunningLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of this process's tickets; nothing is in it yet."""
    assert lab
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{tmp_path / 'tickets'}")
    return tmp_path / "tickets"


@pytest.fixture
def controller(lab: RunningLab) -> Callable[..., Controller]:
    """A function that makes an Ansible controller for exch50, the host with the fault, from a way's variables."""

    def make(connection: str, **variables: Any) -> Controller:
        return Controller(lab, "exch50", connection=connection, **variables)

    return make
