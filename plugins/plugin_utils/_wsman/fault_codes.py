# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The codes of faults that this collection understands: what each means here, and what to do about it.

Names and numbers: wsmerror.h and winerror.h of the Windows SDK. The last field says where a host was seen or is
documented to send it: a file of tests/captures/wsman, S5 (docs/sources.md S5), a row of docs/assumptions.md, or
wsmerror.h itself. tests/unit/captures holds this table against the captures.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# quota: passes when somebody else ends; denied: this account may not; policy: nobody may; absent: it is not there;
# late: no answer yet; gone: what we had open is closed; ours: we asked wrongly.
Sort = t.Literal["quota", "denied", "policy", "absent", "late", "gone", "ours"]


@dataclass(frozen=True)
class Known:
    """One code: its name in the SDK, its sort, and what to do (nothing where the caller decides)."""

    name: str
    sort: Sort
    source: str
    advice: str = ""


_QUOTA = "Let other runs end, or raise the quota there (winrm get winrm/config shows it)."

KNOWN: Mapping[int, Known] = {
    5: Known("ERROR_ACCESS_DENIED", "denied", "access_denied_text_german.txt"),
    0x80070005: Known("E_ACCESSDENIED", "denied", "S5"),
    0x80041003: Known("WBEM_E_ACCESS_DENIED", "denied", "S5"),
    2150859012: Known("ERROR_WSMAN_WMI_SVC_ACCESS_DENIED", "denied", "S5"),
    2150859013: Known("ERROR_WSMAN_WMI_PROVIDER_ACCESS_DENIED", "denied", "S5"),
    2150859014: Known("ERROR_WSMAN_WMI_CANNOT_CONNECT_ACCESS_DENIED", "denied", "S5"),
    87: Known("ERROR_INVALID_PARAMETER", "ours", "fault_receive_no_command_id_87.xml"),
    2147942402: Known("ERROR_FILE_NOT_FOUND", "absent", "fault_command_skip_cmd_shell_2147942402_2008r2.xml"),
    2147942606: Known("ERROR_FILENAME_EXCED_RANGE", "ours", "fault_command_line_too_long_2147942606.xml"),
    2147943660: Known(
        "ERROR_ACCESS_DISABLED_BY_POLICY",
        "policy",
        "W85",
        "A policy of the host (AppLocker, WDAC, Software Restriction) does not let cmd.exe start for this account. "
        "Allow %windir%\\System32\\cmd.exe there for the account that logs on.",
    ),
    2150858752: Known("ERROR_WSMAN_RESOURCE_NOT_FOUND", "absent", "S5"),
    2150858767: Known(
        "ERROR_WSMAN_INVALID_MESSAGE_INFORMATION_HEADER", "ours", "fault_bad_timeout_header_2150858767.xml"
    ),
    2150858778: Known(
        "ERROR_WSMAN_ENUMERATE_CANNOT_PROCESS_FILTER", "absent", "fault_enumerate_no_such_class_2150858778_v1.xml"
    ),
    2150858793: Known("ERROR_WSMAN_OPERATION_TIMEDOUT", "late", "receive_timeout_2150858793.xml"),
    2150858843: Known(
        "ERROR_WSMAN_UNEXPECTED_SELECTORS",
        "gone",
        "fault_receive_unknown_command_2150858843.xml, fault_shell_gone_2150858843_nested.xml",
    ),
    2150859009: Known("ERROR_WSMAN_REMOTE_CIMPATH_NOT_SUPPORTED", "ours", "codes_wsman_quota_and_refusal.yml"),
    2150859161: Known(
        "ERROR_WSMAN_REDIRECT_REQUESTED",
        "policy",
        "codes_wsman_quota_and_refusal.yml",
        "The host sends its callers to another address. Name that one as ansible_host.",
    ),
    2150859173: Known("ERROR_WSMAN_QUOTA_MAX_SHELLS", "quota", "fault_max_shells_wmierror_2150859173.xml", _QUOTA),
    2150859174: Known(
        "ERROR_WSMAN_QUOTA_MAX_OPERATIONS", "quota", "fault_max_operations_2150859174_2008r2.xml", _QUOTA
    ),
    2150859175: Known("ERROR_WSMAN_QUOTA_USER", "quota", "codes_wsman_quota_and_refusal.yml", _QUOTA),
    2150859176: Known("ERROR_WSMAN_QUOTA_SYSTEM", "quota", "codes_wsman_quota_and_refusal.yml", _QUOTA),
    2150859179: Known("ERROR_WSMAN_QUOTA_MAX_SHELLUSERS", "quota", "codes_wsman_quota_and_refusal.yml", _QUOTA),
    2150859180: Known(
        "ERROR_WSMAN_REMOTESHELLS_NOT_ALLOWED",
        "policy",
        "codes_wsman_quota_and_refusal.yml",
        "Remote shells are turned off on the host. Enable the policy Allow Remote Shell Access for it (Windows Remote "
        "Shell), or set winrm/config/winrs AllowRemoteShellAccess to true there.",
    ),
    2150859181: Known("ERROR_WSMAN_PULL_PARAMS_NOT_SAME_AS_ENUM", "ours", "codes_wsman_quota_and_refusal.yml"),
    2150859235: Known("ERROR_WSMAN_REMOTE_CONNECTION_NOT_ALLOWED", "policy", "codes_wsman_quota_and_refusal.yml"),
    # The quotas of one plug-in.
    2150859236: Known("ERROR_WSMAN_QUOTA_MAX_SHELLS_PPQ", "quota", "wsmerror.h", _QUOTA),
    2150859237: Known("ERROR_WSMAN_QUOTA_MAX_USERS_PPQ", "quota", "wsmerror.h", _QUOTA),
    2150859238: Known("ERROR_WSMAN_QUOTA_MAX_PLUGINSHELLS_PPQ", "quota", "wsmerror.h", _QUOTA),
    2150859239: Known("ERROR_WSMAN_QUOTA_MAX_PLUGINOPERATIONS_PPQ", "quota", "wsmerror.h", _QUOTA),
    2150859240: Known("ERROR_WSMAN_QUOTA_MAX_OPERATIONS_USER_PPQ", "quota", "wsmerror.h", _QUOTA),
    2150859241: Known("ERROR_WSMAN_QUOTA_MAX_COMMANDS_PER_SHELL_PPQ", "quota", "wsmerror.h", _QUOTA),
    2150859242: Known("ERROR_WSMAN_QUOTA_MIN_REQUIREMENT_NOT_AVAILABLE_PPQ", "quota", "wsmerror.h", _QUOTA),
}


def of(sort: Sort) -> frozenset[int]:
    """Every code of one sort."""
    return frozenset(code for code, known in KNOWN.items() if known.sort == sort)


def advice(codes: Iterable[int | None]) -> str:
    """What to do about a fault with these codes, outer one first; empty where there is nothing to say."""
    known = (KNOWN.get(code) for code in codes if code is not None)
    return next((one.advice for one in known if one is not None and one.advice), "")
