# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps a password out of everything that is shown, also where a server sends it back."""

from __future__ import annotations

import base64
import re
import typing as t

from .lines import printable

MASK = "********"
_ENCODINGS = ("utf-8", "utf-16-le", "latin-1")


def _base64_cores(raw: bytes) -> t.Iterator[bytes]:
    """Yield what is constant of a text in base64, at each of the three places where it can begin in a longer text."""
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        # The first characters and the last depend on the neighbours as well.
        begin = (0, 2, 3)[shift]
        whole = (len(raw) + shift) * 8 // 6
        core = coded[begin:whole]
        if len(core) >= 4:
            yield core


def _forms(secret: str) -> t.Iterator[bytes]:
    for encoding in _ENCODINGS:
        try:
            raw = secret.encode(encoding)
        except UnicodeEncodeError:
            continue
        yield raw
        yield base64.b64encode(raw)
        if encoding != "latin-1":
            yield from _base64_cores(raw)


class Masker:
    """Replaces every form of a secret in a line: plain in any case, UTF-16, and base64 of it at any position."""

    def __init__(self, secret: str) -> None:
        # Longest first, so that no form leaves the end of another behind.
        forms = sorted(set(_forms(secret)), key=len, reverse=True) if secret else []
        self._pattern = re.compile(b"|".join(re.escape(form) for form in forms), re.IGNORECASE)
        self._active = bool(forms)

    def text(self, line: bytes) -> str:
        """Return the line as printable text without the secret."""
        if self._active:
            line = self._pattern.sub(MASK.encode("ascii"), line)
        return printable(line)
