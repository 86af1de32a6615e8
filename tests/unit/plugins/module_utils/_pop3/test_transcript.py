# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The article's form."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.masking import Masker
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.transcript import (
    MAX_LINES,
    Transcript,
)


def test_the_dialogue_of_the_article() -> None:
    transcript = Transcript(Masker("s3cret"))
    transcript.server(b"+OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready")
    transcript.client(b"USER s3cret")
    transcript.server(b"+OK")
    transcript.secret("PASS")
    shown = transcript.server(b"-ERR s3cret is wrong")
    transcript.event("the server closed the connection")
    assert shown == "-ERR ******** is wrong"
    assert transcript.lines() == (
        "S> +OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready",
        "C> USER ********",
        "S> +OK",
        "C> PASS ********",
        "S> -ERR ******** is wrong",
        "-- the server closed the connection",
    )


def test_it_is_bounded() -> None:
    transcript = Transcript(Masker(""))
    for number in range(MAX_LINES * 2):
        transcript.server(b"%d" % number)
    assert len(transcript.lines()) == MAX_LINES
