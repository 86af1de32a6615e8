# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a play's connection to a host: the one place that chooses, and all that an action may know of the way there."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.host import WinrmHost
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman import shell
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link_psrp import PsrpLink
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link_winrm import WinrmLink
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.transport import Transport

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.winmail.exchange.plugins.plugin_utils._changes import Changes
    from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Host
    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link import Link

_LINKS: Mapping[str, Callable[[t.Any], Link]] = {"winrm": WinrmLink, "psrp": PsrpLink}


class Line(t.Protocol):
    """The way to one host for one task: begun, ended, and what was said and asked on it."""

    @property
    def changes(self) -> Changes:
        """The changes that the host was asked for."""

    def connect(self) -> None:
        """Log on; raises UnreachableError."""

    def leave(self) -> None:
        """Give back what the host holds for this task, as far as it can be reached."""

    def masked(self, text: str) -> str:
        """The text without the secrets that the connection knows."""


@dataclass(frozen=True)
class BackEnd:
    """A host that can be asked, and the line to it; nothing was sent yet."""

    line: Line
    host: Host


def reach(connection: t.Any, delegate: str | None = None) -> BackEnd:  # noqa: ANN401 - plugins of Ansible are untyped
    """The host behind a task's connection; raises InputError for a connection that leads to none.

    ``delegate`` is the host that the task delegates to, whose connection it then is.
    """
    transport = Transport(link_of(connection, delegate))
    return BackEnd(transport, WinrmHost(transport))


def is_ours(name: str) -> bool:
    """Whether a file's name is one that a back end gives: fit to be shown, whoever made the file."""
    return shell.is_ours(name)


def link_of(connection: t.Any, delegate: str | None = None) -> Link:  # noqa: ANN401 - plugins of Ansible are untyped
    """The link over a task's connection; raises InputError for one that does not speak WS-Management."""
    name = str(connection.transport)
    make = _LINKS.get(name.removeprefix("ansible.builtin."))
    if make is None:
        of_host = f" of {delegate}, which it delegates to" if delegate else ""
        where = f"{delegate}, or leave delegate_to out" if delegate else "this host"
        raise InputError(
            f"This task speaks WinRM itself and cannot use the connection {name!r}{of_host}. "
            f"Set ansible_connection: ansible.builtin.winrm (or ansible.builtin.psrp) for {where}."
        )
    return make(connection)
