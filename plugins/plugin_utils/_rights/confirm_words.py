# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change that undoes itself tells: its value in a result, and every sentence about it (pure)."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Sequence

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import UnreachableError

from .result import titled

if t.TYPE_CHECKING:
    import datetime

    from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError
    from ansible_collections.winmail.exchange.plugins.plugin_utils._rollback import (
        Disarmed,
        Identity,
        Rehearsed,
        Remains,
        Waiting,
        Way,
    )

Status = t.Literal["confirmed", "reverted", "overtaken", "not_needed", "planned"]

NOT_TOLD = (
    "Refused: the host does not tell who is connected (whoami.exe), so a new logon could not be recognised and nothing "
    "could be confirmed. Let the account run whoami.exe there, or write confirm: false."
)
LOST = "The answer of the write was lost; the rights were read after a new logon"
INCOMPLETE = "Windows did not carry out the whole change."


class ConfirmResult(t.TypedDict):
    """The documented ``confirm`` value of a result; what does not apply is null."""

    status: Status
    timeout: int
    way: Way | None
    task: str | None
    took: float | None
    undone: list[str]
    reason: str | None


def result(  # noqa: PLR0913 - one value for each field
    status: Status,
    seconds: int,
    *,
    way: Way | None = None,
    task: str | None = None,
    took: float | None = None,
    reason: str | None = None,
    undone: Sequence[str] = (),
) -> ConfirmResult:
    """The ``confirm`` value."""
    return {
        "status": status,
        "timeout": seconds,
        "way": way,
        "task": task,
        "took": took,
        "undone": list(undone),
        "reason": reason,
    }


def not_needed(seconds: int | None) -> dict[str, ConfirmResult]:
    """The part of a result about a task that had nothing to do; empty where no confirmation was asked for."""
    return {} if seconds is None else {"confirm": result("not_needed", seconds)}


def cannot(exc: WinmailError) -> str:
    """A host that cannot undo the change by itself."""
    said = str(exc)
    return (
        f"Refused: this host cannot be rolled back, so the change was not tried. The reason: {said} "
        "Cure that, or write confirm: false to make the change without a way back."
    )


def governed(rights: Sequence[str]) -> str:
    """Rights that a policy sets."""
    return (
        f"Refused: a policy sets {_listed(rights)} on this host and applies it again at its next refresh, so no logon "
        "now can confirm the change. Make it in the policy; or write gpo_conflict: ignore to confirm it until then, or "
        "confirm: false."
    )


def rehearsal_lost(rights: t.Iterable[str], exc: WinmailError) -> str:
    """A connection that was lost before anything of the change was sent."""
    return (
        f"{exc} The change itself was not begun. A rehearsal of its roll-back that had begun writes who held "
        f"{_listed(rights)} a moment before. Its files and its task may be left on the host; they do nothing by "
        "themselves, and a later run removes them."
    )


def armed_for_nothing(rehearsed: Rehearsed, due: datetime.datetime, exc: WinmailError) -> str:
    """A roll-back that may be armed although the change was not begun, and could not be taken back."""
    return (
        f"{exc} The change itself was not begun, but its roll-back may be armed and could not be taken back. "
        f"{_by_itself(rehearsed, due)}. Until then nobody should change them: delete that task, or wait for it."
    )


def rehearsed_over(rehearsed: Rehearsed, strangers: Sequence[str]) -> str:
    """Somebody whose grant came between our read and the rehearsal."""
    rights = _listed(rehearsed.rollback.lines)
    return (
        f"{rehearsed.witness} also names {', '.join(strangers)}, which held none of {rights} "
        "when they were read. Another tool may have given it at the same moment, and the rehearsal of the roll-back "
        "took it away again: check, and give it back."
    )


def stranger(who: Identity, other: Identity) -> str:
    """A new logon that is somebody else's, or at another computer."""
    if other.sid is None:
        return (
            f"The new connection to {other.computer} does not tell who it is (whoami.exe), so it cannot be recognised "
            "as the one that made the change. That confirms nothing."
        )
    return (
        f"The new connection is {_who(other)} and not {_who(who)}: something between (a load balancer, a proxy) leads "
        "elsewhere, or the account changed. That confirms nothing."
    )


def _who(who: Identity) -> str:
    return f"{who.sid} at {who.computer}"


def _by_itself(rehearsed: Rehearsed, due: datetime.datetime) -> str:
    return (
        f"The host puts back who held {_listed(rehearsed.rollback.lines)} by itself, {rehearsed.rollback.seconds} s "
        f"after it was armed (about {due:%H:%M:%S} UTC by the controller's clock), or at its next boot, by its task "
        f"'{rehearsed.task}'"
    )


def still_armed(rehearsed: Rehearsed, due: datetime.datetime, exc: WinmailError) -> str:
    """Nothing was written, but the roll-back could not be taken back."""
    return (
        "Somebody else changed the rights before anything was written, and the roll-back that was armed could not be "
        f"taken back ({str(exc).rstrip('.')}). {_by_itself(rehearsed, due)}: delete that task, or run this one again "
        "afterwards."
    )


def unreached(rehearsed: Rehearsed, due: datetime.datetime, last: WinmailError | None) -> str:
    """No new logon up to a minute after the deadline."""
    reached = not isinstance(last, UnreachableError)
    what = "No new logon could confirm the change" if reached else "No new logon succeeded after the change"
    return (
        f"{what}, and none up to a minute after the deadline. The last try: "
        f"{str(last).rstrip('.')}. The change is not confirmed. {_by_itself(rehearsed, due)}; whether it has is not "
        "known from here. If the door stays shut, restart the host, or start that task there by hand; the next run of "
        "this task reads first."
    )


def undone(
    rights: Sequence[str], others: Sequence[str], strangers: Sequence[str], trouble: WinmailError | str | None
) -> str:
    """A change that was undone: by the host, or by us because it was not whole."""
    why = (
        f"{str(trouble).rstrip('.')}. With confirm: true nothing is left half done, so the roll-back was used"
        if trouble is not None
        else "The change was not confirmed in time, and the host undid it"
    )
    parts = [f"{why}: read after a new logon, {_listed([one for one in rights if one not in others])} is as before"]
    if len(others) == len(rights):
        parts = [f"{why}, but read after a new logon nothing is as before"]
    if others:
        parts.append(
            f"{_listed(others)} is neither as before nor as planned; somebody else changed it meanwhile, or the "
            "roll-back did not carry out all: after in this result tells who holds it now"
        )
    if strangers:
        parts.append(
            f"the roll-back also names {', '.join(strangers)}, whom somebody else may have given such a right "
            "meanwhile: it took that away again, so check, and give it back"
        )
    return f"{'; '.join(parts)}."


def overtaken(rights: Sequence[str]) -> str:
    """Rights that somebody else changed while a confirmation was waited for."""
    return (
        f"A new logon succeeded and the roll-back was taken back, but {_listed(rights)} is not as planned any more: "
        "somebody else, or a policy, changed it while the confirmation was waited for. after in this result tells who "
        "holds it now."
    )


def ran_for_nothing(rehearsed: Rehearsed, named: Sequence[str]) -> str:
    """A roll-back that ran although nothing was written yet: somebody else's change may be gone."""
    who = f" Its log names {', '.join(named)}." if named else ""
    return (
        f"The roll-back '{rehearsed.task}' ran before anything was written: somebody started it, or its time was over. "
        f"It wrote who held {_listed(rehearsed.rollback.lines)} when they were read, and took back what somebody else "
        f"changed there meanwhile.{who} Check these rights."
    )


def ran_all_the_same(rehearsed: Rehearsed) -> str:
    """A roll-back that ran although the rights are as planned at the end."""
    return (
        f"The roll-back '{rehearsed.task}' had begun before it was taken back; the rights are as planned all the same, "
        "as read afterwards. Look who else changes them."
    )


def remarks(rehearsed: Rehearsed, disarmed: Disarmed) -> Iterator[str]:
    """What somebody should know of how a roll-back was met."""
    if not (disarmed.found or disarmed.ran):
        yield (
            f"The task '{rehearsed.task}' was removed from the host by something else after it was armed (a security "
            "product, or a person): a change that locks out would not have been undone there. Find out what removes "
            "it before the next change of this kind."
        )
    if disarmed.left:
        yield (
            "These files of the roll-back could not be removed from %windir%\\security: "
            f"{', '.join(disarmed.left)}. A later run removes them."
        )


def remains(found: Remains) -> str:
    """What an earlier roll-back left, removed by the way."""
    what = _listed(found.rights) if found.rights else "user rights"
    how = ""
    if not found.rights:
        how = " The file with the old lines was not there any more, so it may have put nothing back: check the rights."
    elif found.result not in (None, 0, 3):
        how = f" It ended with {found.result} (0x{found.result:08X}), so check them."
    return (
        f"An earlier change of {what} on this host was not confirmed: its roll-back '{found.task}' ran.{how} What it "
        "left was removed."
    )


def waiting(other: Waiting) -> str:
    """A roll-back of somebody else that may undo what is written now."""
    what = _listed(other.rights) if other.rights else "user rights"
    return (
        f"An earlier change of {what} on this host waits to be confirmed. Unless it is, its task '{other.task}' puts "
        "back what was there before, and undoes what is written to the same rights now. Look at them again when that "
        "task is gone."
    )


def _listed(rights: Sequence[str] | t.Iterable[str]) -> str:
    return ", ".join(titled(right) for right in rights)
