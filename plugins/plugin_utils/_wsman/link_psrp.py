# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The link over ``ansible.builtin.psrp``: the only file that touches that connection and pypsrp.

Of the connection it takes the options only: ``_build_kwargs()`` with ``_psrp_conn_kwargs``, the same in ansible-core
2.16 to 2.21. Its ``_connect()`` would open a PowerShell runspace, so it is never called: the same listener is asked
for a WinRS shell.
"""

from __future__ import annotations

import contextlib
import re
import typing as t

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError, UnreachableError, WindowsError

from . import failures
from .link import Received, Released
from .logon import PSRP, Logon, words_of

# Windows' own endpoints, which run as the user and limit nothing (Enable-PSRemoting of Windows PowerShell and of 6, 7).
_UNLIMITED = re.compile(r"(microsoft\.powershell(32)?|powershell\.\d[\w.-]*)\Z", re.IGNORECASE | re.ASCII)
_CODEPAGE = 65001  # UTF-8, as Ansible's winrm connection asks for


class PsrpLink:
    """Implements Link; the shell is ours, so it is closed at the end of the task."""

    def __init__(self, connection: t.Any) -> None:  # noqa: ANN401 - plugins of Ansible are untyped
        self._connection = connection
        self._client: t.Any = None
        self._shell: t.Any = None
        self._released = Released("")

    def _options(self) -> dict[str, t.Any]:
        try:
            self._connection._build_kwargs()  # there is no public way to the options of pypsrp
            return dict(self._connection._psrp_conn_kwargs)
        except AttributeError as exc:
            raise InputError(
                f"The psrp connection of this ansible-core is not built as in 2.16 to 2.21 ({exc}). "
                "No connection was made: set ansible_connection: ansible.builtin.winrm for this host."
            ) from exc

    def logon(self) -> Logon:
        """See Link."""
        _pypsrp()  # Ansible's plugin would end in a NameError
        options = self._options()
        return Logon(
            PSRP,
            str(options.get("username") or ""),
            secure=bool(options.get("ssl")),
            methods=words_of(options.get("auth")),
            encryption=str(options.get("encryption", "auto")).lower(),
            binding=bool(options.get("negotiate_send_cbt", True)),
            password=str(options.get("password") or ""),
            way=PSRP.way(
                options.get("server"), options.get("port"), options.get("path"), secure=bool(options.get("ssl"))
            ),
        )

    def connect(self) -> None:
        """See Link."""
        if self._shell is not None:
            return
        wsman, shell = _pypsrp()
        self._refuse_limited_endpoint()
        logon = self.logon()
        logon.refuse_clear_text()
        try:
            self._client = wsman.WSMan(**self._options())
        except (ValueError, TypeError) as exc:
            raise InputError(f"The options of the psrp connection do not fit together: {exc}.") from exc
        opened = shell.WinRS(self._client, codepage=_CODEPAGE)
        try:
            opened.open()
        except Exception as exc:
            self.close()
            raise _refused(exc, logon) from exc
        self._shell = opened

    def _refuse_limited_endpoint(self) -> None:
        name = str(self._connection.get_option("configuration_name") or "Microsoft.PowerShell")
        if _UNLIMITED.match(name) is None:
            raise InputError(
                f"ansible_psrp_configuration_name is {name!r}: such an endpoint (JEA) limits what an account may do, "
                "and this task would go past it, for it opens a command shell and no PowerShell. No connection was "
                "made. Give this task an account that is an administrator of the host and the endpoint "
                "Microsoft.PowerShell, or ansible_connection: ansible.builtin.winrm."
            )

    def close(self) -> None:
        """See Link."""
        client, self._client = self._client, None
        opened, self._shell = self._shell, None
        self._released = Released("")
        with contextlib.suppress(Exception):  # it may be known to be broken
            if opened is not None:
                opened.close()
        with contextlib.suppress(Exception):
            if client is not None:
                client.close()

    def abandon(self) -> None:
        """See Link."""
        self._shell = None
        self.close()

    def leave(self) -> None:
        """See Link: Ansible does not know of this shell."""
        self.close()

    def start(self, line: str) -> str:
        """See Link."""
        self._released.tell(self.stop)
        answer = self._shell.command(line, None)
        command = next((node.text for node in answer.iter() if node.tag.endswith("}CommandId")), None)
        if not command:
            raise ValueError("the answer to a command has no CommandId")
        return str(command)

    def receive(self, command: str) -> Received:
        """See Link."""
        state, exit_code, streams = self._shell.receive("stdout stderr", command)
        ended = str(state).endswith("/Done")
        if ended and exit_code is None:
            raise ValueError("a command ended without an exit code")
        return Received(streams["stdout"], streams["stderr"], exit_code if ended else None)

    def stop(self, command: str) -> None:
        """See Link."""
        _wsman, shell = _pypsrp()
        self._shell.signal(shell.SignalCode.TERMINATE, command)

    def release(self, command: str) -> None:
        """See Link."""
        self._released.add(command)

    def send(self, message: str) -> bytes:
        """See Link."""
        return t.cast(bytes, self._client.transport.send(message.encode("utf-8")))


def _pypsrp() -> tuple[t.Any, t.Any]:
    """The modules ``pypsrp.wsman`` and ``pypsrp.shell``; raises InputError where the library is not installed."""
    try:
        from pypsrp import shell, wsman
    except ImportError as exc:
        raise InputError(
            f"ansible.builtin.psrp needs pypsrp on the controller ({exc}): python3 -m pip install 'pypsrp>=0.8.1', "
            "or set ansible_connection: ansible.builtin.winrm for this host."
        ) from exc
    return wsman, shell


def _refused(exc: Exception, logon: Logon) -> UnreachableError | WindowsError:
    """What a logon, or the shell behind it, was refused with."""
    fault = failures.fault_of(exc)
    if fault is not None:
        return fault.refusal("a shell")
    status = failures.status_of(exc)
    if status == 401:
        return logon.failure(f"{', '.join(logon.methods)}: the specified credentials were rejected by the server")
    if status is not None:
        return logon.failure(f"the server answered with HTTP {status}")
    return logon.failure(f"{', '.join(logon.methods)}: {exc}")
