# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that stops what carries its own connection loses it; a call that outlasts its time is done all the same."""

from __future__ import annotations

import contextlib
import datetime
import socket
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from xml.etree import ElementTree as ET

import pypsrp.wsman
import pytest
import requests
from pypsrp.exceptions import WSManFaultError

from lab.server import RunningLab, running
from lab.winrm import names

SERVICE = f"{names.WMI}root/cimv2/Win32_Service"


def psrp(lab: RunningLab, name: str = "exch50") -> pypsrp.wsman.WSMan:
    """A client of one host, logged on as its inventory says."""
    host = lab.hosts[name]
    user, password = (str(host.variables[f"ansible_{key}"]) for key in ("user", "password"))
    return pypsrp.wsman.WSMan(
        host.address, port=host.winrm_port, username=user, password=password, ssl=False, operation_timeout=20
    )


def call(client: pypsrp.wsman.WSMan, method: str, service: str) -> str | None:
    """The ReturnValue of a method of a service."""
    selectors = pypsrp.wsman.SelectorSet()
    selectors.add_option("Name", service)
    body = ET.fromstring(f'<p:{method}_INPUT xmlns:p="{SERVICE}"/>')
    answer = client.invoke(f"{SERVICE}/{method}", SERVICE, body, selector_set=selectors)
    return answer.findtext(f".//{{{SERVICE}}}ReturnValue")


def state(lab: RunningLab, service: str, host: str = "exch50") -> str:
    """The state of a service as the lab sees it."""
    services: Any = lab.computer(host).snapshot()["services"]
    return str(services[service]["state"])


def is_in_state(lab: RunningLab, service: str, wanted: str) -> bool:
    """Whether a service is in a state."""
    return state(lab, service) == wanted


def until(condition: Callable[[], bool], what: str) -> None:
    """Poll with a deadline."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def refused(lab: RunningLab, host: str = "exch50") -> bool:
    """Whether nobody listens at the WinRM port."""
    with contextlib.suppress(ConnectionResetError):
        try:
            socket.create_connection(("127.0.0.1", lab.hosts[host].winrm_port), timeout=5).close()
        except ConnectionRefusedError:
            return True
    return False


def test_who_stops_winrm_loses_it_until_somebody_else_starts_it() -> None:
    with running("pop3") as lab:
        client = psrp(lab)
        assert call(client, "InterrogateService", "WinRM") == "0"
        with pytest.raises(requests.exceptions.ConnectionError):
            call(client, "StopService", "WinRM")
        until(lambda: refused(lab), "the port is still open")
        assert state(lab, "WinRM") in ("Stop Pending", "Stopped")
        assert lab.open_shells("exch50") == 0
        until(lambda: state(lab, "WinRM") == "Stopped", "WinRM does not stop")

        def start(computer: Any) -> int:
            return int(computer.machine.services.start(computer.machine.services.get("WinRM")))

        assert lab.computer("exch50").call(start) == 0
        until(lambda: not refused(lab), "the port is still closed")
        assert call(psrp(lab), "InterrogateService", "WinRM") == "0"


def test_a_call_that_outlasts_its_time_is_answered_by_the_timeout_and_done() -> None:
    with running("pop3", {"stop_service_timing": "outlasts"}) as lab:
        client = psrp(lab)
        for method, after in (("StopService", "Stopped"), ("StartService", "Running")):
            with pytest.raises(WSManFaultError) as caught:
                call(client, method, "MSExchangeIMC")
            assert caught.value.code == 2150858793
            until(partial(is_in_state, lab, "MSExchangeIMC", after), after)


def test_a_refusal_comes_at_once_whatever_the_calls_take() -> None:
    with running("pop3", {"stop_service_timing": "outlasts"}) as lab:
        assert call(psrp(lab), "StopService", "MSExchangeIS") == "3"


def test_the_clock_of_a_host_is_told_in_answers_and_by_cim() -> None:
    with running("pop3") as lab:
        lab.computer("exch50").advance(86400)
        url = f"http://127.0.0.1:{lab.hosts['exch50'].winrm_port}/wsman"
        told = parsedate_to_datetime(requests.get(url, timeout=10).headers["Date"])
        ahead = (told - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        assert 86000 < ahead < 86800
        star = f"{names.WMI}root/cimv2/*"
        wql = "select LocalDateTime from Win32_OperatingSystem"
        ask = (
            f'<n:Enumerate xmlns:n="{names.ENUMERATION}" xmlns:w="{names.WSMAN}"><w:OptimizeEnumeration/>'
            f'<w:Filter Dialect="{names.WQL_DIALECT}">{wql}</w:Filter></n:Enumerate>'
        )
        found = psrp(lab).enumerate(star, ET.fromstring(ask)).findtext(".//Datetime") or ""
        cim = datetime.datetime.fromisoformat(found.replace("Z", "+00:00"))
        assert abs((cim - told).total_seconds()) < 60
