# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The INF template of secedit and policies: read every form of it that there is, write only what cannot be misread.

Grammar: MS-GPSB 2.2.6; forms seen in real exports (UTF-16LE with BOM, other encodings, sections in any order and case).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from . import sid as sids
from .catalogue import constant_of
from .text import decode, lines

RIGHTS_SECTION = "privilege rights"
VERSION_SECTION = "version"
_PREAMBLE = ("[Unicode]", "Unicode=yes")
_VERSION = ("[Version]", 'signature="$CHICAGO$"', "Revision=1")
_PADDING = " \t\x00\ufeff\x1a"
# People write comments behind the name of a section; Windows writes none.
_HEADER = re.compile(r"\[([^]]*)\][ \t]*(?:;.*)?")


@dataclass(frozen=True)
class Template:
    """A template as it stands in the file.

    ``privilege_rights`` maps each right, as spelled, to its tokens, verbatim and in order; lines that repeat a right
    are merged. ``sections`` are the section names in lower case. ``stray`` are lines of [Privilege Rights] that are
    no assignment, or one to something that no right is called: nobody knows whose holders they may be. ``ended`` says
    whether the last line is complete. ``repeated`` are rights that stand on several lines, as spelled on a later one.
    """

    privilege_rights: Mapping[str, tuple[str, ...]]
    sections: tuple[str, ...] = ()
    stray: tuple[str, ...] = ()
    gpo_path: str | None = None
    by_constant: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ended: bool = True
    repeated: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether this may be taken for a complete export: a [Version] section, at least one right, no torn line."""
        if VERSION_SECTION not in self.sections or not self.privilege_rights:
            return False
        return self.ended or self.sections[-1] == VERSION_SECTION


def parse(data: bytes) -> Template:
    """Read a template or an export; never loses a token, never raises for odd text (it lands in ``stray``)."""
    rights: dict[str, list[str]] = {}
    sections: list[str] = []
    stray: list[str] = []
    again: list[str] = []
    seen: set[str] = set()
    gpo_path: str | None = None
    text = decode(data).rstrip(_PADDING)
    for raw in lines(text):
        line = raw.strip(_PADDING)
        if not line or line.startswith(";"):
            continue
        header = _HEADER.fullmatch(line)
        if header is not None:
            sections.append(header.group(1).strip().lower())
            continue
        name, separator, value = line.partition("=")
        if separator and name.strip().lower() == "gpopath":
            gpo_path = value.strip()
        elif sections and sections[-1] == RIGHTS_SECTION:
            if separator and name.strip():
                if name.strip().lower() in seen:
                    again.append(name.strip())
                seen.add(name.strip().lower())
                rights.setdefault(name.strip(), []).extend(_tokens(value))
            if not (separator and name.strip().isascii() and name.strip().isalnum()):
                stray.append(line)
    ended = not text or text.endswith(("\n", "\r"))
    return Template(_tuples(rights), tuple(sections), tuple(stray), gpo_path, _by_constant(rights), ended, tuple(again))


def _tokens(value: str) -> list[str]:
    return [token for token in (part.strip(" \t") for part in value.split(",")) if token]


def _by_constant(rights: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The same lines by the catalogue's spelling: one right may be spelled in two ways in one file."""
    merged: dict[str, list[str]] = {}
    for spelled, tokens in rights.items():
        merged.setdefault(constant_of(spelled), []).extend(tokens)
    return _tuples(merged)


def _tuples(lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(tokens) for name, tokens in lists.items()}


@dataclass(frozen=True)
class Rendered:
    """A template to be written, for ``secedit /configure /areas USER_RIGHTS``: its rights, its lines, pure ASCII."""

    rights: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def policy(self) -> str:
        """The text of a GptTmpl.inf, which is UTF-16LE with this mark and has [Version] early (MS-GPSB 2.2)."""
        head, rights = self.lines[: len(_PREAMBLE)], self.lines[len(_PREAMBLE) : -len(_VERSION)]
        return "\ufeff" + "".join(line + "\r\n" for line in (*head, *_VERSION, *rights))

    @property
    def data(self) -> bytes:
        """The bytes of its file."""
        return "".join(line + "\r\n" for line in self.lines).encode("ascii")


def render(assignment: Mapping[str, Sequence[str]]) -> Rendered:
    """The template that sets exactly these rights, each to exactly these SIDs.

    ``assignment`` maps a right's constant to SIDs (with or without ``*``); an empty sequence means nobody. Raises
    ValueError for anything that is not a SID or not a right: a name must never reach a written line.
    """
    written = [*_PREAMBLE, "[Privilege Rights]"]
    for right, holders in assignment.items():
        if not right.isascii() or not right.isalnum():
            raise ValueError(f"{right!r} is no user right")
        for holder in holders:
            if not sids.is_sid(holder.removeprefix("*")):
                raise ValueError(f"{holder!r} is no SID: a written line holds SIDs only")
        listed = ",".join("*" + sids.normal(holder.removeprefix("*")) for holder in holders)
        written.append(f"{right} = {listed}" if listed else f"{right} =")
    return Rendered(tuple(assignment), (*written, *_VERSION))
