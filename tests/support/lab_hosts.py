# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Computers of the lab made as the hosts of the captures were, and what their commands print."""

from __future__ import annotations

import pathlib
import tempfile
from collections.abc import Mapping

import yaml

from lab import scenario
from lab.seams import Caller, Completed
from lab.windows.computer import Computer

DOMAIN = "S-1-5-21-1111111111-2222222222-3333333333"
TEMP = "C:\\Windows\\Temp"


def host(
    worlds: Mapping[str, str] | None = None, domain: Mapping[str, object] | None = None, **spec: object
) -> Computer:
    """One computer; ``domain`` adds to a domain EXAMPLES that has an administrator ``admin``."""
    shared: dict[str, object] = {"netbios": "EXAMPLES", "dns": "examples.test", "sid": DOMAIN}
    shared |= domain or {}
    admin = {"name": "admin", "rid": 1100, "password": "x", "member_of": ["Domain Admins"]}
    users = shared.get("users")
    shared["users"] = [admin, *(users if isinstance(users, list) else [])]
    data: dict[str, object] = {"worlds": dict(worlds or {}), "domain": shared}
    one = {"name": "host1", "logon": "EXAMPLES\\admin", **spec}
    if one.get("kind", "member") == "workgroup":
        one |= {"logon": ".\\Administrator", "passwords": {"Administrator": "x"}}
    data["hosts"] = [one]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "one.yml"
        path.write_text(yaml.safe_dump(data), encoding="utf-8")
        return scenario.load(path).computers[0]


def administrator(computer: Computer) -> Caller:
    """Who runs the commands: the domain's administrator, or the computer's."""
    if computer.machine.domain is None:
        return computer.logon("", "Administrator")
    return computer.logon("EXAMPLES", "admin")


def run(computer: Computer, line: str, caller: Caller | None = None) -> Completed:
    """A command line in code page 65001."""
    return computer.run(caller or administrator(computer), line, 65001)


def export(computer: Computer, areas: str = "/areas USER_RIGHTS") -> bytes:
    """The file of a secedit export, as bytes."""
    done = run(computer, f'secedit /export /cfg "{TEMP}\\e.inf" {areas} /quiet')
    assert done.exit_code == 0, done
    return computer.machine.files.read(f"{TEMP}\\e.inf")


def told(text: str) -> str:
    """Text of the lab as a capture is kept: line feeds, no blanks at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
