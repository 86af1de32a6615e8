# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No name, no domain and no computer is left in a text, and who is the same stays the same."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._verify.disguise import LEFT_OUT, Disguise

NAMES = st.lists(
    st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=12).filter(
        lambda name: len(name.strip()) > 0
    ),
    min_size=1,
    max_size=5,
)
NUMBER = st.integers(0, 3_999_999_999)
OWN_SID = st.tuples(NUMBER, NUMBER, NUMBER, NUMBER).map(lambda parts: "S-1-5-21-" + "-".join(map(str, parts)))
GUIDS = st.uuids().map(str)


@given(NAMES, st.lists(st.text(max_size=20), max_size=4), st.data())
def test_no_name_is_left_however_it_is_written(names: list[str], around: list[str], data: st.DataObject) -> None:
    parts = list(around)
    for name in names:
        spelled = data.draw(st.sampled_from([name, name.upper(), name.lower(), f"CORP\\{name}", f"{name}@x"]))
        parts.insert(data.draw(st.integers(0, len(parts))), spelled)
    shown = Disguise(names).text(data.draw(st.sampled_from(["", " ", "\\", "-"])).join(parts))
    for name in (one.strip() for one in names):
        if len(name) >= 3:
            assert name.lower() not in shown.lower()
        else:
            assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", shown)


@given(OWN_SID, OWN_SID, st.text(max_size=10))
def test_no_sid_of_a_domain_is_left_and_each_stands_for_itself(one: str, other: str, around: str) -> None:
    disguise = Disguise([])
    shown = disguise.text(f"{around} {one} (A;;GR;;;{other}) *{one}")
    domains = {sid.rpartition("-")[0] for sid in (one, other)}
    assert not any(domain in shown for domain in domains)
    assert shown.count(disguise.sid(one)) >= 2
    assert (disguise.sid(one) == disguise.sid(other)) == (one == other)
    same_domain = one.rpartition("-")[0] == other.rpartition("-")[0]
    assert (disguise.sid(one).rpartition("-")[0] == disguise.sid(other).rpartition("-")[0]) == same_domain
    assert (disguise.sid(one).rpartition("-")[2] == one.rpartition("-")[2]) == (int(one.rpartition("-")[2]) < 1000)


@given(GUIDS)
def test_no_guid_is_left_but_those_of_the_two_policies_that_everybody_has(guid: str) -> None:
    disguise = Disguise([])
    assert guid not in disguise.text(f"{{{guid.upper()}}} {guid}").lower()
    assert "31b2f340-016d-11d2-945f-00c04fb984f9" in disguise.text("{31B2F340-016D-11D2-945F-00C04FB984F9}")


def test_what_is_the_same_everywhere_stays() -> None:
    disguise = Disguise(["CORP", "exsvc"])
    for sid in ("S-1-5-32-544", "S-1-5-80-0", "S-1-1-0", "S-1-16-12288", "S-1-5-5-0-77"):
        assert disguise.sid(sid) == sid
    assert disguise.sid("S-1-5-21-1-2-3-512").endswith("-512")
    assert disguise.sid("S-1-5-80-1-2-3-4-5") == "S-1-5-80-1-1-1-1-1"
    assert disguise.sid("S-1-5-80-1-2-3-4-6") == "S-1-5-80-1-1-1-1-2"
    assert disguise.text(r"CORP\exsvc: 0x80338105") == r"<2>\<1>: 0x80338105"


def test_a_text_that_cannot_be_told_without_a_name_is_not_told() -> None:
    # The bracket of a stand-in and what stands beside it make the name anew.
    assert Disguise(["abc", "x<1>"]).text("xabc") == LEFT_OUT
    assert Disguise(["abc", "x<1>", "left"]).text("xabc") == ""
    assert Disguise(["PC"]).text("a PCI card in PC") == "a PCI card in <1>"
