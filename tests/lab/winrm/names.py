# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of WS-Management: XML namespaces, actions, resources and dialects (MS-WSMV, DSP0226, DSP0227)."""

from __future__ import annotations

from typing import Final

SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING: Final = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
TRANSFER: Final = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
ENUMERATION: Final = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
WSMAN: Final = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
MICROSOFT: Final = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
SHELL: Final = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
FAULT: Final = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
WMI: Final = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
BINDING: Final = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd"
COMMON: Final = "http://schemas.dmtf.org/wbem/wscim/1/common"
IDENTITY: Final = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
ANONYMOUS: Final = f"{ADDRESSING}/role/anonymous"

GET: Final = f"{TRANSFER}/Get"
PUT: Final = f"{TRANSFER}/Put"
CREATE: Final = f"{TRANSFER}/Create"
DELETE: Final = f"{TRANSFER}/Delete"
ENUMERATE: Final = f"{ENUMERATION}/Enumerate"
PULL: Final = f"{ENUMERATION}/Pull"
RELEASE: Final = f"{ENUMERATION}/Release"
COMMAND: Final = f"{SHELL}/Command"
RECEIVE: Final = f"{SHELL}/Receive"
SEND: Final = f"{SHELL}/Send"
SIGNAL: Final = f"{SHELL}/Signal"

CMD_SHELL: Final = f"{SHELL}/cmd"
COMMAND_STATE: Final = f"{SHELL}/CommandState"

WSMAN_FAULT_ACTION: Final = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
ADDRESSING_FAULT_ACTION: Final = f"{ADDRESSING}/fault"
ENUMERATION_FAULT_ACTION: Final = f"{ENUMERATION}/fault"
WMI_ERROR: Final = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"
FAULT_DETAIL: Final = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/"

WQL_DIALECT: Final = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
ASSOCIATION_DIALECT: Final = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter"
