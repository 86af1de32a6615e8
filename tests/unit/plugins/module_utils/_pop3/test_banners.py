# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who answers, by the banner."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.banners import identify


@pytest.mark.parametrize(
    ("banner", "family", "generation", "version"),
    [
        pytest.param(
            "+OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready", "exchange", "5.0", "5.0.1457.10", id="5.0"
        ),
        pytest.param(
            "+OK Microsoft Exchange POP3 server version 5.5.2653.23 ready", "exchange", "5.5", "5.5.2653.23", id="5.5"
        ),
        pytest.param(
            "+OK Microsoft Exchange 2000 POP3 server version 6.0.6249.0 (mail.example.test) ready.",
            "exchange",
            "2000",
            "6.0.6249.0",
            id="2000",
        ),
        pytest.param(
            "+OK Microsoft Exchange Server 2003 POP3 server version 6.5.6944.0 (mail.example.test) ready.",
            "exchange",
            "2003",
            "6.5.6944.0",
            id="2003",
        ),
        pytest.param(
            "+OK Microsoft Exchange Server 2003 POP3-Server, Version 6.5.7638.1 (mail), bereit.",
            "exchange",
            "2003",
            "6.5.7638.1",
            id="2003-localised",
        ),
        pytest.param("+OK The Microsoft Exchange POP3 service is ready.", "exchange", "2007+", None, id="2007+"),
        pytest.param(
            "+OK The Microsoft Exchange POP3 service is ready. [QQBBAEEA]", "exchange", "2007+", None, id="hosted"
        ),
        pytest.param("+OK Welcome to Microsoft Exchange at Corp", "exchange", None, None, id="own-words"),
        pytest.param(
            "+OK Microsoft Windows POP3 Service Version 1.0 <1@h> ready.", "windows", None, None, id="windows"
        ),
        pytest.param("+OK Dovecot (Debian) ready.", "dovecot", None, None, id="dovecot"),
        pytest.param("+OK POP3 Ready <14303.1795527811@vm>", "mailutils", None, None, id="mailutils"),
        pytest.param("+OK POP3 server ready", "proxy", None, None, id="antivirus-proxy"),
        pytest.param("+OK", None, None, None, id="bare"),
        pytest.param("+OK server of 5.0.1457.10, not Microsoft", None, None, None, id="number-alone"),
        pytest.param("+OK Microsoft Exchange version 4.0.993.0 ready", "exchange", None, None, id="unknown-number"),
    ],
)
def test_identify(banner: str, family: str | None, generation: str | None, version: str | None) -> None:
    product = identify(banner)
    assert (product.family, product.generation, product.version) == (family, generation, version)
    assert (product.name is None) == (family is None)
    assert product.affected == (generation in ("5.0", "5.5"))


@pytest.mark.parametrize(
    ("banner", "name"),
    [
        ("+OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready", "Microsoft Exchange Server 5.0"),
        ("+OK The Microsoft Exchange POP3 service is ready.", "Microsoft Exchange Server 2007 or later"),
        ("+OK Welcome to Microsoft Exchange at Corp", "Microsoft Exchange Server"),
        ("+OK Dovecot (Debian) ready.", "Dovecot"),
    ],
)
def test_what_people_call_it(banner: str, name: str) -> None:
    assert identify(banner).name == name


@given(st.text())
def test_any_text_is_a_product_or_nobody(banner: str) -> None:
    assert identify("+OK " + banner).generation in (None, "5.0", "5.5", "2000", "2003", "2007+")
