# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a restart: what must stop, in which order, and what may not be touched at all (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, RefusedError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service

from .carriers import carrier

MOST_SERVICES = 100

RUNNING, STOPPED, DISABLED = "Running", "Stopped", "Disabled"


@dataclass(frozen=True)
class Restart:
    """A restart as a value: ``stop`` in this order, then ``start`` in this order; service key names.

    A service that does not run is not in ``stop``; only the named one may be in ``start`` without having run.
    """

    target: Service
    stop: tuple[str, ...]
    start: tuple[str, ...]


def key_name(name: str) -> str:
    """A service's key name, as it is; raises InputError for what no service can be called.

    CreateService takes up to 256 characters without slashes; quotes and controls are in no name that anybody meant.
    """
    if not 0 < len(name) <= 256 or any(c in "/\\'\"" or not c.isprintable() for c in name):
        raise InputError(f"{name!r} is no key name of a service. Use what services.msc shows as Service name.")
    return name


def plan(
    target: Service,
    dependents_of: Callable[[str], Sequence[Service]],
    *,
    dependents: bool,
    controller: Callable[[], bool] = lambda: True,
) -> Restart:
    """Plan the restart of ``target``; ``dependents_of`` gives what depends directly on a service.

    Dependents that do not run are left alone, and so is what depends on them. Raises RefusedError, before anything is
    stopped, for what carries the connection or the host (``controller`` says whether this is a domain controller, and
    is asked only where it matters), for a service that could not be started again, for one between two states, and,
    unless ``dependents`` is asked for, when others that run depend on it.
    """
    _may_restart(target)
    if target.state == STOPPED:
        return Restart(target, (), (target.name,))
    _may_stop(target, target, controller)
    order = _deepest_first(target, dependents_of)
    others = order[:-1]
    for service in others:
        _may_stop(service, target, controller)
    if others and not dependents:
        raise RefusedError(
            f"{target.name} was not stopped: {', '.join(one.name for one in others)} run and depend on it. "
            "Set dependents: true to restart them with it."
        )
    for service in others:
        _may_restart(service)
    names = tuple(service.name for service in order)
    return Restart(target, names, tuple(reversed(names)))


def _may_stop(service: Service, target: Service, controller: Callable[[], bool]) -> None:
    row = carrier(service.name)
    if row is None or (row.controller and not controller()):
        return
    who = "it" if service is target else f"{service.name}, which depends on {target.name} and would stop with it,"
    raise RefusedError(
        f"{target.name} was not stopped: {who} carries {row.carries}, and nobody could start it again "
        "from here. Restart the computer instead (ansible.windows.win_reboot), or restart the service at its console."
    )


def _may_restart(service: Service) -> None:
    if service.start_mode == DISABLED:
        raise RefusedError(
            f"{service.name} is disabled, so it could not be started again. "
            "Set its start mode to manual or automatic first."
        )
    if service.state not in (RUNNING, STOPPED):
        raise RefusedError(
            f"{service.name} is neither running nor stopped ({service.state}). "
            "Wait until it has settled, or resume it, and run the task again."
        )


def _deepest_first(target: Service, dependents_of: Callable[[str], Sequence[Service]]) -> list[Service]:
    """Everything that runs and depends on ``target``, each before what it depends on; ``target`` is last.

    A circle is walked once; more than 100 services are refused.
    """
    order: list[Service] = []
    seen = {target.name.lower()}
    # Each entry is a service and the dependents of it that are still to be visited.
    path = [(target, list(dependents_of(target.name)))]
    while path:
        service, waiting = path[-1]
        if not waiting:
            order.append(path.pop()[0])
            continue
        following = waiting.pop(0)
        if following.state == STOPPED or following.name.lower() in seen:
            continue
        seen.add(following.name.lower())
        if len(seen) > MOST_SERVICES:
            raise RefusedError(
                f"More than {MOST_SERVICES} running services depend on {target.name} "
                f"(the last one seen depends on {service.name})."
            )
        path.append((following, list(dependents_of(following.name))))
    return order
