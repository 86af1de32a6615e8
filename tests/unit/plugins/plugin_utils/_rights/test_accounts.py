# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write for an account is understood before any host is asked, or refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.accounts import AccountName, parse


@pytest.mark.parametrize(
    ("written", "sid"),
    [
        ("S-1-5-21-1-2-3-1107", "S-1-5-21-1-2-3-1107"),
        ("*s-1-5-32-0544", "S-1-5-32-544"),
        ("  S-1-1-0 ", "S-1-1-0"),
        ("Administrators", "S-1-5-32-544"),
        ("BUILTIN\\Backup Operators", "S-1-5-32-551"),
        ("nt authority\\local service", "S-1-5-19"),
        ("NT SERVICE\\ALL SERVICES", "S-1-5-80-0"),
        ("nt service\\WdiServiceHost", "S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420"),
        (
            "IIS AppPool\\DefaultAppPool",
            "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415",
        ),
    ],
)
def test_a_sid_is_known_without_a_host(written: str, sid: str) -> None:
    assert parse(written) == AccountName(written, sid=sid)


@pytest.mark.parametrize(
    ("written", "scope", "authority", "name", "asked"),
    [
        (".\\exsvc", "local", "", "exsvc", "EXCH\\exsvc"),
        ("CORP\\exsvc", "qualified", "CORP", "exsvc", "CORP\\exsvc"),
        ("CORP \\ exsvc", "qualified", "CORP", "exsvc", "CORP\\exsvc"),
        ("corp.example\\exsvc", "qualified", "corp.example", "exsvc", "corp.example\\exsvc"),
        ("CORP\\gmsa$", "qualified", "CORP", "gmsa$", "CORP\\gmsa$"),
        ("CORP\\R&D ^ (all) 'x'!", "qualified", "CORP", "R&D ^ (all) 'x'!", "CORP\\R&D ^ (all) 'x'!"),
        ("exsvc@corp.example", "principal", "", "exsvc@corp.example", "exsvc@corp.example"),
        ("exsvc", "bare", "", "exsvc", "exsvc"),
        ("Übung", "bare", "", "Übung", "Übung"),
        ("service", "bare", "", "service", "service"),
        ("XS-1-5-18", "bare", "", "XS-1-5-18", "XS-1-5-18"),
    ],
)
def test_other_names_are_left_for_the_host(written: str, scope: str, authority: str, name: str, asked: str) -> None:
    account = parse(written)
    assert account.sid is None
    assert (account.scope, account.authority, account.name) == (scope, authority, name)
    assert account.for_windows("EXCH") == asked


@pytest.mark.parametrize(
    ("written", "why"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param(" \t", "is empty", id="blank"),
        pytest.param('CORP\\a"b', 'holds "', id="quote"),
        pytest.param("CORP\\%windir%", "holds %", id="percent"),
        pytest.param("a\nb", "control character", id="line feed"),
        pytest.param("a\x00b", "control character", id="nul"),
        pytest.param("a\u2028b", "control character", id="line separator"),
        pytest.param("a\u2029b", "control character", id="paragraph separator"),
        pytest.param("a\ud800b", "control character", id="half a character"),
        pytest.param("x" * 257, "longer than 256", id="too long"),
        pytest.param("S-1-5-32-x", "looks like a SID", id="almost a SID"),
        pytest.param("S-1-5-21-1-2-3-4294967296", "looks like a SID", id="SID with a number too large"),
        pytest.param("\\exsvc", "not of the form", id="no domain"),
        pytest.param("CORP\\", "not of the form", id="no name"),
        pytest.param("A\\B\\c", "not of the form", id="two backslashes"),
        pytest.param("CORP/exsvc", "no account name may have", id="slash"),
        pytest.param("CORP\\a:b", "no account name may have", id="colon"),
        pytest.param("a,b", "no account name may have", id="comma"),
        pytest.param("a=b", "no account name may have", id="equals"),
        pytest.param("a|b", "no account name may have", id="pipe"),
        pytest.param("a<b", "no account name may have", id="less"),
        pytest.param("CORP\\*", "no account name may have", id="asterisk"),
        pytest.param("a?c", "no account name may have", id="question mark"),
        pytest.param("/grant", "no account name may have", id="a switch of icacls"),
    ],
)
def test_what_no_command_line_may_carry_is_refused_with_a_way_out(written: str, why: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(written)
    assert why in str(refused.value)
    assert "Use a SID, DOMAIN\\name" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_longest_name_is_a_name() -> None:
    assert parse("x" * 256).name == "x" * 256


NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"%\\.@*&^|<>()'`!,;:=/?$ \t\n\r\x00\u2028S1-ntserviceAP\ud800"), st.characters()
    ),
    max_size=40,
)


@given(NASTY)
def test_whatever_is_written_it_is_understood_safely_or_refused(written: str) -> None:
    try:
        account = parse(written)
    except InputError:
        return
    if account.sid is not None:
        assert sids.normal(account.sid) == account.sid
        return
    asked = account.for_windows("EXCH")
    assert asked.strip()
    assert not set(asked) & set('"%/[]:;|=,+*?<>')
    assert not [char for char in asked if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert asked.count("\\") <= 1
    assert not asked.endswith("\\")


@given(st.text(alphabet="abcXYZ019 äß$-_.", min_size=1, max_size=20), st.sampled_from(["CORP", "corp.example", "."]))
def test_an_ordinary_qualified_name_is_always_accepted_and_kept(name: str, domain: str) -> None:
    if not name.strip():
        return
    account = parse(f"{domain}\\{name}")
    assert account.written == f"{domain}\\{name}"
    assert account.for_windows("EXCH") == f"{'EXCH' if domain == '.' else domain}\\{name.strip()}"
