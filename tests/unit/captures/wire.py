# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the lab's WinRM what a recording asked, and shows two envelopes as lines that can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ansible_collections.winmail.exchange.tests.unit.captures.reading import CAPTURES
from lab.network import configuration
from lab.scenario import load
from lab.seams import Completed
from lab.winrm import names, soap
from lab.winrm.host import Host
from lab.winrm.interference import Interference
from lab.winrm.settings import settings_from

if TYPE_CHECKING:
    from pathlib import Path

WSMAN = CAPTURES / "wsman"
PREFIXES = {
    names.SOAP: "s",
    names.ADDRESSING: "a",
    names.TRANSFER: "x",
    names.ENUMERATION: "n",
    names.WSMAN: "w",
    names.MICROSOFT: "p",
    names.SHELL: "rsp",
    names.FAULT: "f",
    names.COMMON: "cim",
    names.XSI: "xsi",
    names.BINDING: "b",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
# What differs from answer to answer: identifiers, addresses, names, times and output.
VARIABLE = {"a:MessageID", "a:RelatesTo", "a:Address", "rsp:ShellId", "rsp:CommandId", "rsp:Owner", "rsp:ClientIP"} | {
    "rsp:Stream",
    "rsp:ExitCode",
    "n:EnumerationContext",
    "w:Selector",
}
VARIABLE_ATTRIBUTES = {"CommandId", "Machine", "xml:lang"}
OPTIONAL = {"p:ActivityId"}  # newer hosts name it in some answers


def capture(name: str) -> ET.Element:
    """The envelope of a recording."""
    return ET.fromstring((WSMAN / name).read_bytes())


def short(tag: str) -> str:
    """A tag or attribute with a prefix that is the same everywhere."""
    space, dummy, name = tag.rpartition("}")
    space = space.lstrip("{")
    return f"{PREFIXES.get(space, space)}:{name}" if space else name


def shape(root: ET.Element, depth: int = 0) -> list[str]:
    """Every element in its order: depth, name, attributes with their values, text; what varies is left out."""
    name = short(root.tag)
    if name in OPTIONAL:
        return []
    attributes = [
        f"{short(key)}={'*' if short(key) in VARIABLE_ATTRIBUTES else _type(value)}" for key, value in root.items()
    ]
    text = re.sub(r"\s+", " ", root.text or "").strip()
    shown = "*" if name in VARIABLE and text else text
    lines = [f"{'  ' * depth}{name} [{' '.join(sorted(attributes))}] {shown}".rstrip()]
    for child in root:
        lines += shape(child, depth + 1)
    return lines


def _type(value: str) -> str:
    return re.sub(r"^\w+:(?=\w+_Type$|cim)", "", value)


@dataclass
class Wire:
    """The WinRM service of one host of the lab's scenario ``rights``, asked without a network."""

    folder: Path
    computer: str = "member"
    settings: Mapping[str, object] | None = None

    def __post_init__(self) -> None:
        scenario = load("rights")
        computer = next(one for one in scenario.computers if one.name == self.computer)
        configured = {**configuration(scenario, computer.name), **(self.settings or {})}
        self.host = Host(computer, settings_from(configured), self.folder / "accounts", 10)
        self.machine = computer.machine
        self.caller = computer.logon("CORP", "labadmin")

    def prints(self, *writes: tuple[str, bytes], code: int = 0, seconds: float = 0.0) -> None:
        """Let every command line print this."""
        streams = {name: b"".join(data for n, data in writes if n == name) for name in ("stdout", "stderr")}
        done = Completed(streams["stdout"], streams["stderr"], code, seconds, writes)
        self.host.shells._run = lambda *_: done  # one answer for any line

    def ask(
        self, action: str, uri: str = names.CMD_SHELL, xml: str = "", options: str = "", **selectors: str
    ) -> ET.Element:
        """The envelope of the answer to a request whose body is ``xml``."""
        keys = "".join(f'<w:Selector Name="{name}">{value}</w:Selector>' for name, value in selectors.items())
        request = soap.parse(
            (
                f'<s:Envelope xmlns:s="{names.SOAP}" xmlns:a="{names.ADDRESSING}" xmlns:w="{names.WSMAN}"'
                f' xmlns:n="{names.ENUMERATION}" xmlns:rsp="{names.SHELL}"><s:Header>'
                f"<a:To>http://192.0.2.11:5985/wsman</a:To><a:Action>{action}</a:Action>"
                f"<a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI>"
                f"<w:OperationTimeout>PT20S</w:OperationTimeout><w:SelectorSet>{keys}</w:SelectorSet>"
                f"{options}</s:Header><s:Body>{xml}</s:Body></s:Envelope>"
            ).encode()
        )
        reply = self.host.answer(request, self.caller, "192.0.2.1", Interference(self.host.computer.faults))
        if reply.fault is not None:
            name = self.host.computer.name
            return ET.fromstring(soap.build_fault(reply.fault, name, request.message_id, request.to))
        return ET.fromstring(soap.build(reply.action, reply.body, request.message_id))

    def open(self) -> str:
        """A new shell."""
        return self.ask(names.CREATE, xml="<rsp:Shell/>").findtext(f".//{{{names.SHELL}}}ShellId") or ""

    def start(self, shell: str, line: str = "any") -> str:
        """A new command."""
        return self.command(shell, line).findtext(f".//{{{names.SHELL}}}CommandId") or ""

    def command(self, shell: str, line: str = "any", *, skip_cmd: bool = False) -> ET.Element:
        """The answer to a command line."""
        xml = f"<rsp:CommandLine><rsp:Command>{line}</rsp:Command></rsp:CommandLine>"
        skip = str(skip_cmd).upper()
        options = f'<w:OptionSet><w:Option Name="WINRS_SKIP_CMD_SHELL">{skip}</w:Option></w:OptionSet>'
        return self.ask(names.COMMAND, xml=xml, options=options, ShellId=shell)

    def receive(self, shell: str, command: str) -> ET.Element:
        """The answer to a Receive; ``command`` "": of no command."""
        owner = f' CommandId="{command}"' if command else ""
        xml = f"<rsp:Receive><rsp:DesiredStream{owner}>stdout stderr</rsp:DesiredStream></rsp:Receive>"
        return self.ask(names.RECEIVE, xml=xml, ShellId=shell)

    def query(self, wql: str) -> ET.Element:
        """The first page of a query, as pages of 50 rows."""
        return self.enumerate(wql, "<w:OptimizeEnumeration/><w:MaxElements>50</w:MaxElements>")

    def enumerate(self, wql: str, how: str) -> ET.Element:
        """The answer to an Enumerate with a WQL filter."""
        filtered = f'<w:Filter Dialect="{names.WQL_DIALECT}">{soap.clean(wql)}</w:Filter>'
        return self.ask(names.ENUMERATE, f"{names.WMI}root/cimv2/*", f"<n:Enumerate>{how}{filtered}</n:Enumerate>")

    def pull(self, context: str, rows: int) -> ET.Element:
        """The next page."""
        inner = f"<n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>{rows}</n:MaxElements>"
        return self.ask(names.PULL, f"{names.WMI}root/cimv2/*", f"<n:Pull>{inner}</n:Pull>")
