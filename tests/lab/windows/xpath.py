# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The XPath subset of event queries (docs/sources.md S8): text in, a test of one event out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from lab.state.eventlog import Event

if TYPE_CHECKING:
    import datetime as dt

Test = Callable[[Event], bool]


class QueryInvalidError(Exception):
    """A query that the event log refuses (15001)."""


_TOKEN = re.compile(
    r"\s*(?:(?P<string>'[^']*'|\"[^\"]*\")|(?P<number>0x[0-9A-Fa-f]+|\d+)"
    r"|(?P<op><=|>=|!=|=|<|>)|(?P<name>@?[A-Za-z_][\w-]*)|(?P<sign>[\[\]()*/,.]))"
)


def compile_query(text: str, now: dt.datetime) -> Test:
    """A test for events; raises QueryInvalidError. An empty query or ``*`` takes every event."""
    text = text.replace("&lt;", "<").replace("&gt;", ">").strip()
    if text in ("", "*"):
        return lambda _: True
    return _Parser(text, now).whole()


class _Parser:
    def __init__(self, text: str, now: dt.datetime) -> None:
        self._now = now
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if not match:
                raise QueryInvalidError(text[at:])
            kind = match.lastgroup or ""
            self._tokens.append((kind, match.group(kind)))
            at = match.end()
            if not text[at:].strip():
                break
        self._at = 0

    def whole(self) -> Test:
        test = self._or(self._path)
        if self._at != len(self._tokens):
            raise QueryInvalidError("text behind the query")
        return test

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _take(self, text: str = "") -> str:
        found = self._peek()
        if not found or (text and found != text):
            raise QueryInvalidError(f"{text or 'something'} expected, found {found or 'the end'}")
        self._at += 1
        return found

    def _accept(self, text: str) -> bool:
        if self._peek() == text:
            self._at += 1
            return True
        return False

    def _or(self, inner: Callable[[], Test]) -> Test:
        test = self._and(inner)
        while self._accept("or"):
            left, right = test, self._and(inner)
            test = _either(left, right)
        return test

    def _and(self, inner: Callable[[], Test]) -> Test:
        test = inner()
        while self._accept("and"):
            left, right = test, inner()
            test = _both(left, right)
        return test

    def _path(self) -> Test:
        """``*[…]`` or ``Event[…]``, with further brackets."""
        if self._accept("("):
            inner = self._or(self._path)
            self._take(")")
            return inner
        if self._take() not in ("*", "Event"):
            raise QueryInvalidError("a query begins with * or Event")
        test: Test = _every
        while self._accept("["):
            test = _both(test, self._or(self._part))
            self._take("]")
        return test

    def _part(self) -> Test:
        """``System[…]`` or ``EventData[…]``."""
        if self._accept("("):
            test = self._or(self._part)
            self._take(")")
            return test
        name = self._take()
        inner = {"System": self._system, "EventData": self._data}.get(name)
        if inner is None:
            raise QueryInvalidError(f"no part {name}")
        if not self._accept("["):
            return lambda _: True
        test = self._or(inner)
        self._take("]")
        return test

    def _system(self) -> Test:
        if self._accept("("):
            test = self._or(self._system)
            self._take(")")
            return test
        name = self._take()
        if name == "Provider":
            return self._provider()
        if name == "TimeCreated":
            return self._time()
        if name == "band":
            return self._band()
        fields: dict[str, Callable[[Event], object]] = {
            "EventID": lambda e: e.event_id,
            "Level": lambda e: e.level,
            "Task": lambda e: e.task,
            "EventRecordID": lambda e: e.record,
            "Channel": lambda e: e.channel,
            "Keywords": lambda e: e.keywords,
        }
        if name not in fields:
            raise QueryInvalidError(f"no field {name}")
        return self._compare(fields[name])

    def _compare(self, field: Callable[[Event], object]) -> Test:
        operator, value = self._take(), self._literal()
        tests: dict[str, Test] = {
            "=": lambda e: field(e) == value,
            "!=": lambda e: field(e) != value,
            "<": lambda e: _order(field(e), value) < 0,
            "<=": lambda e: _order(field(e), value) <= 0,
            ">": lambda e: _order(field(e), value) > 0,
            ">=": lambda e: _order(field(e), value) >= 0,
        }
        if operator not in tests:
            raise QueryInvalidError(f"no operator {operator}")
        return tests[operator]

    def _literal(self) -> str | int:
        text = self._take()
        if text[0] in "'\"":
            return text[1:-1]
        try:
            return int(text, 0)
        except ValueError as exc:
            raise QueryInvalidError(f"{text} is no value") from exc

    def _provider(self) -> Test:
        self._take("[")

        def one() -> Test:
            if self._take() not in ("@Name", "@EventSourceName"):
                raise QueryInvalidError("Provider knows @Name")
            return self._compare(lambda e: e.source)

        test = self._or(one)
        self._take("]")
        return test

    def _time(self) -> Test:
        self._take("[")

        def one() -> Test:
            if self._accept("timediff"):
                self._take("(")
                self._take("@SystemTime")
                self._take(")")
                return self._compare(lambda e: (self._now - e.time).total_seconds() * 1000)
            self._take("@SystemTime")
            return self._compare(lambda e: f"{e.time:%Y-%m-%dT%H:%M:%S.%f}"[:23] + "Z")

        test = self._or(one)
        self._take("]")
        return test

    def _band(self) -> Test:
        self._take("(")
        self._take("Keywords")
        self._take(",")
        mask = self._literal()
        self._take(")")
        if not isinstance(mask, int):
            raise QueryInvalidError("band wants a number")
        return lambda e: bool(e.keywords & mask)

    def _data(self) -> Test:
        if self._take() != "Data":
            raise QueryInvalidError("EventData knows Data")
        self._take("=")
        value = self._literal()
        return lambda e: value in e.data


def _every(event: Event) -> bool:
    del event
    return True


def _order(left: object, right: object) -> int:
    if isinstance(left, (int, float)) and isinstance(right, int):
        return (left > right) - (left < right)
    return (str(left) > str(right)) - (str(left) < str(right))


def _either(left: Test, right: Test) -> Test:
    return lambda e: left(e) or right(e)


def _both(left: Test, right: Test) -> Test:
    return lambda e: left(e) and right(e)
