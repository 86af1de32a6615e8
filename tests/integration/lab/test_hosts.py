"""The simulated hosts behind real ports: clients see one computer over WinRM and POP3, over faults, resets and time."""

from __future__ import annotations

import json
import pathlib
import poplib
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

import pypsrp.wsman
import pytest
import requests
import winrm.exceptions
import winrm.protocol

from lab.server import RunningLab, running
from lab.winrm import names

SERVICES = "select Name, State from Win32_Service where Name like 'MSExchangeI%'"


@pytest.fixture(scope="module")
def running_lab() -> Iterator[RunningLab]:
    """The hosts of the main story; clear text is allowed for the client that knows nothing else."""
    with running("pop3", winrm={"allow_unencrypted": True}) as lab:
        yield lab


@pytest.fixture
def lab(running_lab: RunningLab) -> RunningLab:
    """The same, as the scenario describes them."""
    running_lab.reset()
    return running_lab


class Client:
    """pywinrm on one host, logged on as its inventory says."""

    def __init__(self, lab: RunningLab, name: str = "exch50") -> None:
        host = lab.hosts[name]
        self.protocol = winrm.protocol.Protocol(
            f"http://{host.address}:{host.winrm_port}/wsman",
            transport="ntlm",
            username=str(host.variables["ansible_user"]),
            password=str(host.variables["ansible_password"]),
            message_encryption="always",
        )
        self.shell = self.protocol.open_shell(codepage=65001)

    def run(self, line: str) -> tuple[str, int]:
        command = self.protocol.run_command(self.shell, line)
        stdout, dummy, code = self.protocol.get_command_output(self.shell, command)
        self.protocol.cleanup_command(self.shell, command)
        return stdout.decode(), code


def psrp(lab: RunningLab, name: str = "exch50") -> pypsrp.wsman.WSMan:
    host = lab.hosts[name]
    user, password = (str(host.variables[f"ansible_{key}"]) for key in ("user", "password"))
    return pypsrp.wsman.WSMan(host.address, port=host.winrm_port, username=user, password=password, ssl=False)


def query(client: pypsrp.wsman.WSMan, wql: str) -> list[dict[str, str | None]]:
    """The rows of a query that names its columns."""
    ask = (
        f'<n:Enumerate xmlns:n="{names.ENUMERATION}" xmlns:w="{names.WSMAN}"><w:OptimizeEnumeration/>'
        f'<w:MaxElements>50</w:MaxElements><w:Filter Dialect="{names.WQL_DIALECT}">{wql}</w:Filter></n:Enumerate>'
    )
    body = client.enumerate(f"{names.WMI}root/cimv2/*", ET.fromstring(ask))
    return [{child.tag: child.text for child in row} for row in body.iter(f"{{{names.WSMAN}}}XmlFragment")]


def files(lab: RunningLab, name: str = "exch50") -> str:
    return json.dumps(lab.computer(name).snapshot()["files"])


def test_one_computer_stands_behind_the_shell_and_cim(lab: RunningLab) -> None:
    [version] = query(psrp(lab), "select Version from Win32_OperatingSystem")
    shown, code = Client(lab).run("ver")
    assert code == 0
    assert version["Version"]
    assert f"[Version {version['Version']}]" in shown
    named = {row["Name"]: row["State"] for row in query(psrp(lab), SERVICES)}
    assert named == {"MSExchangeIMC": "Running", "MSExchangeIS": "Running"}


def test_a_host_that_drops_its_connections_finishes_the_line(lab: RunningLab) -> None:
    computer = lab.computer("exch50")
    computer.faults.add({"at": "program.end", "match": {"program": "secedit", "verb": "/export"}, "do": "drop"})
    export = (
        'secedit /export /cfg "C:\\Windows\\Temp\\e.inf" /areas USER_RIGHTS & echo x>"C:\\Windows\\Temp\\after.txt"'
    )
    client = Client(lab)
    with pytest.raises(requests.exceptions.ConnectionError):
        client.run(export)
    assert computer.faults.fired == [("program.end", "drop")]
    assert "e.inf" in files(lab)
    assert "after.txt" in files(lab)
    assert lab.open_shells("exch50") == 1
    assert Client(lab).run("echo again") == ("again\r\n", 0)


def test_a_shell_outlives_its_connection(lab: RunningLab) -> None:
    first, second = Client(lab), Client(lab)
    lab.call(lambda server: server.station("exch50").host.abort_connections())
    second = Client(lab)
    second.shell = first.shell
    assert second.run("echo still here") == ("still here\r\n", 0)


def test_an_idle_shell_is_gone_and_says_so(lab: RunningLab) -> None:
    client = Client(lab)
    lab.computer("exch50").advance(7300)
    fresh = Client(lab)
    fresh.shell = client.shell
    with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
        fresh.run("echo x")
    assert caught.value.wsman_fault_code == 2150858843


def test_hosts_do_not_share_anything(lab: RunningLab) -> None:
    before = lab.computer("exch55").snapshot()
    Client(lab).run('echo x>"C:\\Windows\\Temp\\mine.txt"')
    assert "mine.txt" in files(lab)
    assert lab.computer("exch55").snapshot() == before
    assert lab.requests("exch55") == 0


def pop3(lab: RunningLab, name: str = "exch55") -> poplib.POP3:
    host = lab.hosts[name]
    return poplib.POP3(host.address, host.pop3_port, timeout=30)


def log_on(lab: RunningLab, client: poplib.POP3, name: str) -> bytes:
    variables = lab.hosts[name].variables
    client.user(str(variables["pop3_prerequisites_login_user"]))
    return client.pass_(str(variables["pop3_prerequisites_login_password"]))


def test_pop3_answers_before_and_after_a_reset(lab: RunningLab) -> None:
    for dummy in range(2):
        client = pop3(lab)
        assert log_on(lab, client, "exch55").startswith(b"+OK")
        client.quit()
        lab.reset()


def test_pop3_over_tls_shows_the_certificate_of_the_lab(lab: RunningLab) -> None:
    host = lab.hosts["exch2019"]
    trust = ssl.create_default_context(cafile=str(lab.certificate_path))
    client = poplib.POP3_SSL(host.address, host.pop3s_port, context=trust, timeout=30)
    assert client.getwelcome().startswith(b"+OK")
    client.quit()


def test_the_fault_of_the_article_shows_over_pop3_and_in_the_log(lab: RunningLab) -> None:
    with pytest.raises(poplib.error_proto, match="A required privilege is not held by the client"):
        log_on(lab, pop3(lab, "exch50"), "exch50")


def stop(client: pypsrp.wsman.WSMan, service: str) -> str | None:
    """Stop a service over CIM; returns what Win32_Service.StopService returned."""
    uri = f"{names.WMI}root/cimv2/Win32_Service"
    key = pypsrp.wsman.SelectorSet()
    key.add_option("Name", service)
    arguments = ET.Element(f"{{{uri}}}StopService_INPUT")
    answer: ET.Element = client.invoke(f"{uri}/StopService", uri, arguments, selector_set=key)
    return answer.findtext(f".//{{{uri}}}ReturnValue")


def test_a_stopped_service_closes_its_port_and_a_reset_opens_it(lab: RunningLab) -> None:
    pop3(lab, "exch50").quit()
    client = psrp(lab)
    assert stop(client, "MSExchangeIS") == "3"  # a dependent service runs
    assert stop(client, "MSExchangeIMC") == "0"
    assert within(20, lambda: stop(client, "MSExchangeIS") == "0")
    assert within(20, lambda: refused(lab, "exch50"))
    lab.reset()
    pop3(lab, "exch50").quit()


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    """Whether it happens before the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
    return False


def refused(lab: RunningLab, name: str) -> bool:
    """Whether the POP3 port is closed."""
    try:
        pop3(lab, name).close()
    except ConnectionRefusedError:
        return True
    return False


def test_the_wan_profile_takes_twenty_milliseconds_a_request() -> None:
    with running("pop3", latency="wan") as lab:
        started = time.monotonic()
        Client(lab).run("echo x")
        counted = lab.requests("exch50")
        assert time.monotonic() - started >= 0.02 * counted


def test_a_template_makes_as_many_hosts_as_wanted(tmp_path: pathlib.Path) -> None:
    scenario = tmp_path / "many.yml"
    scenario.write_text(
        "domain: {netbios: CORP, dns: corp.example, sid: S-1-5-21-1-2-3, users: "
        "[{name: labadmin, rid: 1103, password: Many-hosts-1, member_of: [Domain Admins]}]}\n"
        "hosts: [{name: 'many{n}', release: 2019, count: 2}]\n",
        encoding="utf-8",
    )
    with running(scenario, hosts=60) as lab:
        assert len(lab.hosts) == 60
        assert Client(lab, "many60").run("echo %COMPUTERNAME%")[0].lower() == "many60\r\n"


def test_an_old_release_has_the_quotas_of_its_time(tmp_path: pathlib.Path) -> None:
    scenario = tmp_path / "old.yml"
    scenario.write_text(
        "domain: {netbios: CORP, dns: corp.example, sid: S-1-5-21-1-2-3, users: "
        "[{name: labadmin, rid: 1103, password: Old-host-1, member_of: [Domain Admins]}]}\n"
        "hosts: [{name: old1, release: 2008R2}]\n",
        encoding="utf-8",
    )
    with running(scenario) as lab:
        clients = [Client(lab, "old1") for dummy in range(5)]
        assert lab.open_shells("old1") == len(clients)
        with pytest.raises(winrm.exceptions.WSManFaultError) as caught:
            Client(lab, "old1")
        assert caught.value.wsman_fault_code == 2150859173


def test_winrmcp_writes_its_file_and_stops_where_it_needs_powershell(
    lab: RunningLab, need_program: Callable[[str], pathlib.Path], tmp_path: pathlib.Path
) -> None:
    program, source = need_program("winrmcp"), tmp_path / "small.txt"
    source.write_text("hello winrmcp\n")
    host = lab.hosts["exch50"]
    user, password = (str(host.variables[f"ansible_{key}"]) for key in ("user", "password"))
    target = ["-addr", f"{host.address}:{host.winrm_port}", str(source), "C:\\x.txt"]
    command = [str(program), "-user", user, "-pass", password, *target]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "restore operation returned code=1" in done.stdout + done.stderr
    assert "winrmcp-" in files(lab)
    assert lab.requests_by_action("exch50")["Command"] == 2
