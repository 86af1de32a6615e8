# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made of text before an answer is read: what a library said, what cmd.exe printed, names of files."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import forbidden, shell, unreached
from ansible_collections.winmail.exchange.tests.unit.fuzz import seeds
from ansible_collections.winmail.exchange.tests.unit.fuzz.windows_parsers import Parser, text

# What libraries say; a part of it may come from a server (a greeting, a place to go to).
_TROUBLES = (
    b"ntlm: ('Connection aborted.', BadStatusLine('SSH-2.0-OpenSSH_9.6\\r\\n'))",
    b"ntlm: HTTPSConnectionPool(host='mail1', port=5986): Max retries exceeded with url: /x (Caused by [Errno 111] a)",
    b"negotiate: HTTPConnectionPool(host='mail1', port=5985): Read timed out. (read timeout=30)",
    b"ntlm: Bad HTTP response returned from server. Code 503",
    b"[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)",
)


def _ours(data: bytes) -> object:
    name = text(data)
    ours = shell.is_ours(name)
    assert not ours or (name.isascii() and name.isprintable() and " " not in name)
    return ours


def _explained(data: bytes) -> object:
    way = unreached.Way("mail1", 5985)
    sentence = unreached.explained(text(data), way)
    assert sentence is None or sentence.endswith(".")
    return sentence


def _unstarted(data: bytes) -> object:
    sentence = forbidden.refusal(data)
    assert sentence is None or len(sentence) < 800
    return sentence


OUTSIDE = (
    Parser("_wsman/shell.py is_ours", _ours, (*seeds.LINES, b"winmail-20261124T090000Z-0a1b2c3d4e5f.inf")),
    Parser("_wsman/unreached.py explained", _explained, (*seeds.LINES, *_TROUBLES)),
    Parser("_wsman/forbidden.py refusal", _unstarted, (seeds.READ[0], b"The command line is too long.\r\n")),
)
