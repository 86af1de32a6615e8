# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows insists on: rights that an account cannot lose, and holders that the engine adds by itself.

Kept: captures/logs/23 f (Microsoft's page on the policy CSP UserRights names right by right), logs/21 (error 50 for
S-1-5-20 and six rights), logs/23 g (LSA itself refuses). Forced: captures/logs/21 and 11 A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.state import sids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BOTH = frozenset({sids.LOCAL_SERVICE, sids.NETWORK_SERVICE})
_LOCAL = frozenset({sids.LOCAL_SERVICE})

KEPT: Mapping[str, frozenset[str]] = {
    "SeSystemtimePrivilege": _LOCAL,
    "SeTimeZonePrivilege": _LOCAL,
    "SeAuditPrivilege": _BOTH,
    "SeChangeNotifyPrivilege": _BOTH,
    "SeCreateGlobalPrivilege": _BOTH,
    "SeIncreaseQuotaPrivilege": _BOTH,
    "SeAssignPrimaryTokenPrivilege": _BOTH,
    "SeImpersonatePrivilege": _BOTH,
}
# right to (SID, the word the log has for it)
FORCED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "SeInteractiveLogonRight": ((sids.ADMINISTRATORS, "administrators"),),
    "SeImpersonatePrivilege": ((sids.ADMINISTRATORS, "administrators"), ("S-1-5-6", "SERVICE")),
}


def kept(right: str, before: Iterable[str], wanted: Iterable[str]) -> frozenset[str]:
    """Who holds a right, is to lose it, and stays."""
    return (KEPT.get(right, frozenset()) & frozenset(before)) - frozenset(wanted)
