# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""schtasks.exe: /create /xml, /query, /run, /end, /delete (capture tasks/38, docs/sources.md S13)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from lab.state import task_nodes, task_text, task_xml, tasks
from lab.state.files import FileError
from lab.windows import local_time, task_requests
from lab.windows.messages import SYSTEM_MESSAGES
from lab.windows.task_requests import RefusedError

if TYPE_CHECKING:
    from lab.state.tasks import Task
    from lab.windows.call import Call

_WORDS = Path(__file__).with_name("schtasks_words.yml")
_VALUED = ("/tn", "/xml", "/fo", "/ru", "/rp", "/s", "/u", "/p")
_BARE = ("/f", "/nh", "/v", "/i", "/hresult")
_VERBS = ("/create", "/query", "/run", "/end", "/delete")
_STATES = {tasks.DISABLED: "disabled", tasks.QUEUED: "queued", tasks.READY: "ready", tasks.RUNNING: "running"}
_COLUMNS = [
    "HostName",
    "TaskName",
    "Next Run Time",
    "Status",
    "Logon Mode",
    "Last Run Time",
    "Last Result",
    "Author",
    "Task To Run",
    "Start In",
    "Comment",
    "Scheduled Task State",
    "Idle Time",
    "Power Management",
    "Run As User",
    "Delete Task If Not Rescheduled",
    "Stop Task If Runs X Hours and X Mins",
    "Schedule",
    "Schedule Type",
    "Start Time",
    "Start Date",
    "End Date",
    "Days",
    "Months",
    "Repeat: Every",
    "Repeat: Until: Time",
    "Repeat: Until: Duration",
    "Repeat: Stop If Still Running",
]
_UNKNOWN = "N/A"


@dataclass
class _Options:
    """The command line; switches and values by their name in lower case."""

    verb: str = ""
    values: dict[str, str] = field(default_factory=dict)
    bad: bool = False

    def name(self) -> tuple[str, str]:
        """Folder and name of ``/tn``."""
        path, dummy, name = self.values.get("/tn", "").rpartition("\\")
        return path, name


@functools.lru_cache(maxsize=8)
def _words(language: str) -> Mapping[str, str]:
    data = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return {**data["en"], **data.get(language, {})}


def main(call: Call) -> int:
    """Run schtasks: 0 done, 1 refused."""
    if call.host.worlds["schtasks"] == "blocked":
        call.err(f"{SYSTEM_MESSAGES[1260]}\r\n")
        return 1
    options = _options(call.args)
    if call.host.machine.before_vista and "/xml" in options.values:  # Task Scheduler 2.0 came with Vista [D]
        options.bad = True
    if options.bad or options.verb not in _VERBS or any(name in options.values for name in ("/s", "/u", "/p", "/rp")):
        call.host.note("unmodelled", "schtasks" + call.tail)
        call.err('ERROR: Invalid syntax.\r\nType "SCHTASKS /?" for usage.\r\n')
        return 1
    words = _words(call.host.machine.language)
    if options.verb != "/query" and not options.values.get("/tn"):
        call.err(words["syntax"].format(name="tn") + "\r\n")
        return 1
    verbs: Mapping[str, Callable[[Call, _Options, Mapping[str, str]], int]] = {
        "/create": _create,
        "/query": _query,
        "/run": _run,
        "/end": _end,
        "/delete": _delete,
    }
    call.shell.seconds += 0.1
    try:
        return verbs[options.verb](call, options, words)
    except RefusedError as exc:
        return _refused(call, exc, words)


def _refused(call: Call, error: RefusedError, words: Mapping[str, str]) -> int:
    text = words["denied"] if error.code == tasks.DENIED else words["error"].format(text=error)
    call.err(f"{text}\r\n")
    if error.where:
        call.err(f"{error.where}\r\n")
    return 1


def _options(args: list[str]) -> _Options:
    found = _Options(verb=args[0].casefold() if args else "")
    index = 1
    while index < len(args):
        word = args[index].casefold()
        index += 1
        value = index < len(args) and not args[index].startswith("/")
        if word == "/xml" and not value:  # of /query: all tasks in one document
            found.values[word] = ""
        elif word in _VALUED and value:
            found.values[word] = args[index]
            index += 1
        elif word in _BARE:
            found.values[word] = ""
        else:
            found.bad = True
    return found


def _asked(call: Call, options: _Options, question: str) -> bool:
    """Whether the question is answered with yes: /f, or a Y from the standard input."""
    if "/f" in options.values:
        return True
    call.out(question.format(name=options.values["/tn"]))
    return call.io.stdin.strip().lower().startswith(b"y")


def _create(call: Call, options: _Options, words: Mapping[str, str]) -> int:
    if not options.values.get("/xml"):
        call.host.note("unmodelled", "schtasks" + call.tail)
        call.err(words["syntax"].format(name="sc") + "\r\n")
        return 1
    try:
        data = call.host.read(call.caller, call.path(options.values["/xml"]))
    except FileError as exc:
        call.err(words["error"].format(text=SYSTEM_MESSAGES[exc.code]) + "\r\n")
        return 1
    path, name = options.name()
    text = _decoded(data)
    try:
        task_requests.register(call.host, call.caller, path, name, text, replace=False)
    except RefusedError as exc:
        if exc.code != tasks.EXISTS:
            raise
        if not _asked(call, options, words["replace"]):
            return 1
        task_requests.register(call.host, call.caller, path, name, text, replace=True)
    call.out(words["create"].format(name=options.values["/tn"]) + "\r\n")
    return 0


def _decoded(data: bytes) -> str:
    """The text of a file: UTF-16 where it has its mark, else 8 bits; raises RefusedError."""
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le", "replace")
    text = data.removeprefix(b"\xef\xbb\xbf").decode("cp1252", "replace")
    try:
        task_xml.check_declaration(text, ())  # none fits: UTF-8 [C], UTF-16 [K]
    except task_nodes.TaskXmlError as exc:
        raise RefusedError(exc.code, exc.where) from exc
    return text


def _run(call: Call, options: _Options, words: Mapping[str, str]) -> int:
    task = task_requests.find(call.host, call.caller, *options.name())
    with task_requests.refusals():
        call.host.tasks.start(task.path, task.name)
    call.out(words["run"].format(name=options.values["/tn"]) + "\r\n")
    return 0


def _end(call: Call, options: _Options, words: Mapping[str, str]) -> int:
    task = task_requests.find(call.host, call.caller, *options.name())
    with task_requests.refusals():
        call.host.tasks.stop(task.path, task.name)
    call.out(words["end"].format(name=options.values["/tn"]) + "\r\n")
    return 0


def _delete(call: Call, options: _Options, words: Mapping[str, str]) -> int:
    task = task_requests.find(call.host, call.caller, *options.name())
    if not _asked(call, options, words["sure"]):
        return 1
    call.host.tasks.drop(task)
    call.out(words["delete"].format(name=options.values["/tn"]) + "\r\n")
    return 0


def _query(call: Call, options: _Options, words: Mapping[str, str]) -> int:
    if "/tn" in options.values:
        found = [task_requests.find(call.host, call.caller, *options.name())]
    else:
        with task_requests.refusals():
            call.host.tasks.check_service()
        found = list(call.host.tasks) if call.caller.administrator else []
    if "/xml" in options.values:
        for task in found:
            call.out(task_text.exported(task) + "\r\n")
        return 0
    form = options.values.get("/fo", "table").casefold()
    columns = _COLUMNS if "/v" in options.values else ["TaskName", "Next Run Time", "Status"]
    rows = [[_cells(call, task, words)[column] for column in columns] for task in found]
    if form == "csv":
        _print_csv(call, columns, rows, options)
    elif form == "list":
        _print_list(call, columns if "/v" in options.values else ["HostName", *columns], found, words)
    else:
        _print_table(call, found, words)
    return 0


def _print_csv(call: Call, columns: list[str], rows: list[list[str]], options: _Options) -> None:
    """Quotation marks inside of a value are not doubled: a real row in docs/sources.md S13 [C]."""
    lines = [] if "/nh" in options.values else [columns]
    for line in [*lines, *rows]:
        call.out(",".join(f'"{cell}"' for cell in line) + "\r\n")


def _print_list(call: Call, columns: list[str], found: list[Task], words: Mapping[str, str]) -> None:
    for task in found:
        call.out(f"\r\nFolder: {task.path.rstrip(chr(92)) or chr(92)}\r\n")
        cells = _cells(call, task, words)
        for column in columns:
            call.out(f"{column + ':':<38}{cells[column]}\r\n")  # as in captures/tasks/38


def _print_table(call: Call, found: list[Task], words: Mapping[str, str]) -> None:
    for task in found:
        call.out(f"\r\nFolder: {task.path.rstrip(chr(92)) or chr(92)}\r\n")
        call.out(f"{'TaskName':<40} {'Next Run Time':<22} {'Status':<15}\r\n")
        call.out(f"{'=' * 40} {'=' * 22} {'=' * 15}\r\n")
        status = words[_STATES[call.host.tasks.state(task)]]
        call.out(f"{task.name:<40.40} {_UNKNOWN:<22} {status:<15}\r\n")


def _cells(call: Call, task: Task, words: Mapping[str, str]) -> dict[str, str]:
    ran = _UNKNOWN if task.last_run is None else local_time.of_file(call.host, task.last_run)
    action = task.definition.actions[0] if task.definition.actions else None
    info = task.definition.part("RegistrationInfo")
    cells = dict.fromkeys(_COLUMNS, _UNKNOWN)
    signed = task.last_result - (1 << 32) if task.last_result >= 1 << 31 else task.last_result
    cells |= {
        "HostName": call.host.machine.name,
        "TaskName": f"{task.path}{task.name}",
        "Status": words[_STATES[call.host.tasks.state(task)]],
        "Logon Mode": "Interactive/Background",
        "Last Run Time": ran,
        "Last Result": str(signed),
        "Author": info.value("Author") or _UNKNOWN,
        "Task To Run": f"{action.command} {action.arguments}" if action else "",
        "Start In": action.folder if action and action.folder else _UNKNOWN,
        "Comment": info.value("Description") or _UNKNOWN,
        "Scheduled Task State": words["enabled" if task.enabled else "disabled"],
        "Idle Time": words["disabled"],
        "Power Management": "",
        "Run As User": "SYSTEM",
        "Delete Task If Not Rescheduled": words["disabled"],
        "Schedule": "Scheduling data is not available in this format.",
        "Schedule Type": "On demand only",
    }
    return cells
