# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quotas of WinRM as faults (codes of wsmerror.h: tests/captures/wsman/codes_wsman_quota_and_refusal.yml).

Two are captured: operations on 2008 R2 as a WSManFault (w:InternalError), shells on a newer one as an MSFT_WmiError
(w:QuotaLimit). The others take the shape of their release, and the text of MS-WSMV 3.1.4.5.2.1 where it has one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from lab.winrm.fault import SERVICE, Fault

_CLOSE_SHELLS = "Close existing shells or raise the quota for this user. "
_CLOSE_OPERATIONS = "Close existing operations for this user, or raise the quota for this user. "


def too_many_shells(limit: int, shape: str) -> Fault:
    """MaxShellsPerUser."""
    reason = f"The maximum number of concurrent shells for this user has been exceeded. {_CLOSE_SHELLS}"
    text = f"This user is allowed a maximum number of {limit} concurrent shells, which has been exceeded. "
    return _fault(2150859173, reason, text + _CLOSE_SHELLS, shape)


def too_many_operations(limit: int, shape: str) -> Fault:
    """MaxConcurrentOperationsPerUser."""
    reason = f"The maximum number of concurrent operations for this user has been exceeded. {_CLOSE_OPERATIONS}"
    text = f"This user is allowed a maximum number of {limit} concurrent operations, which has been exceeded. "
    return _fault(2150859174, reason, text + _CLOSE_OPERATIONS, shape)


def too_many_users(limit: int, shape: str) -> Fault:
    """MaxConcurrentUsers: how many users may have shells at the same time."""
    text = (
        "The Windows Remote Shell cannot process the request. The server exceeded the maximum number of users "
        f"concurrently performing remote operations on the same system ({limit}). Retry later. "
    )
    return dataclasses.replace(_fault(2150859179, "", "", shape), reason=text)


def too_many_processes(limit: int, shape: str) -> Fault:
    """MaxProcessesPerShell (the code is that of commands per shell)."""
    reason = f"This shell is allowed a maximum number of {limit} processes. "
    return _fault(2150859241, reason, "", shape)


def throttled(code: int, shape: str) -> Fault:
    """The load quota of the user (2150859175) or of the whole system (2150859176)."""
    whose = "the current user" if code == 2150859175 else "the system"
    reason = f"The load quota for {whose} has been exceeded. Send future requests at a slower rate. "
    return _fault(code, reason, "", shape)


def _fault(code: int, reason: str, text: str, shape: str) -> Fault:
    made = Fault(SERVICE + reason, code, text=SERVICE + text if text else "")
    if shape == "wsman":
        return made
    return dataclasses.replace(made, subcode="w:QuotaLimit", role="Sender", wmi_error=True, cim_status=27, category=30)


NAMED: Mapping[str, int] = {
    "shells": 2150859173,
    "operations": 2150859174,
    "user": 2150859175,
    "system": 2150859176,
    "shell_users": 2150859179,
    "processes": 2150859241,
}


def named(name: str, shape: str = "wmi") -> Fault:
    """A quota by the word that an injected fault uses; raises ValueError for another word."""
    if name not in NAMED:
        raise ValueError(f"no quota is called {name!r} (known: {', '.join(NAMED)})")
    makers = {
        2150859173: lambda: too_many_shells(30, shape),
        2150859174: lambda: too_many_operations(1500, shape),
        2150859179: lambda: too_many_users(10, shape),
        2150859241: lambda: too_many_processes(25, shape),
    }
    code = NAMED[name]
    return makers[code]() if code in makers else throttled(code, shape)
