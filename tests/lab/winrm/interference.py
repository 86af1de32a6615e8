# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where injected faults meet the wire: what a fired rule does to the request that is being answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lab.winrm import quotas
from lab.winrm.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lab.faults import Faults
    from lab.seams import Effect

INTERNAL_ERROR = 1359  # ERROR_INTERNAL_ERROR of winerror.h


class Drop(Exception):
    """Close without an answer: this connection, or (``everyone``) each one to the host; ``reset``: not in order."""

    def __init__(self, *, everyone: bool, reset: bool = False) -> None:
        super().__init__()
        self.everyone = everyone
        self.reset = reset


class BareStatus(Exception):
    """Answer with an HTTP status and no envelope."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class Changing(Protocol):
    """A computer that a fault may change while a request is on its way."""

    boots: int

    def change(self, effect: Effect) -> None:
        """Change it from outside."""


class Interference:
    """The faults that hit one request; ``delay``, ``truncate`` and ``close`` wait here until the answer is written."""

    def __init__(self, faults: Faults, computer: Changing | None = None) -> None:
        self._faults = faults
        self._computer = computer
        self.delay = 0.0  # seconds of real time
        self.truncate: Callable[[int], int] | None = None  # how many bytes of a body of so many still go out
        self.close = False

    def at(self, point: str, **context: str) -> None:
        """Visit ``point``; raises Drop, BareStatus or Fault when a rule says so."""
        for effect in self._faults.fire(point, **context):
            data = effect.data
            if effect.kind == "drop":
                raise Drop(everyone=data.get("who") == "all", reset=data.get("how") == "reset")
            if effect.kind == "status":
                raise BareStatus(_number(data, "code", 500), str(data.get("text", "")))
            if effect.kind == "fault":
                raise _fault(data)
            if effect.kind == "delay":
                self.delay += float(str(data.get("seconds", 0)))
            elif effect.kind == "truncate":
                self.truncate = _cut(data)
            elif effect.kind == "close":
                self.close = True
            elif effect.kind == "state":
                self._change(effect)

    def _change(self, effect: Effect) -> None:
        """Change the computer; a restart takes every connection with it, this one first."""
        if self._computer is None:
            raise ValueError("there is no computer here that a fault could change")
        boots = self._computer.boots
        self._computer.change(effect)
        if self._computer.boots != boots:
            raise Drop(everyone=True)


def _cut(data: Mapping[str, object]) -> Callable[[int], int]:
    if data.get("bytes") == "half":
        return lambda length: length // 2
    count = _number(data, "bytes", 0)
    return lambda _length: count


def _number(data: Mapping[str, object], name: str, default: int) -> int:
    """A number of a rule, written as one or as text (``"0x803381a6"``)."""
    return int(str(data.get(name, default)), 0)


def _fault(data: Mapping[str, object]) -> Fault:
    shape = str(data.get("shape", ""))
    if "quota" in data:
        return quotas.named(str(data["quota"]), shape or "wmi")
    return Fault(
        reason=str(data.get("text", "An injected fault. ")),
        code=_number(data, "code", INTERNAL_ERROR),
        subcode=str(data.get("subcode", "w:InternalError")),
        wmi_error=shape == "wmi",
    )
