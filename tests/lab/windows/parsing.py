# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grammar of one cmd.exe command line: text in, a tree of commands out (docs/sources.md S3)."""

from __future__ import annotations

from lab.windows.syntax import Chain, For, Group, If, Node, Redirect, Simple

DELIMITERS = " \t,;="


class IncorrectSyntaxError(Exception):
    """A line that cmd.exe refuses as a whole."""


class Parser:
    """A recursive descent over one line that has had its %variables% expanded."""

    def __init__(self, line: str, *, if_takes_rest: bool) -> None:
        self._line = line
        self._at = 0
        self._if_takes_rest = if_takes_rest

    def parse(self) -> Node:
        """The whole line; raises IncorrectSyntaxError."""
        node = self._chain(0, 0)
        if self._at < len(self._line):
            raise IncorrectSyntaxError(f"{self._line[self._at]} was unexpected at this time.")
        return node

    def _peek(self, text: str) -> bool:
        return self._line.startswith(text, self._at)

    def _blank(self, chars: str = " \t") -> None:
        while self._at < len(self._line) and self._line[self._at] in chars:
            self._at += 1

    _LEVELS = ("&", "||", "&&", "|")

    def _chain(self, level: int, depth: int) -> Node:
        if level == len(self._LEVELS):
            return self._command(depth)
        left = self._chain(level + 1, depth)
        while self._operator(level):
            self._at += len(self._LEVELS[level])
            self._blank()
            if level == 0 and self._ended(depth):
                return left
            left = Chain(self._LEVELS[level], left, self._chain(level + 1, depth))
        return left

    def _operator(self, level: int) -> bool:
        sign = self._LEVELS[level]
        self._blank()
        if not self._peek(sign):
            return False
        return len(sign) == 2 or not self._peek(sign * 2)

    def _ended(self, depth: int) -> bool:
        return self._at >= len(self._line) or (depth > 0 and self._peek(")"))

    def _command(self, depth: int) -> Node:
        self._blank(DELIMITERS + "@")
        start = self._at
        redirects = self._leading_redirects(depth)
        if self._peek("("):
            return self._group(depth, redirects)
        word = self._keyword()
        if word == "if":
            return self._if(depth)
        if word == "for":
            return self._for(depth)
        if self._at >= len(self._line) and start == self._at:
            raise IncorrectSyntaxError("The syntax of the command is incorrect.")
        if self._line[self._at : self._at + 1] in ("&", "|") and not redirects:
            raise IncorrectSyntaxError(f"{self._line[self._at]} was unexpected at this time.")
        return self._simple(depth, redirects)

    def _keyword(self) -> str:
        word = self._line[self._at : self._at + 4].casefold()
        for keyword in ("if", "for"):
            after = word[len(keyword) : len(keyword) + 1]
            if word.startswith(keyword) and after and after in DELIMITERS:
                self._at += len(keyword)
                return keyword
        return ""

    def _leading_redirects(self, depth: int) -> list[Redirect]:
        found: list[Redirect] = []
        while True:
            self._blank(DELIMITERS)
            digit = self._line[self._at : self._at + 1].isdigit()
            at = self._at + int(digit)
            if self._line[at : at + 1] not in ("<", ">") or at >= len(self._line):
                return found
            handle = int(self._line[self._at]) if digit else None
            self._at = at
            found.append(self._redirect(handle, depth))

    def _redirect(self, handle: int | None, depth: int) -> Redirect:
        mode = self._line[self._at]
        self._at += 1
        if mode == ">" and self._peek(">"):
            mode, self._at = ">>", self._at + 1
        number = handle if handle is not None else (0 if mode == "<" else 1)
        if self._peek("&"):
            self._at += 1
            self._blank()
            other = self._line[self._at : self._at + 1]
            if not other.isdigit():
                raise IncorrectSyntaxError("The syntax of the command is incorrect.")
            self._at += 1
            return Redirect(number, "&", other)
        self._blank(DELIMITERS)
        target = self._word(depth, DELIMITERS)
        if not target:
            raise IncorrectSyntaxError("The syntax of the command is incorrect.")
        return Redirect(number, mode, target.replace('"', ""))

    def _word(self, depth: int, stops: str) -> str:
        taken: list[str] = []
        quoted = False
        while self._at < len(self._line):
            char = self._line[self._at]
            if char == '"':
                quoted = not quoted
            elif not quoted and char == "^":
                self._at += 1
                char = self._line[self._at : self._at + 1]
            elif not quoted and (char in stops or char in "&|<>" or (depth and char == ")")):
                break
            taken.append(char)
            self._at += 1
        return "".join(taken)

    def _group(self, depth: int, redirects: list[Redirect]) -> Node:
        self._at += 1
        self._blank(DELIMITERS)
        body = self._chain(0, depth + 1)
        self._blank()
        if not self._peek(")"):
            raise IncorrectSyntaxError("The syntax of the command is incorrect.")
        self._at += 1
        redirects += self._leading_redirects(depth)
        return Group(body, tuple(redirects))

    def _simple(self, depth: int, redirects: list[Redirect]) -> Simple:
        taken: list[str] = []
        escaped = quoted = False
        while self._at < len(self._line):
            char = self._line[self._at]
            if char in "<>" and not quoted:
                redirects.append(self._redirect(self._handle(taken, escaped), depth))
                escaped = False
                continue
            if not quoted and (char in "&|" or (depth and char == ")")):
                break
            escaped = char == "^" and not quoted
            if escaped:
                self._at += 1
                char = self._line[self._at : self._at + 1]
            elif char == '"':
                quoted = not quoted
            taken.append(char)
            self._at += 1
        return Simple("".join(taken), tuple(redirects))

    @staticmethod
    def _handle(taken: list[str], escaped: bool) -> int | None:
        """A digit right before the sign names a handle when it stands alone: ``echo 2>f`` loses it."""
        if escaped or not taken or not taken[-1].isdigit():
            return None
        if len(taken) > 1 and taken[-2] not in DELIMITERS:
            return None
        return int(taken.pop())

    def _if(self, depth: int) -> Node:
        self._blank(DELIMITERS)
        any_case = self._take_word("/i")
        negated = self._take_word("not")
        any_case = self._take_word("/i") or any_case
        for kind in ("exist", "defined", "errorlevel"):
            if self._take_word(kind):
                first, second = self._word(0, DELIMITERS), ""
                break
        else:
            first, kind, second = self._comparison()
        then = self._branch(depth)
        otherwise = None
        self._blank()
        if isinstance(then, Group) and self._take_word("else"):
            otherwise = self._branch(depth)
        if self._if_takes_rest and isinstance(otherwise or then, Group):
            return self._with_rest(depth, (kind, negated, any_case, first, second), then, otherwise)
        return If(kind, negated, any_case, first, second, then, otherwise)

    def _with_rest(
        self,
        depth: int,
        head: tuple[str, bool, bool, str, str],
        then: Node,
        otherwise: Node,
    ) -> Node:
        """What follows the last group by an operator belongs to that branch."""
        last = self._rest(depth, otherwise or then)
        if otherwise is None:
            return If(*head, last, None)
        return If(*head, then, last)

    def _rest(self, depth: int, left: Node) -> Node:
        for level in (3, 2, 1, 0):
            while self._operator(level):
                self._at += len(self._LEVELS[level])
                self._blank()
                if level == 0 and self._ended(depth):
                    return left
                left = Chain(self._LEVELS[level], left, self._chain(level + 1, depth))
        return left

    def _branch(self, depth: int) -> Node:
        self._blank(DELIMITERS)
        if self._peek("("):
            return self._group(depth, [])
        return self._chain(0, depth)

    def _comparison(self) -> tuple[str, str, str]:
        first = self._word(0, " \t=")
        self._blank()
        if self._peek("=="):
            self._at += 2
            kind = "=="
        else:
            kind = self._word(0, DELIMITERS).upper()
            if kind not in ("EQU", "NEQ", "LSS", "LEQ", "GTR", "GEQ"):
                raise IncorrectSyntaxError("The syntax of the command is incorrect.")
        self._blank()
        return first, kind, self._word(0, DELIMITERS)

    def _take_word(self, word: str) -> bool:
        end = self._at + len(word)
        if self._line[self._at : end].casefold() != word:
            return False
        after = self._line[end : end + 1]
        if after and after not in DELIMITERS + "(":
            return False
        self._at = end
        self._blank(DELIMITERS)
        return True

    def _for(self, depth: int) -> Node:
        self._blank(DELIMITERS)
        switch = next((s for s in ("/f", "/l") if self._take_word(s)), "")
        options = self._word(0, " \t") if switch == "/f" and not self._peek("%") else ""
        self._blank()
        variable = self._word(0, " \t")
        self._blank()
        if len(variable) != 2 or variable[0] != "%" or not self._take_word("in"):
            raise IncorrectSyntaxError(f"{variable} was unexpected at this time.")
        if not self._peek("("):
            raise IncorrectSyntaxError("The syntax of the command is incorrect.")
        self._at += 1
        items = self._items()
        self._blank(DELIMITERS)
        if not self._take_word("do"):
            raise IncorrectSyntaxError("The syntax of the command is incorrect.")
        return For(switch, options.strip('"'), variable[1], items, self._for_body(depth))

    def _for_body(self, depth: int) -> Node:
        body = self._branch_after_at(depth)
        if self._if_takes_rest and isinstance(body, Group):
            return self._rest(depth, body)
        return body

    def _branch_after_at(self, depth: int) -> Node:
        self._blank(DELIMITERS + "@")
        return self._branch(depth)

    def _items(self) -> str:
        taken: list[str] = []
        quoted = False
        while self._at < len(self._line):
            char = self._line[self._at]
            self._at += 1
            if char == '"':
                quoted = not quoted
            elif char == "^" and not quoted:
                char = self._line[self._at : self._at + 1]
                self._at += 1
            elif char == ")" and not quoted:
                return "".join(taken)
            taken.append(char)
        raise IncorrectSyntaxError("The syntax of the command is incorrect.")
