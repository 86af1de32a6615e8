# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SOAP envelopes of WS-Management: a request as values, an answer as bytes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from lab.seams import CimReference
from lab.winrm import names
from lab.winrm.fault import Fault

Selector: TypeAlias = "str | CimReference"

_KNOWN_HEADERS = frozenset(
    [f"{{{names.ADDRESSING}}}{name}" for name in ("To", "ReplyTo", "FaultTo", "From", "Action")]
    + [f"{{{names.ADDRESSING}}}{name}" for name in ("MessageID", "RelatesTo")]
    + [f"{{{names.WSMAN}}}{name}" for name in ("ResourceURI", "SelectorSet", "OptionSet")]
    + [f"{{{names.WSMAN}}}{name}" for name in ("MaxEnvelopeSize", "OperationTimeout", "Locale")]
    + [f"{{{names.MICROSOFT}}}{name}" for name in ("DataLocale", "SessionId", "OperationID")]
    + [f"{{{names.MICROSOFT}}}{name}" for name in ("SequenceId", "CompressionType", "Activity")]
)
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|\x00")


@dataclass(frozen=True)
class Envelope:
    """A request: the headers that matter and the first element of the body."""

    action: str = ""
    message_id: str = ""
    to: str = ""
    resource_uri: str = ""
    selectors: Mapping[str, Selector] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    timeout: float | None = None  # seconds
    max_envelope: int | None = None  # bytes
    body: ET.Element | None = None

    def selector(self, name: str) -> str:
        """The text of a selector, its name in any case; "" when it is absent."""
        for key, value in self.selectors.items():
            if key.lower() == name.lower() and isinstance(value, str):
                return value
        return ""

    def option(self, name: str) -> str | None:
        """The value of an option, its name in any case; None when it is absent."""
        for key, value in self.options.items():
            if key.lower() == name.lower():
                return value
        return None


def parse(text: bytes) -> Envelope:
    """Read a request; raises Fault when it is no envelope or names a header that must be understood and is not."""
    root = _root(text)
    header = root.find(f"{{{names.SOAP}}}Header")
    body = root.find(f"{{{names.SOAP}}}Body")
    if body is None:
        raise Fault.schema("The envelope has no body.")
    content = next(iter(body), None)
    if header is None:
        return Envelope(body=content)
    for element in header:
        _refuse_unknown(element)
    return Envelope(
        action=_text(header, names.ADDRESSING, "Action"),
        message_id=_text(header, names.ADDRESSING, "MessageID"),
        to=_text(header, names.ADDRESSING, "To"),
        resource_uri=_text(header, names.WSMAN, "ResourceURI"),
        selectors=selectors(header.find(f"{{{names.WSMAN}}}SelectorSet")),
        options=_options(header.find(f"{{{names.WSMAN}}}OptionSet")),
        timeout=_timeout(_text(header, names.WSMAN, "OperationTimeout")),
        max_envelope=_size(_text(header, names.WSMAN, "MaxEnvelopeSize")),
        body=content,
    )


def _root(text: bytes) -> ET.Element:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Fault.schema("A document type is not allowed in a message.")
    try:
        root = ET.fromstring(text)
    except (ET.ParseError, ValueError, LookupError) as exc:
        raise Fault.schema(f"The XML of the message is invalid: {exc}.") from exc
    if root.tag != f"{{{names.SOAP}}}Envelope":
        raise Fault.schema("The message is no SOAP 1.2 envelope.")
    return root


def _refuse_unknown(element: ET.Element) -> None:
    must = element.get(f"{{{names.SOAP}}}mustUnderstand", "false").lower() in {"true", "1"}
    if must and element.tag not in _KNOWN_HEADERS:
        raise Fault.not_understood(element.tag)


def _text(header: ET.Element, namespace: str, name: str) -> str:
    return (header.findtext(f"{{{namespace}}}{name}") or "").strip()


def selectors(element: ET.Element | None) -> dict[str, Selector]:
    """A SelectorSet as names and values; a value that is an endpoint reference becomes a CimReference."""
    found: dict[str, Selector] = {}
    for item in element if element is not None else ():
        nested = item.find(f"{{{names.ADDRESSING}}}EndpointReference")
        value = item.text or "" if nested is None else reference(nested)
        found[item.get("Name", "")] = value
    return found


def reference(element: ET.Element) -> CimReference:
    """The instance that an endpoint reference (Address, ReferenceParameters) names; raises Fault."""
    parameters = element.find(f"{{{names.ADDRESSING}}}ReferenceParameters")
    if parameters is None:
        raise Fault.schema("An endpoint reference has no reference parameters.")
    namespace, class_name = wmi_path(_text(parameters, names.WSMAN, "ResourceURI"))
    keys = selectors(parameters.find(f"{{{names.WSMAN}}}SelectorSet"))
    plain = {name: value for name, value in keys.items() if isinstance(value, str)}
    return CimReference(namespace, class_name, plain)


def wmi_path(uri: str) -> tuple[str, str]:
    """Namespace (``root/cimv2``) and class (or ``*``) of a WMI resource URI; raises Fault."""
    if not uri.lower().startswith(names.WMI.lower()):
        raise Fault.invalid_uri(uri)
    namespace, slash, class_name = uri[len(names.WMI) :].strip("/").rpartition("/")
    if not slash or not class_name:
        raise Fault.invalid_uri(uri)
    return namespace.replace("\\", "/"), class_name


def _options(element: ET.Element | None) -> dict[str, str]:
    children: Iterator[ET.Element] = iter(element if element is not None else ())
    return {item.get("Name", ""): (item.text or "").strip() for item in children}


def _timeout(text: str) -> float | None:
    try:
        return duration(text) if text else None
    except Fault as exc:
        raise Fault.bad_timeout(text) from exc


def duration(text: str) -> float:
    """Seconds of an xs:duration of days and smaller; raises Fault."""
    found = _DURATION.fullmatch(text)
    if not found or not any(found.groups()):
        raise Fault.schema(f"{text!r} is no duration.")
    days, hours, minutes, seconds = (float(group or 0) for group in found.groups())
    return days * 86400 + hours * 3600 + minutes * 60 + seconds


def _size(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Fault.schema(f"The envelope size {text!r} is no number.")
    return int(text)


def clean(text: str) -> str:
    """Text for an element: escaped, with "?" for every character that XML 1.0 cannot hold (MS-WSMV)."""
    return escape(_UNPRINTABLE.sub("?", text), {"\r": "&#xD;"})


def attribute(text: str) -> str:
    """Text as a quoted attribute value."""
    return quoteattr(_UNPRINTABLE.sub("?", text))


def new_id() -> str:
    """A fresh identifier as Windows writes them."""
    return str(uuid.uuid4()).upper()


def build(action: str, body: str, relates_to: str, extra: str = "") -> bytes:
    """An answer's envelope around the XML of its body; ``extra`` is XML for the header."""
    related = f"<a:RelatesTo>{clean(relates_to)}</a:RelatesTo>" if relates_to else ""
    return (
        f'<s:Envelope xml:lang="en-US" xmlns:s="{names.SOAP}" xmlns:a="{names.ADDRESSING}"'
        f' xmlns:x="{names.TRANSFER}" xmlns:n="{names.ENUMERATION}" xmlns:w="{names.WSMAN}"'
        f' xmlns:rsp="{names.SHELL}" xmlns:p="{names.MICROSOFT}"><s:Header>'
        f"<a:Action>{clean(action)}</a:Action><a:MessageID>uuid:{new_id()}</a:MessageID>"
        f"<a:To>{names.ANONYMOUS}</a:To>{related}{extra}</s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def build_fault(fault: Fault, machine: str, relates_to: str, to: str = "") -> bytes:
    """The envelope of a fault; ``machine`` is the computer's name, ``to`` the address that the client wrote to."""
    extra = ""
    if fault.header_tag:
        namespace, dummy, name = fault.header_tag.lstrip("{").rpartition("}")
        extra = f'<s:NotUnderstood qname="h:{name}" xmlns:h={attribute(namespace)}/>'
    address = urlsplit(to).hostname or machine
    return build(fault.action, _fault_body(fault, machine, address), relates_to, extra)


def _fault_body(fault: Fault, machine: str, address: str) -> str:
    subcode = f"<s:Subcode><s:Value>{fault.subcode}</s:Value></s:Subcode>" if fault.subcode else ""
    detail = _detail(fault, machine, address)
    return (
        f"<s:Fault><s:Code><s:Value>s:{fault.role}</s:Value>{subcode}</s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{clean(fault.reason)}</s:Text></s:Reason>'
        f"{f'<s:Detail>{detail}</s:Detail>' if detail else ''}</s:Fault>"
    )


def _detail(fault: Fault, machine: str, address: str) -> str:
    named = f"<w:FaultDetail>{names.FAULT_DETAIL}{fault.detail}</w:FaultDetail>"
    parts = named if fault.detail else ""
    if fault.code is None:
        return parts
    if fault.wmi_error:
        return parts + _wmi_error(fault)
    message = clean(fault.message)
    if fault.operation:
        message = _wmi_provider(fault, machine)
    elif fault.provider:
        message = _provider(fault, address)
    return f"{parts}{_opening(fault, address)}<f:Message>{message}</f:Message></f:WSManFault>"


def _opening(fault: Fault, machine: str) -> str:
    return f'<f:WSManFault xmlns:f="{names.FAULT}" Code="{fault.code}" Machine={attribute(machine)}>'


def _nested(fault: Fault, machine: str) -> str:
    return f"{_opening(fault, machine)}<f:Message>{clean(fault.message)}</f:Message></f:WSManFault>"


def _provider(fault: Fault, address: str) -> str:
    name, dummy, path = fault.provider.partition("|")
    words = _nested(fault, address) if fault.nested else clean(fault.message)
    return f"<f:ProviderFault provider={attribute(name)} path={attribute(path)}>{words}</f:ProviderFault>"


def _wmi_provider(fault: Fault, machine: str) -> str:
    description = f"<p:Description>{clean(fault.inner)}</p:Description>"
    if not fault.inner:
        description = '<p:Description xsi:nil="true"/>'
    return (
        '<f:ProviderFault provider="WMI Provider" path="%systemroot%\\system32\\WsmWmiPl.dll">'
        f"{_nested(fault, machine)}"
        f'<f:ExtendedError><p:__ExtendedStatus xmlns:xsi="{names.XSI}"'
        f' xmlns:p="{names.WMI}{clean(fault.namespace)}/__ExtendedStatus"'
        f' xmlns:cim="{names.COMMON}" xsi:type="p:__ExtendedStatus_Type">{description}'
        f"<p:Operation>{clean(fault.operation)}</p:Operation>"
        f"<p:ParameterInfo>{clean(fault.parameter)}</p:ParameterInfo>"
        "<p:ProviderName>WinMgmt</p:ProviderName>"
        '<p:StatusCode xsi:nil="true"/></p:__ExtendedStatus></f:ExtendedError></f:ProviderFault>'
    )


def _wmi_error(fault: Fault) -> str:
    code = fault.code or 0
    fields = (
        ("CIMStatusCode", "cimUnsignedInt", str(fault.cim_status)),
        ("CIMStatusCodeDescription", "cimString", None),
        ("ErrorSource", "cimString", None),
        ("ErrorSourceFormat", "cimUnsignedShort", "0"),
        ("ErrorType", "cimUnsignedShort", "0"),
        ("Message", "cimString", clean(fault.message)),
        ("MessageID", "cimString", f"HRESULT 0x{code:08x}"),
        ("OtherErrorSourceFormat", "cimString", None),
        ("OtherErrorType", "cimString", None),
        ("OwningEntity", "cimString", None),
        ("PerceivedSeverity", "cimUnsignedShort", "0"),
        ("ProbableCause", "cimUnsignedShort", "0"),
        ("ProbableCauseDescription", "cimString", None),
        ("error_Category", "cimUnsignedInt", str(fault.category)),
        ("error_Code", "cimUnsignedInt", str(code)),
        ("error_Type", "cimString", "HRESULT"),
        ("error_WindowsErrorMessage", "cimString", clean(fault.message)),
    )
    inner = "".join(
        f'<p:{name} xsi:type="cim:{kind}" xsi:nil="true"/>'
        if value is None
        else f'<p:{name} xsi:type="cim:{kind}">{value}</p:{name}>'
        for name, kind, value in fields
    )
    return (
        f'<p:MSFT_WmiError b:IsCIM_Error="true" xmlns:xsi="{names.XSI}" xmlns:b="{names.BINDING}"'
        f' xmlns:p="{names.WMI_ERROR}" xmlns:cim="{names.COMMON}"'
        f' xsi:type="p:MSFT_WmiError_Type">{inner}</p:MSFT_WmiError>'
    )
