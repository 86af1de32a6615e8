# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The link over ``ansible.builtin.winrm``: the only file that touches that connection and pywinrm.

Of the connection it uses ``_build_winrm_kwargs()`` with ``_winrm_user``, ``_winrm_pass``, ``_winrm_scheme``,
``_winrm_transport`` and ``_winrm_kwargs``, then ``_connect()``, ``protocol``, ``shell_id`` and ``close()``: the same in
ansible-core 2.16 to 2.21. Everything else there runs PowerShell.
"""

from __future__ import annotations

import contextlib
import re
import typing as t
import weakref

from ansible.errors import AnsibleConnectionFailure, AnsibleError

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, WindowsError

from .link import Received, Released
from .logon import WINRM, Logon, words_of
from .unreached import Way

# Ansible keeps of a refused shell only pywinrm's text, with the fault's number in it (quoted by pywinrm 0.4).
_FAULT = re.compile(r"wsmanfault_code'?: '?(\d{1,10})\b")
_DETAILS = re.compile(r"\(extended fault data:.*\)\s*\Z", re.DOTALL)
# By connection, which the items of a loop share while each has a link of its own.
_RELEASED: weakref.WeakKeyDictionary[t.Any, Released] = weakref.WeakKeyDictionary()


class WinrmLink:
    """Implements Link; the shell is Ansible's own and shared by the items of a loop."""

    def __init__(self, connection: t.Any) -> None:  # noqa: ANN401 - plugins of Ansible are untyped
        self._connection = connection

    def logon(self) -> Logon:
        """See Link."""
        _require_pywinrm()  # Ansible's plugin would end in a NameError
        link = self._connection
        try:
            link._build_winrm_kwargs()  # where the plugin settles its own defaults
            options = link._winrm_kwargs
            return Logon(
                WINRM,
                str(link._winrm_user or ""),
                secure=str(link._winrm_scheme).lower() == "https",
                methods=words_of(link._winrm_transport),
                encryption=str(options.get("message_encryption", "auto")).lower(),
                binding=str(options.get("send_cbt", True)).lower() not in ("false", "no", "off", "0"),
                password=str(link._winrm_pass or ""),
                way=_way(link),
            )
        except AttributeError as exc:
            raise InputError(
                "The winrm connection of this ansible-core is not built as in 2.16 to 2.21, so nobody can tell how it "
                f"would send the password ({exc}). No connection was made: use a supported ansible-core."
            ) from exc
        except AnsibleError as exc:
            said = str(exc).strip().rstrip(".")
            raise InputError(
                f"{said}. ansible_winrm_transport takes kerberos, ntlm, credssp, certificate, and over HTTPS basic."
            ) from exc

    def connect(self) -> None:
        """See Link."""
        logon = self.logon()
        logon.refuse_clear_text()
        try:
            self._connection._connect()  # the documented entry of connection plugins for actions
        except AnsibleConnectionFailure as exc:
            said = str(exc)
            found = _FAULT.search(said)
            if found is not None:
                text = _DETAILS.sub("", said).rstrip()
                raise WindowsError(said, code=int(found.group(1)), text=text) from exc
            raise logon.failure(said) from exc
        except AnsibleError as exc:  # "the connection attempt timed out"
            raise logon.failure(str(exc)) from exc
        if self._connection.shell_id is None:  # Ansible takes HTTP 411 for a logon
            raise logon.failure("the server answered with HTTP 411")

    def close(self) -> None:
        """See Link."""
        with contextlib.suppress(Exception):  # it may be known to be broken
            self._connection.close()
        self._connection.protocol = None
        self._connection.shell_id = None

    def abandon(self) -> None:
        """See Link: without the shell's identifier Ansible's connection has nothing to delete."""
        self._connection.shell_id = None
        self.close()

    def leave(self) -> None:
        """See Link: Ansible closes its own connection, once for all items of a loop."""

    def start(self, line: str) -> str:
        """See Link."""
        self._released().tell(self.stop)
        return t.cast(str, self._connection.protocol.run_command(self._connection.shell_id, line))

    def receive(self, command: str) -> Received:
        """See Link."""
        protocol = self._connection.protocol
        # pywinrm 0.4 has the second name only.
        receive = getattr(protocol, "get_command_output_raw", None) or protocol._raw_get_command_output
        stdout, stderr, exit_code, ended = receive(self._connection.shell_id, command)
        return Received(stdout, stderr, exit_code if ended else None)

    def stop(self, command: str) -> None:
        """See Link."""
        self._connection.protocol.cleanup_command(self._connection.shell_id, command)

    def release(self, command: str) -> None:
        """See Link."""
        self._released().add(command)

    def _released(self) -> Released:
        """The ended commands of the shell that is open now; those of another one went with it."""
        found = _RELEASED.get(self._connection)
        if found is None or found.shell != self._connection.shell_id:
            found = _RELEASED[self._connection] = Released(self._connection.shell_id)
        return found

    def send(self, message: str) -> bytes:
        """See Link."""
        return t.cast(bytes, self._connection.protocol.send_message(message))


def _way(connection: t.Any) -> Way:  # noqa: ANN401 - plugins of Ansible are untyped
    """Where the connection goes; for sentences only, so nothing depends on these names."""
    found = (getattr(connection, f"_winrm_{name}", None) for name in ("host", "port", "path"))
    return WINRM.way(*found, secure=str(getattr(connection, "_winrm_scheme", "")).lower() == "https")


def _require_pywinrm() -> None:
    try:
        import winrm  # noqa: F401 - only the question whether it is there
    except ImportError as exc:
        raise InputError(
            f"ansible.builtin.winrm needs pywinrm on the controller ({exc}): python3 -m pip install 'pywinrm>=0.4.3'."
        ) from exc
