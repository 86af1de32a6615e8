# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence of the user rights, word by word: what failed, on which object, what Windows said, what to do next."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._deltas import compare
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    Applied,
    CachedPolicy,
    Caller,
    Change,
    Computer,
    Holder,
    PolicyReading,
    RightsReading,
    RsopReading,
    RsopRight,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import plan
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import result as report
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.options import parse_rights, unresolved
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.plan import Wanted
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights.policy import governed
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.account_name import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import canonical
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf, secedit

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)
TCB, DENY = "SeTcbPrivilege", "SeDenyNetworkLogonRight"
EXSVC, OLD, ADMINISTRATORS = "S-1-5-21-1-2-3-1107", "S-1-5-21-1-2-3-1108", "S-1-5-32-544"
ACCOUNTS = {
    EXSVC: Account(EXSVC, "CORP\\exsvc", "account"),
    OLD: Account(OLD, None, "orphan"),
    ADMINISTRATORS: Account(ADMINISTRATORS, "BUILTIN\\Administrators", "alias"),
}
CALLER = Caller(EXSVC, frozenset({ADMINISTRATORS}))
NAMELESS = Caller(EXSVC, frozenset())
KNOWN = Caller(EXSVC, frozenset({ADMINISTRATORS, "S-1-5-2", "S-1-1-0", "S-1-5-11"}))
WHOLE = b"[Unicode]\r\nUnicode=yes\r\n"


def held(*tokens: str) -> list[Holder]:
    return [Holder(token, token[1:] if token.startswith("*") else None) for token in tokens]


def entry(**options: object) -> object:
    return parse_rights({"rights": [{"name": TCB, **options}]})


def planned(*tokens: str, unreadable: dict[str, str] | None = None) -> object:
    return plan.make_plan([Wanted(TCB, add=(EXSVC,))], {TCB: held(*tokens)}, unreadable or {})


def failed(change: Change, *tokens: str, log: tuple[str, ...] = ()) -> str | None:
    reading = RightsReading({}, {}, {}, PolicyReading((), complete=True), None, NOW)
    return report.failure([compare(change, held(*tokens))], Applied(reading, secedit.said(3, log)), ACCOUNTS)


def witness(logged: str | None, *, cached: bool = True) -> str | None:
    """What the second witness says against the first."""
    reading = PolicyReading((CachedPolicy("gpt00001.inf", "{A}", {TCB: ()}),) if cached else (), complete=True)
    rows = {DENY: RsopRight("{Z}", ())} | ({TCB: RsopRight(logged, ())} if logged else {})
    return governed(TCB, reading, Computer("EXCH", "CORP", 2, part_of_domain=False), NOW, RsopReading(rows)).other


@pytest.mark.parametrize(
    ("say", "text"),
    [
        pytest.param(
            lambda: parse(" "),
            "The account name ' ' is empty. Use a SID, DOMAIN\\name, .\\name, NT SERVICE\\name, IIS "
            "APPPOOL\\name or name@domain.",
            id="account: empty",
        ),
        pytest.param(
            lambda: parse("x" * 257),
            "The account name 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' is longer than 256 characters. "
            "Use a SID, DOMAIN\\name, .\\name, NT SERVICE\\name, IIS APPPOOL\\name or name@domain.",
            id="account: long",
        ),
        pytest.param(
            lambda: parse('CORP\\a"b'),
            "The account name 'CORP\\a\"b' holds \" , which no Windows command line can carry safely. Use a "
            "SID, DOMAIN\\name, .\\name, NT SERVICE\\name, IIS APPPOOL\\name or name@domain.",
            id="account: quote",
        ),
        pytest.param(
            lambda: parse("CORP\\a\x07b"),
            "The account name 'CORP\\a?b' holds a control character. Use a SID, DOMAIN\\name, .\\name, NT "
            "SERVICE\\name, IIS APPPOOL\\name or name@domain.",
            id="account: control",
        ),
        pytest.param(
            lambda: parse("S-1-5-x"),
            "The account name 'S-1-5-x' looks like a SID but is not one. Use a SID, DOMAIN\\name, .\\name, "
            "NT SERVICE\\name, IIS APPPOOL\\name or name@domain.",
            id="account: like a SID",
        ),
        pytest.param(
            lambda: parse("a*b"),
            "The account name 'a*b' holds a character that no account name may have. Use a SID, "
            "DOMAIN\\name, .\\name, NT SERVICE\\name, IIS APPPOOL\\name or name@domain.",
            id="account: character",
        ),
        pytest.param(
            lambda: parse("CORP\\"),
            "The account name 'CORP\\' is not of the form DOMAIN\\name. Use a SID, DOMAIN\\name, .\\name, NT "
            "SERVICE\\name, IIS APPPOOL\\name or name@domain.",
            id="account: form",
        ),
        pytest.param(
            lambda: canonical("SeTcbPrivilige"),
            "Unknown user right 'SeTcbPrivilige'. The nearest are: SeTcbPrivilege (Act as part of the "
            "operating system), SeDebugPrivilege (Debug programs), SeAuditPrivilege (Generate security "
            "audits). Use a constant such as SeTcbPrivilege or its English display name.",
            id="right: unknown",
        ),
        pytest.param(
            lambda: plan.check_wanted([Wanted(TCB), Wanted(TCB)]),
            "The right SeTcbPrivilege (Act as part of the operating system) is named twice in one task. "
            "Write all it needs in one entry.",
            id="task: twice",
        ),
        pytest.param(
            lambda: plan.check_wanted([Wanted(TCB, add=(OLD, EXSVC), remove=(EXSVC, OLD))]),
            "The right SeTcbPrivilege (Act as part of the operating system) is both given to and taken "
            "from S-1-5-21-1-2-3-1107, S-1-5-21-1-2-3-1108 in one task. Take the account out of add or "
            "out of remove.",
            id="task: both",
        ),
        pytest.param(
            lambda: entry(set=[], add=["x"]),
            "The entry for SeTcbPrivilege has set together with add or remove. set states the whole list; "
            "write either set, or add and remove.",
            id="task: set and add",
        ),
        pytest.param(
            entry,
            "The entry for SeTcbPrivilege says neither add, nor remove, nor set.",
            id="task: nothing",
        ),
        pytest.param(
            lambda: unresolved({"CORP\\gone": ()}),
            "This account could not be resolved to a SID. 'CORP\\gone': no way to "
            "ask. Write DOMAIN\\name, .\\name for a local account, or the SID itself; an account that was "
            "deleted can only be removed by its SID.",
            id="names: none tried",
        ),
        pytest.param(
            lambda: unresolved({"a": ("CIM: none", "icacls: 1332"), "b": ("icacls: 1332",)}),
            "These accounts could not be resolved to SIDs. 'a': CIM: none, "
            "icacls: 1332; 'b': icacls: 1332. Write DOMAIN\\name, .\\name for a local account, or the SID "
            "itself; an account that was deleted can only be removed by its SID.",
            id="names: several",
        ),
        pytest.param(
            lambda: planned("Lost", "*S-1-5-18", "Gone"),
            "The right SeTcbPrivilege (Act as part of the operating system) cannot be changed safely: "
            "its holder(s) 'Lost', 'Gone' could not be pinned to a SID. Rewriting the line could "
            "take the right from somebody. Find out whose entry that is (secpol.msc on the host) and "
            "remove it.",
            id="plan: a name",
        ),
        pytest.param(
            lambda: planned(unreadable={TCB: "a token holds ?"}),
            "The right SeTcbPrivilege (Act as part of the operating system) cannot be changed safely: "
            "a token holds ?. Rewriting the line could take the right from somebody. Find out "
            "whose entry that is (secpol.msc on the host) and remove it.",
            id="plan: a line",
        ),
        pytest.param(
            lambda: inf.parse_whole(b"[Privilege Rights]\r\nSeTcbPrivilege = *S-1-5-18\r\n", "The export"),
            "The export is not whole: it has no [Version] section (48 bytes were read). "
            "Run the task again; if it stays so, look at the host's disk space and at secedit.",
            id="read: no version",
        ),
        pytest.param(
            lambda: inf.parse_whole(b"[Version]\r\nRevision=1\r\n", "The export"),
            "The export is not whole: it has no user rights (23 bytes were read). "
            "Run the task again; if it stays so, look at the host's disk space and at secedit.",
            id="read: no rights",
        ),
        pytest.param(
            lambda: inf.parse_whole(
                b"[Version]\r\nRevision=1\r\n[Privilege Rights]\r\nSeTcbPrivilege = *S-1-5", "The export"
            ),
            "The export is not whole: it has no end of its last line (66 bytes were read). "
            "Run the task again; if it stays so, look at the host's disk space and at secedit.",
            id="read: torn",
        ),
        pytest.param(
            lambda: str(inf.render({"Se Tcb": []}).lines),
            "'Se Tcb' is no user right",
            id="write: no right",
        ),
        pytest.param(
            lambda: str(inf.render({TCB: ["CORP\\exsvc"]}).lines),
            "'CORP\\\\exsvc' is no SID: a written line holds SIDs only",
            id="write: no SID",
        ),
        pytest.param(
            lambda: failed(
                Change(TCB, (OLD, ADMINISTRATORS), (EXSVC, OLD), exact=True),
                "*" + ADMINISTRATORS,
                "Lost",
                "Gone",
                "*S-1-5-18".replace("18", "32-544"),
                log=tuple("1234567"),
            ),
            "Windows did not carry out the whole change. Read back: Act as part of the operating system "
            "(SeTcbPrivilege): it was not given to CORP\\exsvc (S-1-5-21-1-2-3-1107), it was not taken "
            "from BUILTIN\\Administrators (S-1-5-32-544), it was lost by S-1-5-21-1-2-3-1108, it is also "
            "held by entries that could not be pinned to a SID: Lost, Gone. secedit ended with exit code "
            "3; its log says: 2 / 3 / 4 / 5 / 6 / 7. Every other right of this task is as planned; "
            "restore in this result undoes what was done.",
            id="failure: everything",
        ),
        pytest.param(
            lambda: failed(Change(TCB, (), (EXSVC,), exact=True), "*" + EXSVC, "*" + OLD, "*" + ADMINISTRATORS),
            "Windows did not carry out the whole change. Read back: Act as part of the operating system "
            "(SeTcbPrivilege): it is also held by S-1-5-21-1-2-3-1108, BUILTIN\\Administrators "
            "(S-1-5-32-544). secedit ended with exit code 3; its log says: nothing. Every other right of "
            "this task is as planned; restore in this result undoes what was done.",
            id="failure: nobody may be there",
        ),
        pytest.param(
            lambda: failed(Change(TCB, (), (EXSVC,)), "*" + ADMINISTRATORS, log=("Error 50",)),
            "Windows did not carry out the whole change. Read back: Act as part of the operating system "
            "(SeTcbPrivilege): it was not given to CORP\\exsvc (S-1-5-21-1-2-3-1107). secedit ended with exit code "
            "3; its log says: Error 50. Every other right of this task is as planned; restore in this "
            "result undoes what was done.",
            id="failure: further holders do not count",
        ),
        pytest.param(
            lambda: witness("{B}"),
            "the policy log (RSoP) names the policy {B}",
            id="witness: another policy",
        ),
        pytest.param(
            lambda: witness(None),
            "the policy log (RSoP) has no policy that sets this right",
            id="witness: no policy",
        ),
        pytest.param(
            lambda: witness("{B}", cached=False),
            "the cached templates of the host do not set this right",
            id="witness: not in the cache",
        ),
    ],
)
def test_the_sentence(say: Callable[[], object], text: str) -> None:
    try:
        said = say()
    except (WinmailError, ValueError) as refused:
        said = str(refused)
    assert said == text
