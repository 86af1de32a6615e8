# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WQL: ``select … from … where …`` as a column list, a class and a test of rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lab.seams import CimReference, CimValue, WmiError

Row = Mapping[str, CimValue]
Test = Callable[[Row], bool]


@dataclass(frozen=True)
class Query:
    """``columns`` is empty for ``*``; ``names`` are the properties that the condition reads."""

    columns: tuple[str, ...]
    class_name: str
    test: Test
    names: frozenset[str]


_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<op><=|>=|<>|!=|=|<|>)|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>[(),*]))"
)


def parse(text: str) -> Query:
    """Parse a query; raises WmiError(invalid_query)."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str]] = []
        self._at = 0
        self._names: set[str] = set()
        position = 0
        stripped = text.strip()
        while position < len(stripped):
            match = _TOKEN.match(stripped, position)
            if not match:
                raise self._bad()
            kind = match.lastgroup or ""
            self._tokens.append((kind, match.group(kind)))
            position = match.end()

    def _bad(self) -> WmiError:
        return WmiError("invalid_query", "Invalid query ", "ExecQuery", self._text)

    def query(self) -> Query:
        self._word("select")
        columns = self._columns()
        self._word("from")
        kind, class_name = self._next()
        if kind != "name":
            raise self._bad()
        test: Test = _always
        if self._is("where"):
            self._next()
            test = self._or()
        if self._at != len(self._tokens):
            raise self._bad()
        return Query(columns, class_name, test, frozenset(self._names))

    def _columns(self) -> tuple[str, ...]:
        if self._peek()[1] == "*":
            self._next()
            return ()
        found = []
        while True:
            kind, name = self._next()
            if kind != "name":
                raise self._bad()
            found.append(name)
            if self._peek()[1] != ",":
                return tuple(found)
            self._next()

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _is(self, word: str) -> bool:
        kind, text = self._peek()
        return kind == "name" and text.casefold() == word

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise self._bad()
        self._at += 1
        return self._tokens[self._at - 1]

    def _word(self, word: str) -> None:
        if not self._is(word):
            raise self._bad()
        self._at += 1

    def _or(self) -> Test:
        test = self._and()
        while self._is("or"):
            self._next()
            test = _either(test, self._and())
        return test

    def _and(self) -> Test:
        test = self._not()
        while self._is("and"):
            self._next()
            test = _both(test, self._not())
        return test

    def _not(self) -> Test:
        if self._is("not"):
            self._next()
            inner = self._not()
            return lambda row: not inner(row)
        if self._peek()[1] == "(":
            self._next()
            test = self._or()
            if self._next()[1] != ")":
                raise self._bad()
            return test
        return self._condition()

    def _condition(self) -> Test:
        first_kind, first = self._next()
        if first_kind in ("string", "number"):  # WQL accepts the constant on the left too
            operator = self._next()[1]
            name = self._next()[1]
            mirrored = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(operator, operator)
            return self._comparison(name, mirrored, _literal(first_kind, first))
        if first_kind != "name":
            raise self._bad()
        if self._is("is"):
            return self._null(first)
        operator = self._next()[1].casefold()
        kind, text = self._next()
        if kind == "name" and text.casefold() not in ("true", "false", "null"):
            raise self._bad()
        return self._comparison(first, operator, _literal(kind, text))

    def _null(self, name: str) -> Test:
        self._next()
        negated = self._is("not")
        if negated:
            self._next()
        self._word("null")
        self._names.add(name.casefold())
        return lambda row: (_value(row, name) is None) != negated

    def _comparison(self, name: str, operator: str, wanted: CimValue) -> Test:
        self._names.add(name.casefold())
        tests: dict[str, Callable[[CimValue], bool]] = {
            "=": lambda value: _same(value, wanted),
            "<>": lambda value: value is not None and not _same(value, wanted),
            "!=": lambda value: value is not None and not _same(value, wanted),
            "<": lambda value: _order(value, wanted) == -1,
            "<=": lambda value: _order(value, wanted) in (-1, 0),
            ">": lambda value: _order(value, wanted) == 1,
            ">=": lambda value: _order(value, wanted) in (0, 1),
            "like": lambda value: _like(value, str(wanted)),
        }
        if operator not in tests:
            raise self._bad()
        test = tests[operator]
        return lambda row: test(_value(row, name))


def _always(row: Row) -> bool:
    del row
    return True


def _either(left: Test, right: Test) -> Test:
    return lambda row: left(row) or right(row)


def _both(left: Test, right: Test) -> Test:
    return lambda row: left(row) and right(row)


def _value(row: Row, name: str) -> CimValue:
    wanted = name.casefold()
    return next((value for key, value in row.items() if key.casefold() == wanted), None)


def _literal(kind: str, text: str) -> CimValue:
    if kind == "string":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if kind == "number":
        return int(float(text))
    return {"true": True, "false": False, "null": None}[text.casefold()]


def _comparable(value: CimValue) -> str | int | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dt.datetime):
        return f"{value:%Y%m%d%H%M%S.%f}+000"
    if isinstance(value, CimReference):
        return reference_path(value).casefold()
    if isinstance(value, str):
        return value.casefold()
    return value if isinstance(value, int) else None


def reference_path(reference: CimReference) -> str:
    """A reference as WMI prints its relative path: ``Win32_Group.Domain="H",Name="x"``."""
    keys = ",".join(f'{name}="{value}"' for name, value in reference.keys.items())
    return f"{reference.class_name}.{keys}"


def _pair(value: CimValue, wanted: CimValue) -> tuple[str | int | None, str | int | None]:
    left, right = _comparable(value), _comparable(wanted)
    if isinstance(left, int) and isinstance(right, str):
        text = {"true": "1", "false": "0"}.get(right, right)
        right = int(text) if re.fullmatch(r"-?\d+", text) else None
    elif isinstance(left, str) and isinstance(right, int):
        right = str(right)
    if isinstance(value, CimReference) and isinstance(right, str):
        right = right.replace("'", '"').rpartition(":")[2]
    return left, right


def _same(value: CimValue, wanted: CimValue) -> bool:
    left, right = _pair(value, wanted)
    return left == right and (value is not None or wanted is None)


def _order(value: CimValue, wanted: CimValue) -> int | None:
    left, right = _pair(value, wanted)
    if isinstance(left, int) and isinstance(right, int):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    return None


def _like(value: CimValue, pattern: str) -> bool:
    if not isinstance(value, str):
        return False
    text = ""
    for part in re.findall(r"\[[^\]]*\]|.", pattern, re.DOTALL):
        if part.startswith("[") and len(part) > 1:
            text += part.replace("[^", "[^") if part != "[]" else ""
        else:
            text += {"%": ".*", "_": "."}.get(part, re.escape(part))
    return re.fullmatch(text, value, re.IGNORECASE | re.DOTALL) is not None
