# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A damaged answer is never read as another whole one: cut anywhere, it says the same or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import events
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.xml_gate import parse_message
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf, private_database, secedit, whoami
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import lookup_names as names
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import cim, faults, shell, soap
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.faults import LONGEST_MESSAGE
from ansible_collections.winmail.exchange.tests.support import messages
from ansible_collections.winmail.exchange.tests.unit.fuzz import seeds
from ansible_collections.winmail.exchange.tests.unit.fuzz.cim_parsers import Wire
from ansible_collections.winmail.exchange.tests.unit.fuzz.pop3_parsers import Tape, talk
from ansible_collections.winmail.exchange.tests.unit.fuzz.windows_parsers import sections

SHORT = (
    "[Unicode]\r\nUnicode=yes\r\n[Privilege Rights]\r\nSeTcbPrivilege = *S-1-5-18,Müller\r\n"
    "SeDebugPrivilege = *S-1-5-32-544\r\n"
    '[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n'
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16")


def cuts(data: bytes) -> Iterator[bytes]:
    """Every beginning of an answer that is shorter than it."""
    return (data[:at] for at in range(len(data)))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_cut_export_is_refused_or_says_the_same(encoding: str) -> None:
    """An export of secedit ends with [Version] (capture 05), so its rights are before what proves it whole."""
    data = SHORT.encode(encoding)
    whole = inf.parse_whole(data, "x").privilege_rights
    refused = 0
    for cut in cuts(data):
        try:
            assert inf.parse_whole(cut, "x").privilege_rights == whole
        except ReadError:
            refused += 1
    assert refused > len(data) // 2


def test_a_chain_that_was_cut_proves_nothing() -> None:
    output = seeds.READ[0]
    for cut in cuts(output.rstrip()):
        with pytest.raises(ReadError, match="did not run to its end"):
            shell.Chain(seeds.NONCE).read(cut)


@pytest.mark.parametrize("output", seeds.ANSWERS[:3])
def test_half_an_answer_is_never_another_one(output: bytes) -> None:
    """A file that was shown counts with its own length only: cut, torn in the middle or lengthened it says nothing."""
    answer = Answer(shell.Chain(seeds.NONCE), shell.Files("winmail-20261124T090000Z-0a1b2c3d4e5f"))
    whole = answer.read(output)
    inside = range(0, len(whole[0].output) - 7, 5)
    damaged = [*cuts(output.rstrip()), *(output[:at] + output[at + 7 :] for at in inside)]
    damaged += [output[:at] + b"\r\n" + output[at:] for at in inside]
    for one in damaged:
        with pytest.raises(ReadError):
            answer.read(one)
    assert answer.read(output) == whole


def _saved(content: bytes) -> dict[str, Any]:
    found = names.read_answers(
        sections(seeds.code("n0", 0) + seeds.code("n1", 0) + seeds.section("acl", content)), seeds.NAMES
    )
    return {name: answer.trustee for name, answer in found.items()}


def _database(content: bytes) -> dict[str, Any]:
    found = private_database.read_answers(sections(seeds.section("answers", content)), seeds.NAMES)
    return {name: answer.trustee for name, answer in found.items()}


def _user(content: bytes) -> dict[str, Any]:
    found = whoami.understood(content, b"")
    return {"user": found and found.sid}


def _between(output: bytes, name: str) -> bytes:
    return sections(output).section(name) or b""


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        *(pytest.param(_saved, _between(output, "acl"), id=f"icacls {at}") for at, output in enumerate(seeds.SAVED)),
        *(
            pytest.param(_database, _between(one, "answers"), id=f"secedit {at}")
            for at, one in enumerate(seeds.DATABASE)
        ),
        pytest.param(_user, _between(seeds.WHOAMI, "user"), id="whoami"),
    ],
)
def test_half_a_file_never_names_another_account(answer: Callable[[bytes], dict[str, Any]], content: bytes) -> None:
    """The beginning of a SID is the SID of somebody else; here the chain ran to its end and its file did not."""
    whole = answer(content)
    assert None not in whole.values()
    for cut in cuts(content):
        for name, trustee in answer(cut).items():
            assert trustee in (None, whole[name])


def test_half_a_log_names_nobody_else() -> None:
    log = b"Configure S-1-5-21-1-2-3-1107.\r\n  Configure S-1-5-19\r\n"
    for cut in cuts(log):
        assert secedit.sids_in_log(cut) <= secedit.sids_in_log(log) == {"S-1-5-21-1-2-3-1107", "S-1-5-19"}


@pytest.mark.parametrize("answer", [*seeds.PAGES, *seeds.ROWS], ids=range(len(seeds.PAGES) + len(seeds.ROWS)))
def test_a_cut_message_is_refused(answer: bytes) -> None:
    for cut in cuts(answer):
        for reader in (soap.read_page, soap.read_row):
            with pytest.raises(ReadError):
                reader(cut)


def test_a_cut_list_of_events_is_refused() -> None:
    text = seeds.EVENTS.strip()
    for at in range(1, len(text)):
        with pytest.raises(ReadError):
            events.parse(text[:at], 20)


@pytest.mark.parametrize("stream", seeds.DIALOGUES, ids=range(len(seeds.DIALOGUES)))
def test_a_server_that_hangs_up_proves_no_more_than_it_said(stream: bytes) -> None:
    whole = talk(Tape(stream)).judgement
    for cut in cuts(stream):
        judged = talk(Tape(cut)).judgement
        assert judged.verdict in (whole.verdict, values.UNCLASSIFIED)
        assert judged.privilege in (whole.privilege, values.UNKNOWN)


INSIDE = '<!DOCTYPE a [<!ENTITY b "cccccccccc"><!ENTITY d "&b;&b;&b;&b;">]><a>&d;&d;</a>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
LATE = f"<!--{'x' * 9000}-->{INSIDE}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("bomb", [INSIDE, OUTSIDE, LATE], ids=["inside", "outside", "late"])
def test_entities_are_refused_before_anything_is_parsed(
    monkeypatch: pytest.MonkeyPatch, bomb: str, encoding: str
) -> None:
    monkeypatch.setattr(ElementTree, "fromstring", lambda _data: pytest.fail("it was parsed"))
    declared = f'<?xml version="1.0" encoding="{encoding[:6].rstrip("-")}"?>{bomb}'
    for text in (bomb, declared):
        with pytest.raises(ValueError, match="document type"):
            parse_message(text.encode(encoding), LONGEST_MESSAGE)
    with pytest.raises(ReadError, match="document type"):
        events.parse(bomb, 20)


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "utf_16_be", "idna", "nonsense"])
def test_an_encoding_that_could_hide_a_document_type_is_refused(encoding: str) -> None:
    with pytest.raises(ValueError, match="neither UTF-8 nor UTF-16"):
        parse_message(f"<?xml version='1.0' encoding='{encoding}'?><a/>", LONGEST_MESSAGE)


def test_what_is_longer_than_any_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 1048576 are read"):
        parse_message(b"<a>" + b"x" * LONGEST_MESSAGE + b"</a>", LONGEST_MESSAGE)


class Endless:
    """A host that always has another page."""

    def __init__(self, page: bytes) -> None:
        self.page = page
        self.sent = 0

    def send(self, _message: str) -> bytes:
        self.sent += 1
        return self.page


@pytest.mark.parametrize(
    ("row", "most"), [("<a/>", 1_000), (f"<a>{'x' * 500_000}</a>", 40)], ids=["short rows", "long rows"]
)
def test_a_list_without_end_is_given_up(row: str, most: int) -> None:
    host = Endless(messages.next_page([row], "uuid:1"))
    with pytest.raises(ReadError, match="given up"):
        cim.Cim(host).query("select * from x")  # type: ignore[arg-type]  # the one method that Cim calls
    assert host.sent <= most


@pytest.mark.parametrize("text", ["4294967296", "-4294967296", "-2147483649", "9" * 30, "9" * 5000, ""])
def test_a_number_that_is_no_exit_code_is_no_success(text: str) -> None:
    assert sections(f"@@{seeds.NONCE}:e={text}\r\n".encode()).code("e") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2150858752", faults.NOT_FOUND),
        ("-2144108544", faults.NOT_FOUND),
        ("0x80338000", faults.NOT_FOUND),
        ("0xFFFFFFFF80338000", faults.NOT_FOUND),
        ("0x100000005", None),
        ("4294967301", None),
        ("0b101", None),
        ("9" * 5000, None),
        ("1_0", None),
    ],
)
def test_a_fault_code_is_never_cut_to_another_one(text: str, code: int | None) -> None:
    fault = faults.parse_fault(messages.shell_fault(0, "x").replace('Code="0"', f'Code="{text}"'))
    assert fault is not None
    assert fault.code == code


@pytest.mark.parametrize("fault", [messages.provider_fault(), messages.wmi_fault()], ids=["provider", "WMI"])
def test_a_fault_in_the_place_of_an_answer_is_no_empty_row(fault: str) -> None:
    for reader in (soap.read_row, soap.read_page):
        with pytest.raises(WindowsError, match="Windows refused a CIM operation"):
            reader(fault.encode())


def test_only_the_parts_of_a_list_are_its_parts() -> None:
    """A property may be called as WS-Enumeration calls its own elements."""
    row = "<x><Items><y/></Items><EndOfSequence/><EnumerationContext>z</EnumerationContext></x>"
    page = soap.read_page(messages.next_page([row], "uuid:2"))
    assert len(page.rows) == 1
    assert page.context == "uuid:2"


def test_a_wire_of_the_tests_ends() -> None:
    assert cim.Cim(Wire(seeds.PAGES[1])).query("x")  # type: ignore[arg-type]  # Wire plays the one method that Cim calls
