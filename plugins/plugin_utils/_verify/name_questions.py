# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Open questions about names, SIDs and who is connected."""

from __future__ import annotations

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.text import decode
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import lookup_names as names
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.soap import as_list, as_text

from .desk import UNKNOWN, Desk, Question, Settled, encoding, files, size_of

ORPHAN = "S-1-5-21-1-2-3-1001"
ENGLISH = "0409"


def saved_acl(desk: Desk) -> Settled:
    """How icacls writes a trustee that has a two-letter alias."""
    own, chain = files(), shell.Chain()
    names.add_questions(chain, own, ["*S-1-5-32-551"])
    found = desk.run(chain, own)
    asked = names.read_answers(found, ["*S-1-5-32-551"]).get("*S-1-5-32-551")
    alias = UNKNOWN if asked is None or asked.trustee is None else "yes" if len(asked.trustee) == 2 else "no"
    return Settled("W32", "icacls_aliases", alias, f"the trustee is {asked.trustee if asked else None}")


def named_orphan(desk: Desk) -> Settled:
    """What SDDLToWin32SD says of a SID without an account beside one with."""
    sddl = names.sddl_of([ORPHAN, "S-1-5-32-544"])
    row = desk.cim.invoke("Win32_SecurityDescriptorHelper", "SDDLToWin32SD", {"SDDL": sddl})
    good = row.get("ReturnValue") == "0"
    return Settled(
        "W33", "sddl_helper", "works" if good else "fault_on_orphan", f"ReturnValue {row.get('ReturnValue')}"
    )


def asked_by_icacls(desk: Desk) -> Settled:
    """Whether icacls may be run and the folder for temporary files keeps access lists."""
    asked = desk.resolve("*S-1-5-32-551")
    if asked is None:
        return Settled("W30", "icacls_available", UNKNOWN, "no answer")
    answer = "yes" if asked.trustee else "fat" if "without access lists" in asked.why else "blocked"
    return Settled("W30", "icacls_available", answer, asked.why)


def saved_file(desk: Desk) -> Settled:
    """Whether the file of ``icacls /save`` begins with a byte order mark."""
    own, chain = files(), shell.Chain()
    names.add_questions(chain, own, ["*S-1-5-32-551"])
    chain.show("size", size_of(own.quoted("acl")))
    found = desk.run(chain, own)
    kind, seen = encoding(found.section("size"), found.section("acl") or b"")
    return Settled("W31", "icacls_save_bom", {"utf16_bom": "yes", "utf16": "no"}.get(kind, UNKNOWN), seen)


def unmapped(desk: Desk) -> Settled:
    """What SDDLToWin32SD has for the name of a SID that nobody has."""
    try:
        row = desk.cim.invoke("Win32_SecurityDescriptorHelper", "SDDLToWin32SD", {"SDDL": names.sddl_of([ORPHAN])})
    except WindowsError as exc:
        return Settled("W34", "unmapped_sid", "fault", str(exc))
    descriptor = row.get("Descriptor")
    for ace in as_list(descriptor.get("DACL")) if isinstance(descriptor, dict) else ():
        trustee = ace.get("Trustee") if isinstance(ace, dict) else None
        if isinstance(trustee, dict):
            null = trustee.get("Name") is None
            return Settled("W34", "unmapped_sid", "null" if null else "empty", f"keys {', '.join(sorted(trustee))}")
    return Settled("W34", "unmapped_sid", UNKNOWN, "no trustee")


def one_sid(desk: Desk) -> Settled:
    """Whether Win32_SID can be read."""
    try:
        row = desk.cim.get("Win32_SID", {"SID": "S-1-5-32-544"}) or {}
    except WindowsError as exc:
        return Settled("W35", "win32_sid", "denied", str(exc))
    return Settled("W35", "win32_sid", "works" if as_text(row.get("SID")) else UNKNOWN, f"{len(row)} values")


def english_name(desk: Desk) -> Settled:
    """Whether an English name of Windows' own means something where Windows speaks another language."""
    (system,) = desk.cim.query("select Locale from Win32_OperatingSystem")
    if (as_text(system.get("Locale")) or ENGLISH).lower() == ENGLISH:
        return Settled("W37", "english_names_on_german", UNKNOWN, "the host speaks English")
    own = desk.host.accounts(["S-1-5-32-544"])["S-1-5-32-544"].name or ""
    if own.lower().endswith("\\administrators"):
        return Settled("W37", "english_names_on_german", UNKNOWN, "the host's own name is the English one")
    asked = desk.resolve("Administrators")
    answer = UNKNOWN if asked is None else "yes" if asked.trustee else "no" if asked.absent else UNKNOWN
    return Settled("W37", "english_names_on_german", answer, asked.why if asked else "no answer")


def bare_name(desk: Desk) -> Settled:
    """Whether the name of a domain's account resolves without its domain on a controller."""
    name = desk.me.rpartition("\\")[2]
    if not desk.computer.domain_controller or not name:
        return Settled("W38", "dc_bare_names", UNKNOWN, "no domain controller")
    asked = desk.resolve(name)
    answer = UNKNOWN if asked is None else "work" if asked.trustee else "fail"
    return Settled("W38", "dc_bare_names", answer, asked.why if asked else "no answer")


def owner(desk: Desk) -> Settled:
    """Whether the SID of a service's process is told."""
    rows = desk.cim.query("select ProcessId from Win32_Service where State='Running'")
    running = [number for number in (as_text(row.get("ProcessId")) for row in rows) if number not in (None, "0")]
    if not running:
        return Settled("W41", "owner_sid", UNKNOWN, "no running service")
    try:
        sid = desk.host.service_process(int(str(running[0]))).owner_sid
    except (WindowsError, ReadError) as exc:
        return Settled("W41", "owner_sid", "denied", str(exc))
    return Settled("W41", "owner_sid", "ok" if sid else "denied", f"owner {sid}")


def bad_descriptor(desk: Desk) -> Settled:
    """Whether a malformed SDDL string is answered with a code."""
    try:
        row = desk.cim.invoke("Win32_SecurityDescriptorHelper", "SDDLToWin32SD", {"SDDL": "D:(A;;1;;;S-1-x)"})
    except WindowsError as exc:
        return Settled("W42", "sddl_refusal", "fault", str(exc))
    code = as_text(row.get("ReturnValue"))
    return Settled("W42", "sddl_refusal", "code" if code not in (None, "0") else UNKNOWN, f"ReturnValue {code}")


def who_am_i(desk: Desk) -> Settled:
    """Whether the caller may run whoami."""
    chain = shell.Chain().run(f">nul 2>&1 {shell.program('whoami.exe')} /user /fo csv /nh", code="whoami")
    code = chain.read(desk.transport.run(chain.line()).stdout).code("whoami")
    answer = UNKNOWN if code is None else {0: "runs", 9009: "absent"}.get(code, "blocked")
    return Settled("W44", "whoami", answer, f"ended with {code}")


def place_of_the_label(desk: Desk) -> Settled:
    """Whether ``whoami /groups`` lists the integrity level first or last."""
    shown = decode(desk.raw(f"2>nul {shell.program('whoami.exe')} /groups /fo csv /nh"))
    rows = [row for row in shown.splitlines() if row.strip()]
    places = [number for number, row in enumerate(rows) if '"S-1-16-' in row]
    seen = f"row {places} of {len(rows)}"
    if len(places) != 1 or len(rows) < 2:
        return Settled("W45", "whoami_label", UNKNOWN, seen)
    answer = {0: "first", len(rows) - 1: "last"}.get(places[0], UNKNOWN)
    return Settled("W45", "whoami_label", answer, seen)


QUESTIONS: tuple[Question, ...] = (
    *(saved_acl, named_orphan, asked_by_icacls, saved_file, unmapped, one_sid, english_name, bare_name),
    *(owner, bad_descriptor, who_am_i, place_of_the_label),
)
