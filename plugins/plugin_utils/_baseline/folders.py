# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where lookups and actions look for a file: as Ansible's own file lookup does."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from pathlib import Path


def searched(variables: Mapping[str, t.Any], base: str) -> list[Path]:
    """The folders of the role and the play, each with ``files`` first, then the folder of the playbook."""
    told = variables.get("ansible_search_path")
    paths = [*(str(path) for path in told or ()), base]
    return [Path(folder) for path in dict.fromkeys(paths) for folder in (f"{path}/files", path)]
