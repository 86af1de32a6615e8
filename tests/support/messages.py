# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SOAP answers of a Windows host for tests, shaped as docs/sources.md S5 reports them from captures and MS-WSMV."""

from __future__ import annotations

from xml.sax.saxutils import escape

HEADER = (
    '<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"'
    ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
    ' xmlns:e="http://schemas.xmlsoap.org/ws/2004/08/eventing"><s:Header>'
    "<a:MessageID>uuid:11111111-2222-3333-4444-555555555555</a:MessageID></s:Header><s:Body>"
)
FOOTER = "</s:Body></s:Envelope>"
CIM = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common"'
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
CLASS = f"{WMI}root/cimv2/"


def soap(body: str) -> bytes:
    """A whole answer around a body."""
    return (HEADER + body + FOOTER).encode()


def typed(name: str, inner: str) -> str:
    """A typed instance as Get and ``select *`` return it."""
    return f'<p:{name} {CIM} xmlns:p="{CLASS}{name}" xsi:type="p:{name}_Type">{inner}</p:{name}>'


def fragment(**values: str) -> str:
    """A row of a query that names its columns: children without a namespace, in alphabetical order."""
    inner = "".join(f"<{name}>{escape(values[name])}</{name}>" for name in sorted(values))
    return f"<w:XmlFragment {CIM}>{inner}</w:XmlFragment>"


def output(name: str, method: str, inner: str) -> bytes:
    """The answer to a method."""
    return soap(f'<p:{method}_OUTPUT {CIM} xmlns:p="{CLASS}{name}">{inner}</p:{method}_OUTPUT>')


def first_page(rows: list[str], context: str = "", *, end: bool = True) -> bytes:
    """The answer to an optimised Enumerate: Items and EndOfSequence are in the namespace of WS-Management."""
    finish = "<w:EndOfSequence/>" if end else ""
    return soap(
        f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext>"
        f"<w:Items>{''.join(rows)}</w:Items>{finish}</n:EnumerateResponse>"
    )


def next_page(rows: list[str], context: str = "") -> bytes:
    """The answer to a Pull: Items and EndOfSequence are in the namespace of WS-Enumeration; the last has no context."""
    head = f"<n:EnumerationContext>{context}</n:EnumerationContext>" if context else ""
    finish = "" if context else "<n:EndOfSequence/>"
    return soap(f"<n:PullResponse>{head}<n:Items>{''.join(rows)}</n:Items>{finish}</n:PullResponse>")


def provider_fault(code: int = 2150858752, text: str = "Not found", inner: str = "") -> str:
    """The first shape: WSManFault with the provider's own fault inside."""
    return (
        HEADER + "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>a:DestinationUnreachable</s:Value>"
        "</s:Subcode></s:Code><s:Reason>"
        '<s:Text xml:lang="en-US">The WS-Management service cannot process the request.</s:Text>'
        "</s:Reason><s:Detail><w:FaultDetail>x</w:FaultDetail>"
        f'<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{code}" Machine="EXCH">'
        '<f:Message><f:ProviderFault provider="WMI Provider" path="%systemroot%\\system32\\WsmWmiPl.dll">'
        f'<f:WSManFault Code="{code}" Machine="EXCH"><f:Message>{text}</f:Message></f:WSManFault>{inner}'
        "</f:ProviderFault></f:Message></f:WSManFault></s:Detail></s:Fault>" + FOOTER
    )


def wmi_fault(code: int = 2147749890, text: str = "Not found", windows: str = "Element nicht gefunden.") -> str:
    """The second shape: MSFT_WmiError."""
    return (
        HEADER + "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text>General</s:Text></s:Reason>"
        '<s:Detail><p:MSFT_WmiError b:IsCIM_Error="true" xmlns:b="http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd"'
        f' xmlns:p="{CLASS}MSFT_WmiError">'
        f"<p:CIMStatusCode>6</p:CIMStatusCode><p:Message>{text}</p:Message>"
        f"<p:MessageID>HRESULT 0x80041002</p:MessageID><p:error_Code>{code}</p:error_Code>"
        f"<p:error_WindowsErrorMessage>{windows}</p:error_WindowsErrorMessage></p:MSFT_WmiError></s:Detail></s:Fault>"
        + FOOTER
    )


def shell_fault(code: int, text: str) -> str:
    """A fault of the shell plug-in: no provider inside."""
    return (
        HEADER + "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text>Refused</s:Text></s:Reason>"
        "<s:Detail>"
        f'<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{code}" Machine="EXCH">'
        f"<f:Message>{text}</f:Message></f:WSManFault></s:Detail></s:Fault>" + FOOTER
    )
