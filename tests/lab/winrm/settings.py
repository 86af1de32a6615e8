# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an administrator sets on a WinRM service (``winrm get winrm/config``), as far as the wire obeys it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass

MIN_ENVELOPE_BYTES = 8192  # a client that offers less is refused
DEFAULT_ENVELOPE_BYTES = 153_600  # of a client that does not say


@dataclass(frozen=True)
class Settings:
    """The configuration of one host's WinRM service; the defaults are those of a Windows Server 2016 or newer.

    Only ``basic`` differs from Windows, which has it off: the lab offers it so that every client finds a way in.
    """

    allow_unencrypted: bool = False
    basic: bool = True
    negotiate: bool = True
    kerberos_keytab: str = ""
    """A file with the keys of ``HTTP/<host>``: the lab's way of being joined to a Kerberos realm; empty: it is not."""
    channel_bindings: str = "relaxed"  # CbtHardeningLevel: none | relaxed | strict
    allow_remote_shell_access: bool = True
    max_envelope_kb: int = 500
    max_timeout_seconds: float = 60.0
    max_batch_items: int = 32000
    max_shells_per_user: int = 30
    max_shell_users: int = 10
    max_processes_per_shell: int = 25
    max_operations_per_user: int = 1500
    operations_recover_seconds: float = -1.0
    """Seconds until a terminated command no longer counts; negative: only when its shell is deleted."""
    shell_idle_seconds: float = 7200.0
    enumeration_idle_seconds: float = 60.0
    connection_idle_seconds: float = 120.0
    receive_bytes: int = 100_000
    """At most so many bytes of output in one ReceiveResponse."""
    receive: str = "whole"  # what one Receive hands out: whole | eager | hesitant (see output.py)
    denied: str = "provider"  # how CIM says "access denied": provider 2150859013 | connect 2150859014 | win32 5
    language: str = "en"  # of the texts that captures show in another one: en | de
    quota_shape: str = "wmi"  # how a quota is told: wmi (MSFT_WmiError) | wsman (WSManFault, as 2008 R2 does)
    long_line: str = "silent"  # a line of over 8,191 characters: "fault" is answered here, the others are cmd.exe's
    cmd: str = "runs"  # runs | disabled (DisableCMD: cmd.exe says so and ends) | blocked (it is not started)
    disabled_cmd: str = "1"  # the exit code of a cmd.exe that a policy disables
    blocked_cmd: str = (
        "1260"  # what CreateProcess says of a cmd.exe that a policy blocks: 1260 (by policy) | 5 (denied)
    )
    logon_refused: str = "401"  # how a network logon is refused that a right forbids: 401 | fault (5)
    fault_detail: str = "captured"  # captured (Get, Enumerate: WSManFault; Invoke: MSFT_WmiError) | wsman | wmi

    def changed(self, values: Mapping[str, object]) -> Settings:
        """These settings with ``values`` on top; raises ValueError for an unknown name or a value of the wrong type."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        for name, value in values.items():
            if name not in fields:
                raise ValueError(f"no such WinRM setting: {name!r} (known: {', '.join(fields)})")
            fields[name] = _typed(name, value, fields[name])
        return Settings(**fields)


CHOICES = {
    "channel_bindings": ("none", "relaxed", "strict"),
    "denied": ("provider", "connect", "win32"),
    "language": ("en", "de"),
    "quota_shape": ("wmi", "wsman"),
    "long_line": ("silent", "refused", "fault"),
    "cmd": ("runs", "disabled", "blocked"),
    "disabled_cmd": ("1", "0"),
    "blocked_cmd": ("1260", "5"),
    "logon_refused": ("401", "fault"),
    "receive": ("whole", "eager", "hesitant"),
    "fault_detail": ("captured", "wsman", "wmi"),
}


def _typed(name: str, value: object, default: object) -> object:
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        raise ValueError(f"WinRM setting {name!r} is a {type(default).__name__}, not {value!r}")
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"WinRM setting {name!r} is one of {', '.join(CHOICES[name])}, not {value!r}")
    return value


# As documented for Windows 7 and Server 2008 R2 (MS-WSMV 2.2.4.42 and its notes; field reports for the recovery).
SERVER_2008_R2 = Settings(
    max_envelope_kb=150,
    max_shells_per_user=5,
    max_operations_per_user=15,
    max_shell_users=5,
    quota_shape="wsman",
    operations_recover_seconds=30.0,
    shell_idle_seconds=180.0,
)

PRESETS: Mapping[str, Settings] = {"default": Settings(), "2008r2": SERVER_2008_R2}


def settings_from(values: Mapping[str, object]) -> Settings:
    """Settings from a mapping; its key ``preset`` names what to start from (see ``PRESETS``)."""
    rest = dict(values)
    preset = str(rest.pop("preset", "default"))
    if preset not in PRESETS:
        raise ValueError(f"no such WinRM preset: {preset!r} (known: {', '.join(PRESETS)})")
    return PRESETS[preset].changed(rest)


class Clock:
    """The time in which a host measures idleness: real seconds plus those that a test skipped."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        """Seconds since an arbitrary moment; never goes back."""
        return time.monotonic() + self._skipped

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        if seconds < 0:
            raise ValueError(f"time does not run backwards: {seconds}")
        self._skipped += seconds
