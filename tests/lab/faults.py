# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a test injects into one simulated computer: rules in, effects out, nothing else.

A rule is a mapping, the same in Python, in a scenario file and over the control port::

    {"at": "program.end", "match": {"program": "secedit", "verb": "/configure"}, "do": "drop"}

``at``     one of ``POINTS``: the place that asks ``fire``.
``match``  key of the context to a regular expression, searched without regard to case; a key that the place
           does not pass never matches. No ``match``: every visit of that place matches.
``skip``   how many matching visits pass untouched first (default 0).
``times``  how many visits after that are hit (default 1); ``null`` means all of them.
``do``     one of ``KINDS``; every other key is data of the effect, handed on as it is.

Where a line is lost on its way (``line`` is the command line, also of the Receive and the Signal that belong to it)::

    {"at": "http.request", "match": {"action": "/Command$", "line": "/configure"}, "do": "drop"}    never arrived
    {"at": "http.response", "match": {"action": "/Command$", "line": "/configure"}, "do": "drop"}   ran, no answer
    {"at": "http.response", "match": {"action": "/Command$", "line": "/configure"}, "do": "close"}  answered, then gone
    {"at": "http.request", "match": {"action": "Receive", "line": "/configure"}, "do": "drop"}      output not asked for
    {"at": "http.response", "match": {"action": "Receive", "line": "/configure"}, "do": "drop"}     output taken, lost
    {"at": "http.response", "match": {"action": "StopService"}, "do": "truncate", "bytes": "half"}  torn in the middle
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from lab.seams import Effect

POINTS = frozenset(
    {
        "http.request",  # wire: a SOAP request was read (action, body, line)
        "http.response",  # wire: its answer is ready (action, body, request, line)
        "command.start",  # wire: a command line is about to run (line)
        "command.end",  # wire: it ran (line)
        "cim",  # wire: before a CIM operation (operation, class_name, text)
        "program.start",  # windows: a program of the line starts (program, verb, line, user)
        "program.end",  # windows: it ended (program, verb, line, user)
        "task.action",  # windows: a program of a scheduled task starts (task, line): hang, state
        "logon",  # windows: a network logon whose password is right (user): refuse, state
        "pop3.connect",  # pop3: the dialogue, verb by verb (text)
        "pop3.banner",
        "pop3.user",
        "pop3.pass",
        "pop3.capa",
        "pop3.stls",
    }
)

KINDS = frozenset(
    {
        "drop",  # close the connection without an answer; who: "all" closes every connection to the host; how: "reset"
        "close",  # answer, and close the connection then
        "status",  # answer with HTTP status `code` (and `text` as the body)
        "fault",  # answer with a WSManFault: `code`, `text`, `subcode`; `shape` wmi: with an MSFT_WmiError; or with
        # `quota`: shells, operations, user, system, shell_users or processes, each in its own words (winrm/quotas.py)
        "delay",  # `seconds` of real time before going on
        "truncate",  # only the first `bytes` of what is sent or written; "half" of what is sent
        "exit_code",  # the program's exit `code`, `text` to stderr, `run`: whether it still works
        "state",  # change the computer's state; a restart takes the connections with it
        "garbage",  # append `text` to the output
        "hang",  # `seconds` of simulated time
        "reply",  # pop3: answer with `text`
        "refuse",  # pop3.connect, logon: turn the caller away
    }
)

# What the wire can do at its points; a rule that nobody obeys would make a test believe in a fault that never was.
WIRE_POINTS = frozenset({"http.request", "http.response", "command.start", "command.end", "cim"})
WIRE_KINDS = frozenset({"drop", "close", "status", "fault", "delay", "truncate", "state"})

_RULE_KEYS = frozenset({"at", "match", "skip", "times", "do"})


@dataclass
class _Rule:
    """One rule and how many visits it has yet to skip and to hit (``left`` None: without end)."""

    at: str
    match: tuple[tuple[str, re.Pattern[str]], ...]
    skip: int
    left: int | None
    effect: Effect

    def take(self, point: str, context: Mapping[str, str]) -> bool:
        """Whether this visit is hit; counts it."""
        if point != self.at or self.left == 0 or not self._matches(context):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.left is not None:
            self.left -= 1
        return True

    def _matches(self, context: Mapping[str, str]) -> bool:
        return all(key in context and rx.search(context[key]) for key, rx in self.match)


class Faults:
    """The rules of one computer; safe to use from the server's thread and a test's thread at once."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._fired: list[tuple[str, str]] = []
        self._lock = threading.Lock()

    def add(self, rule: Mapping[str, object]) -> None:
        """Add a rule; raises ValueError with what is wrong with it."""
        parsed = _parse(rule)
        with self._lock:
            self._rules.append(parsed)

    def clear(self) -> None:
        """Forget every rule and what has fired."""
        with self._lock:
            self._rules.clear()
            self._fired.clear()

    def fire(self, point: str, **context: str) -> list[Effect]:
        """The effects of the rules that hit this visit of ``point``, oldest rule first."""
        if point not in POINTS:
            raise ValueError(f"no such point: {point!r}")
        with self._lock:
            if not self._rules:
                return []
            hit = [rule for rule in self._rules if rule.take(point, context)]
            self._rules = [rule for rule in self._rules if rule.left != 0]
            self._fired.extend((point, rule.effect.kind) for rule in hit)
        return [rule.effect for rule in hit]

    @property
    def fired(self) -> list[tuple[str, str]]:
        """(point, kind) of every effect since the last ``clear``: a test's proof that its fault happened."""
        with self._lock:
            return list(self._fired)

    @property
    def pending(self) -> int:
        """How many rules are still waiting (those without end are never used up)."""
        with self._lock:
            return len(self._rules)


def _parse(rule: Mapping[str, object]) -> _Rule:
    at, do = rule.get("at"), rule.get("do")
    if not isinstance(at, str) or at not in POINTS:
        raise ValueError(f"'at' must be one of {', '.join(sorted(POINTS))}, not {at!r}")
    if not isinstance(do, str) or do not in KINDS:
        raise ValueError(f"'do' must be one of {', '.join(sorted(KINDS))}, not {do!r}")
    if at in WIRE_POINTS and do not in WIRE_KINDS:
        raise ValueError(f"at {at!r} 'do' must be one of {', '.join(sorted(WIRE_KINDS))}, not {do!r}")
    times = rule.get("times", 1)
    data = {key: value for key, value in rule.items() if key not in _RULE_KEYS}
    return _Rule(
        at=at,
        match=_patterns(rule.get("match")),
        skip=_count("skip", rule.get("skip", 0), least=0),
        left=None if times is None else _count("times", times, least=1),
        effect=Effect(do, data),
    )


def _patterns(match: object) -> tuple[tuple[str, re.Pattern[str]], ...]:
    if match is None:
        return ()
    if not isinstance(match, Mapping):
        raise ValueError(f"'match' must be a mapping of context key to regular expression, not {match!r}")
    try:
        return tuple((str(key), re.compile(str(text), re.IGNORECASE | re.DOTALL)) for key, text in match.items())
    except re.error as exc:
        raise ValueError(f"'match' holds a bad regular expression: {exc}") from exc


def _count(name: str, value: object, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"'{name}' must be a whole number of at least {least}, not {value!r}")
    return value
