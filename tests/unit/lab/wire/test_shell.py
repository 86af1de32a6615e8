"""The command shell as a resource: what a client is answered, request by request."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.tests.support.tiny_windows import OUTPUT, FakeWindows
from lab.seams import Caller, Completed
from lab.winrm import names, soap
from lab.winrm.fault import Fault
from lab.winrm.reply import Reply
from lab.winrm.settings import Clock, settings_from
from lab.winrm.shell import CONTROL_C_EXIT, Shells

ADMIN = Caller("S-1-5-21-1-2-3-1008", "FAKE\\labadmin", (), administrator=True)
OTHER = Caller("S-1-5-21-1-2-3-2000", "FAKE\\second", (), administrator=True)
USER = Caller("S-1-5-21-1-2-3-3000", "FAKE\\labuser", (), administrator=False)
RSP = f"{{{names.SHELL}}}"


class Client:
    """Speaks to Shells without a network."""

    def __init__(self, settings: Mapping[str, object] | None = None, result: Completed | None = None) -> None:
        self.windows = FakeWindows()
        self.clock = Clock()
        self.result = result
        self.shells = Shells(settings_from(settings or {}), self.clock, self.run, self.windows.may_open_shell)

    def run(self, caller: Caller, line: str, codepage: int) -> Completed:
        return self.result or self.windows.run(caller, line, codepage)

    def ask(self, action: str, xml: str = "", caller: Caller = ADMIN, shell: str = "", **more: Any) -> Reply:
        text = f'<rsp:X xmlns:rsp="{names.SHELL}">{xml}</rsp:X>' if xml else ""
        request = soap.Envelope(
            action=action,
            resource_uri=names.CMD_SHELL,
            selectors={"ShellId": shell} if shell else {},
            body=next(iter(ET.fromstring(text))) if text else None,
            **more,
        )
        return self.shells.handle(request, caller, "127.0.0.1")

    def open(self, caller: Caller = ADMIN, xml: str = "<rsp:Shell/>", **options: str) -> str:
        reply = self.ask(names.CREATE, xml, caller, options=options)
        return tree(reply).findtext(f".//{RSP}ShellId") or ""

    def start(self, shell: str, line: str, caller: Caller = ADMIN) -> str:
        xml = f"<rsp:CommandLine><rsp:Command>{soap.clean(line)}</rsp:Command></rsp:CommandLine>"
        return tree(self.ask(names.COMMAND, xml, caller, shell)).findtext(f".//{RSP}CommandId") or ""

    def receive(self, shell: str, command: str, streams: str = "stdout stderr", **more: Any) -> Reply:
        xml = f'<rsp:Receive><rsp:DesiredStream CommandId="{command}">{streams}</rsp:DesiredStream></rsp:Receive>'
        return self.ask(names.RECEIVE, xml, ADMIN, shell, **more)

    def signal(self, shell: str, command: str, code: str) -> Reply:
        xml = f'<rsp:Signal CommandId="{command}"><rsp:Code>{names.SHELL}/signal/{code}</rsp:Code></rsp:Signal>'
        return self.ask(names.SIGNAL, xml, ADMIN, shell)

    def finish(self, shell: str, command: str) -> tuple[bytes, bytes, str | None, int]:
        """Both streams, the exit code and how many Receives it took."""
        streams = {"stdout": b"", "stderr": b""}
        for count in range(1, 200):
            body = tree(self.receive(shell, command))
            for stream in body.iter(f"{RSP}Stream"):
                streams[stream.get("Name", "")] += base64.b64decode(stream.text or "")
            if code := body.findtext(f".//{RSP}ExitCode"):
                return streams["stdout"], streams["stderr"], code, count
        raise AssertionError("the command does not end")


def tree(reply: Reply) -> ET.Element:
    return ET.fromstring(soap.build(reply.action, reply.body, "uuid:1"))


def code_of(caught: pytest.ExceptionInfo[Fault]) -> int | None:
    return caught.value.code


@pytest.mark.parametrize("line", ["echo hello", "both", "crash"])
def test_a_command_gives_its_streams_and_exit_code(line: str) -> None:
    client = Client()
    shell = client.open(WINRS_CODEPAGE="65001")
    expected = OUTPUT[line]
    stdout, stderr, code, dummy = client.finish(shell, client.start(shell, line))
    assert (stdout, stderr, code) == (expected.stdout, expected.stderr, str(expected.exit_code))
    assert client.windows.lines == [(line, 65001)]


def test_arguments_are_joined_with_the_command() -> None:
    client = Client()
    shell = client.open()
    xml = (
        "<rsp:CommandLine><rsp:Command>echo</rsp:Command><rsp:Arguments>a &amp; b</rsp:Arguments>"
        "<rsp:Arguments>c</rsp:Arguments></rsp:CommandLine>"
    )
    client.ask(names.COMMAND, xml, ADMIN, shell)
    assert client.windows.lines == [("echo a & b c", 437)]


@given(stdout=st.binary(max_size=3000), stderr=st.binary(max_size=3000), limit=st.integers(40, 700))
def test_output_in_chunks_is_the_output(stdout: bytes, stderr: bytes, limit: int) -> None:
    client = Client({"receive_bytes": limit}, Completed(stdout, stderr, 7))
    shell = client.open()
    seen = client.finish(shell, client.start(shell, "any"))
    assert seen[:3] == (stdout, stderr, "7")
    assert seen[3] == max(1, -(-(len(stdout) + len(stderr)) // limit))


WRITES = (("stdout", b"@@1\r\n"), ("stderr", b"oops\r\n"), ("stdout", "größe\r\n".encode()), ("stdout", b"x"))
WRITTEN = Completed(b"".join(d for n, d in WRITES if n == "stdout"), b"oops\r\n", 7, writes=WRITES)


@pytest.mark.parametrize(("world", "answers"), [("whole", 1), ("eager", 4), ("hesitant", 6)])
def test_a_host_answers_at_the_end_or_after_each_write(world: str, answers: int) -> None:
    client = Client({"receive": world}, WRITTEN)
    shell = client.open()
    seen = client.finish(shell, client.start(shell, "any"))
    assert seen == (WRITTEN.stdout, WRITTEN.stderr, "7", answers)


def test_an_eager_answer_ends_anywhere_but_the_last_one_with_the_end() -> None:
    client = Client({"receive": "eager"}, WRITTEN)
    shell = client.open()
    command = client.start(shell, "any")
    bodies = [tree(client.receive(shell, command)) for dummy in range(4)]
    pieces = [[base64.b64decode(s.text or "") for s in body.iter(f"{RSP}Stream") if s.text] for body in bodies]
    head, tail = "größe\r\n".encode().split(b"\x9f")
    assert pieces == [[b"@@1\r"], [b"\n", b"oops\r"], [b"\n", head], [b"\x9f" + tail, b"x"]]
    states = [body.find(f".//{RSP}CommandState") for body in bodies]
    assert [s is not None and (s.get("State") or "").rpartition("/")[2] for s in states] == ["Running"] * 3 + ["Done"]
    ends = [[s.get("Name") for s in body.iter(f"{RSP}Stream") if s.get("End")] for body in bodies]
    assert ends == [[], [], [], ["stdout", "stderr"]]


def test_a_hesitant_host_answers_before_there_is_anything_and_tells_the_end_alone() -> None:
    client = Client({"receive": "hesitant"}, Completed(b"", b"", 0))
    shell = client.open()
    command = client.start(shell, "silent")
    first, second = (tree(client.receive(shell, command)) for dummy in range(2))
    assert (list(first.iter(f"{RSP}Stream")), first.findtext(f".//{RSP}ExitCode")) == ([], None)
    assert second.findtext(f".//{RSP}ExitCode") == "0"


@given(
    writes=st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), st.binary(min_size=1, max_size=300)), max_size=9),
    limit=st.integers(40, 700),
    world=st.sampled_from(["eager", "hesitant"]),
)
def test_writes_in_pieces_are_the_output(writes: list[tuple[str, bytes]], limit: int, world: str) -> None:
    streams = {name: b"".join(data for n, data in writes if n == name) for name in ("stdout", "stderr")}
    made = Completed(streams["stdout"], streams["stderr"], 7, writes=tuple(writes))
    client = Client({"receive_bytes": limit, "receive": world}, made)
    shell = client.open()
    assert client.finish(shell, client.start(shell, "any"))[:3] == (streams["stdout"], streams["stderr"], "7")


def test_output_is_cut_to_the_envelope_of_the_client() -> None:
    client = Client()
    shell = client.open()
    command = client.start(shell, "big")
    reply = client.receive(shell, command, max_envelope=16384)
    assert 8000 < len(reply.body) < 16384


def test_a_stream_that_is_not_desired_is_not_waited_for() -> None:
    client = Client()
    shell = client.open()
    reply = client.receive(shell, client.start(shell, "both"), "stdout")
    assert base64.b64decode(tree(reply).findtext(f".//{RSP}Stream") or "") == b"out\r\n"
    assert tree(reply).findtext(f".//{RSP}ExitCode") == "3"


def test_a_command_that_runs_times_out_until_it_is_done() -> None:
    client = Client()
    shell = client.open()
    command = client.start(shell, "slow")  # 150 simulated seconds
    replies = [client.receive(shell, command, timeout=60.0) for dummy in range(3)]
    assert [reply.fault.code if reply.fault else None for reply in replies] == [2150858793, 2150858793, None]
    assert [reply.seconds for reply in replies] == [60.0, 60.0, 30.0]
    assert tree(replies[2]).findtext(f".//{RSP}ExitCode") == "0"


def test_control_c_ends_a_running_command_with_the_code_of_windows() -> None:
    client = Client()
    shell = client.open()
    command = client.start(shell, "slow")
    client.signal(shell, command, "ctrl_c")
    assert client.finish(shell, command)[2] == str(CONTROL_C_EXIT)


def test_terminate_forgets_the_command() -> None:
    client = Client()
    shell = client.open()
    command = client.start(shell, "echo hello")
    client.signal(shell, command, "Terminate")
    with pytest.raises(Fault) as caught:
        client.receive(shell, command)
    assert code_of(caught) == 2150858843
    assert "command identifier" in caught.value.message


def test_a_deleted_shell_is_gone() -> None:
    client = Client()
    shell = client.open()
    client.ask(names.DELETE, shell=shell)
    with pytest.raises(Fault) as caught:
        client.start(shell, "echo hello")
    assert code_of(caught) == 2150858843
    assert client.shells.count() == 0


def test_a_shell_closes_when_it_idles_and_only_then() -> None:
    client = Client()
    idle = "<rsp:Shell><rsp:IdleTimeOut>PT60S</rsp:IdleTimeOut></rsp:Shell>"
    quick, lasting = client.open(xml=idle), client.open()
    client.clock.advance(59)
    client.start(quick, "echo hello")
    client.clock.advance(59)
    client.start(quick, "echo hello")
    client.clock.advance(61)
    client.start(lasting, "echo hello")
    with pytest.raises(Fault) as caught:
        client.start(quick, "echo hello")
    assert code_of(caught) == 2150858843


def test_the_shells_of_a_user_are_limited() -> None:
    client = Client({"max_shells_per_user": 2})
    first = client.open()
    client.open()
    with pytest.raises(Fault) as caught:
        client.open()
    assert code_of(caught) == 2150859173
    assert "maximum number of 2 concurrent shells" in caught.value.message
    client.open(OTHER)
    client.ask(names.DELETE, shell=first)
    client.open()


def test_the_operations_of_a_2008_r2_recover_after_half_a_minute() -> None:
    client = Client({"preset": "2008r2"})
    shell = client.open()
    for dummy in range(15):
        client.signal(shell, client.start(shell, "echo hello"), "terminate")
    with pytest.raises(Fault) as caught:
        client.start(shell, "echo hello")
    assert code_of(caught) == 2150859174
    assert not caught.value.wmi_error  # as captured on 2008 R2
    client.start(client.open(), "echo hello")  # a new shell counts anew
    client.clock.advance(31)
    client.start(shell, "echo hello")


def test_ended_commands_count_for_good_where_they_do_not_recover() -> None:
    client = Client({"max_operations_per_user": 1})
    shell = client.open()
    client.signal(shell, client.start(shell, "echo hello"), "terminate")
    client.clock.advance(3600)
    with pytest.raises(Fault) as caught:
        client.start(shell, "echo hello")
    assert code_of(caught) == 2150859174


def test_the_processes_of_a_shell_are_limited() -> None:
    client = Client({"max_processes_per_shell": 1})
    shell = client.open()
    client.start(shell, "slow")
    with pytest.raises(Fault) as caught:
        client.start(shell, "echo hello")
    assert code_of(caught) == 2150859241
    assert len(client.windows.lines) == 1


def test_the_users_with_shells_are_limited() -> None:
    client = Client({"max_shell_users": 1})
    client.open()
    client.open()
    with pytest.raises(Fault) as caught:
        client.open(OTHER)
    assert code_of(caught) == 2150859179


@pytest.mark.parametrize(
    ("settings", "line", "code"),
    [
        pytest.param({"cmd": "blocked"}, "ver", 0x800704EC, id="cmd.exe is blocked"),
        pytest.param({"cmd": "blocked", "blocked_cmd": "5"}, "ver", 0x80070005, id="cmd.exe is blocked, access denied"),
        pytest.param({"long_line": "fault"}, "a" * 8192, 0x800700CE, id="over the limit of cmd.exe"),
        pytest.param({}, "a" * 32768, 0x800700CE, id="over the limit of CreateProcess"),
    ],
)
def test_a_cmd_that_is_not_started_is_a_fault_and_nothing_ran(
    settings: dict[str, object], line: str, code: int
) -> None:
    client = Client(settings)
    shell = client.open()
    with pytest.raises(Fault) as caught:
        client.start(shell, line)
    assert code_of(caught) == code
    assert client.windows.lines == []


@pytest.mark.parametrize("code", ["1", "0"])
def test_a_disabled_cmd_says_so_and_runs_nothing(code: str) -> None:
    client = Client({"cmd": "disabled", "disabled_cmd": code})
    shell = client.open()
    seen = client.finish(shell, client.start(shell, "echo hello"))
    assert b"disabled by your administrator" in seen[0]
    assert (seen[2], client.windows.lines) == (code, [])


def test_only_lines_of_over_8191_characters_are_refused() -> None:
    client = Client({"long_line": "fault"})
    client.start(client.open(), "a" * 8191)
    assert len(client.windows.lines) == 1


@pytest.mark.parametrize(
    ("settings", "caller", "code"),
    [
        pytest.param({}, USER, 5, id="not in the access list"),
        pytest.param({"allow_remote_shell_access": False}, ADMIN, 2150859180, id="shells turned off"),
    ],
)
def test_who_may_not_open_a_shell_is_told_so(settings: dict[str, object], caller: Caller, code: int) -> None:
    client = Client(settings)
    with pytest.raises(Fault) as caught:
        client.open(caller)
    assert code_of(caught) == code
    assert client.shells.count() == 0


def test_a_shell_obeys_nobody_but_its_owner() -> None:
    client = Client()
    shell = client.open()
    with pytest.raises(Fault) as caught:
        client.start(shell, "echo hello", OTHER)
    assert code_of(caught) == 5
    assert client.windows.lines == []


@pytest.mark.parametrize(
    ("action", "xml"),
    [
        pytest.param(f"{names.SHELL}/Dance", "", id="unknown action"),
        pytest.param(names.COMMAND, "<rsp:Other/>", id="no command line"),
        pytest.param(names.RECEIVE, "<rsp:Receive/>", id="no stream named"),
        pytest.param(names.SIGNAL, "", id="no signal"),
        pytest.param(names.SEND, "<rsp:Send/>", id="nothing sent"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(action: str, xml: str) -> None:
    client = Client()
    shell = client.open()
    with pytest.raises(Fault):
        client.ask(action, xml, ADMIN, shell)


def test_a_code_page_that_is_no_number_is_refused() -> None:
    with pytest.raises(Fault) as caught:
        Client().open(WINRS_CODEPAGE="utf8")
    assert (code_of(caught), caught.value.subcode) == (87, "w:InvalidParameter")


def test_input_for_a_command_is_taken() -> None:
    client = Client()
    shell = client.open()
    command = client.start(shell, "slow")
    xml = f'<rsp:Send><rsp:Stream Name="stdin" CommandId="{command}">eA==</rsp:Stream></rsp:Send>'
    assert client.ask(names.SEND, xml, ADMIN, shell).action == f"{names.SEND}Response"
