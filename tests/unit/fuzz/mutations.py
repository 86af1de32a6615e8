# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a connection, a disk or an enemy does to an answer: cuts, flips, encodings, repeats, bombs, nesting."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from ansible_collections.winmail.exchange.tests.unit.fuzz.seeds import NONCE

_BOMB = b'<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
_OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>'
TOKENS: tuple[bytes, ...] = (
    b"", b"\0", b"\0\0\0", b"\r", b"\n", b"\r\n", b"\n\r", b"\x1a", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff",
    b"\xed\xa0\x80", b"\xd8\x00", b"\x00\xd8", "\u2028\u0085\u202e".encode(), b"?", b"\xef\xbf\xbd", b"\xc3",
    _BOMB, _OUTSIDE, b"&c;", b"&x;", b"&#0;", b"&#xD800;", b"&#1114112;", b"&#" + b"9" * 5000 + b";", b"]]>",
    b"<![CDATA[", b"<!--", b"-->",
    b"<?xml version='1.0' encoding='utf-16'?>", b"<?xml version='1.0' encoding='utf-7'?>",
    b"<?xml version='1.0' encoding='idna'?>", b"<a>" * 200, b"</a>" * 200, b"<Items>", b"</Items>", b"<EndOfSequence/>",
    b"<Fault>", b"</Fault>", b'<x xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>', b"xsi:nil='1'",
    b"9" * 5000, b"-" * 50 + b"5", b"0x" + b"F" * 5000, b"--5", "\u0665\u00b2".encode(), b"1e999", b"4294967296", b"-1",
    b"[Version]", b"[Privilege Rights]", b"[", b"]", b"=", b",", b";", b"*S-1-5-32-544", b"S-1-5-21-1-2-3-" + b"9" * 30,
    b"S-1" + b"-1" * 300, b"GPOPath=", b'"', b"(", b")", b"(A;;FR;;;WD)", b"D:", b"NO_ACCESS_CONTROL", b"x.n1",
    f"@@{NONCE}:".encode(), f"@@{NONCE}:end".encode(), f"@@{NONCE}:start".encode(), b"[\r\n", f"@@{NONCE}:e=".encode(),
    f"@@{NONCE}:n0=1".encode(), f"@@{NONCE}:gpt ".encode(), b"@@00000000:wevtutil=0", b"gpt" + b"7" * 5000 + b".inf",
    b"+OK ", b"-ERR ", b".\r\n", b"." * 600, b" ." * 300, b"\t" * 600, b"[AUTH] ",
    b"A required privilege is not held by the client.",
    b"x" * 9000, b"2026-13-45T99:99:99Z", b"99991231235959.999999-999", b"00000000000000.000000+000",
)  # fmt: skip
_NUMBERS: tuple[bytes, ...] = (
    b"", b"0",
    b"00", b"-0", b"-1", b"--5", b"1-", b"0x", b"0x" + b"F" * 30, b"9" * 11, b"9" * 25, b"9" * 5000, b"4294967296",
    b"-2147483649", b"-" + b"9" * 5000, "\u0665".encode(), "\u00b2".encode(), "\u0be7".encode(), b"1_0",
    b"1.5", b" 1", b"1\n", b"nan",
)  # fmt: skip
_ENCODINGS = ("utf-16-le", "utf-16-be", "utf-16", "utf-8-sig", "utf-32", "latin-1", "utf-7")


# Those that a parser turns into a number, not the years in the names of namespaces.
_NUMBER = re.compile(rb"""(?<=[>=.n"'0])-?\d+(?![/\d])""")


def _number(data: bytes, at: int, _size: int, token: bytes) -> bytes:
    """Another number in the place of the next one."""
    found = _NUMBER.search(data, at) or _NUMBER.search(data)
    return (
        data
        if found is None
        else data[: found.start()] + _NUMBERS[(at + len(token)) % len(_NUMBERS)] + data[found.end() :]
    )


def _cut(data: bytes, at: int, size: int, _token: bytes) -> bytes:
    return data[:at] if size % 2 else data[at:]


def _drop(data: bytes, at: int, size: int, _token: bytes) -> bytes:
    return data[:at] + data[at + size :]


def _repeat(data: bytes, at: int, size: int, _token: bytes) -> bytes:
    piece = data[at : at + size]
    return data[:at] + piece * min(40, 1 + 4000 // max(1, len(piece))) + data[at + size :]


def _insert(data: bytes, at: int, _size: int, token: bytes) -> bytes:
    return data[:at] + token + data[at:]


def _overwrite(data: bytes, at: int, _size: int, token: bytes) -> bytes:
    return data[:at] + token + data[at + len(token) :]


def _flip(data: bytes, at: int, size: int, _token: bytes) -> bytes:
    return data[:at] + bytes([data[at] ^ (1 << size % 8)]) + data[at + 1 :] if at < len(data) else data


def _surround(data: bytes, _at: int, size: int, token: bytes) -> bytes:
    return token + data if size % 2 else data + token


def _recode(data: bytes, _at: int, size: int, _token: bytes) -> bytes:
    coded = data.decode("latin-1").encode(_ENCODINGS[size % len(_ENCODINGS)], "replace")
    return coded[1:] if size % 5 == 0 else coded


def _line_ends(data: bytes, _at: int, size: int, _token: bytes) -> bytes:
    return data.replace(b"\r\n", (b"\n", b"\r", b"\r\r\n", b"")[size % 4])


_DAMAGES: tuple[Callable[[bytes, int, int, bytes], bytes], ...] = (
    _number, _number, _number, _cut, _drop, _repeat, _insert, _insert, _overwrite, _flip, _surround, _recode,
    _line_ends,
)  # fmt: skip


def damaged(seed: bytes, choice: random.Random) -> bytes:
    """One answer after one to four damages; the same for the same state of ``choice``."""
    data = seed
    for _turn in range(choice.randint(1, 4)):
        at = choice.randrange(len(data) + 1)
        data = choice.choice(_DAMAGES)(data, at, choice.choice((1, 2, 3, 7, 40, 400)), choice.choice(TOKENS))
        if len(data) > 200_000:
            break
    return data


def answers(seeds: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Mostly whole answers after some damage, now and then whole ones, tokens in a row, and random bytes."""
    harmed = st.builds(damaged, st.sampled_from(seeds), st.integers(0, 1 << 60).map(random.Random))
    rows = st.lists(st.sampled_from(TOKENS), max_size=8).map(b"".join)
    return st.one_of(harmed, harmed, harmed, rows, st.binary(max_size=300), st.sampled_from(seeds))
