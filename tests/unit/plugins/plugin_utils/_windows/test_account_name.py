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
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import AccountName, parse


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
        ("XS-1-5-18", "bare", "", "XS-1-5-18", "XS-1-5-18"),
    ],
)
def test_other_names_are_left_for_the_host(written: str, scope: str, authority: str, name: str, asked: str) -> None:
    account = parse(written)
    assert account.sid is None
    assert (account.scope, account.authority, account.name) == (scope, authority, name)
    assert account.for_windows("EXCH") == asked


@pytest.mark.parametrize(
    ("written", "sid"),
    [
        # Microsoft, "Security identifiers" and "Active Directory security groups"
        ("Service", "S-1-5-6"),
        ("NETWORK", "S-1-5-2"),
        ("batch", "S-1-5-3"),
        ("Local", "S-1-2-0"),
        ("Dialup", "S-1-5-1"),
        ("Self", "S-1-5-10"),
        ("System", "S-1-5-18"),
        ("IUSR", "S-1-5-17"),
        ("Restricted", "S-1-5-12"),
        ("OpenSSH Users", "S-1-5-32-585"),
    ],
)
def test_a_word_that_may_be_somebodys_own_account_is_asked_of_the_host_first(written: str, sid: str) -> None:
    account = parse(written)
    assert account == AccountName(written, sid=sid, scope="word", name=written)
    assert account.needs_host
    assert account.for_windows("EXCH") == written


@pytest.mark.parametrize(
    ("written", "sid"),
    [
        # capture 05; the event of a machine's worker process in docs/sources.md S1
        (
            "RESTRICTED SERVICES\\PrintSpoolerService",
            "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229",
        ),
        (
            "restricted services\\PRINTSPOOLERSERVICE",
            "S-1-5-99-216390572-1995538116-3857911515-2404958512-2623887229",
        ),
        ("RESTRICTED SERVICES\\ALL RESTRICTED SERVICES", "S-1-5-99-0"),
        ("NT VIRTUAL MACHINE\\Virtual Machines", "S-1-5-83-0"),
        (
            "NT VIRTUAL MACHINE\\d9e0eb0a-5b37-508e-9173-67e9ade83acf",
            "S-1-5-83-1-3655396106-1351506743-3915871121-3476744365",
        ),
        ("Window Manager\\DWM-2", "S-1-5-90-0-2"),
        ("Window Manager\\Window Manager Group", "S-1-5-90-0"),
        ("font driver host\\umfd-0", "S-1-5-96-0-0"),
        ("APPLICATION PACKAGE AUTHORITY\\ALL APPLICATION PACKAGES", "S-1-15-2-1"),
        ("ALL APPLICATION PACKAGES", "S-1-15-2-1"),
        ("NT AUTHORITY \\  Local account", "S-1-5-113"),
        ("Local account and member of Administrators group", "S-1-5-114"),
        ("CONSOLE LOGON", "S-1-2-1"),
        ("Authentication authority asserted identity", "S-1-18-1"),
        ("BUILTIN\\Windows Authorization Access Group", "S-1-5-32-560"),
        ("NT AUTHORITY\\NTLM Authentication", "S-1-5-64-10"),
        ("Mandatory Label\\High Mandatory Level", "S-1-16-12288"),
    ],
)
def test_names_of_windows_itself_need_no_host(written: str, sid: str) -> None:
    assert parse(written) == AccountName(written, sid=sid)
    assert not parse(written).needs_host


@pytest.mark.parametrize(
    "written",
    ["NT VIRTUAL MACHINE\\exch", "Window Manager\\x", "Window Manager\\DWM-", "Font Driver Host\\UMFD-1x"],
)
def test_other_names_of_these_name_spaces_are_left_for_the_host(written: str) -> None:
    assert parse(written).scope == "qualified"


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("NULL", "set: []"),
        ("No One", "set: []"),
        ("no  one", "set: []"),
        ("None", "set: []"),
        ("Nobody", ".\\Nobody"),
        ("Local accounts", "NT AUTHORITY\\Local account"),
        ("Administrators, Backup Operators", "'Administrators', 'Backup Operators'"),
        ("BUILTIN\\Users;BUILTIN\\Administrators", "'BUILTIN\\Users', 'BUILTIN\\Administrators'".replace("\\", "\\\\")),
        ("*S-1-5-19\uf000*S-1-5-20", "'*S-1-5-19', '*S-1-5-20'"),
        ("Administrators Group", "Write BUILTIN\\Administrators"),
        ("BUILT-IN\\Administrators", "Write BUILTIN\\Administrators"),
        ("Buildin\\Users", "Write BUILTIN\\Users"),
        ("NTAUTHORITY\\SYSTEM", "Write NT AUTHORITY\\SYSTEM"),
        ("NT SERVICES\\MSExchangePOP3", "Write NT SERVICE\\MSExchangePOP3"),
        ("COMPUTERNAME\\Guest", ".\\Guest"),
        ("localhost\\svc", ".\\svc"),
        ("CORP\\exsvc (S-1-5-21-1-2-3-1107)", "Write the SID alone: S-1-5-21-1-2-3-1107"),
        ("S-1-5-32-544 (Administrators)", "Write the SID alone: S-1-5-32-544"),
    ],
)
def test_a_habit_of_another_tool_is_answered_with_the_right_word(written: str, right: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(written)
    assert right in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    "written",
    [
        ".\\None",
        "CORP\\nobody",
        "BUILTIN\\Administratoren",
        "NTSERVICE\\svc",
        "NT-AUTORITÄT\\Lokaler Dienst",
        "Mail Group",
        "R&D (all)",
        "localhost2\\x",
    ],
)
def test_what_only_looks_like_a_habit_is_left_for_the_host(written: str) -> None:
    assert parse(written).needs_host


@pytest.mark.parametrize(
    ("sid", "why"),
    [
        ("S-1-5-21-1-2-3", "a domain or a computer"),
        ("S-1-5-21", "beginning of SIDs"),
        ("S-1-5-21-1-2", "four numbers"),
        ("S-1-5-21-1-2-3-4-5", "four numbers"),
        ("S-1-5-32", "beginning of SIDs"),
        ("S-1-5-80", "beginning of SIDs"),
        ("S-1-5-83-1", "beginning of SIDs"),
        ("S-1-12-1", "beginning of SIDs"),
        ("S-1-0-0", "set: []"),
    ],
)
def test_a_sid_of_nobody_is_refused_but_can_be_taken_out_of_a_right(sid: str, why: str) -> None:
    with pytest.raises(InputError, match=why.replace("[", "\\[")):
        parse(sid)
    assert parse(sid, removing=True) == AccountName(sid, sid=sid)


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
    if not account.needs_host:
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
