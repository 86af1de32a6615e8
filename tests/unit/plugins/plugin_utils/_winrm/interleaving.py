# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several controllers at one computer of the lab, one request at a time, in an order that a seed chooses."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.change import Choices, RightsChange
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.confirm import Clock
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.host import WinrmHost
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport
from ansible_collections.winmail.exchange.tests.support.desk import Desk, LabLink
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.confirming import ControllerGone
from lab.windows.computer import Computer

Rights = dict[str, set[str]]
Task = list[dict[str, Any]]
# Requests of all together; a run that goes on for longer has lost its way.
MOST_TURNS = 2000


def rights_of(computer: Computer) -> Rights:
    """Who holds what, as the computer itself keeps it."""
    return {right: set(held) for right, held in computer.machine.rights.all().items() if held}


@dataclass
class Actor:
    """One controller with its task; ``dies`` is before which of its requests it is killed."""

    task: Task
    seconds: int | None
    desk: Desk
    dies: int | None = None
    result: dict[str, Any] | None = None
    said: str = ""
    warnings: list[str] = field(default_factory=list)
    # The rights when it last asked for them.
    seen: Rights = field(default_factory=dict)
    turns: int = 0
    ended: bool = False
    broken: BaseException | None = None
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def confirmed(self) -> bool:
        """Whether it says that a new logon confirmed its change."""
        return self.result is not None and self.result.get("confirm", {}).get("status") == "confirmed"

    @property
    def done(self) -> bool:
        """Whether it says that its change was made."""
        return self.result is not None and not self.result.get("failed")

    @property
    def words(self) -> str:
        """All that it says."""
        return "\n".join([self.said, str((self.result or {}).get("msg", "")), *self.warnings])

    def run(self) -> None:
        """The task as the action would run it, in the time of the computer."""
        computer = self.desk.computer
        elapsed = computer.machine.clock.elapsed
        transport = Transport(LabLink(self.desk), clock=elapsed, sleep=computer.advance)
        choices = Choices("ignore", allow_lockout=True, check_mode=False, confirm=self.seconds)
        clock = Clock(elapsed, computer.advance, computer.now)
        try:
            transport.connect()
            asked = parse_rights({"rights": self.task})
            change = RightsChange(WinrmHost(transport), asked, choices, self.warnings.append, clock)
            self.result = change.run()[0]
        except WinmailError as exc:
            self.said = f"{exc} {transport.changes.sentence(exc)}"
        except ControllerGone:
            self.said = "killed"
        except BaseException as exc:  # noqa: BLE001 - it ends a thread, and the test looks at it
            self.broken = exc


class Table:
    """Lets actors at one computer take turns; ``between`` happens before each turn."""

    def __init__(self, actors: Sequence[Actor], chance: random.Random, between: Callable[[], None]) -> None:
        self._actors = actors
        self._chance = chance
        self._between = between
        self._back = threading.Semaphore(0)

    def play(self) -> None:
        """Until all have ended; raises what broke one of them."""
        threads = [threading.Thread(target=self._sit, args=(actor,), daemon=True) for actor in self._actors]
        for thread in threads:
            thread.start()
        for dummy in range(MOST_TURNS):
            waiting = [actor for actor in self._actors if not actor.ended]
            if not waiting:
                break
            self._between()
            self._chance.choice(waiting).go.release()
            self._back.acquire()
        assert all(actor.ended for actor in self._actors), "no end after so many requests"
        for thread in threads:
            thread.join(10)
        for actor in self._actors:
            if actor.broken is not None:
                raise actor.broken

    def _sit(self, actor: Actor) -> None:
        actor.go.acquire()
        actor.desk.before_line = lambda _number, line: self._line(actor, line)
        actor.desk.before_message = lambda _message: self._turn(actor)
        actor.run()
        actor.ended = True
        self._back.release()

    def _line(self, actor: Actor, line: str) -> None:
        self._turn(actor)
        if "/export" in line:
            actor.seen = rights_of(actor.desk.computer)

    def _turn(self, actor: Actor) -> None:
        actor.turns += 1
        self._back.release()
        actor.go.acquire()
        if actor.dies is not None and actor.turns >= actor.dies:
            raise ControllerGone
