# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One file for a chain's answer: shown once, proven by its length, read again where it is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import LONGEST_CHAIN, Answer, State
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import LONGEST_LINE
from ansible_collections.winmail.exchange.tests.support.desk import TEMP, Desk
from ansible_collections.winmail.exchange.tests.support.lines import check_safe

Make = Callable[..., Desk]
N = "0a1b2c3d"
FILES = shell.Files("winmail-20261124T090000Z-0a1b2c3d4e5f")


def made(*, kept: bool = False) -> Answer:
    return Answer(shell.Chain(nonce=N).show("a", "echo one").show("b", "echo two"), FILES, kept)


def run(desk: Desk, answer: Answer) -> bytes:
    return desk.computer.run(desk.caller, answer.line(), 65001).stdout


def test_all_that_is_printed_is_the_file_and_its_length(make: Make) -> None:
    desk = make()
    done = desk.computer.run(desk.caller, made().line(), 65001)
    assert len([data for stream, data in done.writes if stream == "stdout"]) == 2
    content, mark, size = done.stdout.rpartition(f"@@{N}:size=".encode())
    assert (bool(mark), int(size), done.stderr) == (True, len(content), b"")
    sections, left = made().read(done.stdout)
    assert (sections.section("a"), sections.section("b"), left) == (b"one\r\n", b"two\r\n", [])
    assert desk.files() == []


def test_what_programs_complain_of_is_no_part_of_an_answer(make: Make) -> None:
    desk = make()
    answer = Answer(shell.Chain(nonce=N).show("a", "type nothing& echo one"), FILES)
    done = desk.computer.run(desk.caller, answer.line(), 65001)
    assert answer.read(done.stdout)[0].section("a") == b"one\r\n"
    assert done.stderr == b""


@pytest.mark.parametrize("kept", [False, True])
def test_the_frame_leaves_the_room_that_chains_are_told_of(kept: bool) -> None:
    chain = shell.Chain()
    chain.run("x" * (LONGEST_CHAIN - len(chain.line()) - 2))
    assert len(chain.line()) == LONGEST_CHAIN
    assert len(Answer(chain, FILES, kept).line()) <= LONGEST_LINE
    check_safe(made(kept=kept).line())


def test_a_file_that_stays_is_named(make: Make) -> None:
    desk = make()
    desk.computer.machine.files.write(f"{TEMP}\\{FILES.stem}.other", b"").attributes.add("readonly")
    assert made().read(run(desk, made()))[1] == [f"{FILES.stem}.other"]


WHOLE = f"@@{N}:start\r\n@@{N}:a[\r\none\r\n@@{N}:a]\r\n@@{N}:b[\r\nt\xc3\xbc\r\n@@{N}:b]\r\n@@{N}:end\r\n".encode(
    "latin-1"
)
ANSWER = WHOLE + f"@@{N}:size={len(WHOLE)}\r\n".encode()


def test_a_whole_answer_is_cut_at_its_markers() -> None:
    sections, left = made().read(ANSWER)
    assert (sections.section("a"), sections.section("b"), left) == (b"one\r\n", "tü\r\n".encode(), [])
    assert made().ended(ANSWER)


def test_half_an_answer_is_never_another_one() -> None:
    for at in range(len(ANSWER)):
        assert not made().ended(ANSWER[:at])
        if ANSWER[:at].rstrip() != ANSWER.rstrip():
            with pytest.raises(ReadError):
                made().read(ANSWER[:at])


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 40), st.binary(max_size=3))
def test_a_gap_between_two_markers_that_are_there_is_found(at: int, gap: int, filling: bytes) -> None:
    torn = ANSWER[:at] + filling + ANSWER[at + gap :]
    if len(filling) == min(gap, len(ANSWER) - at):
        return
    try:
        sections, dummy = made().read(torn)
    except ReadError:
        return
    assert sections.output == WHOLE  # only the line end behind the length may be another


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (b"", "did not run to its end"),
        (WHOLE, "did not run to its end"),
        (b"The command line is too long.\r\n", "did not run to its end"),
        (ANSWER + b"more\r\n", "did not run to its end"),
        (f"@@{N}:size=%winmail%\r\n".encode(), "did not tell how long its answer is"),
        (f"@@{N}:size=\r\n".encode(), "did not tell how long its answer is"),
        (f"@@{N}:size=0\r\n".encode(), "did not run to its end"),
        (ANSWER.replace(b"one", b"on"), "another length"),
        (ANSWER.replace("tü".encode(), "tÃ¼".encode()), "another length"),
        (ANSWER.replace(b"@@" + N.encode() + b":end\r\n", b""), "another length"),
    ],
)
def test_what_is_not_proven_is_refused_with_the_reason(output: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says):
        made().read(output)


def test_the_marker_of_another_chain_proves_nothing() -> None:
    with pytest.raises(ReadError, match="did not run to its end"):
        Answer(shell.Chain(nonce="ffffffff"), FILES).read(ANSWER)


def asked(desk: Desk, answer: Answer) -> tuple[State, shell.Sections | None]:
    question = Answer(answer.ask(), shell.Files("winmail-20261124T090000Z-111111111111"))
    check_safe(question.line())
    return answer.asked(question.read(run(desk, question))[0])


def test_a_kept_answer_is_read_as_often_as_wanted(make: Make) -> None:
    desk, answer = make(), made(kept=True)
    first = answer.read(run(desk, answer))[0]
    assert desk.files() == [answer.name]
    for dummy in range(2):
        state, sections = asked(desk, answer)
        assert state is State.ENDED
        assert sections is not None
        assert sections.output == first.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_answer_keeps_parts_of_any_encoding(make: Make, encoding: str) -> None:
    desk = make(type_converts_utf16="raw")
    text = "Grün\r\n".encode(encoding)
    desk.computer.machine.files.write(f"{TEMP}\\winmail-text", text)
    answer = Answer(shell.Chain(nonce=N).show("a", f'type "{TEMP}\\winmail-text"'), FILES, kept=True)
    assert answer.read(run(desk, answer))[0].section("a") == text
    found = asked(desk, answer)[1]
    assert found is not None
    assert found.section("a") == text


def test_a_chain_that_has_not_begun_is_told_not_to_and_leaves_nothing(make: Make) -> None:
    desk, answer = make(), made(kept=True)
    assert asked(desk, answer) == (State.NOT_BEGUN, None)
    assert desk.files() == [f"{FILES.stem}.no"]
    with pytest.raises(ReadError):
        answer.read(run(desk, answer))
    assert desk.files() == []


@pytest.mark.parametrize("bytes_so_far", [0, 20, 60])
def test_a_chain_in_the_middle_is_running(make: Make, bytes_so_far: int) -> None:
    desk, answer = make(), made(kept=True)
    content = made().read(run(desk, answer))[0].output
    desk.computer.machine.files.write(f"{TEMP}\\{answer.name}", content[:bytes_so_far])
    assert asked(desk, answer) == (State.RUNNING, None)
