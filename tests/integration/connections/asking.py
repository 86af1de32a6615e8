# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of connections ask for, of which host, over which connections."""

from __future__ import annotations

from typing import Any

HOST = "exch50"
CONNECTIONS = ("ansible.builtin.winrm", "ansible.builtin.psrp")
GRANT: dict[str, Any] = {"name": "SeTcbPrivilege", "accounts": ["CORP\\exsvc"]}
