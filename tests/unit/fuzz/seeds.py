# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole answers of a host to begin with: captures, and what our command lines, SOAP requests and POP3 bring back."""

from __future__ import annotations

import pathlib

from ansible_collections.winmail.exchange.tests.support import messages
from ansible_collections.winmail.exchange.tests.support.captures import capture

NONCE = "0badcafe"
OTHER = "0ddba110"
_EVENT_FILE = pathlib.Path(__file__).parents[1] / "plugins/plugin_utils/_exchange/data/failure_audit.xml"
SID = "S-1-5-21-2315843530-1563403064-648863213-1107"


def _export(number: str) -> str:
    """A capture as the host has it: without our comments, with the line ends of Windows."""
    lines = capture(number).decode("utf-8").splitlines()
    return "".join(f"{line}\r\n" for line in lines if not line.startswith(";"))


def section(name: str, content: bytes) -> bytes:
    """One part of what a chain prints."""
    return f"@@{NONCE}:{name}[\r\n".encode() + content + f"@@{NONCE}:{name}]\r\n".encode()


def code(name: str, number: int) -> bytes:
    """The exit code of one step of a chain."""
    return f"@@{NONCE}:{name}={number}\r\n".encode()


def chain(*parts: bytes) -> bytes:
    """All that a chain prints."""
    return b"".join([f"@@{NONCE}:start\r\n".encode(), *parts, f"@@{NONCE}:end\r\n".encode()])


EXPORT = _export("05")
TEMPLATES = (
    b"\xff\xfe" + EXPORT.encode("utf-16-le"),
    EXPORT.encode(),
    _export("07").encode("utf-16-le"),
    _export("08").encode(),
    b"\xfe\xff" + _export("10").encode("utf-16-be"),
    b"[Version]\r\nRevision=1\r\n[Privilege Rights]\r\nSeTcbPrivilege = *S-1-5-18,Guest\r\nGPOPath=\\\\c\\{1}\r\n",
)
_SHORT = b'[Privilege Rights]\r\nSeTcbPrivilege = *S-1-5-18\r\n[Version]\r\nsignature="$CHICAGO$"\r\n'
READ = tuple(
    chain(code("e", number), section("e", data), section("elog", b""))
    for number, data in zip((0, 3), TEMPLATES, strict=False)
)
READ = (chain(code("e", 0), section("e", _SHORT)), *READ)
# A row of schtasks /query /v /fo csv /nh, as far as its numbers count (docs/sources.md S12).
TASKS = tuple(
    chain(section("task", row))
    for row in (
        b'"EXCH","\\x","N/A","Ready","Interactive/Background","24.11.2026 09:00:00","0","winmail.exchange"\r\n',
        b'"EXCH","\\x","N/A","Running","Interactive/Background","24.11.2026 09:00:00","267009","CORP\\x"\r\n',
        b'"EXCH","\\x","N/A","Ready","Interactive/Background","N/A","-2147024894","x"\r\n' * 2,
    )
)
LOG = b"\xff\xfe" + capture("11").decode("utf-8").encode("utf-16-le")
WRITTEN = chain(
    section(
        "t",
        b"[Unicode]\r\nUnicode=yes\r\n[Privilege Rights]\r\nSeTcbPrivilege = *S-1-5-18\r\n"
        b'[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n',
    )
)

_INHERITED = "(A;ID;FA;;;SY)(A;ID;FA;;;BA)"
_SAVED = (
    f"winmail-20261124T090000Z-0a1b2c3d4e5f.n0\r\nD:AI(A;;FR;;;{SID}){_INHERITED}\r\n"
    f"winmail-20261124T090000Z-0a1b2c3d4e5f.n1\r\nD:AI(A;;FR;;;LA){_INHERITED}S:AI\r\n"
)
NAMES = ("CORP\\exsvc", "CORP\\Administrator")
SAVED = tuple(
    chain(code("n0", 0), code("n1", 0), code("acl", 0), section("acl", _SAVED.encode(encoding)))
    for encoding in ("utf-16-le", "utf-16", "utf-8")
)
DATABASE = tuple(
    chain(code("qi", 0), code("qe", 0), section("answers", (
        f"[Unicode]\r\nUnicode=yes\r\n[Group Membership]\r\n*S-1-5-32-544__Memberof =\r\n"
        f"*S-1-5-32-544__Members = *{SID}\r\n"
        f"*S-1-5-32-545__Members = *S-1-5-18\r\n"
        '[Version]\r\nsignature="$CHICAGO$"\r\nRevision=1\r\n'
    ).encode(encoding)))
    for encoding in ("utf-16", "utf-8")
)  # fmt: skip
POLICIES = chain(
    section(
        "policies",
        b"".join(
            f"@@{NONCE}:gpt C:\\Windows\\security\\templates\\policies\\gpt0000{number}.inf\r\n".encode()
            + data
            + b"\r\n"
            for number, data in enumerate(
                [
                    TEMPLATES[1],
                    TEMPLATES[2],
                    f"{_export('07')}GPOPath=\\\\corp\\Policies\\{{31B2F340-016D-11D2-945F-00C04FB984F9}}\\M\r\n".encode(),
                ]
            )
        ),
    )
)
WHOAMI = chain(
    section("user", f'"corp\\exsvc","{SID}"\r\n'.encode()),
    section("groups", (
        'Müller,"x"\r\n"Everyone","Well-known group","S-1-1-0","Mandatory group"\r\n'
        '"BUILTIN\\Administrators","Alias","S-1-5-32-544",""\r\n'
    ).encode()),
    section("left", b"winmail-20261124T090000Z-0a1b2c3d4e5f.inf\r\n"),
    section("stale", b"winmail-20251124T090000Z-0a1b2c3d4e5f.inf\r\nwinmail-20251324T090000Z-0a1b2c3d4e5f.sdb\r\n"),
)  # fmt: skip


def answer(content: bytes, left: bytes = b"") -> bytes:
    """All that a command line prints whose chain writes into a file: the file, what of it is left, its length."""
    mark = f"@@{NONCE}:left".encode()
    return content + (left and mark + b"[\r\n" + left + mark + b"]\r\n") + code("size", len(content))


ANSWERS = (
    answer(READ[0]),
    answer(WHOAMI),
    answer(READ[-1], b"winmail-20261124T090000Z-0a1b2c3d4e5f.out\r\n"),
    code("size", 0),
)
KEPT = tuple(
    f"@@{OTHER}:kept={length}\r\n@@{OTHER}:kept[\r\n".encode() + content + f"@@{OTHER}:kept]\r\n".encode()
    for content, length in ((READ[0], len(READ[0])), (READ[0][:90], 90), (WHOAMI, 1))
)
EVENT = _EVENT_FILE.read_text(encoding="utf-8").strip()
_POP3_EVENT = (
    EVENT.replace("MSSQLSERVER", "MSExchangePOP3").replace("18456", "11202").replace("sa1", "error 1314 &#x0; &#65;")
)
EVENTS = f"<Events>\r\n{_POP3_EVENT}\r\n{EVENT}\r\n</Events>\r\n"
PRINTED_EVENTS = tuple(
    chain(section("events", EVENTS.encode(encoding) + code("wevtutil", 0))) for encoding in ("utf-16", "utf-8")
)

_TRUSTEE = f"<p:Trustee><p:SIDString>{SID}</p:SIDString><p:Name>exsvc</p:Name><p:Domain>CORP</p:Domain></p:Trustee>"
_ZERO = "<p:ReturnValue>0</p:ReturnValue>"
ROWS = (
    messages.output("Win32_SecurityDescriptorHelper", "SDDLToWin32SD", (
        f"<p:Descriptor><p:DACL>{_TRUSTEE}</p:DACL><p:DACL>{_TRUSTEE}</p:DACL></p:Descriptor><p:ReturnValue>0</p:ReturnValue>"
    )),
    messages.output("Win32_Process", "GetOwnerSid", f"<p:Sid>{SID}</p:Sid><p:ReturnValue>0</p:ReturnValue>"),
    messages.output("StdRegProv", "EnumKey", f"{_ZERO}<p:sNames>0</p:sNames><p:sNames>1</p:sNames>"),
    messages.output("StdRegProv", "GetStringValue", f"<p:sValue>Müller &amp; Söhne</p:sValue>{_ZERO}"),
    messages.output("StdRegProv", "GetDWORDValue", f"<p:uValue>4294967295</p:uValue>{_ZERO}"),
    messages.output("StdRegProv", "GetDWORDValue", "<p:ReturnValue>-2147024891</p:ReturnValue>"),
    messages.soap(messages.typed("Win32_Process", (
        "<p:Handle>1</p:Handle><p:CreationDate><cim:Datetime>2026-11-24T09:00:00.123Z</cim:Datetime></p:CreationDate>"
        '<p:Owner xsi:nil="true"/>'
    ))),
    messages.output("PS_ScheduledTask", "GetInfoByName", (
        f"<p:cmdletOutput><p:LastTaskResult>267011</p:LastTaskResult><p:TaskName>x</p:TaskName></p:cmdletOutput>{_ZERO}"
    )),
    messages.soap(messages.typed("MSFT_ScheduledTask", "<p:State>3</p:State><p:TaskName>x</p:TaskName>")),
    messages.soap(messages.typed("Win32_UserAccount", f"<p:SID>{SID}</p:SID>")),
)  # fmt: skip
_REFERENCE = (
    '<a:EndpointReference><a:ReferenceParameters><w:SelectorSet><w:Selector Name="Name">Dep</w:Selector>'
    "</w:SelectorSet></a:ReferenceParameters></a:EndpointReference>"
)
PAGES = (
    messages.first_page([messages.fragment(Name="EXCH", Domain="CORP", DomainRole="3", PartOfDomain="true")]),
    messages.first_page([
        messages.fragment(Name="MSExchangePOP3", DisplayName="POP3", State="Running", StartMode="Auto",
                          StartName="LocalSystem", ProcessId="1234"),
        messages.typed("Win32_Service", "<p:Name>W3SVC</p:Name><p:State>Stopped</p:State><p:ProcessId>0</p:ProcessId>"),
    ], "uuid:1", end=False),
    messages.first_page([
        _REFERENCE,
    ]),
    messages.next_page([
        messages.fragment(UserRight="SeTcbPrivilege", precedence="1", AccountList=f"*{SID}",
                          GPOID="CN={31B2F340-016D-11D2-945F-00C04FB984F9},CN=Policies"),
    ]),
    messages.first_page([messages.fragment(Caption="Windows", Version="10.0.17763", ProductType="3",
                                           LocalDateTime="20261124090000.000000+060")]),
)  # fmt: skip
FAULTS = (
    messages.provider_fault().encode(),
    messages.wmi_fault().encode(),
    messages.shell_fault(2150859174, "Quota").encode(),
)

_LISTING = b"+OK\r\nTOP\r\nUSER\r\nSASL PLAIN\r\nRESP-CODES\r\n.\r\n"
_FIVE = b"+OK Microsoft Exchange POP3 Server version 5.0.1457.10 ready\r\n+OK\r\n"
_MODERN = b"+OK The Microsoft Exchange POP3 service is ready.\r\n" + _LISTING + b"+OK\r\n"
_REJECTED = b"-ERR Logon failure: unknown user name or bad password.\r\nConnection is closed. 21\r\n"
MISSING = _FIVE + b"-ERR A required privilege is not held by the client.\r\n+OK\r\n"
HELD = _FIVE.replace(b"5.0.1457.10", b"5.5.2653.23") + b"+OK User successfully logged on\r\n+OK 0 0\r\n+OK\r\n"
DIALOGUES = (
    MISSING,
    HELD,
    _MODERN + _REJECTED,
    b"+OK Dovecot ready.\r\n" + _LISTING + b"+OK\r\n-ERR [AUTH] Authentication failed.\r\n+OK Logging out.\r\n",
    _MODERN + b"+OK User successfully logged on.\r\n-ERR User is authenticated but not connected.\r\n+OK\r\n",
    _MODERN
    + b'-ERR Logon failure: unknown user name or bad password. [Error="Failed to connect" Proxy=b:1]\r\n+OK\r\n',
    b"-ERR [SYS/TEMP] busy\r\n+OK\r\n",
    b"-ERR Server Busy. Max Connection Reached (3/3)\r\n",
)
LINES = tuple(line for dialogue in DIALOGUES for line in dialogue.split(b"\r\n") if line)
