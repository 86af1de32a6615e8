# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parsers of what Windows printed or sent, each as a function of bytes that checks what it promises."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import (
    ApplyError,
    ReadError,
    WindowsError,
    WinmailError,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._exchange import events as logged
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import (
    Account,
    CachedPolicy,
    Computer,
    PolicyReading,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import effective as holding
from ansible_collections.winmail.exchange.plugins.plugin_utils._rights import policy as governing
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import catalogue, xml_gate
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import text as windows_text
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import well_known as table
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.inf_token import is_name, token_sid
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import (
    events,
    inf,
    policy,
    private_database,
    secedit,
    services,
    whoami,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import lookup_names as names
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import failures, faults, logon, shell, soap
from ansible_collections.winmail.exchange.tests.unit.fuzz import seeds

NOW = datetime.datetime(2026, 11, 24, 9, tzinfo=datetime.timezone.utc)
_MOST_EVENTS = 1000
_MEANT = {"SeTcbPrivilege": ["S-1-5-18"]}
_COMPUTER = Computer("EXCH", "CORP", 3, part_of_domain=True)


@dataclass(frozen=True)
class Parser:
    """One parser: the public functions it covers (``file name``), how to call it with bytes, what it may raise."""

    covers: str
    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    raises: tuple[type[Exception], ...] = ()

    def __str__(self) -> str:
        return self.covers.partition("\n")[0].strip().replace(" ", ":")


def text(data: bytes) -> str:
    """Bytes as text that may hold anything, lone surrogates too."""
    return data.decode("utf-8", "surrogateescape")


def sections(data: bytes) -> shell.Sections:
    """What a chain printed, without the proof that it ran to its end."""
    return shell.Sections(seeds.NONCE, data)


def _decode(data: bytes) -> object:
    found = windows_text.decode(data)
    found.encode("utf-8")
    assert len(found) <= len(data)
    assert not any(set(line) & set("\r\n") for line in windows_text.lines(found))
    return found


def _whole(parsed: inf.Template) -> None:
    for tokens in parsed.privilege_rights.values():
        assert all(token and "," not in token and "\n" not in token for token in tokens)
    merged = sorted(token for tokens in parsed.privilege_rights.values() for token in tokens)
    assert merged == sorted(token for tokens in parsed.by_constant.values() for token in tokens)


def _template(data: bytes) -> object:
    parsed = inf.parse(data)
    _whole(parsed)
    return parsed


def _export(data: bytes) -> object:
    parsed = inf.parse_whole(data, "The export")
    assert parsed.privilege_rights
    assert "version" in parsed.sections
    return parsed


def _token(data: bytes) -> object:
    token = text(data)
    sid = token_sid(token)
    assert sid is None or (sids.is_sid(sid) and not windows_text.doubtful(token))
    return sid


def _sid(data: bytes) -> object:
    spelled = text(data)
    if not sids.is_sid(spelled):
        return None
    normal = sids.normal(spelled)
    assert sids.normal(normal) == normal
    assert sids.is_sid(normal)
    assert len(normal) < 200
    assert sids.kind_of(normal, spelled)
    below = table.family(normal)
    assert below is None or (below.holds(normal) and table.reach(normal) is not None)
    return normal, sids.well_known_name(normal), sids.no_account(normal), sids.is_guest(normal)


def _name(data: bytes) -> object:
    """A name that Windows gave: compared, shown, and asked for anew."""
    name = text(data)
    account = Account("S-1-5-21-1-2-3-4", name, "account")
    context = holding.Context(_COMPUTER, {account.sid: account}, {})
    catalogue.display_name(catalogue.constant_of(name))
    judged = holding.judge("SeTcbPrivilege", holding.Subject("S-1-5-21-9-9-9-9", name), (), context, name)
    assert judged.held == holding.UNKNOWN
    assert sids.is_sid(sids.app_pool_sid(name))
    table.named_unless_own(name)
    assert not (windows_text.doubtful(name) and is_name(name))
    return sids.well_known(name), private_database.askable(name), services.escaped(name), windows_text.doubtful(name)


def _governed(data: bytes) -> object:
    name = text(data)
    policies = tuple(CachedPolicy(file, None, {"SeTcbPrivilege": (name,)}) for file in (name, "gpt00001.inf"))
    found = governing.governed("SeTcbPrivilege", PolicyReading(policies, complete=True), _COMPUTER, NOW)
    assert found.status == "gpo"
    return governing.gpttmpl_line("SeTcbPrivilege", found.tokens, ["S-1-5-18"])


def _chain(data: bytes) -> object:
    found = shell.Chain(seeds.NONCE).read(data)
    assert found.output.rstrip().endswith(f"@@{seeds.NONCE}:end".encode())
    return found


def _section(data: bytes) -> object:
    found = sections(data)
    part = found.section("e")
    assert part is None or part in data
    number = found.code("e")
    assert number is None or 0 <= number < 1 << 32
    return part, number


def _log(data: bytes) -> object:
    lines = secedit.log_lines(data)
    assert len(lines) <= 20
    assert all(len(line) <= 310 for line in lines)
    return lines


def _log_sids(data: bytes) -> object:
    found = secedit.sids_in_log(data)
    assert all(sids.is_sid(sid) and sids.normal(sid) == sid for sid in found)
    return found


def _written(data: bytes) -> object:
    secedit.check_written(sections(data), inf.render(_MEANT))
    return True


def _asked(data: bytes) -> object:
    answers = names.read_answers(sections(data), seeds.NAMES)
    assert set(answers) <= set(seeds.NAMES)
    assert all(answer.why for answer in answers.values())
    return answers


def _database(data: bytes) -> object:
    answers = private_database.read_answers(sections(data), seeds.NAMES)
    assert set(answers) == set(seeds.NAMES)
    assert all(answer.trustee is None or sids.is_sid(answer.trustee) for answer in answers.values())
    return answers


def _policies(data: bytes) -> object:
    found = policy.read_cache(sections(data))
    assert all(cached.guid is None or len(cached.guid) == 38 for cached in found.policies)
    for right in ("SeTcbPrivilege", "SeDebugPrivilege"):
        governing.governed(right, found, _COMPUTER, NOW)
    return found


def _caller(data: bytes) -> object:
    printed = sections(data)
    found = whoami.understood(printed.section("user") or b"", printed.section("groups") or b"")
    assert whoami.read(printed) == found
    assert found is None or all(sids.is_sid(sid) for sid in (found.sid, *found.groups))
    return found


def _printed_events(data: bytes) -> object:
    found = events.read_answer(sections(data))
    assert (found.xml is None) == (found.refusal is not None)
    return found


def _events(data: bytes) -> object:
    found = logged.parse(text(data), _MOST_EVENTS)
    assert len(found) <= _MOST_EVENTS
    for event in found:
        assert len(event.text) <= 2000
        event.text.encode("utf-8")
        assert event.time is None or event.time.tzinfo is datetime.timezone.utc
        logged.of_pop3(event)
    assert sum(group.count for group in logged.grouped(found)) == len(found)
    return found


def _no_privilege(data: bytes) -> object:
    return logged.no_privilege(text(data))


def _xml(data: bytes) -> object:
    root = xml_gate.parse_message(data, faults.LONGEST_MESSAGE)
    return [xml_gate.local(node) for node in root.iter()]


def _xml_text(data: bytes) -> object:
    return xml_gate.parse_message(text(data), faults.LONGEST_MESSAGE).tag


def _printed(data: bytes) -> object:
    root = xml_gate.parse_printed(text(data), logged.LONGEST_XML)
    assert root.tag == "all"
    return [xml_gate.local(node) for node in root.iter()]


def _fault(data: bytes) -> object:
    found = faults.parse_fault(data)
    if found is not None:
        assert all(number is None or 0 <= number < 1 << 32 for number in (found.code, found.inner))
        assert len(found.text) <= 1000
        assert found.describe()
    return found


class _LibraryError(Exception):
    """What a library raises, with the answer in it."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("HTTP 500")
        self.response = answer


def _translated(data: bytes) -> object:
    error = failures.translated(_LibraryError(data), "a command")
    assert isinstance(error, WinmailError)
    assert len(str(error)) < 1200
    return error


def _refused_logon(data: bytes) -> object:
    how = logon.Logon(logon.WINRM, "u", secure=False, methods=("ntlm",), password="s3cret-Passw0rd")
    error = how.failure(text(data) + "s3cret-Passw0rd" + text(data))
    assert "s3cret-Passw0rd" not in str(error)
    return error


def _depth(value: soap.Value) -> int:
    if isinstance(value, list):
        return max(map(_depth, value), default=0)
    return 1 + max(map(_depth, value.values()), default=0) if isinstance(value, dict) else 0


def _row(data: bytes) -> object:
    row = soap.read_row(data)
    assert _depth(row) <= 60
    for name, value in row.items():
        assert soap.as_list(value) is not None
        assert services.number(row, name) >= 0
        services.moment(soap.as_text(value))
    return row


def _page(data: bytes) -> object:
    page = soap.read_page(data)
    assert page.context != ""
    return page


def _moment(data: bytes) -> object:
    found = services.moment(text(data))
    assert found is None or found.tzinfo is datetime.timezone.utc
    return found


def _number(data: bytes) -> object:
    found = services.number({"a": text(data)}, "a")
    assert 0 <= found < math.inf
    return found


_TEXTS = (
    *seeds.LINES,
    b"*S-1-5-32-544",
    b"S-1-0x123456789ABC-1",
    b"s-1-5-21-1-2-3-500",
    b"Guest",
    b"gpt00001.inf",
    b"42",
)
_MOMENTS = (b"2026-11-24T09:00:00.1Z", b"20261124090000.000000+060", b"2026-11-24T09:00:00+01:00", b"2026-11-24")
_EVENT_SEEDS = (seeds.EVENTS.encode(), seeds.EVENT.encode())
WINDOWS = (
    Parser("_windows/text.py decode\n_windows/text.py lines", _decode, seeds.TEMPLATES),
    Parser("_windows/inf.py parse", _template, seeds.TEMPLATES),
    Parser("_winrm/inf.py parse_whole", _export, seeds.TEMPLATES, (ReadError,)),
    Parser("_windows/inf_token.py token_sid\n_windows/inf_token.py is_name", _token, _TEXTS),
    Parser(
        """_windows/sid.py is_sid
        _windows/sid.py normal
        _windows/sid.py kind_of
        _windows/sid.py is_guest
        _windows/sid.py no_account
        _windows/sid.py well_known_name
        _windows/well_known.py family
        _windows/well_known.py Family.holds
        _windows/well_known.py reach""",
        _sid,
        _TEXTS,
    ),
    Parser(
        """_windows/sid.py well_known
        _windows/sid.py app_pool_sid
        _windows/well_known.py named
        _windows/well_known.py named_unless_own
        _windows/text.py doubtful
        _windows/catalogue.py constant_of
        _windows/catalogue.py display_name
        _rights/effective.py judge
        _winrm/private_database.py askable
        _winrm/services.py escaped""",
        _name,
        _TEXTS,
    ),
    Parser("_rights/policy.py governed\n_rights/policy.py gpttmpl_line", _governed, _TEXTS),
    Parser("_wsman/shell.py Chain.read", _chain, (*seeds.READ, seeds.WHOAMI), (ReadError,)),
    Parser("_wsman/shell.py Sections.section\n_wsman/shell.py Sections.code", _section, seeds.READ),
    Parser(
        "_winrm/secedit.py read_export",
        lambda data: secedit.read_export(sections(data), "e"),
        seeds.READ,
        (ReadError,),
    ),
    Parser("_winrm/secedit.py log_lines", _log, (seeds.LOG,)),
    Parser("_winrm/secedit.py sids_in_log", _log_sids, (seeds.LOG,)),
    Parser("_winrm/secedit.py check_written", _written, (seeds.WRITTEN,), (ApplyError,)),
    Parser("_winrm/lookup_names.py read_answers", _asked, seeds.SAVED),
    Parser("_winrm/private_database.py read_answers", _database, seeds.DATABASE),
    Parser("_winrm/policy.py read_cache", _policies, (seeds.POLICIES,)),
    Parser("_winrm/whoami.py understood\n_winrm/whoami.py read", _caller, (seeds.WHOAMI,)),
    Parser("_winrm/events.py read_answer", _printed_events, seeds.PRINTED_EVENTS),
    Parser("_windows/xml_gate.py parse_printed", _printed, _EVENT_SEEDS, (ValueError,)),
    Parser("_exchange/events.py parse", _events, _EVENT_SEEDS, (ReadError,)),
    Parser("_exchange/events.py no_privilege", _no_privilege, _TEXTS),
    Parser(
        "_windows/xml_gate.py parse_message\n_windows/xml_gate.py local",
        _xml,
        (*seeds.ROWS, *seeds.FAULTS),
        (ValueError,),
    ),
    Parser("_windows/xml_gate.py parse_message", _xml_text, (*seeds.PAGES, *seeds.FAULTS), (ValueError,)),
    Parser("_wsman/faults.py parse_fault\n_wsman/faults.py read_fault", _fault, seeds.FAULTS),
    Parser("_wsman/failures.py translated", _translated, seeds.FAULTS),
    Parser("_wsman/logon.py Logon.failure", _refused_logon, seeds.FAULTS),
    Parser(
        """_wsman/soap.py read_row
        _wsman/soap.py as_list
        _wsman/soap.py as_number
        _wsman/soap.py as_text""",
        _row,
        (*seeds.ROWS, *seeds.FAULTS),
        (ReadError, WindowsError),
    ),
    Parser("_wsman/soap.py read_page", _page, (*seeds.PAGES, *seeds.FAULTS), (ReadError, WindowsError)),
    Parser("_winrm/services.py moment", _moment, _MOMENTS),
    Parser("_winrm/services.py number", _number, _TEXTS),
)
