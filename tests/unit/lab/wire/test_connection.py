"""A listener as a plain HTTP client sees it: refusals, sizes, injected faults, drops and what is counted."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from xml.etree import ElementTree as ET

import pytest

from ansible_collections.winmail.exchange.tests.support import tiny_windows as fakes
from lab.server import RunningLab, running
from lab.winrm import names

LOGON = "Basic " + base64.b64encode(f"{fakes.USER}:{fakes.PASSWORD}".encode()).decode()
CREATE = (
    f'<s:Envelope xmlns:s="{names.SOAP}" xmlns:a="{names.ADDRESSING}" xmlns:w="{names.WSMAN}"><s:Header>'
    f"<a:Action>{names.CREATE}</a:Action><a:MessageID>uuid:42</a:MessageID>"
    f"<w:ResourceURI>{names.CMD_SHELL}</w:ResourceURI></s:Header><s:Body/></s:Envelope>"
)
IDENTIFY = (
    f'<s:Envelope xmlns:s="{names.SOAP}"><s:Header/><s:Body><i:Identify xmlns:i="{names.IDENTITY}"/>'
    "</s:Body></s:Envelope>"
)
VERSION = f".//{{{names.IDENTITY}}}ProductVersion"


@pytest.fixture(scope="module")
def clear_lab() -> Iterator[RunningLab]:
    """A lab that takes clear text, as a test of the wire needs it."""
    with running(fakes.one, winrm={"allow_unencrypted": True}) as lab:
        yield lab


@pytest.fixture
def lab(clear_lab: RunningLab) -> RunningLab:
    clear_lab.reset()
    return clear_lab


def connect(lab: RunningLab) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", lab.hosts["fake1"].winrm_port, timeout=20)


def ask(
    lab: RunningLab,
    body: str = CREATE,
    headers: dict[str, str] | None = None,
    method: str = "POST",
    path: str = "/wsman",
) -> http.client.HTTPResponse:
    with closing(connect(lab)) as connection:
        connection.request(method, path, body, {"Authorization": LOGON} if headers is None else headers)
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined] # read before the connection closes
        return answer


def body_of(answer: http.client.HTTPResponse) -> bytes:
    found: bytes = answer.body  # type: ignore[attr-defined] # set by ask
    return found


def code_of(answer: http.client.HTTPResponse) -> str | None:
    fault = ET.fromstring(body_of(answer)).find(f".//{{{names.FAULT}}}WSManFault")
    return None if fault is None else fault.get("Code")


def test_a_shell_is_created_and_counted(lab: RunningLab) -> None:
    answer = ask(lab)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/soap+xml;charset=UTF-8"
    assert ET.fromstring(body_of(answer)).findtext(f".//{{{names.ADDRESSING}}}RelatesTo") == "uuid:42"
    assert lab.requests_by_action("fake1") == {"Create": 1}
    assert lab.open_shells("fake1") == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/", 404), ("GET", "/wsman", 405), ("POST", "/wsman?PSVersion=5.1", 200)],
)
def test_only_posts_to_wsman_are_taken(lab: RunningLab, method: str, path: str, status: int) -> None:
    assert ask(lab, method=method, path=path).status == status


def test_a_stranger_is_asked_to_log_on(lab: RunningLab) -> None:
    answer = ask(lab, headers={})
    assert answer.status == 401
    assert answer.headers.get_all("WWW-Authenticate") == ["Negotiate", 'Basic realm="WSMAN"']
    assert lab.requests_by_action("fake1") == {"login": 1}


def test_clear_text_is_refused_without_words_by_default() -> None:
    with running(fakes.one) as lab:
        answer = ask(lab)
        assert (answer.status, body_of(answer)) == (500, b"")
        assert lab.open_shells("fake1") == 0


def test_clear_text_over_tls_is_taken() -> None:
    with running(fakes.one) as lab:
        trust = ssl.create_default_context(cafile=str(lab.certificate_path))
        port = lab.hosts["fake1"].https_port
        with closing(http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trust)) as connection:
            connection.request("POST", "/wsman", CREATE, {"Authorization": LOGON})
            assert connection.getresponse().status == 200


def test_identify_tells_a_stranger_no_version(lab: RunningLab) -> None:
    stranger = ask(lab, IDENTIFY, {"WSMANIDENTIFY": "unauthenticated"})
    known = ask(lab, IDENTIFY)
    told = [ET.fromstring(body_of(answer)).findtext(VERSION) for answer in (stranger, known)]
    assert told == ["OS: 0.0.0 SP: 0.0 Stack: 3.0", "OS: 10.0.20348 SP: 0.0 Stack: 3.0"]


def test_a_message_beyond_the_envelope_limit_gets_413_without_soap(lab: RunningLab) -> None:
    answer = ask(lab, CREATE.replace("<s:Body/>", f"<s:Body>{'x' * 600 * 1024}</s:Body>"))
    assert (answer.status, body_of(answer)) == (413, b"")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("<no/>", "2150858817", id="no envelope"),
        pytest.param(CREATE.replace(names.CMD_SHELL, "urn:else"), "2150858811", id="unknown resource"),
        pytest.param(CREATE.replace(names.CREATE, names.PUT), "2150858753", id="unknown action"),
    ],
)
def test_a_bad_message_gets_a_fault(lab: RunningLab, text: str, code: str) -> None:
    answer = ask(lab, text)
    assert (answer.status, code_of(answer)) == (500, code)


def test_a_method_that_outlasts_the_timeout_is_done_but_times_out(lab: RunningLab) -> None:
    uri = f"{names.WMI}root/cimv2/Win32_Service"
    answer = ask(lab, CREATE.replace(names.CREATE, f"{uri}/Linger").replace(names.CMD_SHELL, uri))
    assert (answer.status, code_of(answer)) == (500, "2150858793")
    assert lab.requests_by_action("fake1") == {"Linger": 1}


@pytest.mark.parametrize("point", ["http.request", "http.response", "command.start"])
def test_an_injected_drop_ends_the_connection_without_an_answer(lab: RunningLab, point: str) -> None:
    lab.computer("fake1").faults.add({"at": point, "match": {} if "http" in point else {"line": "."}, "do": "drop"})
    action = "Create" if "http" in point else "Command"
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        run_command(lab, "echo hello")
    assert lab.computer("fake1").faults.fired == [(point, "drop")]
    assert lab.transcript("fake1")[-1].action.endswith(action)
    assert lab.transcript("fake1")[-1].status == 0
    ran = lab.computer("fake1").snapshot()["lines"]
    assert ran == []


def run_command(lab: RunningLab, line: str) -> http.client.HTTPResponse:
    """The answer to a Command."""
    shell = ET.fromstring(body_of(ask(lab))).findtext(f".//{{{names.SHELL}}}ShellId")
    text = (
        CREATE.replace(names.CREATE, names.COMMAND)
        .replace(
            "</s:Header>", f'<w:SelectorSet><w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet></s:Header>'
        )
        .replace(
            "<s:Body/>",
            f'<s:Body><r:CommandLine xmlns:r="{names.SHELL}"><r:Command>{line}</r:Command></r:CommandLine></s:Body>',
        )
    )
    return ask(lab, text)


def test_a_line_that_ran_before_the_drop_has_run(lab: RunningLab) -> None:
    lab.computer("fake1").faults.add({"at": "command.end", "match": {"line": "hello"}, "do": "drop"})
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        run_command(lab, "echo hello")
    assert lab.computer("fake1").snapshot()["lines"] == ["echo hello"]
    assert lab.open_shells("fake1") == 1


def test_a_computer_that_drops_its_connections_drops_all_of_them(lab: RunningLab) -> None:
    with closing(connect(lab)) as idle:
        idle.request("POST", "/wsman", CREATE, {"Authorization": LOGON})
        idle.getresponse().read()

        def drop(computer: object) -> None:
            computer.drop_connections = True  # type: ignore[attr-defined] # every computer has it

        lab.computer("fake1").call(drop)
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            ask(lab)
        assert idle.sock is not None
        assert closed(idle.sock)
    assert ask(lab).status == 200


def closed(sock: socket.socket) -> bool:
    sock.settimeout(20)
    try:
        return sock.recv(1) == b""
    except ConnectionResetError:
        return True


def test_an_idle_connection_is_closed_after_two_minutes(lab: RunningLab) -> None:
    with closing(connect(lab)) as connection:
        connection.request("POST", "/wsman", CREATE, {"Authorization": LOGON})
        connection.getresponse().read()
        lab.computer("fake1").advance(119)
        connection.request("POST", "/wsman", CREATE, {"Authorization": LOGON})
        connection.getresponse().read()
        lab.computer("fake1").advance(121)
        assert connection.sock is not None
        assert closed(connection.sock)


@pytest.mark.parametrize(
    ("rule", "status", "code"),
    [
        ({"at": "http.request", "do": "status", "code": 503, "text": "busy"}, 503, None),
        ({"at": "http.request", "match": {"action": "Create"}, "do": "fault", "code": 5, "text": "no"}, 500, "5"),
        ({"at": "http.response", "do": "fault", "code": 2150859174}, 500, "2150859174"),
    ],
)
def test_an_injected_answer_replaces_the_real_one(
    lab: RunningLab, rule: dict[str, object], status: int, code: str | None
) -> None:
    lab.computer("fake1").faults.add(rule)
    answer = ask(lab)
    assert answer.status == status
    assert code is None or code_of(answer) == code
    assert ask(lab).status == 200


def test_a_truncated_answer_ends_early(lab: RunningLab) -> None:
    lab.computer("fake1").faults.add({"at": "http.response", "do": "truncate", "bytes": 10})
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(lab)
    assert len(caught.value.partial) == 10


def test_reset_starts_over_behind_the_same_port(lab: RunningLab) -> None:
    run_command(lab, "echo hello")
    port = lab.hosts["fake1"].winrm_port
    lab.reset()
    assert lab.computer("fake1").snapshot() == {"lines": []}
    assert (lab.requests("fake1"), lab.open_shells("fake1"), lab.transcript("fake1")) == (0, 0, [])
    assert lab.hosts["fake1"].winrm_port == port
    assert ask(lab).status == 200


def test_a_failure_of_the_lab_itself_is_not_hidden() -> None:
    def broken() -> fakes.FakeScenario:
        computer = fakes.FakeWindows()
        computer.may_open_shell = None  # type: ignore[assignment, method-assign] # a bug in a simulated Windows
        return fakes.FakeScenario([computer])

    def use() -> None:
        with running(broken, winrm={"allow_unencrypted": True}) as lab:
            with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
                ask(lab)
            [error] = lab.errors()
            assert "NoneType" in error

    with pytest.raises(AssertionError, match="the lab itself failed"):
        use()


def test_many_hosts_share_one_process() -> None:
    def many() -> fakes.FakeScenario:
        return fakes.FakeScenario([fakes.FakeWindows(f"fake{number}") for number in range(1, 101)])

    with running(many, winrm={"allow_unencrypted": True}) as lab:
        assert len({host.winrm_port for host in lab.hosts.values()}) == 100
        assert ask(lab).status == 200
        assert [lab.requests(name) for name in ("fake1", "fake100")] == [1, 0]
