# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment block with which a program of one computer starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.state.machine import Machine

Environment = dict[str, tuple[str, str]]
SYSTEM_PROFILE = "C:\\Windows\\system32\\config\\systemprofile"


def variables(machine: Machine, *, user: str, domain: str, home: str, temp: str) -> Environment:
    """Name in lower case to name and value; the folder for scratch files is made."""
    machine.files.make_folders(temp, system=True)
    values = {
        "ALLUSERSPROFILE": "C:\\ProgramData",
        "COMPUTERNAME": machine.name,
        "ComSpec": "C:\\Windows\\system32\\cmd.exe",
        "NUMBER_OF_PROCESSORS": "2",
        "OS": "Windows_NT",
        "Path": "C:\\Windows\\system32;C:\\Windows;C:\\Windows\\System32\\Wbem",
        "PATHEXT": ".COM;.EXE;.BAT;.CMD",
        "PROCESSOR_ARCHITECTURE": "AMD64",
        "ProgramData": "C:\\ProgramData",
        "ProgramFiles": "C:\\Program Files",
        "PROMPT": "$P$G",
        "SystemDrive": "C:",
        "SystemRoot": "C:\\Windows",
        "TEMP": temp,
        "TMP": temp,
        "USERDOMAIN": domain,
        "USERNAME": user,
        "USERPROFILE": home,
        "windir": "C:\\Windows",
    }
    return {name.casefold(): (name, value) for name, value in values.items()}


def of_user(machine: Machine, name: str) -> Environment:
    r"""For somebody who logged on, named ``DOMAIN\user``."""
    domain, dummy, user = name.rpartition("\\")
    home = f"C:\\Users\\{user}"
    return variables(machine, user=user, domain=domain, home=home, temp=f"{home}\\AppData\\Local\\Temp")


def of_system(machine: Machine) -> Environment:
    """For a program that runs as SYSTEM [K]: it goes by the computer's account and writes to Windows' Temp."""
    domain = machine.domain.netbios if machine.domain else "WORKGROUP"
    return variables(machine, user=f"{machine.name}$", domain=domain, home=SYSTEM_PROFILE, temp="C:\\Windows\\TEMP")
