# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""Open questions about Windows that one real host answers: each check names its row in docs/assumptions.md.

Every check works in files of its own in ``%windir%\Temp`` and removes them; none changes a right, a service or a
policy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WinmailError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import (
    inf,
    leftovers,
    policy,
    private_database,
    secedit,
)
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import lookup_names as names
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.services import moment
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.answer import Answer
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.cim import Cim
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_text
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport

ORPHAN = "S-1-5-21-1-2-3-1001"
HARMLESS = "SeCreatePermanentPrivilege"


@dataclass(frozen=True)
class Settled:
    """One answered question: the row, the world's name, the answer in its words (or unknown) and what was seen."""

    row: str
    world: str
    answer: str
    evidence: str


@dataclass(frozen=True)
class Desk:
    """What a check works with: the shell and CIM of one host."""

    transport: Transport
    cim: Cim

    def run(self, chain: shell.Chain, files: shell.Files) -> shell.Sections:
        """Run a chain that ends with the removal of its files."""
        return chain.read(self.transport.run(secedit.finish(chain, files).line()).stdout)

    def show(self, command: str) -> str:
        """What one command prints."""
        chain = shell.Chain().show("x", command)
        found = chain.read(self.transport.run(chain.line()).stdout).section("x")
        return decode(found or b"").strip()


def _files() -> shell.Files:
    return shell.Files.fresh(shell.utc_now())


def late_code(desk: Desk) -> Settled:
    """Whether ``call echo %^errorlevel%`` prints the code of the command before it."""
    chain = shell.Chain().run("cmd /c exit 7", code="c")
    code = chain.read(desk.transport.run(chain.line()).stdout).code("c")
    return Settled("W02", "call_errorlevel", "works" if code == 7 else "literal", f"printed {code} for 7")


def typed_export(desk: Desk) -> Settled:
    """How an export arrives that ``type`` prints in a 65001 shell."""
    files, chain = _files(), shell.Chain()
    found = desk.run(secedit.add_read(chain, files, "e"), files).section("e") or b""
    raw = found[:2] == b"\xff\xfe" or found[1:2] == b"\0"
    return Settled("W01", "type_converts_utf16", "raw" if raw else "yes", f"first bytes {found[:12].hex(' ')}")


def compared_files(desk: Desk) -> Settled:
    """The exit codes of ``fc /b`` for equal and for different files."""
    files, chain = _files(), shell.Chain()
    for suffix, text in (("a", "x"), ("b", "x"), ("c", "y")):
        chain.run(f">{files.quoted(suffix)} echo {text}")
    for name, other in (("same", "b"), ("other", "c")):
        chain.run(f">nul 2>&1 {shell.program('fc.exe')} /b {files.quoted('a')} {files.quoted(other)}", code=name)
    found = desk.run(chain, files)
    same, other = found.code("same"), found.code("other")
    return Settled(
        "W07", "fc_exit_codes", "documented" if (same, other) == (0, 1) else "unknown", f"{same} and {other}"
    )


def scope_of_if(desk: Desk) -> Settled:
    """Whether what follows ``if c (a) & b`` belongs to the condition."""
    shown = desk.show('cmd /c "if 1==2 (echo a)& echo b"')
    return Settled("W08", "if_scope", "group_only" if "b" in shown else "rest_of_line", f"printed {shown!r}")


def listed_paths(desk: Desk) -> Settled:
    """Whether ``dir /b /s`` prints full paths."""
    shown = desk.show('dir /b /s /a-d "%windir%\\System32\\fc.exe"').splitlines()
    full = bool(shown) and "\\" in shown[0]
    return Settled("W90", "dir_s_paths", "full" if full else "names", shown[0] if shown else "nothing")


def shown_bytes(desk: Desk) -> Settled:
    """Whether ``type`` shows the bytes of a file without BOM as they are: the length of an answer proves it."""
    answer = Answer(shell.Chain().show("x", "echo \u00e4"), _files())
    output = desk.transport.run(answer.line(), answer.ended).stdout
    try:
        seen = answer.read(output)[0].section("x")
    except ReadError as exc:
        return Settled("W94", "type_plain_files", "converted", f"{exc} The bytes: {output[:80].hex(' ')}")
    return Settled("W94", "type_plain_files", "bytes", f"printed {(seen or b'').hex(' ')}")


def exclamation_marks(desk: Desk) -> Settled:
    """Whether cmd.exe leaves alone what stands between exclamation marks."""
    shown = desk.show("echo !windir!")
    return Settled("W93", "delayed_expansion", "off" if shown == "!windir!" else "on", f"printed {shown!r}")


def found_lines(desk: Desk) -> Settled:
    """Whether findstr prints the lines that begin with a text, and nothing else of a file."""
    files, chain = _files(), shell.Chain()
    chain.run(f"(echo [Version]& echo SeA = *S-1-5-18& echo x[Version])>{files.quoted('a')}")
    chain.run(f"(echo [Version]& echo SeA = *S-1-5-18)>{files.quoted('b')}")
    find = f'{shell.program("findstr.exe")} /b /i /l /c:"[version]" /c:"SeA" {files.quoted("a")}'
    chain.run(f"{find}>{files.quoted('c')}")
    chain.run(f">nul 2>&1 {shell.program('fc.exe')} /b {files.quoted('b')} {files.quoted('c')}", code="fc")
    chain.show("c", f"type {files.quoted('c')}")
    found = desk.run(chain, files)
    same = found.code("fc") == 0
    return Settled("W95", "findstr_available", "yes" if same else "no", f"printed {found.section('c')!r}")


def files_by_cim(desk: Desk) -> Settled:
    """Whether CIM_DataFile tells the time of a file of ours and removes it."""
    files, folder = _files(), desk.show("echo %windir%")
    desk.show(f">{files.quoted('x')} echo.")
    path = f"{folder}\\Temp\\{files.stem}.x"
    row = desk.cim.get("CIM_DataFile", {"Name": path}) or {}
    (system,) = desk.cim.query("select LocalDateTime from Win32_OperatingSystem")
    written, now = (moment(as_text(one)) for one in (row.get("LastModified"), system.get("LocalDateTime")))
    young = written is not None and now is not None and abs(now - written) < leftovers.STALE
    gone = leftovers.remove_file(desk.cim, path)
    if not gone:
        desk.run(shell.Chain(), files)
    evidence = f"written {written}, now {now}, removed: {gone}"
    return Settled("W84", "cim_files", "works" if young and gone else "absent", evidence)


def prompted(desk: Desk) -> Settled:
    """Whether ``set /p`` prints its prompt without a line end."""
    shown = desk.show("<nul set /p =a& echo b")
    return Settled("W91", "set_p_output", "bare" if shown == "ab" else "line_end", f"printed {shown!r}")


def steady_exports(desk: Desk) -> Settled:
    """Whether two exports of the same rights are the same bytes."""
    files, chain = _files(), shell.Chain()
    chain.run(secedit.export(files, "e1")).run(secedit.export(files, "e2"))
    pair = f"{files.quoted('e1.inf')} {files.quoted('e2.inf')}"
    code = desk.run(chain.run(f">nul 2>&1 {shell.program('fc.exe')} /b {pair}", code="fc"), files).code("fc")
    return Settled("W11", "export_order_stable", "yes" if code == 0 else "no", f"fc /b ended with {code}")


def long_line(desk: Desk) -> Settled:
    """Whether secedit reads a template line with 300 SIDs whole; it goes into a private database only."""
    files = _files()
    wanted = {HARMLESS: [f"S-1-5-21-1-2-3-{rid}" for rid in range(2000, 2300)]}
    try:
        for chain in secedit.prepare_lines(files, inf.render(wanted)):
            chain.read(desk.transport.run(chain.line()).stdout)
        parsed = secedit.read_export(desk.run(secedit.rehearse_line(files), files), "v")
    except WinmailError:
        desk.run(shell.Chain(), files)
        raise
    count = len(parsed.by_constant.get(HARMLESS, ()))
    return Settled("W92", "inf_long_line", "whole" if count == 300 else "cut_4096", f"{count} of 300 holders came back")


def private_names(desk: Desk) -> Settled:
    """Whether the private database turns the connecting account's own name into a SID."""
    me = desk.show(f"{shell.program('whoami.exe')}").splitlines()
    if not me or not private_database.askable(me[0]):
        return Settled("W19", "private_db_domain_names", "unknown", "whoami gave no plain name")
    files = _files()
    found = desk.run(private_database.add_questions(shell.Chain(), files, me[:1]), files)
    answer = private_database.read_answers(found, me[:1])[me[0]]
    return Settled("W19", "private_db_domain_names", "yes" if answer.trustee else "no", f"{me[0]}: {answer.trustee}")


def saved_acl(desk: Desk) -> Settled:
    """How icacls writes a trustee that has a two-letter alias."""
    files, chain = _files(), shell.Chain()
    names.add_questions(chain, files, ["*S-1-5-32-551"])
    found = desk.run(chain, files)
    asked = names.read_answers(found, ["*S-1-5-32-551"]).get("*S-1-5-32-551")
    seen = (found.section("acl") or b"")[:24].hex(" ")
    alias = "unknown" if asked is None or asked.trustee is None else "yes" if len(asked.trustee) == 2 else "no"
    return Settled("W32", "icacls_aliases", alias, f"{asked.trustee if asked else None}; first bytes {seen}")


def named_orphan(desk: Desk) -> Settled:
    """What SDDLToWin32SD says of a SID without an account beside one with."""
    sddl = names.sddl_of([ORPHAN, "S-1-5-32-544"])
    row = desk.cim.invoke("Win32_SecurityDescriptorHelper", "SDDLToWin32SD", {"SDDL": sddl})
    good = row.get("ReturnValue") == "0"
    return Settled("W33", "sddl_helper", "works" if good else "fault_on_orphan", str(row)[:300])


def policy_log(desk: Desk) -> Settled:
    """Whether RSoP is there."""
    found = policy.read_rsop(desk.cim)
    answer = "absent" if found.refusal else "present" if found.rights else "empty"
    return Settled("W50", "rsop", answer, found.refusal or f"{len(found.rights)} rights")


def cached_policies(desk: Desk) -> Settled:
    """Whether cached security templates are there."""
    chain = policy.add_cache(shell.Chain())
    found = policy.read_cache(chain.read(desk.transport.run(chain.line()).stdout))
    files = ", ".join(one.file for one in found.policies) or "none"
    return Settled("W52", "gpt_cache", "present" if found.policies else "absent", f"{files}; whole: {found.complete}")


CHECKS: tuple[Callable[[Desk], Settled], ...] = (
    *(late_code, typed_export, compared_files, scope_of_if, listed_paths, prompted, steady_exports, long_line),
    *(shown_bytes, exclamation_marks, found_lines, files_by_cim),
    *(private_names, saved_acl, named_orphan, policy_log, cached_policies),
)


def settle(transport: Transport) -> list[Settled]:
    """Run every check; one that fails is an answer as well: unknown, with what Windows said."""
    desk = Desk(transport, Cim(transport))
    found = []
    for check in CHECKS:
        try:
            found.append(check(desk))
        except WinmailError as exc:
            found.append(Settled("-", check.__name__, "unknown", str(exc)[:300]))
    return found
