# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Ansible inventory of a running lab: how to reach each host, and the control port."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from lab.network import Lab, Station

GROUP = "exchange_pop3"


class InventoryError(Exception):
    """A file that is no inventory of a lab."""


def build(lab: Lab, control_url: str) -> dict[str, Any]:
    """The inventory as a value. Connection variables stand per host: other groups may hold other hosts."""
    hosts = {name: _host(lab.plan.address, station) for name, station in lab.stations.items()}
    variables = {"lab_control": control_url, "lab_certificate": str(lab.certificate.path)}
    return {"all": {"vars": variables, "children": {GROUP: {"hosts": hosts}}}}


def _host(address: str, station: Station) -> dict[str, object]:
    ports = station.ports
    variables: dict[str, object] = {
        "ansible_connection": "ansible.builtin.winrm",
        "ansible_host": address,
        "ansible_port": ports.winrm,
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": "ntlm",
        "ansible_winrm_message_encryption": "always",
        "lab_https_port": ports.https,
    }
    if ports.pop3:
        variables |= {
            "pop3_prerequisites_port": ports.pop3,
            "lab_pop3_port": ports.pop3,
            "lab_pop3s_port": ports.pop3s,
        }
    return {**variables, **station.inventory}


def write(path: Path, lab: Lab, control_url: str) -> None:
    """Write the inventory, readable by its owner only: it holds the lab's passwords."""
    text = yaml.safe_dump(build(lab, control_url), sort_keys=False, allow_unicode=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("# Written by `python -m lab serve`; valid while it runs.\n" + text)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def control_url(path: Path) -> str:
    """The control port that an inventory names; raises InventoryError or OSError."""
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as exc:
        raise InventoryError(f"{path} is not YAML: {exc}") from exc
    found = value
    for key in ("all", "vars", "lab_control"):
        found = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(found, str):
        raise InventoryError(f"{path} names no control port: no lab wrote it")
    return found
