# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that comes back from Windows: files, consoles and logs in whatever encoding they have."""

from __future__ import annotations

import codecs
import unicodedata

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes) -> str:
    """The text of a file or console, by its byte-order mark or else by its bytes; never raises.

    What is neither UTF-16 nor UTF-8 keeps U+FFFD for each doubtful byte, so that no later step takes it for a name.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    head = data[:512]
    if len(head) >= 2:
        odd, even = head[1::2].count(0), head[0::2].count(0)
        if odd > len(head) // 4 and odd > even:
            return data.decode("utf-16-le", errors="replace")
        if even > len(head) // 4 and even > odd:
            return data.decode("utf-16-be", errors="replace")
    return data.decode("utf-8", errors="replace")


def lines(text: str) -> list[str]:
    """Lines at CR, LF and CRLF only: other Unicode line ends may stand in a name."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def doubtful(name: str) -> bool:
    """Whether a name may be the remains of a lossy read (``?``, U+FFFD or a control character in it)."""
    return any(char in "?\ufffd" or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in name)
