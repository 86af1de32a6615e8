# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of the guides run on the lab as printed, and the lab's own state says what they did."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.harness import LabOf
from ansible_collections.winmail.exchange.tests.support.observer import left_behind, moved, snapshots
from ansible_collections.winmail.exchange.tests.support.player import ROOT, Player, playing
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RIGHTS = ROOT / "docs" / "user_rights" / "playbooks"
POP3 = ROOT / "docs" / "pop3" / "playbooks"
DOMAIN = "S-1-5-21-2840394521-1093752863-3410756322"
EXSVC, POP3SVC = f"{DOMAIN}-1107", f"{DOMAIN}-1111"
NETWORK, DENY_NETWORK = "SeNetworkLogonRight", "SeDenyNetworkLogonRight"
TCB, SERVICE, BATCH = "SeTcbPrivilege", "SeServiceLogonRight", "SeBatchLogonRight"
ALL_PLAYBOOKS = sorted([*RIGHTS.glob("*.yml"), *POP3.glob("*.yml")])


@pytest.fixture
def lab(lab_of: LabOf) -> RunningLab:
    """The hosts of the guides on user rights."""
    return lab_of("rights")


@pytest.fixture
def player(lab: RunningLab, tmp_path: Path) -> Iterator[Player]:
    """Plays with the lab's inventory."""
    with playing(lab, tmp_path) as one:
        # The guides show healthy hosts as well; the checkout's ansible.cfg, which readers do not have, hides them.
        one.more["ANSIBLE_DISPLAY_OK_HOSTS"] = "true"
        yield one


@pytest.mark.parametrize("playbook", ALL_PLAYBOOKS, ids=lambda path: path.stem)
def test_a_page_quotes_the_playbook_word_for_word(playbook: Path) -> None:
    block = f"```yaml\n{playbook.read_text(encoding='utf-8')}```\n"
    pages = playbook.parent.parent.glob("*.md")
    assert [page.name for page in pages if block in page.read_text(encoding="utf-8")] != []


@pytest.mark.parametrize(
    ("name", "host", "deltas"),
    [
        (
            "give_and_take",
            "member",
            {("+", TCB, EXSVC), ("+", SERVICE, POP3SVC), ("+", BATCH, POP3SVC), ("-", BATCH, EXSVC)},
        ),
        ("many_tools", "member", {("+", SERVICE, POP3SVC), ("+", BATCH, POP3SVC)}),
        ("confirm", "member", {("+", "SeNetworkLogonRight", EXSVC)}),
        (
            "hardening_section",
            "german",
            {
                *(("+", right, EXSVC) for right in (BATCH, SERVICE)),
                ("+", DENY_NETWORK, "S-1-5-32-546"),
                *(("-", NETWORK, sid) for sid in ("S-1-1-0", "S-1-5-32-545", "S-1-5-32-551")),
                ("+", NETWORK, "S-1-5-11"),
            },
        ),
        (
            "remove_orphans",
            "orphans",
            {
                ("-", TCB, f"{DOMAIN}-9998"),
                ("-", SERVICE, f"{DOMAIN}-9999"),
                ("-", SERVICE, "S-1-5-21-1-2-3-1001"),
                ("-", BATCH, "S-1-5-21-11-22-33-1234"),
            },
        ),
    ],
)
def test_a_change_is_the_one_the_page_tells(
    lab: RunningLab, player: Player, name: str, host: str, deltas: set[tuple[str, str, str]]
) -> None:
    before = snapshots(lab)
    first = player.play(RIGHTS / f"{name}.yml", target=host)
    assert first.code == 0, first.output
    after = snapshots(lab)
    assert set(moved(before, after)) == {(host, *delta) for delta in deltas}
    assert left_behind(after) == []
    second = player.play(RIGHTS / f"{name}.yml", target=host)
    assert (second.code, second.changed[host]) == (0, 0), second.output


@pytest.mark.parametrize(
    ("name", "host", "right", "holders"),
    [
        ("exact_lists", "member", BATCH, {"S-1-5-32-544", "S-1-5-32-551", EXSVC}),
        (
            "exact_lists",
            "member",
            "SeImpersonatePrivilege",
            {"S-1-5-19", "S-1-5-20", "S-1-5-32-544", "S-1-5-6"},
        ),
        ("accounts", "german", BATCH, None),
    ],
    ids=["exact", "forced", "accounts"],
)
def test_a_list_is_what_the_page_tells_and_stays(
    lab: RunningLab, player: Player, name: str, host: str, right: str, holders: set[str] | None
) -> None:
    before = snapshots(lab)[host]["rights"].get(right, [])
    first = player.play(RIGHTS / f"{name}.yml", target=host)
    assert first.code == 0, first.output
    now = set(snapshots(lab)[host]["rights"][right])
    assert now == holders if holders is not None else now > set(before) and POP3SVC in now
    second = player.play(RIGHTS / f"{name}.yml", target=host)
    assert (second.code, second.changed[host]) == (0, 0), second.output


@pytest.mark.parametrize(
    ("name", "host", "says"),
    [
        ("lockout_guard", "member", "would cut off Administrators"),
        ("governed", "governed", "Server Hardening"),
        ("who_holds_what", "orphans", "S-1-5-21-11-22-33-1234"),
        ("judge_baseline", "orphans", "Rights are held by SIDs without an account: "),
    ],
)
def test_a_refusal_or_a_question_changes_nothing(
    lab: RunningLab, player: Player, name: str, host: str, says: str
) -> None:
    before = snapshots(lab)
    played = player.play(RIGHTS / f"{name}.yml", target=host)
    assert played.code == 0, played.output
    assert says in played.output
    assert moved(before, snapshots(lab)) == []


def test_a_cure_leaves_nothing_to_find(lab: RunningLab, player: Player) -> None:
    before = snapshots(lab)
    first = player.play(RIGHTS / "cure_baseline.yml", target="member")
    assert first.code == 0, first.output
    assert len(moved(before, snapshots(lab))) == 16
    assert '"pass": 39' in first.output
    second = player.play(RIGHTS / "cure_baseline.yml", target="member")
    assert (second.code, second.changed["member"]) == (0, 0), second.output


def test_what_was_kept_puts_everything_back(lab: RunningLab, player: Player, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    before = snapshots(lab)
    done = player.play(RIGHTS / "keep_restore.yml", target="member", folder=str(folder))
    assert done.code == 0, done.output
    (kept,) = folder.iterdir()
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(kept.stat().st_mode)) == (0o700, 0o600)
    assert len(moved(before, snapshots(lab))) == 2
    undone = player.play(RIGHTS / "undo.yml", target="member", restore_file=str(kept))
    assert undone.code == 0, undone.output
    assert moved(before, snapshots(lab)) == []


def test_a_build_that_brings_a_baseline_stands_and_can_be_undone(
    lab: RunningLab, player: Player, tmp_path: Path
) -> None:
    before = snapshots(lab)
    words = {"target": "member", "user_rights_baseline_report_dir": str(tmp_path / "kept")}
    built = player.play(RIGHTS / "compliance_build.yml", extra=words)
    assert built.code == 0, built.output
    moves = moved(before, snapshots(lab))
    assert ("member", "+", "SeDenyNetworkLogonRight", "S-1-5-32-546") in moves
    # What is left out and what is waived stays.
    left = {"SeChangeNotifyPrivilege", "SeIncreaseWorkingSetPrivilege", "SeBackupPrivilege"}
    assert left.isdisjoint(right for dummy, dummy, right, dummy in moves)
    again = player.play(RIGHTS / "compliance_build.yml", extra=words)
    assert (again.code, again.changed["member"]) == (0, 0), again.output
    (kept,) = (tmp_path / "kept").glob("restore-member-*.json")
    undone = player.play(RIGHTS / "compliance_undo.yml", target="member", restore_file=str(kept))
    assert undone.code == 0, undone.output
    assert moved(before, snapshots(lab)) == []


def test_the_steps_of_the_article_and_the_nightly_audit(tmp_path: Path) -> None:
    with running(scenario="pop3") as lab, playing(lab, tmp_path) as player:
        before = snapshots(lab)
        audit = player.play(POP3 / "nightly.yml", reports=str(tmp_path / "reports"))
        assert audit.code != 0, audit.output
        assert len(list((tmp_path / "reports").glob("pop3-audit-*.json"))) == 1
        assert moved(before, snapshots(lab)) == []
        first = player.play(POP3 / "steps.yml", target="exch50")
        assert first.code == 0, first.output
        assert moved(before, snapshots(lab)) == [("exch50", "+", TCB, EXSVC)]
        second = player.play(POP3 / "steps.yml", target="exch50")
        assert (second.code, second.changed["exch50"]) == (0, 0), second.output
