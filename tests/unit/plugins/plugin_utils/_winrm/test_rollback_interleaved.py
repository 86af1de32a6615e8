# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A thousand ways in which a second controller, a policy or a person meets a change that undoes itself."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.tests.support.desk import Desk, desk
from ansible_collections.winmail.exchange.tests.support.lab_tasks import Scheduler
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.confirming import (
    ADMIN,
    DENY,
    OPEN,
    SHUT,
    clean,
    run,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.interleaving import (
    Actor,
    Rights,
    Table,
    Task,
    rights_of,
)
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.writing import EXSVC, OLD, TCB
from lab.seams import Effect
from lab.windows.computer import Computer
from lab.winrm import host as wire
from lab.winrm.settings import Settings

ROUNDS, EACH = 20, 50
BATCH, SERVICE, BACKUP = "SeBatchLogonRight", "SeServiceLogonRight", "SeBackupPrivilege"
FIRST: list[Task] = [SHUT, OPEN, [{"name": TCB, "add": [EXSVC]}, {"name": BATCH, "remove": [EXSVC]}]]
SECOND: list[Task] = [[{"name": TCB, "add": [OLD]}], [{"name": BATCH, "add": [OLD]}], [{"name": SERVICE, "add": [OLD]}]]
BY_POLICY = {"right": BATCH, "holders": ["S-1-5-32-544", "S-1-5-32-551"]}
EVENTS = ("none", "policy", "started", "deleted", "time", "reboot")


def outside(computer: Computer, **change: object) -> None:
    """Change the computer as somebody else does."""
    computer.change(Effect("state", {"change": change}))


@dataclass
class Case:
    """One meeting: two controllers, perhaps killed, and one thing that happens before some request."""

    first: Actor
    second: Actor
    event: str
    when: int
    desk: Desk
    count: int = 0
    happened: bool = False
    waits: list[float] = field(default_factory=list)

    @property
    def killed_in_a_rehearsal(self) -> bool:
        """Whoever could have named from its log whom it took a right from is gone."""
        return any(one.said == "killed" and one.desk.messages.count("StartByPath") for one in (self.first, self.second))

    def between(self) -> None:
        """Before each request of anybody, each of which takes a moment."""
        self.count += 1
        self.desk.computer.advance(0.1)
        if self.count < self.when or self.happened:
            return
        computer = self.desk.computer
        armed = [task["path"] for task in self.desk.tasks() if task["triggers"]]
        if self.event in ("started", "deleted") and not armed:
            return  # it happens as soon as there is something
        self.happened = True
        if self.event == "policy":
            outside(computer, set_right=BY_POLICY)
        elif self.event == "started":
            Scheduler(computer, self.desk.caller).start(armed[0].lstrip("\\"))
        elif self.event == "deleted":
            outside(computer, remove_task=armed[0])
        elif self.event == "time":
            computer.advance(self.waits[0])
        elif self.event == "reboot":
            computer.passing.reboot()


def case(seed: int, folder: Path) -> tuple[Case, random.Random]:
    chance = random.Random(seed)
    one = desk("member", folder)
    other = Desk(one.computer, one.caller, wire.Host(one.computer, Settings(), folder / "other", 100))
    one.allowed_logons = other.allowed_logons = 99
    kills = [chance.randrange(1, 45) if chance.random() < 0.3 else None for dummy in range(2)]
    first = Actor(chance.choice(FIRST), chance.choice([60, 300]), one, kills[0])
    second = Actor(chance.choice(SECOND), chance.choice([None, None, 60, 300]), other, kills[1])
    made = Case(
        first, second, chance.choice(EVENTS), chance.randrange(1, 60), one, waits=[chance.choice([20, 61, 301])]
    )
    return made, chance


def carried_out(held: set[str], right: str, task: Task) -> set[str]:
    """The holders of a right after a task."""
    for entry in task:
        if entry["name"] == right:
            held = (held | set(entry.get("add", ()))) - set(entry.get("remove", ()))
    return held


def possible(made: Case, right: str, before: set[str]) -> list[set[str]]:
    """What a right may be in the end: old, as planned by the one, as written by the other, in whatever order."""
    found = [before]
    for held in found:  # it grows meanwhile
        after = [carried_out(held, right, actor.task) for actor in (made.first, made.second)]
        if made.event == "policy" and right == BATCH:
            after.append(set(BY_POLICY["holders"]))
        found += [one for one in after if one not in found]
    return found


def checked_at_the_end(made: Case, before: Rights) -> None:
    """Whoever looks after all: old or new per right, open doors, true answers, nothing that stays."""
    for actor in (made.first, made.second):
        if actor.confirmed:
            for entry in actor.task:
                held = actor.seen.get(entry["name"], set())
                assert held == carried_out(held, entry["name"], actor.task), "it was not so when it was read last"
    computer = made.desk.computer
    computer.advance(4000)
    computer.passing.reboot()
    computer.advance(800)
    now = rights_of(computer)
    for right in {*now, *before}:
        assert now.get(right, set()) in possible(made, right, before.get(right, set())), right
    # Whoever deletes it, or starts it before the change was written, has used it up.
    assert ADMIN not in now.get(DENY, set()) or made.event in {"deleted", "started"}
    outside(computer, revoke={"right": DENY, "sid": ADMIN})
    made.desk.before_line = made.desk.before_message = None
    run(made.desk, [{"name": BACKUP, "add": [OLD]}], seconds=None)
    assert clean(made.desk)
    said = "\n".join([made.first.words, made.second.words, *made.desk.warnings])
    for actor in (made.first, made.second):
        for entry in actor.task if actor.done else ():
            right = entry["name"]
            lost = set(entry.get("add", ())) - now.get(right, set())
            told = right in said or (made.event == "policy" and right == BATCH)
            assert not lost or told or made.killed_in_a_rehearsal, "lost without a word"


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_whoever_comes_between_no_right_is_lost_and_no_answer_is_wrong(tmp_path: Path, round_: int) -> None:
    for seed in range(round_ * EACH, (round_ + 1) * EACH):
        made, chance = case(seed, tmp_path)
        before = rights_of(made.desk.computer)
        try:
            Table([made.first, made.second], chance, made.between).play()
            checked_at_the_end(made, before)
        except Exception as exc:
            told = "\n".join(
                [f"seed {seed}, {made.event} before request {made.when}, then {made.desk.warnings}"]
                + [f"{one.task} in {one.seconds}, dies {one.dies}: {one.words!r}" for one in (made.first, made.second)]
            )
            raise AssertionError(told) from exc
