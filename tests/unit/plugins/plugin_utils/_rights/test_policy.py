# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who governs a right: the cached templates first, the policy log second, unknown where neither speaks."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    CachedPolicy,
    Computer,
    MdmReading,
    PolicyReading,
    RsopReading,
    RsopRight,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import (
    Governed,
    governed,
    gpttmpl_line,
    with_mdm,
)

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)
MEMBER = Computer("EXCH", "CORP", 3, part_of_domain=True)
STANDALONE = Computer("EXCH", "WORKGROUP", 2, part_of_domain=False)
CONTROLLER = Computer("DC", "CORP", 5, part_of_domain=True)
TCB = "SeTcbPrivilege"
ONE, TWO = "{11111111-1111-1111-1111-111111111111}", "{22222222-2222-2222-2222-222222222222}"


def cached(file: str, guid: str | None = ONE, right: str = TCB, tokens: tuple[str, ...] = ()) -> CachedPolicy:
    return CachedPolicy(file, guid, {right: tokens})


def ask(
    *policies: CachedPolicy, complete: bool = True, computer: Computer = MEMBER, rsop: RsopReading | None = None
) -> Governed:
    return governed(TCB, PolicyReading(policies, complete), computer, NOW, rsop)


@pytest.mark.parametrize(
    ("files", "winner"),
    [
        (["gpt00000.inf", "gpt00001.inf"], "gpt00001.inf"),
        (["gpt00001.inf", "gpt00000.dom"], "gpt00001.inf"),
        (["gpt00002.dom", "gpt00010.inf", "gpt00009.inf"], "gpt00010.inf"),
        (["GPT00003.INF", "gpt00001.inf"], "GPT00003.INF"),
        (["gptx.inf", "gpt00000.inf"], "gpt00000.inf"),
    ],
)
def test_the_highest_number_that_has_the_right_wins(files: list[str], winner: str) -> None:
    found = ask(*(CachedPolicy(file, None, {TCB: (file,)}) for file in files))
    assert (found.status, found.guid, found.tokens) == ("gpo", winner, (winner,))
    assert found.source == "cache"


def test_a_higher_number_without_the_right_does_not_count() -> None:
    found = ask(cached("gpt00001.inf", ONE), cached("gpt00002.inf", TWO, "SeDebugPrivilege"))
    assert (found.status, found.guid) == ("gpo", ONE)


def test_a_policy_that_gives_the_right_to_nobody_governs_it_all_the_same() -> None:
    assert ask(cached("gpt00001.inf")).as_result() == {
        "status": "gpo",
        "gpo": {"guid": ONE, "name": None, "holders": []},
        "source": "cache",
        "sources": ["cache"],
        "disagreement": None,
        "why_unknown": None,
        "domain_controller": False,
        "as_of": "2026-11-24T09:00:00Z",
    }


@pytest.mark.parametrize(
    ("policies", "complete", "computer", "status"),
    [
        pytest.param([], True, MEMBER, "unknown", id="no template on a member"),
        pytest.param([], True, STANDALONE, "none_seen", id="no template in a workgroup"),
        pytest.param([], False, STANDALONE, "unknown", id="cut off"),
        pytest.param([cached("gpt00000.dom", right="SeDebugPrivilege")], True, MEMBER, "none_seen", id="other right"),
        pytest.param([cached("gpt00000.dom", right="SeDebugPrivilege")], False, MEMBER, "unknown", id="other, cut off"),
        pytest.param([], True, CONTROLLER, "unknown", id="no template on a controller"),
    ],
)
def test_unknown_is_an_answer(policies: list[CachedPolicy], complete: bool, computer: Computer, status: str) -> None:
    found = ask(*policies, complete=complete, computer=computer)
    assert found.status == status
    assert found.as_result()["gpo"] is None
    assert found.domain_controller is (computer is CONTROLLER)


def rsop(guid: str | None = ONE, right: str = TCB, holders: tuple[str, ...] = ("CORP\\x",)) -> RsopReading:
    return RsopReading({right: RsopRight(guid, holders)})


def test_the_policy_log_is_believed_where_the_cache_is_empty() -> None:
    found = ask(rsop=rsop())
    assert (found.status, found.source, found.guid, found.tokens) == ("gpo", "rsop", ONE, ("CORP\\x",))
    assert found.other is None


@pytest.mark.parametrize(
    ("log", "words"),
    [
        pytest.param(rsop(ONE), None, id="agrees"),
        pytest.param(rsop(None), None, id="has no GUID"),
        pytest.param(rsop(TWO), f"names the policy {TWO}", id="names another"),
        pytest.param(rsop(ONE, "SeDebugPrivilege"), "has no policy that sets this right", id="knows of none"),
        pytest.param(RsopReading({}), None, id="is empty"),
        pytest.param(RsopReading({}, "no such namespace"), None, id="refused"),
        pytest.param(None, None, id="was not asked"),
    ],
)
def test_a_disagreement_of_the_two_witnesses_is_shown(log: RsopReading | None, words: str | None) -> None:
    found = ask(cached("gpt00001.inf", ONE), rsop=log)
    assert (found.status, found.guid, found.source) == ("gpo", ONE, "cache")
    assert found.other is None if words is None else words in (found.other or "")


def test_a_policy_that_only_the_log_knows_is_reported_with_the_caches_silence() -> None:
    found = ask(cached("gpt00001.inf", right="SeDebugPrivilege"), rsop=rsop(TWO))
    assert (found.status, found.source, found.guid) == ("gpo", "rsop", TWO)
    assert "cached templates of the host do not set this right" in (found.other or "")


def test_the_display_name_is_added_without_changing_the_rest() -> None:
    found = ask(cached("gpt00001.inf"))
    named = found.with_name("Hardening")
    assert named.as_result()["gpo"] == {"guid": ONE, "name": "Hardening", "holders": []}
    assert found.name is None


@pytest.mark.parametrize(
    ("present", "added", "line"),
    [
        ((), ("S-1-5-21-1-2-3-4",), "SeTcbPrivilege = *S-1-5-21-1-2-3-4"),
        (("*S-1-5-18", "CORP\\x"), ("S-1-1-0",), "SeTcbPrivilege = *S-1-5-18,CORP\\x,*S-1-1-0"),
        (("*s-1-5-018",), ("S-1-5-18",), "SeTcbPrivilege = *S-1-5-18"),
        (("*CORP\\x", "S-1-5-018"), (), "SeTcbPrivilege = *CORP\\x,S-1-5-018"),
        ((), (), "SeTcbPrivilege = "),
    ],
)
def test_the_line_for_the_policy_keeps_what_it_has_and_adds_each_sid_once(
    present: tuple[str, ...], added: tuple[str, ...], line: str
) -> None:
    assert gpttmpl_line(TCB, present, added) == line


def test_a_refusal_of_device_management_is_no_witness() -> None:
    found = with_mdm(ask(cached("gpt00001.inf", right="SeDebugPrivilege")), TCB, MdmReading(refusal="denied"))
    assert (found.status, found.sources) == ("none_seen", ("cache",))
