"""pypsrp accepts the lab unchanged: WS-Management and WinRS, each way of logging on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pypsrp.shell
import pypsrp.wsman
import pytest
from pypsrp.exceptions import WSManFaultError

from ansible_collections.winmail.exchange.tests.support import tiny_windows as fakes
from lab.server import RunningLab
from lab.winrm import names

SERVICE = f"{names.WMI}root/cimv2/Win32_Service"
TERMINATE = f"{names.SHELL}/signal/Terminate"


def psrp(lab: RunningLab, **options: Any) -> pypsrp.wsman.WSMan:
    host = lab.hosts["fake1"]
    secure = bool(options.get("ssl"))
    return pypsrp.wsman.WSMan(
        "127.0.0.1",
        port=host.https_port if secure else host.winrm_port,
        username=fakes.USER,
        password=fakes.PASSWORD,
        **{"cert_validation": str(lab.certificate_path), **options},
    )


PSRP_WAYS: dict[str, dict[str, Any]] = {
    "basic over https": {"auth": "basic", "ssl": True},
    "negotiate over http": {"auth": "negotiate", "ssl": False},
    "ntlm over http": {"auth": "ntlm", "ssl": False},
    "negotiate over https": {"auth": "negotiate", "ssl": True},
    "ntlm over https, always encrypted": {"auth": "ntlm", "ssl": True, "encryption": "always"},
}


@pytest.mark.parametrize("options", PSRP_WAYS.values(), ids=PSRP_WAYS.keys())
def test_pypsrp_runs_a_command(lab: RunningLab, options: Mapping[str, Any]) -> None:
    with psrp(lab, **options) as client, pypsrp.shell.WinRS(client, codepage=65001) as shell:
        process = pypsrp.shell.Process(shell, "both")
        process.invoke()
        process.signal(TERMINATE)
        assert (process.rc, process.stdout, process.stderr) == (3, b"out\r\n", b"err\r\n")
    assert lab.open_shells("fake1") == 0


@pytest.mark.parametrize("options", PSRP_WAYS.values(), ids=PSRP_WAYS.keys())
def test_pypsrp_gets_an_instance_and_reads_a_fault(lab: RunningLab, options: Mapping[str, Any]) -> None:
    with psrp(lab, **options) as client:
        wanted = pypsrp.wsman.SelectorSet()
        wanted.add_option("Name", "POP3SVC")
        body = client.get(SERVICE, selector_set=wanted)
        assert body.findtext(f".//{{{SERVICE}}}Caption") == "POP3 <service> & more"
        missing = pypsrp.wsman.SelectorSet()
        missing.add_option("Name", "nope")
        with pytest.raises(WSManFaultError) as caught:
            client.get(SERVICE, selector_set=missing)
        assert (caught.value.code, caught.value.provider) == (2150858752, "WMI Provider")


def test_pypsrp_enumerates_page_by_page(lab: RunningLab) -> None:
    star = f"{names.WMI}root/cimv2/*"
    ask = (
        f'<n:Enumerate xmlns:n="{names.ENUMERATION}" xmlns:w="{names.WSMAN}"><w:OptimizeEnumeration/>'
        f'<w:MaxElements>2</w:MaxElements><w:Filter Dialect="{names.WQL_DIALECT}">'
        "select Name from Win32_Service</w:Filter></n:Enumerate>"
    )
    with psrp(lab, **PSRP_WAYS["negotiate over http"]) as client:
        body = client.enumerate(star, ET.fromstring(ask))
        found = [row.findtext("Name") for row in body.iter(f"{{{names.WSMAN}}}XmlFragment")]
        for dummy in range(5):
            context = body.findtext(f".//{{{names.ENUMERATION}}}EnumerationContext")
            if not context:
                break
            pull = (
                f'<n:Pull xmlns:n="{names.ENUMERATION}"><n:EnumerationContext>{context}</n:EnumerationContext>'
                "<n:MaxElements>2</n:MaxElements></n:Pull>"
            )
            body = client.pull(star, ET.fromstring(pull))
            found += [row.findtext("Name") for row in body.iter(f"{{{names.WSMAN}}}XmlFragment")]
    assert found == [f"svc{number}" for number in range(5)]
    assert lab.requests_by_action("fake1")["Pull"] == 2
