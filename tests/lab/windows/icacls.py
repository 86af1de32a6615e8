# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""icacls.exe: grant and save on files, the way a name becomes a SID (docs/sources.md S2)."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from lab.state import sddl_aliases, sids
from lab.state.files import TRUSTEE_ADMINS, TRUSTEE_SYSTEM, Ace, FileError, Node
from lab.state.lsa import LookupFailedError
from lab.windows.messages import SYSTEM_MESSAGES, message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lab.state.machine import Machine
    from lab.windows.call import Call

RIGHTS = {"F": "FA", "M": "0x1301bf", "RX": "0x1200a9", "R": "FR", "W": "FW", "D": "SD", "N": ""}
SHOWN = {mask: letters for letters, mask in RIGHTS.items()}
SWITCHES = ("/q", "/c", "/t", "/l")
WORDS = Path(__file__).with_name("icacls_words.yml")


@functools.lru_cache(maxsize=8)
def _words(language: str) -> Mapping[str, str]:
    data = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    words: Mapping[str, str] = data.get(language, data["en"])
    return words


def main(call: Call) -> int:
    """``icacls path [/grant[:r] who:rights]… [/deny …] [/remove who] [/save file] [/q] [/c]``.

    With ``/c`` it goes on after a failure and ends with 0 all the same (docs/sources.md S2).
    """
    worlds = call.host.worlds
    if worlds["icacls_available"] == "blocked":
        call.err(f"{SYSTEM_MESSAGES[1260]}\r\n")
        return 1
    call.shell.seconds += 0.03
    if not call.args:
        call.out("ICACLS name /save aclfile [/T] [/C] [/L] [/Q]\r\n")
        return 87
    code = _run(call)
    return 0 if _has(call, "/c") else code


def _run(call: Call) -> int:
    nodes = call.host.machine.files.glob(call.path(call.args[0]))
    if not nodes:
        call.err(f"{call.args[0]}: {SYSTEM_MESSAGES[2]}\r\n")
        _summary(call, 0, 1)
        return 2
    verbs = [(i, a.casefold()) for i, a in enumerate(call.args) if a.startswith("/")]
    verb = next(((i, v) for i, v in verbs if v not in SWITCHES), None)
    if verb is None:
        return _show(call, nodes)
    index, name = verb
    if name == "/save":
        return _save(call, nodes, call.args[index + 1 : index + 2])
    return _change(call, nodes)


def _has(call: Call, switch: str) -> bool:
    return switch in [a.casefold() for a in call.args]


def _typed(call: Call, node: Node) -> str:
    """The path as it was typed, with the file's name (captures/cmd/30)."""
    folder = call.args[0].rpartition("\\")[0]
    return f"{folder}\\{node.name}" if folder else node.name


def _summary(call: Call, done: int, failed: int) -> None:
    words = _words(call.host.machine.language)
    call.out(words["summary"].format(done=done, failed=failed) + "\r\n")


def _processed(call: Call, nodes: list[Node]) -> None:
    words = _words(call.host.machine.language)
    if not _has(call, "/q"):
        for node in nodes:
            call.out(words["file"].format(path=_typed(call, node)) + "\r\n")
    _summary(call, len(nodes), 0)


def _change(call: Call, nodes: list[Node]) -> int:
    if call.host.worlds["icacls_available"] == "fat":
        call.err("The request is not supported.\r\n")
        return 50
    verb = ""
    for arg in call.args[1:]:
        lower = arg.casefold()
        if lower in SWITCHES:
            continue
        if lower.startswith("/"):
            verb = lower
            if verb.startswith("/inheritance:") or verb == "/reset":
                _inheritance(nodes, verb)
            continue
        code = _one(call, nodes, verb, arg)
        if code is not None:
            return code
    _processed(call, nodes)
    return 0


def _inheritance(nodes: list[Node], verb: str) -> None:
    for node in nodes:
        if verb == "/reset":
            node.explicit.clear()
        node.inherits = not verb.endswith(":r")


def _one(call: Call, nodes: list[Node], verb: str, arg: str) -> int | None:
    """One trustee; the code with which the run ends here, None to go on."""
    who, colon, letters = arg.rpartition(":") if verb.startswith(("/grant", "/deny")) else (arg, "", "")
    if verb.startswith(("/grant", "/deny")) and not colon:
        call.err(f'Invalid parameter "{arg}"\r\n')
        return 87
    machine = call.host.machine
    machine.lsa.seconds = 0.0
    try:
        sid = who[1:] if who.startswith("*") else machine.lsa.name_to_sid(who).sid
        if who.startswith("*") and not sids.is_sid(sid):
            raise LookupFailedError(1332, who)
    except LookupFailedError as exc:
        if verb.startswith("/remove"):  # no word about the name (captures/cmd/30); its code is not known
            _summary(call, 0, 0)
            return 0
        call.err(f"{who}: {message(exc.code, machine.language)}\r\n")
        _summary(call, 0, len(nodes))
        return exc.code
    finally:
        call.shell.seconds += machine.lsa.seconds
    for node in nodes:
        try:
            call.host.check_write(call.caller, node.path)
        except FileError:
            call.err(f"{_typed(call, node)}: {SYSTEM_MESSAGES[5]}\r\n")
            _summary(call, 0, 1)
            return 5
        _put(node, verb, sid, _mask(letters))
    return None


def _put(node: Node, verb: str, sid: str, mask: str) -> None:
    if verb.startswith(("/remove", "/grant:r")):
        node.explicit = [ace for ace in node.explicit if ace.sid != sid]
    kind = {"/grant": "A", "/grant:r": "A", "/deny": "D"}.get(verb)
    if kind:
        node.explicit = [a for a in node.explicit if (a.kind, a.sid) != (kind, sid)]
        node.explicit.append(Ace(kind, mask, sid))


def _mask(letters: str) -> str:
    simple = re.sub(r"\([^)]*\)", "", letters).upper() or letters.strip("()").upper()
    return RIGHTS.get(simple, "FR")


def _save(call: Call, nodes: list[Node], target: list[str]) -> int:
    if not target:
        return 87
    lines = []
    for node in nodes:
        lines += [node.name, sddl(call, node)]
    text = "".join(f"{line}\r\n" for line in lines)
    bom = b"\xff\xfe" if call.host.worlds["icacls_save_bom"] == "yes" else b""
    path = call.path(target[0])
    try:
        call.host.write(call.caller, path, bom + text.encode("utf-16-le"))
    except FileError as exc:
        call.err(f"{target[0]}: {SYSTEM_MESSAGES[exc.code]}\r\n")
        return exc.code
    call.output_path = path
    _processed(call, nodes)
    return 0


def sddl(call: Call, node: Node) -> str:
    """The DACL of a file as SDDL: explicit entries without the ID flag, then what it inherits."""
    if call.host.worlds["icacls_available"] == "fat":
        return "D:NO_ACCESS_CONTROL"
    aliases = call.host.worlds["icacls_aliases"] == "yes"
    ordered = sorted(node.explicit, key=lambda ace: ace.kind != "D")
    machine = call.host.machine
    entries = [(a.kind, "", a.rights, a.sid) for a in ordered]
    if node.inherits:
        entries += [("A", "ID", mask, sid) for sid, mask in (TRUSTEE_SYSTEM, TRUSTEE_ADMINS)]
    body = "".join(
        f"({kind};{flags};{mask};;;{alias(machine, sid) if aliases else sid})" for kind, flags, mask, sid in entries
    )
    return f"D:{'AI' if node.inherits else 'PAI'}{body}"


def alias(machine: Machine, sid: str) -> str:
    """The two letters SDDL has for a SID on this computer, or the SID itself."""
    domain_sid = machine.domain.sid if machine.domain else ""
    return sddl_aliases.written(sid, machine.local.sid, domain_sid, machine.build)


def _show(call: Call, nodes: list[Node]) -> int:
    """Trustees below each other, behind the file's name (captures/cmd/30)."""
    for node in nodes:
        entries = [(ace.sid, "(DENY)" * (ace.kind == "D") + f"({_letters(ace.rights)})") for ace in node.explicit]
        if node.inherits:
            entries += [(sid, f"(I)({_letters(mask)})") for sid, mask in (TRUSTEE_SYSTEM, TRUSTEE_ADMINS)]
        name = _typed(call, node)
        for number, (sid, rights) in enumerate(entries):
            found = call.host.machine.lsa.sid_to_name(sid)
            start = " " * len(name) if number else name
            call.out(f"{start} {found.qualified if found else sid}:{rights}\r\n")
        call.out("\r\n")
    _summary(call, len(nodes), 0)
    return 0


def _letters(mask: str) -> str:
    return SHOWN.get(mask, mask)
