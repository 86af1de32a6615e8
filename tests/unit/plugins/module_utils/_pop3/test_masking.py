# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The password in no form."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.module_utils._pop3.masking import MASK, Masker

SECRET = "Tr0ub4dor&3"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(SECRET.encode(), id="plain"),
        pytest.param(SECRET.upper().encode(), id="upper"),
        pytest.param(SECRET.encode("utf-16-le"), id="utf-16"),
        pytest.param(base64.b64encode(SECRET.encode()), id="base64"),
        pytest.param(base64.b64encode(SECRET.encode()).rstrip(b"="), id="base64-unpadded"),
        pytest.param(base64.b64encode(SECRET.encode("utf-16-le")), id="base64-utf-16"),
    ],
)
def test_forms(form: bytes) -> None:
    shown = Masker(SECRET).text(b"-ERR no logon with " + form + b" here")
    assert shown.startswith(f"-ERR no logon with {MASK}")
    assert shown.endswith(" here")
    assert form.rstrip(b"=") not in shown.encode()


@pytest.mark.parametrize("user", ["", "a", "ab", "alice", "CORP\\exsvc"])
def test_base64_of_a_sasl_message(user: str) -> None:
    coded = base64.b64encode(f"\0{user}\0{SECRET}".encode()).decode()
    shown = Masker(SECRET).text(b"-ERR " + coded.encode())
    # Whatever is left of it decodes to less than the password.
    assert MASK in shown
    assert SECRET[2:-2] not in base64.b64decode(shown.split(MASK, maxsplit=1)[0][5:] + "===").decode("latin-1")
    assert shown != f"-ERR {coded}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("secret", [SECRET, "pass", "words"])
@pytest.mark.parametrize("before", range(7))
@pytest.mark.parametrize("behind", range(1, 4))
def test_in_base64_every_letter_that_holds_nothing_but_the_password_goes(
    encoding: str, secret: str, before: int, behind: int
) -> None:
    """Six bits a letter: those at either end also hold bits of the neighbours, and stay."""
    raw = secret.encode(encoding)
    coded = base64.b64encode(b"\0" * before + raw + b"\0" * behind).decode()
    begin, end = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
    assert Masker(secret).text(f"-ERR {coded}".encode()) == f"-ERR {coded[:begin]}{MASK}{coded[end:]}"


def test_latin_1_password() -> None:
    assert "größe" not in Masker("größe").text("-ERR größe".encode("latin-1"))
    assert "größe" not in Masker("größe").text("-ERR größe".encode())


def test_a_long_line_is_masked_before_it_is_cut() -> None:
    shown = Masker(SECRET).text(b"x" * 507 + SECRET.encode() + b"y" * 20)
    assert "Tr0u" not in shown


def test_without_a_secret_nothing_is_masked() -> None:
    assert Masker("").text(b"+OK ********") == "+OK ********"
    assert Masker("").text(b"+OK ready") == "+OK ready"


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="*"), min_size=4),
    st.binary(),
    st.binary(),
)
def test_never_in_the_text(secret: str, before: bytes, after: bytes) -> None:
    shown = Masker(secret).text(before + secret.encode() + after)
    assert secret not in shown.replace(MASK, "*")
