# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""The lab's control port: JSON over HTTP on loopback, and the client that the command line uses.

Every command takes ``host`` (none: all of them) beside its own: ``ask(url, "advance", host="member", seconds=300)``::

    snapshot            rights, services, files, tasks (state, last_result, armed timers, XML), registry, events …
    times               each host's clock (now, booted), the seconds that passed for it (elapsed), what is due next
    logons              who was admitted (mechanism, name), and who proved his password and was refused
    advance seconds=N   let time pass: timers fire in their order, services move, Group Policy runs, wires idle out
    change change={..}  change a host from outside, as a fault with ``"do": "state"`` does: grant, revoke, set_right,
                        stop_service, write_file … (windows/changes.py), and the events advance N, clock_step N (the
                        clock alone, no time), reboot true (or N: its ports are closed for N seconds), refresh_policy
                        true, on_batteries true, remove_task "\name*" and delete_file
                        "C:\folder\name*" (as a security product would; * stands for any letters)
    inject rule={..}    a fault (faults.py); {"at": "task.action", "do": "hang", "seconds": 30} lets a task run long
    clear, reset, count, transcript

In Python: ``lab.computer("member").change(reboot=True)``, ``.advance(300)``, ``.times()``, ``.snapshot()["tasks"]``,
``lab.logons("member")``, ``lab.refused("member")``. Time also passes by itself, as fast as for the test.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hmac
import json
import secrets
import traceback
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from lab.network import Lab
from lab.seams import Effect
from lab.winrm import http

Arguments: TypeAlias = Mapping[str, Any]
TIMEOUT_SECONDS = 60


class ControlError(Exception):
    """The lab refused a control request or could not be reached."""


class Control:
    """Serves the control port of a lab; ``url`` holds a token, so that only readers of the inventory may use it."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._token = secrets.token_urlsafe(16)
        self._server: asyncio.Server | None = None
        self._commands: dict[str, Callable[[Arguments], Awaitable[object]]] = {
            "snapshot": self._snapshot,
            "reset": self._reset,
            "inject": self._inject,
            "clear": self._clear,
            "count": self._count,
            "advance": self._advance,
            "change": self._change,
            "times": self._times,
            "logons": self._logons,
            "transcript": self._transcript,
        }
        self.url = ""

    async def start(self, port: int = 0) -> None:
        """Listen."""
        address = self._lab.plan.address
        self._server = await asyncio.start_server(self._serve, address, port)
        bound = self._server.sockets[0].getsockname()[1]
        self.url = f"http://{address}:{bound}/{self._token}"

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await asyncio.wait_for(http.read_request(reader), TIMEOUT_SECONDS)
            if request is not None:
                writer.write((await self._answer(request)).encode(keep_alive=False))
                await writer.drain()
        except http.HttpError as exc:
            writer.write(http.Response(exc.status).encode(keep_alive=False))
        except (ConnectionError, asyncio.TimeoutError):
            pass  # nobody is there to be told
        finally:
            writer.close()

    async def _answer(self, request: http.Request) -> http.Response:
        token, dummy, name = request.target.strip("/").partition("/")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return _json(403, {"error": "wrong token"})
        command = self._commands.get(name)
        if command is None or request.method != "POST":
            known = ", ".join(self._commands)
            return _json(404, {"error": f"no such command: {name!r} (POST one of {known})"})
        try:
            arguments = json.loads(request.body or b"{}")
            return _json(200, {"result": await command(arguments)})
        except (ValueError, KeyError, TypeError) as exc:
            return _json(400, {"error": str(exc.args[0]) if exc.args else repr(exc)})
        except Exception:  # noqa: BLE001 - a failure of the lab itself must be seen by who asked
            self._lab.errors.append(traceback.format_exc())
            return _json(500, {"error": self._lab.errors[-1]})

    def _names(self, arguments: Arguments) -> list[str]:
        """The hosts that a command is about: the one that is named, or all."""
        name = arguments.get("host")
        if name is None:
            return list(self._lab.stations)
        self._lab.station(str(name))
        return [str(name).lower()]

    async def _snapshot(self, arguments: Arguments) -> object:
        stations = self._lab.stations
        return {name: stations[name].host.computer.snapshot() for name in self._names(arguments)}

    async def _reset(self, _arguments: Arguments) -> object:
        await self._lab.reset()
        return None

    async def _inject(self, arguments: Arguments) -> object:
        rule = arguments.get("rule")
        if not isinstance(rule, dict):
            raise ValueError("'rule' must be a mapping")
        for name in self._names(arguments):
            self._lab.stations[name].host.computer.faults.add(rule)
        return None

    async def _clear(self, arguments: Arguments) -> object:
        for name in self._names(arguments):
            self._lab.stations[name].host.computer.faults.clear()
        return None

    async def _count(self, arguments: Arguments) -> object:
        found: dict[str, object] = {}
        for name in self._names(arguments):
            host = self._lab.stations[name].host
            found[name] = {"total": sum(host.requests.values()), "by_action": host.counts()}
            if arguments.get("clear"):
                host.requests.clear()
        return found

    async def _advance(self, arguments: Arguments) -> object:
        for name in self._names(arguments):
            self._lab.stations[name].host.advance(float(arguments.get("seconds", 0)))
        return None

    async def _change(self, arguments: Arguments) -> object:
        change = arguments.get("change")
        if not isinstance(change, dict):
            raise ValueError("'change' must be a mapping")
        for name in self._names(arguments):
            self._lab.stations[name].host.computer.change(Effect("state", {"change": change}))
        return None

    async def _times(self, arguments: Arguments) -> object:
        return {name: self._lab.stations[name].host.computer.times() for name in self._names(arguments)}

    async def _logons(self, arguments: Arguments) -> object:
        doors = {name: self._lab.stations[name].host.door for name in self._names(arguments)}
        return {
            name: {"admitted": [dataclasses.asdict(logon) for logon in door.logons], "refused": list(door.refused)}
            for name, door in doors.items()
        }

    async def _transcript(self, arguments: Arguments) -> object:
        stations = self._lab.stations
        return {
            name: [dataclasses.asdict(item) for item in stations[name].host.transcript]
            for name in self._names(arguments)
        }


def _json(status: int, value: object) -> http.Response:
    body = json.dumps(value, sort_keys=True, ensure_ascii=False).encode()
    return http.Response(status, [("Content-Type", "application/json")], body)


def ask(url: str, command: str, **arguments: object) -> object:
    """Send a command to a control port and return its result; raises ControlError."""
    request = urllib.request.Request(f"{url}/{command}", json.dumps(arguments).encode(), method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return json.load(answer)["result"]
    except urllib.error.HTTPError as exc:
        raise ControlError(f"The lab refused {command!r}: {_error(exc)}") from exc
    except (OSError, ValueError) as exc:
        raise ControlError(f"The lab's control port does not answer ({exc}): is it running?") from exc


def _error(answer: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(answer)["error"])
    except (ValueError, KeyError):
        return f"HTTP {answer.code}"
