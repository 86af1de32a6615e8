# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Windows insists on: accounts that it puts into a right, and accounts that it does not let go (pure).

Two different things. ADDED: the security engine adds them whenever it configures the right ("must be assigned to … This
setting is adjusted", tests/captures/logs/21 and 11). KEPT: the removal of one that holds the right ends with error 50
(ERROR_NOT_SUPPORTED), everything else of the template is applied (logs/21, logs/23 f and g; Microsoft documents it with
the policy CSP UserRights). Neither is ever planned or promised; what of them stands against a task is named in
``adjusted_by_windows``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from . import sid as sids

# logs/21, logs/11: three lines of adjustment.
ADDED: Mapping[str, tuple[str, ...]] = {
    "SeImpersonatePrivilege": (sids.ADMINISTRATORS, sids.SERVICE),
    "SeInteractiveLogonRight": (sids.ADMINISTRATORS,),
}

_BOTH = (sids.LOCAL_SERVICE, sids.NETWORK_SERVICE)

# logs/23 f; logs/21 shows the six of NETWORK SERVICE, logs/23 g one of them where LSA itself was asked.
KEPT: Mapping[str, tuple[str, ...]] = {
    "SeAuditPrivilege": _BOTH,
    "SeChangeNotifyPrivilege": _BOTH,
    "SeCreateGlobalPrivilege": _BOTH,
    "SeIncreaseQuotaPrivilege": _BOTH,
    "SeAssignPrimaryTokenPrivilege": _BOTH,
    "SeImpersonatePrivilege": _BOTH,
    "SeSystemtimePrivilege": (sids.LOCAL_SERVICE,),
    "SeTimeZonePrivilege": (sids.LOCAL_SERVICE,),
}


@dataclass(frozen=True)
class Insists:
    """What a way of writing rights insists on, by right; a back end that forces nothing has nothing in either table."""

    adds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    keeps: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def kept(self, right: str, before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
        """Whom Windows will not let go of a right although ``after`` leaves them out: only who holds it ``before``."""
        held, wanted = frozenset(before), frozenset(after)
        return tuple(sid for sid in self.keeps.get(right, ()) if sid in held and sid not in wanted)

    def added(self, right: str, after: Iterable[str]) -> tuple[str, ...]:
        """Whom Windows will add to a right when it is configured with ``after``."""
        wanted = frozenset(after)
        return tuple(sid for sid in self.adds.get(right, ()) if sid not in wanted)


# The security engine's, behind secedit.
ENGINE = Insists(ADDED, KEPT)
