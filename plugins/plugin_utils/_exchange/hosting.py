# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which service hosts POP3, under which account, and what right that account needs there (pure).

Sources: Q171435 and Q247764 (5.x: the Information Store under the site service account), Microsoft's overviews of the
services of each later generation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import account_name as accounts
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids

from . import generations as gen

TCB = "SeTcbPrivilege"
SERVICE_LOGON = "SeServiceLogonRight"

_FRONT_AND_BACK = (gen.POP3, gen.POP3_BACK_END)
_HOSTS: Mapping[str, tuple[str, ...]] = {
    gen.FIVE: (gen.IS,),
    "2000": (gen.POP3_IIS,),
    "2003": (gen.POP3_IIS,),
    gen.NONE: (gen.POP3_IIS,),
    gen.UNKNOWN: (*_FRONT_AND_BACK, gen.POP3_IIS),
}
_NOT_EXCHANGE = "microsoft pop3 service"


@dataclass(frozen=True)
class Clash:
    """A second product's service of the same name: its key name and the sentence for the user."""

    service: str
    reason: str


def known(service: str | None) -> tuple[str, ...]:
    """The key names of every service that this collection knows, and the named one."""
    return (*gen.KNOWN_SERVICES, *([service] if service is not None else []))


def hosts(present: Sequence[Service], exchange: gen.Exchange, wanted: str | None) -> tuple[Service, ...]:
    """The services that serve POP3, in the order front end, back end; or the one the user names.

    Raises InputError when the named service is not among ``present``.
    """
    by_name = {service.name.lower(): service for service in present}
    if wanted is not None:
        if wanted.lower() not in by_name:
            raise InputError(
                f"There is no service {wanted!r} on this computer. "
                "Use its key name (services.msc shows it as Service name), or service: auto."
            )
        return (by_name[wanted.lower()],)
    names = _HOSTS.get(exchange.generation, _FRONT_AND_BACK)
    return tuple(by_name[name.lower()] for name in names if name.lower() in by_name)


def is_five(service: Service, exchange: gen.Exchange) -> bool:
    """Whether this is the Information Store of Exchange 5.x, whose account the article is about."""
    return exchange.generation == gen.FIVE and service.name.lower() == gen.IS.lower()


def clash(present: Sequence[Service], exchange: gen.Exchange) -> Clash | None:
    """The POP3 service of Windows Server 2003, which has the key name of Exchange 2000's and 2003's own.

    It is told by its account (Local Service), its display name, or an Exchange that has no service of that name.
    """
    for service in present:
        if service.name.lower() == gen.POP3_IIS.lower() and _not_exchange(service, exchange):
            return Clash(
                service.name,
                f"{service.name} ({service.display_name}) is the POP3 service of Windows Server 2003, not Exchange's"
                + ("." if exchange.generation == gen.NONE else ": both want port 110, and only one can serve it."),
            )
    return None


def _not_exchange(service: Service, exchange: gen.Exchange) -> bool:
    return (
        configured_sid(service) == sids.LOCAL_SERVICE
        or service.display_name.strip().lower() == _NOT_EXCHANGE
        or exchange.generation not in ("2000", "2003", gen.UNKNOWN)
    )


def configured_sid(service: Service) -> str | None:
    """The SID of the account that a service is configured for, where its name alone tells it; else None."""
    parsed = configured_name(service)
    return certain_sid(parsed) if parsed is not None else None


def certain_sid(name: accounts.AccountName) -> str | None:
    """The SID that a name means on every host; None where the host has to be asked."""
    return None if name.needs_host else name.sid


def configured_name(service: Service) -> accounts.AccountName | None:
    """The configured account, understood; None where Windows states none or one that no name can be (a driver's)."""
    if service.account is None:
        return None
    try:
        return accounts.parse(service.account)
    except InputError:
        return None


def required(service: Service, exchange: gen.Exchange, sid: str | None) -> tuple[str, ...]:
    """The rights that the account ``sid`` needs for this service (``rights: auto``).

    The Information Store of 5.x calls LogonUser, which asked for SeTcbPrivilege until Windows XP. Later generations
    need nothing that Setup does not give; an administrator's own choice must be allowed to log on as a service.
    """
    if is_five(service, exchange):
        return (TCB,)
    return () if sid in sids.SERVICE_ACCOUNTS else (SERVICE_LOGON,)
