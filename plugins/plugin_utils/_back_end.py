# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of Ansible's connections can carry this collection, and the link over each.

This plugin util is PRIVATE to the collection. Do not use it from other collections.
"""

from __future__ import annotations

import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link_psrp import PsrpLink
from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link_winrm import WinrmLink

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.winmail.exchange.plugins.plugin_utils._wsman.link import Link

_LINKS: Mapping[str, Callable[[t.Any], Link]] = {"winrm": WinrmLink, "psrp": PsrpLink}


def link_of(connection: t.Any, delegate: str | None = None) -> Link:  # noqa: ANN401 - plugins of Ansible are untyped
    """The link over a task's connection; raises InputError for one that does not speak WS-Management.

    ``delegate`` is the host that the task delegates to, whose connection it then is.
    """
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
