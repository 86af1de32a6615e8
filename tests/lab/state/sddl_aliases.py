# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two-letter SIDs of SDDL: Microsoft's page "SID Strings" and sddl.h [D]; ``LA`` is seen in captures/cmd/32."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIXED: Mapping[str, str] = {
    "AA": "S-1-5-32-579",
    "AC": "S-1-15-2-1",
    "AN": "S-1-5-7",
    "AO": "S-1-5-32-548",
    "AS": "S-1-18-1",
    "AU": "S-1-5-11",
    "BA": "S-1-5-32-544",
    "BG": "S-1-5-32-546",
    "BO": "S-1-5-32-551",
    "BU": "S-1-5-32-545",
    "CD": "S-1-5-32-574",
    "CG": "S-1-3-1",
    "CO": "S-1-3-0",
    "CY": "S-1-5-32-569",
    "ED": "S-1-5-9",
    "ER": "S-1-5-32-573",
    "ES": "S-1-5-32-576",
    "HA": "S-1-5-32-578",
    "HI": "S-1-16-12288",
    "IS": "S-1-5-32-568",
    "IU": "S-1-5-4",
    "LS": "S-1-5-19",
    "LU": "S-1-5-32-559",
    "LW": "S-1-16-4096",
    "ME": "S-1-16-8192",
    "MP": "S-1-16-8448",
    "MS": "S-1-5-32-577",
    "MU": "S-1-5-32-558",
    "NO": "S-1-5-32-556",
    "NS": "S-1-5-20",
    "NU": "S-1-5-2",
    "OW": "S-1-3-4",
    "PO": "S-1-5-32-550",
    "PS": "S-1-5-10",
    "PU": "S-1-5-32-547",
    "RA": "S-1-5-32-575",
    "RC": "S-1-5-12",
    "RD": "S-1-5-32-555",
    "RE": "S-1-5-32-552",
    "RM": "S-1-5-32-580",
    "RU": "S-1-5-32-554",
    "SI": "S-1-16-16384",
    "SO": "S-1-5-32-549",
    "SS": "S-1-18-2",
    "SU": "S-1-5-6",
    "SY": "S-1-5-18",
    "UD": "S-1-5-84-0-0-0-0-0",
    "WD": "S-1-1-0",
    "WR": "S-1-5-33",
}
# Relative to the computer's own accounts and to its domain: RID of each.
LOCAL: Mapping[str, int] = {"LA": 500, "LG": 501}
DOMAIN: Mapping[str, int] = {
    "AP": 525,
    "CA": 517,
    "CN": 522,
    "DA": 512,
    "DC": 515,
    "DD": 516,
    "DG": 514,
    "DU": 513,
    "EA": 519,
    "EK": 527,
    "KA": 526,
    "PA": 520,
    "RO": 498,
    "RS": 553,
    "SA": 518,
}
# Which aliases a release has: the page names the older ones that lack them; EK and KA came with Server 2016.
_SINCE = {
    **dict.fromkeys(("AA", "AC", "AS", "CN", "ES", "HA", "MS", "RA", "RM", "SS", "UD", "WR"), 9200),
    "AP": 9600,
    **dict.fromkeys(("EK", "KA"), 14393),
}


def written(sid: str, local_sid: str, domain_sid: str, build: int) -> str:
    """The two letters that a computer of this build writes for a SID, or the SID itself."""
    found = next((letters for letters, known in FIXED.items() if known == sid), "")
    if not found and sid.startswith(f"{local_sid}-"):
        found = _by_rid(LOCAL, sid)
    if not found and domain_sid and sid.startswith(f"{domain_sid}-"):
        found = _by_rid(DOMAIN, sid)
    return found if found and _SINCE.get(found, 0) <= build else sid


def _by_rid(table: Mapping[str, int], sid: str) -> str:
    rid = sid.rpartition("-")[2]
    return next((letters for letters, known in table.items() if str(known) == rid), "")
