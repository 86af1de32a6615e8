# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the export and the plan, no holder outside the plan's deltas is ever lost, or the right is refused.

The host is a model of its own: it keeps who holds what, prints it as exports print, and takes a written template by
Python's INI reader. Between the two stands the product's way from bytes to bytes.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from hypothesis import event, given, settings
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, UnresolvedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Holder
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.plan import Wanted, make_plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf_token import token_sid
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.insists import ADDED
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf
from ansible_collections.winmail.exchange.tests.support.captures import MANY, read_inf

LOCAL = "S-1-5-21-9-9-9"
# A person on the model host: who it is, and how an export shows it. Who is printed by a name has a SID all the same.
NAMED = {
    "Guest": f"{LOCAL}-501",
    "Gäst": f"{LOCAL}-1001",
    "svc one": f"{LOCAL}-1002",
    "NT-DIENST\\x": "S-1-5-80-1-2-3-4-5",
}
LOST = {"G?st": f"{LOCAL}-1003", "Łuk\ufffdsz": f"{LOCAL}-1004", "&513": f"{LOCAL}-1005", "gone": f"{LOCAL}-1006"}
STARRED = [f"S-1-5-21-1-2-3-{rid}" for rid in range(1101, 1121)] + ["S-1-5-32-544", "S-1-1-0", "S-1-5-6", "S-1-5-80-0"]
PEOPLE = [*NAMED, *LOST, *("*" + sid for sid in STARRED)]
SOME = ["SeTcbPrivilege", "SeBackupPrivilege", "SeImpersonatePrivilege", "SeInteractiveLogonRight", "SeAuditPrivilege"]
ENCODINGS = [
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-le", b""),
    ("utf-16-be", codecs.BOM_UTF16_BE),
    ("utf-16-be", b""),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-8", b""),
]


def who(token: str) -> str:
    """The SID of the person behind a token, as only the model host knows it."""
    return token[1:] if token.startswith("*") else {**NAMED, **LOST}[token]


@dataclass(frozen=True)
class Layout:
    """How an export is laid out on paper."""

    encoding: tuple[str, bytes]
    version_first: bool
    upper: bool
    blanks: str
    split: int
    strange: str | None


LAYOUTS = st.builds(
    Layout,
    encoding=st.sampled_from(ENCODINGS),
    version_first=st.booleans(),
    upper=st.booleans(),
    blanks=st.sampled_from(["", " ", "\t "]),
    split=st.integers(0, 3),
    strange=st.sampled_from([None, None, None, "what is this", "*S-1-5-18", "SeTcb\ufffdPrivilege = *S-1-5-18"]),
)
ASSIGNMENTS = st.dictionaries(st.sampled_from(SOME), st.lists(st.sampled_from(PEOPLE), max_size=8), max_size=5)
SIDS = st.lists(st.sampled_from([*STARRED, *NAMED.values(), *LOST.values()]), max_size=4, unique=True).map(tuple)


def export(assignment: dict[str, list[str]], layout: Layout) -> bytes:
    """An export as some Windows might print it."""
    lines = ["[PRIVILEGE RIGHTS]" if layout.upper else "[Privilege Rights]", "SeShutdownPrivilege = *S-1-5-32-544"]
    for right, tokens in assignment.items():
        cut = min(layout.split, len(tokens))
        spelled = right.upper() if layout.upper else right
        for part in (tokens[:cut], tokens[cut:]):
            if part:
                lines.append(f"{spelled}{layout.blanks}={layout.blanks}{(',' + layout.blanks).join(part)}")
    if layout.strange is not None:
        lines.append(layout.strange)
    version = ["[version]" if layout.upper else "[Version]", 'signature="$CHICAGO$"', "Revision=1"]
    ordered = [*version, *lines] if layout.version_first else [*lines, *version]
    encoding, mark = layout.encoding
    return mark + "".join(f"{line}\r\n" for line in ["[Unicode]", "Unicode=yes", *ordered]).encode(encoding)


def read(data: bytes) -> tuple[dict[str, tuple[Holder, ...]], dict[str, str]]:
    """What the product makes of the bytes, with the host's answers for the names that it can pin."""
    parsed = inf.parse_whole(data, "The export")
    assignment = {
        right: tuple(Holder(token, token_sid(token) or NAMED.get(token)) for token in tokens)
        for right, tokens in parsed.by_constant.items()
    }
    return assignment, dict.fromkeys([*RIGHTS, *assignment], "stray") if parsed.stray else {}


def configure(before: dict[str, set[str]], written: bytes) -> dict[str, set[str]]:
    """Secedit /configure: a written line replaces the whole list; a token that is no SID is nobody."""
    after = {right: set(people) for right, people in before.items()}
    for right, tokens in read_inf(written).items():
        after[right] = {token[1:] for token in tokens if token.startswith("*S-1-")} | set(ADDED.get(right, ()))
    return after


@st.composite
def tasks(draw: st.DrawFn) -> list[Wanted]:
    """What a user may ask of up to three rights."""
    wanted = []
    for right in draw(st.lists(st.sampled_from(SOME), min_size=1, max_size=3, unique=True)):
        if draw(st.booleans()):
            add = draw(SIDS)
            wanted.append(Wanted(right, add=add, remove=tuple(sid for sid in draw(SIDS) if sid not in add)))
        else:
            wanted.append(Wanted(right, exact=draw(SIDS)))
    return wanted


@settings(max_examples=MANY)
@given(ASSIGNMENTS, LAYOUTS, tasks())
def test_no_holder_outside_the_deltas_is_ever_lost_or_the_right_is_refused(
    assignment: dict[str, list[str]], layout: Layout, wanted: list[Wanted]
) -> None:
    truth = {right: {who(token) for token in tokens} for right, tokens in assignment.items()}
    truth["SeShutdownPrivilege"] = {"S-1-5-32-544"}
    try:
        seen, unreadable = read(export(assignment, layout))
        plan = make_plan(wanted, seen, unreadable)
    except (UnresolvedError, ReadError) as refusal:
        event(type(refusal).__name__)
        assert layout.strange is not None or any(token in LOST for tokens in assignment.values() for token in tokens)
        return
    event("changed" if plan.changed else "unchanged")
    written = inf.render({change.right: change.after for change in plan.deltas}).data
    after = configure(truth, written)
    for want in wanted:
        before, now = truth.get(want.right, set()), after.get(want.right, set())
        forced = set(ADDED.get(want.right, ()))
        if want.exact is not None:
            assert set(want.exact) <= now <= {*want.exact, *forced}
        else:
            assert before - set(want.remove) <= now
            assert set(want.add) <= now
            assert not (now & set(want.remove)) - forced
            assert now - before <= {*want.add, *forced}
    touched = {change.right for change in plan.deltas}
    assert {right: people for right, people in after.items() if right not in touched} == {
        right: people for right, people in truth.items() if right not in touched
    }


@settings(max_examples=max(100, MANY // 10))
@given(ASSIGNMENTS, LAYOUTS, tasks(), st.data())
def test_a_cut_off_export_is_refused_or_shows_every_holder_it_had(
    assignment: dict[str, list[str]], layout: Layout, wanted: list[Wanted], data: st.DataObject
) -> None:
    whole = export(assignment, layout)
    cut = whole[: data.draw(st.integers(0, len(whole)), label="cut at")]
    if layout.version_first:
        return  # such an export does not say where it ends; real ones end with [Version]
    try:
        seen, unreadable = read(cut)
        plan = make_plan(wanted, seen, unreadable)
    except (ReadError, UnresolvedError):
        return
    for change in plan.deltas:
        kept = {who(token) for token in assignment.get(change.right, [])}
        assert kept == set(change.before)
