# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names to SIDs: local ones by CIM's keys, the others by the one entry of an access list that is ours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import lookup_names, secedit
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.tests.support.lines import check_safe
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.fake_cim import FakeCim

FILES = shell.Files("winmail-20261124T090000Z-0a1b2c3d4e5f")
N = "0a1b2c3d"
SID = "S-1-5-21-1-2-3-1107"
INHERITED = "(A;ID;FA;;;SY)(A;ID;FA;;;BA)"


def answer(codes: dict[str, int], saved: bytes | None) -> shell.Sections:
    data = b"".join(f"@@{N}:{name}={code}\r\n".encode() for name, code in codes.items())
    if saved is not None:
        data += f"@@{N}:acl[\r\n".encode() + saved + f"@@{N}:acl]\r\n".encode()
    return shell.Chain(nonce=N).read(data + f"@@{N}:end\r\n".encode())


def saved(*sddl: str, encoding: str = "utf-16") -> bytes:
    return "".join(f"{FILES.stem}.n{i}\r\n{text}\r\n" for i, text in enumerate(sddl)).encode(encoding)


def ask(sddl: str, code: int = 0, encoding: str = "utf-16") -> lookup_names.Asked:
    return lookup_names.read_answers(answer({"n0": code, "acl": 0}, saved(sddl, encoding=encoding)), ["CORP\\x"])[
        "CORP\\x"
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8", "utf-8-sig"])
def test_the_only_entry_that_is_not_inherited_is_the_answer_in_every_encoding(encoding: str) -> None:
    assert ask(f"D:AI(A;;FR;;;{SID}){INHERITED}", encoding=encoding) == lookup_names.Asked(SID, "icacls")


@pytest.mark.parametrize(
    ("sddl", "trustee"),
    [
        pytest.param(f"D:(A;;0x120089;;;{SID})", SID, id="nothing inherited"),
        pytest.param(f"D:PAI(A;OICI;FR;;;{SID}){INHERITED}", SID, id="other flags"),
        pytest.param(f"D:AI(A;;FR;;;LA){INHERITED}", "LA", id="alias of the computer"),
        pytest.param("D:AI(A;;FR;;;DA)(A;CIID;FA;;;BA)", "DA", id="alias of the domain"),
        pytest.param(f"D:AI(D;;FW;;;WD)(A;;FR;;;{SID}){INHERITED}", SID, id="beside a denial"),
    ],
)
def test_sids_and_aliases_are_taken_as_they_stand(sddl: str, trustee: str) -> None:
    assert ask(sddl).trustee == trustee


@pytest.mark.parametrize(
    ("sddl", "code", "answered", "words"),
    [
        pytest.param(f"D:AI{INHERITED}", 1332, True, "knows no such account or cannot reach its domain", id="unknown"),
        pytest.param("D:", 1332, True, "exit code 1332", id="no entry"),
        pytest.param("D:(A;;FA;;;SY)(A;;FA;;;BA)", 1332, True, "knows no such account", id="two of the owner's"),
        pytest.param(
            "D:(A;;FA;;;SY)", 1332, False, "ended with exit code 1332 and yet left an entry", id="one of them"
        ),
        pytest.param(f"D:(A;;FR;;;{SID})(A;;FA;;;SY)", 0, False, "cannot be told from", id="ours and another"),
        pytest.param("D:NO_ACCESS_CONTROL", 0, False, "volume without access lists", id="FAT"),
        pytest.param("D:AI(A;;FR;;;S-1-5-21-1-2-3)", 0, True, "of a domain or a computer", id="a computer's name"),
        pytest.param("D:AI(broken)", 0, False, "cannot be told from", id="nonsense"),
    ],
)
def test_what_is_not_proven_is_no_answer(sddl: str, code: int, answered: bool, words: str) -> None:
    found = ask(sddl, code)
    assert found.trustee is None
    assert found.answered is answered
    assert words in found.why


def test_each_answer_belongs_to_its_own_question() -> None:
    data = saved(f"D:AI(A;;FR;;;{SID}){INHERITED}", f"D:AI{INHERITED}", f"D:AI(A;;FR;;;BA){INHERITED}")
    found = lookup_names.read_answers(
        answer({"n0": 0, "n1": 1332, "n2": 0, "acl": 0}, data), ["a", "b", "c", "not asked"]
    )
    assert {name: asked.trustee for name, asked in found.items()} == {"a": SID, "b": None, "c": "BA"}


def test_answers_in_another_order_still_belong_to_their_questions() -> None:
    lines = f"{FILES.stem}.n1\r\nD:AI(A;;FR;;;BA)\r\n{FILES.stem}.n0\r\nD:AI(A;;FR;;;{SID})\r\n"
    found = lookup_names.read_answers(answer({"n0": 0, "n1": 0}, lines.encode()), ["a", "b"])
    assert (found["a"].trustee, found["b"].trustee) == (SID, "BA")


@pytest.mark.parametrize(
    "data", [None, b"", b"Zugriff verweigert\r\n", f"{FILES.stem}.n7\r\nD:(A;;FR;;;BA)\r\n".encode()]
)
def test_an_icacls_that_could_not_run_leaves_the_question_open(data: bytes | None) -> None:
    found = lookup_names.read_answers(answer({"n0": 1260, "acl": 1260}, data), ["a"])["a"]
    assert (found.trustee, found.answered) == (None, False)
    assert "exit codes were 1260 and 1260" in found.why


def test_a_name_that_was_not_asked_has_no_answer() -> None:
    assert lookup_names.read_answers(answer({}, None), ["a"]) == {}


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_no_file_makes_the_reader_fail(data: bytes, code: int) -> None:
    if b"@@" not in data:
        found = lookup_names.read_answers(answer({"n0": code, "acl": 0}, data), ["a"])
        assert found["a"].trustee is None or code == 0


def questions(line: str) -> list[str]:
    return re.findall(r'/grant "([^"]*):R"', line)


def test_names_are_packed_into_as_few_lines_as_fit() -> None:
    left = [f"CORP\\account number {i:04d}" for i in range(100)]
    asked, lines = [], 0
    while left:
        chain = shell.Chain()
        left = lookup_names.add_questions(chain, FILES, left)
        line = secedit.finish(chain, FILES).line()
        check_safe(line)
        asked += questions(line)
        lines += 1
    assert asked == [f"CORP\\account number {i:04d}" for i in range(100)]
    assert lines <= 6


def test_a_line_that_is_full_already_takes_no_name_and_asks_nothing() -> None:
    chain = shell.Chain().run("x" * 6000)
    assert lookup_names.add_questions(chain, FILES, ["CORP\\x"]) == ["CORP\\x"]
    assert "icacls" not in chain.line()


def test_nothing_to_ask_adds_nothing() -> None:
    chain = shell.Chain()
    assert lookup_names.add_questions(chain, FILES, []) == []
    assert chain.parts == []


NASTY = st.text(
    alphabet=st.one_of(st.sampled_from("\\.@&^|<>()'!, %\"$;=/:*?"), st.characters()), min_size=1, max_size=60
)


@given(st.lists(NASTY, max_size=6))
def test_whatever_name_people_write_the_line_stays_whole(written: list[str]) -> None:
    wanted = []
    for text in written:
        try:
            name = parse(text)
        except InputError:
            continue
        if name.sid is None:
            wanted.append(name.for_windows("EXCH"))
    chain = shell.Chain()
    left = lookup_names.add_questions(chain, FILES, wanted)
    line = secedit.finish(chain, FILES).line()
    assert left == []
    assert questions(line) == wanted
    assert line.count("%") == line.count("%windir%") * 2 + line.count("%^errorlevel%") * 2
    assert not set(line) & set("\r\n\0")
    assert line.count('"') % 2 == 0


@pytest.mark.parametrize(
    ("holder", "asked"),
    [("Win32_UserAccount", ["Win32_UserAccount"]), ("Win32_Group", ["Win32_UserAccount", "Win32_Group"])],
)
def test_a_local_name_is_asked_by_both_keys_as_a_user_then_as_a_group(holder: str, asked: list[str]) -> None:
    cim = FakeCim(on_get=lambda class_name, _keys: {"SID": "s-1-5-21-9-9-9-01001"} if class_name == holder else None)
    assert lookup_names.local_sid(cim, "EXCH", "exsvc") == "S-1-5-21-9-9-9-1001"  # type: ignore[arg-type]  # stands for Cim
    assert [question[1] for question in cim.asked] == asked
    assert all(question[2] == {"Domain": "EXCH", "Name": "exsvc"} for question in cim.asked)


@pytest.mark.parametrize("row", [None, {}, {"SID": None}, {"SID": "exsvc"}])
def test_a_local_name_that_cim_does_not_know_is_none(row: dict[str, str | None] | None) -> None:
    cim = FakeCim(on_get=lambda *_: row)
    assert lookup_names.local_sid(cim, "EXCH", "x") is None  # type: ignore[arg-type]  # stands for Cim


def test_one_descriptor_asks_for_many_trustees() -> None:
    assert lookup_names.sddl_of(["S-1-1-0", "LA"]) == "D:(A;;GR;;;S-1-1-0)(A;;GR;;;LA)"
