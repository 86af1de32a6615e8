"""The schema of our own format and its reader agree, and every shipped baseline and example is valid by both."""

from __future__ import annotations

import copy
import importlib
import json
import re
import typing as t
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import read
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.tests.unit.captures.reading import CAPTURES
from ansible_collections.winmail.exchange.tools.baselines.osconfig import SHIPPED

ROOT = CAPTURES.parents[1]
SCHEMA = json.loads((ROOT / "docs" / "schema" / "user-rights-baseline.json").read_text(encoding="utf-8"))
EXAMPLE = re.search(
    r"```yaml\n(---\ntitle: .*?)```",
    (ROOT / "docs/user_rights/baseline_files.md").read_text(encoding="utf-8"),
    re.DOTALL,
)
WHOLE: dict[str, t.Any] = {
    "title": "Ours",
    "release": "1",
    "source": "us",
    "controls": [
        {
            "id": "A-1",
            "title": "a",
            "right": "SeDebugPrivilege",
            "operator": "at_most",
            "expected": ["S-1-5-32-544"],
            "optional": [{"account": "S-1-5-83-0", "reason": "why", "when": {"service": "vmms"}}],
            "applies_to": ["member_server"],
            "severity": "low",
            "references": {"cci": ["CCI-1"], "cce": "CCE-1"},
            "note": "n",
        },
        {
            "id": "A-2",
            "title": "b",
            "right": "SeDenyBatchLogonRight",
            "operator": "at_least",
            "expected": [{"any_of": ["S-1-5-113", "S-1-5-114"]}],
        },
        {"id": "A-3", "title": "c", "concerns": "orphans", "operator": "nobody"},
        {"id": "A-4", "title": "d", "right": "SeTcbPrivilege", "operator": "nobody", "expected": []},
    ],
}
JSONSCHEMA: t.Any = importlib.import_module("jsonschema")
Change = Callable[[dict[str, t.Any]], object]


def valid(document: object) -> bool:
    return bool(JSONSCHEMA.Draft202012Validator(SCHEMA).is_valid(document))


def readable(document: object) -> bool:
    try:
        read.read(json.dumps(document).encode(), "f")
    except InputError:
        return False
    return True


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yml")), ids=lambda path: path.stem)
def test_every_shipped_baseline_is_valid(path: Path) -> None:
    JSONSCHEMA.validate(yaml.safe_load(path.read_text(encoding="utf-8")), SCHEMA, JSONSCHEMA.Draft202012Validator)


def test_the_example_of_the_page_is_valid_and_read() -> None:
    assert EXAMPLE is not None
    document = yaml.safe_load(EXAMPLE[1])
    JSONSCHEMA.validate(document, SCHEMA, JSONSCHEMA.Draft202012Validator)
    assert len(read.read(EXAMPLE[1].encode(), "f").controls) == len(document["controls"])


def test_the_whole_one_is_valid_and_read() -> None:
    JSONSCHEMA.Draft202012Validator.check_schema(SCHEMA)
    assert valid(WHOLE)
    assert readable(WHOLE)


def _first(**changes: object) -> Change:
    return lambda document: document["controls"][0].update(changes)


BAD: dict[str, Change] = {
    "no title": lambda d: d.pop("title"),
    "no release": lambda d: d.pop("release"),
    "no source": lambda d: d.pop("source"),
    "a number for a text": lambda d: d.update(release=1),
    "an empty text": lambda d: d.update(title=" "),
    "two lines": lambda d: d.update(title="a\nb"),
    "unknown key": lambda d: d.update(name="x"),
    "no controls": lambda d: d.update(controls=[]),
    "controls no list": lambda d: d.update(controls={"a": 1}),
    "control no mapping": lambda d: d["controls"].append("x"),
    "no id": lambda d: d["controls"][0].pop("id"),
    "no operator": lambda d: d["controls"][0].pop("operator"),
    "no right": lambda d: d["controls"][0].pop("right"),
    "unknown key of a control": _first(holders=[]),
    "unknown operator": _first(operator="include"),
    "operator true": _first(operator=True),
    "at most, any of": _first(expected=[{"any_of": ["S-1-5-113", "S-1-5-114"]}]),
    "at most of nobody": _first(expected=[]),
    "nobody of somebody": _first(operator="nobody"),
    "exactly without members": lambda d: (
        d["controls"][0].update(operator="exactly"),
        d["controls"][0].pop("expected"),
    ),
    "optional where all may": _first(operator="at_least"),
    "expected no list": _first(expected="S-1-5-32-544"),
    "a number for an account": _first(expected=[544]),
    "any of one": lambda d: d["controls"][1].update(expected=[{"any_of": ["S-1-5-113"]}]),
    "any of with another key": lambda d: d["controls"][1]["expected"][0].update(all_of=[]),
    "optional without a reason": _first(optional=[{"account": "S-1-5-83-0"}]),
    "optional on what": _first(optional=[{"account": "S-1-5-83-0", "reason": "r", "when": {}}]),
    "no role": _first(applies_to=[]),
    "a role twice": _first(applies_to=["member_server", "member_server"]),
    "unknown role": _first(applies_to=["server"]),
    "unknown severity": _first(severity="CAT I"),
    "references no mapping": _first(references=["CCI-1"]),
    "reference with a capital": _first(references={"CCI": "CCI-1"}),
    "reference a number": _first(references={"cci": 1}),
    "note empty": _first(note=""),
    "orphans of a right": lambda d: d["controls"][2].update(right="SeTcbPrivilege"),
    "orphans at most": lambda d: d["controls"][2].update(operator="at_most", expected=["S-1-5-18"]),
    "concerns what": lambda d: d["controls"][2].update(concerns="all"),
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_what_the_schema_refuses_the_reader_refuses(change: Change) -> None:
    document = copy.deepcopy(WHOLE)
    change(document)
    assert document != WHOLE
    assert not valid(document)
    assert not readable(document)


LEAVES: st.SearchStrategy[object] = st.sampled_from(
    [
        "S-1-5-32-544",
        "SeTcbPrivilege",
        "at_most",
        "exactly",
        "nobody",
        "member_server",
        "low",
        "",
        1,
        None,
        True,
        [],
        {},
    ]
)
PATHS = [(key,) for key in WHOLE] + [
    ("controls", number, *rest)
    for number, control in enumerate(WHOLE["controls"])
    for rest in [(), *((key,) for key in control)]
]


@given(st.sampled_from(PATHS), LEAVES, st.booleans())
def test_they_agree_on_any_one_change(path: tuple[t.Any, ...], leaf: object, gone: bool) -> None:
    """But where a schema cannot know: the words are rights, accounts and ids that can be meant anywhere."""
    document: t.Any = copy.deepcopy(WHOLE)
    place = document
    for key in path[:-1]:
        place = place[key]
    if gone:
        del place[path[-1]]
    else:
        place[path[-1]] = leaf
    if path[-1] in ("right", "id") and isinstance(leaf, str):
        return
    assert readable(document) == valid(document)
