# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Device management on one computer: what the area UserRights of the Policy CSP leaves in the registry.

docs/sources.md S6: the key and NAME_ProviderSet from scripts that audit hosts of Intune; the separator from the page of
the CSP. Which values stand beside the setting, and whether OSConfig's are there, are worlds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lab.state.registry import Registry
    from lab.worlds import Worlds

AREA = "SOFTWARE\\Microsoft\\PolicyManager\\current\\device\\UserRights"
# An enrollment of no real tenant.
_PROVIDER = "{5D0C0A9E-0000-4000-8000-0000000000A1}"
_SEPARATOR = "\uf000"
MDM, OSCONFIG = "mdm", "osconfig"


def write(registry: Registry, by: str, settings: Mapping[str, Sequence[str]], worlds: Worlds) -> None:
    """Write settings, by their names in the CSP, as the one who made them does; raises ValueError for nobody known."""
    if by not in (MDM, OSCONFIG):
        raise ValueError(f"device management is by {MDM} or {OSCONFIG}, not {by!r}")
    if by == OSCONFIG and worlds["osconfig_area"] == "none":
        return
    registry.create(AREA)
    for name, tokens in settings.items():
        registry.set(AREA, f"{name}_ProviderSet", 1)
        if worlds["mdm_values"] == "all":
            registry.set(AREA, name, _SEPARATOR.join(tokens))
            registry.set(AREA, f"{name}_WinningProvider", _PROVIDER)
