# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""secedit.exe: its command line, /export, /import, /validate; /configure is in engine.py (docs/sources.md S4)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab.state.files import FileError
from lab.windows import engine, inf
from lab.windows.engine_log import Log
from lab.windows.exporting import live_sections
from lab.windows.sddl import MalformedError, parse_dacl

if TYPE_CHECKING:
    from lab.windows.call import Call

VERBS = ("/export", "/configure", "/import", "/validate")
AREAS = ("SECURITYPOLICY", "GROUP_MGMT", "USER_RIGHTS", "REGKEYS", "FILESTORE", "SERVICES")
MAGIC = b"\xef\xcd\xab\x89lab-sdb\n"  # the signature of an ESE database, then what we keep in it
DEFAULT_LOG = "C:\\Windows\\security\\logs\\scesrv.log"
SECONDS = {"/export": 0.3, "/configure": 1.5, "/import": 0.4, "/validate": 0.1}
SDDL_SECTIONS = ("registry keys", "file security", "service general setting")
AREA_OF_SECTION = {"privilege rights": "USER_RIGHTS", "group membership": "GROUP_MGMT"}


@dataclass
class Options:
    """The command line, taken apart; paths as typed."""

    verb: str = ""
    db: str = ""
    cfg: str = ""
    log: str = ""
    areas: list[str] = field(default_factory=list)
    quiet: bool = False
    overwrite: bool = False
    bad: bool = False


def main(call: Call) -> int:
    """Run secedit; exit 0 done, 1 failed, 3 done with warnings."""
    options = _options(call.args)
    if options.bad or options.verb not in VERBS:
        if options.verb:
            call.host.note("unmodelled", "secedit" + call.tail)
        call.out("The syntax of this command is:\r\n\r\nsecedit [/configure | /analyze | ...]\r\n")
        return 1
    if not call.caller.administrator:
        call.out("You do not have sufficient permissions to perform this command. Make sure that you are\r\n")
        call.out("running as the local administrator or have opened the command prompt by using the\r\n")
        call.out("'Run as administrator' option.\r\n")
        return int(call.host.worlds["secedit_denied_exit"])
    call.shell.seconds += SECONDS[options.verb]
    log = Log(call, options.log or DEFAULT_LOG, quiet=options.quiet)
    code = _dispatch(call, options, log)
    log.save()
    _report(call, options, code)
    return code


def _dispatch(call: Call, options: Options, log: Log) -> int:
    if call.host.worlds["secedit_concurrency"] == "busy_once" and call.host.once("secedit"):
        log.line("Error 170: The requested resource is in use.")
        return 1
    verbs = {
        "/export": _export,
        "/import": _import,
        "/validate": _validate,
        "/configure": _configure,
    }
    try:
        return verbs[options.verb](call, options, log)
    except FileError as exc:
        log.line(f"Error {exc.code}: {exc.path}")
        return 1


def _report(call: Call, options: Options, code: int) -> None:
    if options.quiet or options.verb == "/import":  # an import says nothing: captures/cmd/33
        return
    endings = {
        0: "The task has completed successfully.",
        3: "The task has completed. Warnings occurred for some attributes during this operation.",
    }
    call.out(f"\r\n{endings.get(code, 'The task has completed with an error.')}\r\n")
    call.out(f"See log {options.log or '%windir%' + DEFAULT_LOG[10:]} for detail info.\r\n")


def _options(args: list[str]) -> Options:
    found = Options()
    index = 0
    valued = {"/db": "db", "/cfg": "cfg", "/log": "log"}
    while index < len(args):
        word = args[index].casefold()
        index += 1
        if word in valued and index < len(args):
            setattr(found, valued[word], args[index])
            index += 1
        elif word == "/areas":
            while index < len(args) and args[index].upper() in AREAS:
                found.areas.append(args[index].upper())
                index += 1
        elif word == "/quiet":
            found.quiet = True
        elif word == "/overwrite":
            found.overwrite = True
        elif word == "/validate" and index < len(args):
            found.verb, found.cfg = word, args[index]
            index += 1
        elif word.startswith("/") and not found.verb:
            found.verb = word
        elif word != "/mergedpolicy":
            found.bad = True
    return found


def _selected(options: Options, section: str) -> bool:
    area = AREA_OF_SECTION.get(section)
    return not options.areas or area is None or area in options.areas


def _export(call: Call, options: Options, log: Log) -> int:
    if not options.cfg:
        return 1
    if options.db:
        body = _from_database(call, options)
        if body is None:
            log.line("Error 2: The system cannot find the file specified.")
            return 1
    else:
        body = live_sections(call.host, options.areas)
    sections = [("Unicode", ["Unicode=yes"]), *body]
    sections.append(("Version", ['signature="$CHICAGO$"', "Revision=1"]))
    path = call.path(options.cfg)
    call.output_path = path
    text = inf.render(sections)
    call.host.write(call.caller, path, _encoded(call, path, text))
    log.line("----Un-initialize configuration engine...")
    return 0


def _encoded(call: Call, path: str, text: str) -> bytes:
    """UTF-16LE with BOM for a new file; a file that is there without BOM stays ANSI (docs/sources.md S4)."""
    files = call.host.machine.files
    if files.exists(path) and not files.read(path).startswith(b"\xff\xfe"):
        return text.encode("cp1252", "replace")
    bom = b"\xff\xfe" if call.host.worlds["export_bom"] == "yes" else b""
    return bom + text.encode("utf-16-le")


def _read_template(call: Call, options: Options, log: Log) -> inf.Sections | None:
    try:
        longest = 4096 if call.host.worlds["inf_long_line"] == "cut_4096" else None
        sections = inf.parse(call.host.read(call.caller, call.path(options.cfg)), longest)
    except FileError as exc:
        log.line(f"Error {exc.code}: cannot open {options.cfg}.")
        return None
    if not sections:
        log.line("Error 87: The parameter is incorrect.")
        return None
    return sections


def _load_database(call: Call, path: str) -> inf.Sections | None:
    """What a database holds; None when it is not one (0 bytes: error 9, docs/sources.md S4)."""
    data = call.host.machine.files.read(path)
    if not data.startswith(MAGIC):
        return None
    stored = json.loads(data[len(MAGIC) :])
    return {name: list(lines) for name, lines in stored.items()}


def _merge_database(call: Call, options: Options, log: Log) -> inf.Sections | None:
    """The template as /configure and /import see it: what the database had, then /cfg on top."""
    path = call.path(options.db)
    stored: inf.Sections = {}
    if call.host.machine.files.exists(path):
        loaded = _load_database(call, path)
        if loaded is None:
            log.line("Error 9: The storage control block address is invalid.")
            return None
        stored = {} if options.overwrite else loaded
    if options.cfg:
        template = _read_template(call, options, log)
        if template is None:
            return None
        for section, lines in template.items():
            keys = {key.casefold() for key, dummy in lines}
            kept = [(k, v) for k, v in stored.get(section, []) if k.casefold() not in keys]
            stored[section] = kept + lines
    selected = {name: lines for name, lines in stored.items() if _selected(options, name)}
    data = MAGIC + json.dumps(selected).encode()
    call.host.write(call.caller, path, data)
    call.host.write(call.caller, path.rpartition(".")[0] + ".jfm", b"\0" * 16)
    return selected


def _configure(call: Call, options: Options, log: Log) -> int:
    if not options.db:
        return 1
    new = not call.host.machine.files.exists(call.path(options.db))
    sections = _merge_database(call, options, log)
    if sections is None:
        return 1
    code = engine.configure(call, sections, log, options.areas)
    return int(call.host.worlds["new_database_exit"]) if new and code == 0 else code


def _import(call: Call, options: Options, log: Log) -> int:
    if not options.db or not options.cfg:
        return 1
    return 1 if _merge_database(call, options, log) is None else 0


def _validate(call: Call, options: Options, log: Log) -> int:
    """A syntax check only: it resolves nothing; a malformed SDDL string is an error (docs/sources.md S4)."""
    sections = _read_template(call, options, log)
    if sections is None:
        return 1
    for name in SDDL_SECTIONS:
        for key, value in sections.get(name, []):
            text = f"{key}={value}" if value else key
            try:
                parse_dacl(text.rpartition(",")[2].strip(' "'), call.host.machine)
            except MalformedError:
                log.line(f"Error 1336: The access control list (ACL) structure is invalid. {text}")
                return 1
    return 0


def _from_database(call: Call, options: Options) -> list[tuple[str, list[str]]] | None:
    path = call.path(options.db)
    if not call.host.machine.files.exists(path):
        return None
    stored = _load_database(call, path)
    if stored is None:
        return None
    found: list[tuple[str, list[str]]] = []
    titles = {"privilege rights": "Privilege Rights", "group membership": "Group Membership"}
    for section, lines in stored.items():
        if section in titles and _selected(options, section):
            found.append((titles[section], engine.resolved_lines(call, section, lines)))
    return found
