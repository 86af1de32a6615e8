# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No parser escapes: what is public in the rooms that read answers is fuzzed, or it is said why it need not be."""

from __future__ import annotations

import ast
import pathlib
import re
from collections.abc import Iterator

from ansible_collections.winmail.exchange.tests.unit.fuzz.hostile import HOSTILE
from ansible_collections.winmail.exchange.tests.unit.fuzz.table import PARSERS

PLUGINS = pathlib.Path(__file__).parents[3] / "plugins"
ROOMS = (
    *(f"plugin_utils/{room}" for room in ("_windows", "_wsman", "_winrm", "_rights", "_exchange")),
    "module_utils/_pop3",
)
# Rooms whose readers are in the table: what the user brings in a file is no answer, but it is as odd.
READ = (*ROOMS, "plugin_utils/_baseline")
# What can carry an answer, or somebody who can be asked for one.
CARRIERS = re.compile(r"\b(?:bytes|str|Sections|Row|Value|Element|Template|Cim|Registry|Transport|Session|SSLSocket)\b")

# They make what we send, from names and numbers of the task and of this collection.
WRITERS = """
_winrm/lookup_names.py:add_questions _winrm/lookup_names.py:sddl_of
_winrm/private_database.py:add_questions
_winrm/secedit.py:add_read _winrm/secedit.py:export
_winrm/secedit.py:said
_wsman/shell.py:Chain.code _wsman/shell.py:Chain.run _wsman/shell.py:Chain.show
_wsman/shell.py:Files.path _wsman/shell.py:Files.quoted _wsman/shell.py:program
_wsman/shell.py:Files.fresh _wsman/shell.py:Files.remove_one _winrm/task_xml.py:armed _winrm/task_xml.py:rehearsal
_wsman/soap.py:enumerate_associated _wsman/soap.py:enumerate_wql _wsman/soap.py:invoke _wsman/soap.py:pull
_windows/inf.py:render
"""
# They understand what the user wrote; test_accounts, test_request, test_options and their like try any text.
OPTIONS = """
_windows/account_name.py:parse _windows/account_name.py:AccountName.for_windows _windows/catalogue.py:canonical
_windows/sid.py:service_sid _windows/sid.py:restricted_service_sid _windows/sid.py:session_sid
_windows/sid.py:virtual_machine_sid _windows/habits.py:hint
_rights/options.py:refuse_mixture
_rights/options.py:parse _rights/options.py:parse_query _rights/options.py:parse_rights
_rights/options.py:unresolved _rights/options.py:wanted
_exchange/duration.py:seconds _exchange/hosting.py:known _exchange/options.py:parse
_pop3/connect.py:resolve _pop3/options.py:read_request _pop3/options.py:unmet_expectation
"""
# They work on values that the parsers made: SIDs, holders, plans, names of services, sentences.
VALUES = """
_windows/defaults.py:OwnHolder.holds _windows/defaults.py:own_holder _rights/guard.py:risks
_windows/insists.py:Insists.added _windows/insists.py:Insists.kept
_windows/logons.py:by_windows _windows/logons.py:puts _rights/query.py:overview _rights/plan.py:make_plan
_rights/policy.py:Governed.with_name _rights/effective.py:named _windows/csp.py:sets_rights
_rights/snapshot.py:Snapshot.holders _rights/snapshot.py:Snapshot.judge _winrm/host.py:WinrmHost.insists
_rights/conflict.py:conflicts _rights/policy.py:with_mdm
_rights/result.py:diff _rights/result.py:failure _rights/result.py:right_result
_rights/result.py:titled _rights/confirm.py:refuse_governed _rights/confirm_words.py:governed
_rights/confirm_words.py:overtaken _rights/confirm_words.py:rehearsed_over _rights/confirm_words.py:result
_rights/confirm_words.py:undone _rights/confirm_words.py:rehearsal_lost _rights/confirm_words.py:ran_for_nothing
_wsman/faults.py:Fault.refusal _wsman/logon.py:Logon.masked _wsman/transport.py:Transport.masked
_exchange/diagnosis.py:name_of _exchange/generations.py:candidates _exchange/generations.py:without_setup
_exchange/hosting.py:hosts _exchange/hosting.py:required _exchange/recommendation.py:nothing_to_grant
_exchange/result.py:account
_pop3/advice.py:advise _pop3/timing.py:Stopwatch.step
"""
# They hand on what pywinrm and pypsrp made of an answer, as bytes; test_link and test_transport play those libraries.
LINKS = """
_wsman/link.py:Link.receive _wsman/link.py:Link.release _wsman/link.py:Link.send _wsman/link.py:Link.start
_wsman/link.py:Link.stop _wsman/link.py:Released.add _wsman/link.py:Released.tell
_wsman/link_psrp.py:PsrpLink.release _wsman/link_winrm.py:WinrmLink.release
_wsman/link_psrp.py:PsrpLink.receive _wsman/link_psrp.py:PsrpLink.send _wsman/link_psrp.py:PsrpLink.start
_wsman/link_psrp.py:PsrpLink.stop
_wsman/link_winrm.py:WinrmLink.receive _wsman/link_winrm.py:WinrmLink.send _wsman/link_winrm.py:WinrmLink.start
_wsman/link_winrm.py:WinrmLink.stop
_wsman/transport.py:Transport.run _wsman/transport.py:Transport.send
"""
# They put the parsers in a row; computers of the lab answer them in test_read, test_write, test_rollback and others.
ORDER = """
_winrm/host.py:WinrmHost.arm_rollback _winrm/host.py:WinrmHost.disarm_rollback _winrm/host.py:WinrmHost.log_on_anew
_winrm/host.py:WinrmHost.rehearse_rollback _winrm/host.py:WinrmHost.run_rollback
_winrm/rollback.py:RollbackHost.arm _winrm/rollback.py:RollbackHost.disarm _winrm/rollback.py:RollbackHost.rehearse
_winrm/rollback.py:RollbackHost.run _winrm/rollback_left.py:tidy
_winrm/task_program.py:ProgramTasks.delete _winrm/task_program.py:ProgramTasks.register
_winrm/task_program.py:ProgramTasks.start _winrm/tasks.py:Store.delete _winrm/tasks.py:Store.state
_winrm/tasks.py:Store.result _winrm/tasks.py:Tasks.result
_winrm/tasks.py:Store.register _winrm/tasks.py:Store.start _winrm/tasks.py:Tasks.delete _winrm/tasks.py:Tasks.state
_winrm/tasks.py:Tasks.register _winrm/tasks.py:tasks_of
_winrm/host.py:WinrmHost.apply _winrm/host.py:WinrmHost.connecting_account
_winrm/host.py:WinrmHost.events _winrm/host.py:WinrmHost.read_rights
_winrm/host.py:WinrmHost.reconnect _winrm/host.py:WinrmHost.left_behind
_winrm/rights_read.py:RightsReader.read _winrm/rights_read.py:RightsReader.read_back
_winrm/resolving.py:Resolver.ask _winrm/resolving.py:Resolver.assignment _winrm/resolving.py:Resolver.learn
_winrm/resolving.py:Resolver.resolved _winrm/resolving.py:Resolver.sort
_winrm/session.py:Session.ask _winrm/session.py:Session.remove _winrm/session.py:Session.run
_winrm/session.py:Session.left_behind _winrm/leftovers.py:tidy _winrm/resolving.py:Resolver.resolve
_winrm/recover.py:Recovery.ask _winrm/recover.py:Recovery.forget _winrm/recover.py:Recovery.read_again
_winrm/whoami.py:ask
_winrm/rights_write.py:RightsWriter.apply
_pop3/channel.py:SocketChannel.close _pop3/channel.py:SocketChannel.hasten _pop3/channel.py:SocketChannel.start_tls
_pop3/dialogue.py:Channel.send
"""


def _functions(path: pathlib.Path) -> Iterator[tuple[str, ast.FunctionDef, bool]]:
    """The public functions of a file with their names, and whether their class is made from something that answers."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node, False
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            asks = any(method.name == "__init__" and _carries(method, ASKERS) for method in methods)
            yield from ((f"{node.name}.{method.name}", method, asks) for method in methods)


ASKERS = re.compile(r"\b(?:Cim|Transport|Session|Registry|Channel|socket)\b")


def _carries(function: ast.FunctionDef, pattern: re.Pattern[str]) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return any(pattern.search(ast.unparse(one.annotation)) for one in arguments if one.annotation is not None)


def found() -> set[str]:
    """Every public function that can be given an answer, as ``_room/file.py:name``."""
    names = set()
    for room in ROOMS:
        for path in sorted((PLUGINS / room).glob("*.py")):
            for name, function, asks in _functions(path):
                public = not name.rpartition(".")[2].startswith("_")
                if public and (asks or _carries(function, CARRIERS)):
                    names.add(f"{path.parent.name}/{path.name}:{name}")
    return names


def fuzzed() -> set[str]:
    """What the table of parsers covers."""
    return {name.strip().replace(" ", ":") for parser in PARSERS for name in parser.covers.splitlines()}


def test_every_function_that_an_answer_reaches_is_in_the_table_or_excused() -> None:
    excused = set(f"{WRITERS} {OPTIONS} {VALUES} {LINKS} {ORDER}".split())
    assert sorted(found() - fuzzed() - excused) == []
    assert sorted(excused & fuzzed()) == []
    assert sorted(excused - found()) == []


def test_the_table_names_what_exists() -> None:
    for name in fuzzed():
        file, dummy, function = name.partition(":")
        (path,) = (PLUGINS / room.rpartition("/")[0] / file for room in READ if room.endswith(file.partition("/")[0]))
        assert f"def {function.rpartition('.')[2]}(" in path.read_text(encoding="utf-8"), name


def test_what_grows_is_in_the_table() -> None:
    assert {hostile.parser.replace(" ", ":") for hostile in HOSTILE} <= fuzzed()
