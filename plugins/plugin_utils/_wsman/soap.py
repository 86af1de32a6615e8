# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""WS-Management envelopes for CIM: build requests, read rows at any prefix (DSP0226, DSP0227, MS-WSMV 2.2.4)."""

from __future__ import annotations

import re
import typing as t
import uuid
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.xml_gate import local, parse_message

from .faults import LONGEST_MESSAGE, read_fault

if t.TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Mapping

Value = t.Union[None, str, "Row", "list[Value]"]
Row = dict[str, Value]

WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
_TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/"
_ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/"
_ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
_WQL = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
_ASSOCIATION = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_PAGE = 100
_DEEPEST = 50
_WHOLE = re.compile(r"\A-?[0-9]{1,20}\Z", re.ASCII)


@dataclass(frozen=True)
class Target:
    """What an operation is aimed at: namespace (``root/cimv2``), class or ``*``, and the keys of an instance."""

    namespace: str
    class_name: str
    keys: Mapping[str, str] | None = None

    @property
    def uri(self) -> str:
        """The resource URI of WS-Management for WMI."""
        return f"{WMI}{self.namespace}/{self.class_name}"

    def selectors(self) -> str:
        """The SelectorSet element, or nothing for a class."""
        if not self.keys:
            return ""
        inner = "".join(
            f"<w:Selector Name={quoteattr(name)}>{escape(value)}</w:Selector>" for name, value in self.keys.items()
        )
        return f"<w:SelectorSet>{inner}</w:SelectorSet>"


def _envelope(target: Target, action: str, body: str, seconds: int) -> str:
    return (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"'
        ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
        ' xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"><s:Header>'
        "<a:To>http://windows-host:5985/wsman</a:To>"
        f'<w:ResourceURI s:mustUnderstand="true">{escape(target.uri)}</w:ResourceURI>'
        f'<a:ReplyTo><a:Address s:mustUnderstand="true">{_ANONYMOUS}</a:Address></a:ReplyTo>'
        f'<a:Action s:mustUnderstand="true">{escape(action)}</a:Action>'
        '<w:MaxEnvelopeSize s:mustUnderstand="true">153600</w:MaxEnvelopeSize>'
        f"<a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
        '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" s:mustUnderstand="false"/>'
        f"{target.selectors()}<w:OperationTimeout>PT{seconds}S</w:OperationTimeout>"
        f"</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    )


def get(target: Target, seconds: int) -> str:
    """Ask for one instance by its keys."""
    return _envelope(target, _TRANSFER + "Get", "", seconds)


def delete(target: Target, seconds: int) -> str:
    """Delete one instance by its keys."""
    return _envelope(target, _TRANSFER + "Delete", "", seconds)


def enumerate_wql(namespace: str, wql: str, seconds: int) -> str:
    """Start a WQL query; the first page comes with the answer."""
    return _enumerate(namespace, f"<w:Filter Dialect={quoteattr(_WQL)}>{escape(wql)}</w:Filter>", seconds)


def enumerate_associated(of: Target, association: str, role: str, seconds: int) -> str:
    """Ask for the instances that an association class links to ``of``, which plays ``role`` in it."""
    body = (
        f"<w:Filter Dialect={quoteattr(_ASSOCIATION)}>"
        '<b:AssociatedInstances xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd">'
        f"<b:Object><a:Address>{_ANONYMOUS}</a:Address><a:ReferenceParameters>"
        f"<w:ResourceURI>{escape(of.uri)}</w:ResourceURI>{of.selectors()}</a:ReferenceParameters></b:Object>"
        f"<b:AssociationClassName>{escape(association)}</b:AssociationClassName><b:Role>{escape(role)}</b:Role>"
        "</b:AssociatedInstances></w:Filter>"
    )
    return _enumerate(of.namespace, body, seconds)


def _enumerate(namespace: str, filters: str, seconds: int) -> str:
    body = f"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>{_PAGE}</w:MaxElements>{filters}</n:Enumerate>"
    return _envelope(Target(namespace, "*"), _ENUMERATION + "Enumerate", body, seconds)


def pull(namespace: str, context: str, seconds: int) -> str:
    """Ask for the next page of an enumeration."""
    body = (
        f"<n:Pull><n:EnumerationContext>{escape(context)}</n:EnumerationContext>"
        f"<n:MaxElements>{_PAGE}</n:MaxElements></n:Pull>"
    )
    return _envelope(Target(namespace, "*"), _ENUMERATION + "Pull", body, seconds)


def invoke(target: Target, method: str, arguments: Mapping[str, str], seconds: int) -> str:
    """Call a method of an instance, or of a class when the target has no keys."""
    inner = "".join(f"<m:{name}>{escape(value)}</m:{name}>" for name, value in arguments.items())
    body = f"<m:{method}_INPUT xmlns:m={quoteattr(target.uri)}>{inner}</m:{method}_INPUT>"
    return _envelope(target, f"{target.uri}/{method}", body, seconds)


@dataclass(frozen=True)
class Page:
    """One page of an enumeration: its rows and the context of the next page, None at the end."""

    rows: tuple[Row, ...]
    context: str | None


def _body(answer: bytes) -> ET.Element:
    try:
        root = parse_message(answer, LONGEST_MESSAGE)
    except ValueError as exc:
        raise ReadError(f"The host's CIM answer is {exc}.") from exc
    body = next((node for node in root if local(node) == "Body"), None)
    if body is None:
        raise ReadError("The host's CIM answer has no SOAP body.")
    if len(body) and local(body[0]) == "Fault":
        raise read_fault(body[0]).refusal("a CIM operation")
    return body


def read_row(answer: bytes) -> Row:
    """The instance of a GetResponse or the output of a method; raises ReadError, and WindowsError for a fault."""
    body = _body(answer)
    if len(body) == 0:
        raise ReadError("The host's CIM answer is empty.")
    return _row(body[0])


def read_deleted(answer: bytes) -> None:
    """The answer to a Delete, whose body is empty; raises ReadError, and WindowsError for a fault."""
    _body(answer)


def read_page(answer: bytes) -> Page:
    """The rows of an Enumerate or Pull response; a missing end without a context is a read that is not whole.

    Raises ReadError, and WindowsError for a fault.
    """
    body = _body(answer)
    items: list[ET.Element] = []
    context, ended = None, False
    for node in (part for response in body for part in response):
        name = local(node)
        if name == "Items":
            items.extend(node)
        elif name == "EnumerationContext":
            context = (node.text or "").strip() or None
        elif name == "EndOfSequence":
            ended = True
    if not ended and context is None:
        raise ReadError("The host's CIM answer broke off in the middle of a list.")
    return Page(tuple(_row(item) for item in items), None if ended else context)


def _row(element: ET.Element, depth: int = 0) -> Row:
    """Properties by local name: typed rows and fragments, one-element and repeated properties, nil, references."""
    if depth > _DEEPEST:
        raise ReadError(f"The host's CIM answer is nested more than {_DEEPEST} deep.")
    if local(element) == "EndpointReference":
        return _selectors(element)
    row: Row = {}
    arrays: dict[str, list[Value]] = {}
    for child in element:
        name, value = local(child), _value(child, depth + 1)
        if name not in row:
            row[name] = value
        elif name in arrays:
            arrays[name].append(value)
        else:
            row[name] = arrays[name] = [row[name], value]
    return row


def _selectors(element: ET.Element) -> Row:
    return {node.get("Name", ""): (node.text or "").strip() for node in element.iter() if local(node) == "Selector"}


def _value(element: ET.Element, depth: int) -> Value:
    if element.get(_NIL, "").strip().lower() in ("true", "1"):
        return None
    if len(element) == 0:
        return element.text or ""
    names = {local(child) for child in element}
    if names <= {"Datetime", "Date", "Time", "Interval"}:
        return (element[0].text or "").strip()
    if "ReferenceParameters" in names:
        return _selectors(element)
    return _row(element, depth)


def as_list(value: Value) -> list[Value]:
    """A property that is an array: one element looks like a scalar on the wire, an empty one like nil."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: Value) -> str | None:
    """A property that is text, or None for nil and for anything that is not text."""
    return value if isinstance(value, str) else None


def as_number(value: Value) -> int | None:
    """A property that is a whole number of 64 bits at most, or None for nil and for anything else."""
    return int(value) if isinstance(value, str) and _WHOLE.match(value) else None
