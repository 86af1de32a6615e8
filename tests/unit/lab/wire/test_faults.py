"""Injected faults: rules are counted, matched and used up; a rule that cannot work is refused when it is added."""

from __future__ import annotations

import pytest

from lab.faults import Faults


def kinds(faults: Faults, point: str = "program.end", **context: str) -> list[str]:
    return [effect.kind for effect in faults.fire(point, **context)]


def test_a_rule_hits_once_and_hands_its_data_on() -> None:
    faults = Faults()
    faults.add({"at": "command.start", "do": "fault", "code": 5, "text": "no"})
    [effect] = faults.fire("command.start", line="dir")
    assert (effect.kind, dict(effect.data)) == ("fault", {"code": 5, "text": "no"})
    assert faults.fire("command.start", line="dir") == []
    assert faults.fired == [("command.start", "fault")]
    assert faults.pending == 0


@pytest.mark.parametrize(
    ("match", "context", "hit"),
    [
        pytest.param({"program": "secedit"}, {"program": "SecEdit.exe"}, True, id="any case, anywhere"),
        pytest.param({"program": "^secedit$"}, {"program": "secedit.exe"}, False, id="anchored"),
        pytest.param({"verb": "/export"}, {"program": "secedit"}, False, id="key not passed"),
        pytest.param({"line": "a.b"}, {"line": "a\nb"}, True, id="over line ends"),
        pytest.param({"program": "x", "verb": "y"}, {"program": "x", "verb": "z"}, False, id="all must match"),
        pytest.param(None, {}, True, id="no match: always"),
    ],
)
def test_matching(match: dict[str, str] | None, context: dict[str, str], *, hit: bool) -> None:
    faults = Faults()
    faults.add({"at": "program.end", "match": match, "do": "drop"})
    assert kinds(faults, **context) == (["drop"] if hit else [])


def test_skip_and_times_count_matching_visits_only() -> None:
    faults = Faults()
    faults.add({"at": "program.end", "match": {"program": "a"}, "skip": 1, "times": 2, "do": "drop"})
    visits = ["b", "a", "b", "a", "a", "a"]
    assert [kinds(faults, program=visit) for visit in visits] == [[], [], [], ["drop"], ["drop"], []]


def test_times_null_never_ends_and_clear_ends_it() -> None:
    faults = Faults()
    faults.add({"at": "program.end", "times": None, "do": "hang", "seconds": 5})
    assert [kinds(faults) for dummy in range(3)] == [["hang"]] * 3
    faults.clear()
    assert (kinds(faults), faults.pending, faults.fired) == ([], 0, [])


def test_rules_at_one_point_fire_in_the_order_in_which_they_were_added() -> None:
    faults = Faults()
    faults.add({"at": "program.end", "do": "garbage", "text": "x"})
    faults.add({"at": "program.end", "do": "truncate", "bytes": 1})
    assert kinds(faults) == ["garbage", "truncate"]


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        pytest.param({"do": "drop"}, "'at'", id="no point"),
        pytest.param({"at": "program.middle", "do": "drop"}, "program.middle", id="unknown point"),
        pytest.param({"at": "program.end", "do": "explode"}, "explode", id="unknown kind"),
        pytest.param({"at": "command.end", "do": "exit_code"}, "command.end", id="nobody would obey it"),
        pytest.param({"at": "program.end", "do": "drop", "skip": -1}, "'skip'", id="negative skip"),
        pytest.param({"at": "program.end", "do": "drop", "times": 0}, "'times'", id="no times"),
        pytest.param({"at": "program.end", "do": "drop", "times": True}, "'times'", id="bool"),
        pytest.param({"at": "program.end", "do": "drop", "match": "x"}, "'match'", id="no mapping"),
        pytest.param({"at": "program.end", "do": "drop", "match": {"a": "("}}, "regular", id="bad pattern"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(rule: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Faults().add(rule)


def test_a_place_that_is_not_listed_cannot_fire() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        Faults().fire("nowhere")
