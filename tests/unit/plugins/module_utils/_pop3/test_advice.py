# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do next."""

from __future__ import annotations

import pytest

from ansible_collections.winmail.exchange.plugins.module_utils._pop3 import values
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.advice import advise
from ansible_collections.winmail.exchange.plugins.module_utils._pop3.values import (
    UNKNOWN_PRODUCT,
    Judgement,
    Product,
    Request,
)

E55 = Product("exchange", "Microsoft Exchange Server 5.5", "5.5")
PLAIN = Request("h", 110, login="credentials")
CANARY = Request("h", 110, login="canary")


@pytest.mark.parametrize("verdict", values.VERDICTS)
@pytest.mark.parametrize("request_", [PLAIN, CANARY], ids=["credentials", "canary"])
def test_every_verdict_has_its_sentence(verdict: str, request_: Request) -> None:
    text = advise(Judgement(verdict), values.PASS, UNKNOWN_PRODUCT, request_)
    assert text.endswith((".", "implicit."))
    assert "Q166620" not in text


@pytest.mark.parametrize(
    ("verdict", "product", "mentioned"),
    [
        (values.LOGON_OK, E55, True),
        (values.PRIVILEGE_MISSING, E55, True),
        (values.NO_LISTENER, E55, False),
        (values.LOGON_OK, UNKNOWN_PRODUCT, False),
    ],
)
def test_the_cache_is_mentioned_where_it_matters(verdict: str, product: Product, mentioned: bool) -> None:
    assert ("120 minutes" in advise(Judgement(verdict), values.PASS, product, PLAIN)) == mentioned


def test_a_rejected_canary_is_as_it_should_be() -> None:
    text = advise(Judgement(values.CREDENTIALS_REJECTED), values.PASS, E55, CANARY)
    assert "proves nothing about the right" in text
    assert "lock" in advise(Judgement(values.CREDENTIALS_REJECTED), values.PASS, E55, PLAIN)


def test_an_accepted_canary_is_not() -> None:
    assert "checks no logon" in advise(Judgement(values.LOGON_OK), values.PASS, E55, CANARY)


def test_silence_may_be_a_server_that_waits_for_tls() -> None:
    judgement = Judgement(values.TIMED_OUT)
    assert "tls=implicit" in advise(judgement, values.BANNER, UNKNOWN_PRODUCT, PLAIN)
    assert "tls=implicit" not in advise(judgement, values.PASS, UNKNOWN_PRODUCT, PLAIN)
