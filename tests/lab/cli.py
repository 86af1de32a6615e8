# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the lab: serve, and what one may ask a lab that serves."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from lab import control, inventory, worlds
from lab.network import Lab, Plan
from lab.plan import make_plan
from lab.winrm.connection import LATENCIES

TRANSCRIPT_LENGTH = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0, 1 for a failure that was told, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except (control.ControlError, inventory.InventoryError, OSError, ValueError) as exc:
        print(f"lab: {exc}", file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    if options.command == "serve":
        return asyncio.run(_serve(_plan(options), options.inventory, options.control_port))
    if options.command == "worlds":
        for world in worlds.REGISTRY.values():
            print(f"{world.row}  {world.name} = {' | '.join(world.values)}\n     {world.question}")
        return 0
    url = inventory.control_url(options.inventory)
    result = control.ask(url, options.command, **_arguments(options))
    if result is not None:
        print(json.dumps(result, indent=2, sort_keys=True, ensure_ascii=False))
    return 0


def _arguments(options: argparse.Namespace) -> dict[str, object]:
    """What goes to the control port."""
    found: dict[str, object] = {}
    for name in ("host", "seconds", "clear"):
        value = getattr(options, name, None)
        if value is not None:
            found[name] = value
    for name in ("rule", "change"):
        text = getattr(options, name, None)
        if text is not None:
            found[name] = json.loads(text)
    return found


def _plan(options: argparse.Namespace) -> Plan:
    chosen = dict(_pair(text) for text in options.world)
    settings = {name: json.loads(value) for name, value in map(_pair, options.winrm)}
    plan = make_plan(
        options.scenario,
        chosen,
        hosts=options.hosts,
        winrm=settings,
        latency=options.latency,
        transcript=TRANSCRIPT_LENGTH if options.transcript else 0,
    )
    return dataclasses.replace(plan, address=options.address)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text!r} is not NAME=VALUE")
    return name, value


async def _serve(plan: Plan, path: Path, control_port: int) -> int:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    lab = Lab(plan)
    port = control.Control(lab)
    try:
        await lab.start()
        await port.start(control_port)
        inventory.write(path, lab, port.url)
        print("ready", flush=True)
        await stop.wait()
    finally:
        port.close()
        await lab.stop()
    for error in lab.errors:
        print(error, file=sys.stderr)
    return 1 if lab.errors else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run simulated hosts until SIGTERM")
    serve.add_argument("--scenario", required=True, help="a name, or a file")
    serve.add_argument("--inventory", type=Path, required=True, help="where to write the inventory")
    serve.add_argument("--hosts", type=int, help="how many copies of the scenario's hosts")
    serve.add_argument("--world", action="append", default=[], metavar="NAME=VALUE")
    serve.add_argument("--winrm", action="append", default=[], metavar="NAME=JSON")
    serve.add_argument("--latency", choices=sorted(LATENCIES), default="none")
    serve.add_argument("--address", default="127.0.0.1", help="another loopback address")
    serve.add_argument("--control-port", type=int, default=0)
    serve.add_argument("--transcript", action="store_true", help="keep decrypted SOAP messages")
    commands.add_parser("worlds", help="list the open questions about Windows and their answers")
    for name, help_text in _ASKING.items():
        _asking(commands.add_parser(name, help=help_text), name)
    return parser


_ASKING = {
    "snapshot": "print the state of the hosts",
    "reset": "put every host back to the scenario's first state",
    "inject": "add a fault (see lab/faults.py)",
    "clear": "remove injected faults",
    "count": "print how many HTTP requests came in",
    "advance": "let time pass",
    "change": "change hosts from outside, restart them, set their clocks (see lab/control.py)",
    "times": "print the hosts' clocks and what is due next",
    "logons": "print who was admitted and who was refused",
    "transcript": "print decrypted SOAP messages",
}


def _asking(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--inventory", type=Path, required=True)
    if name != "reset":
        parser.add_argument("--host", help="only this host")
    if name == "inject":
        parser.add_argument("--rule", required=True, metavar="JSON")
    if name == "change":
        parser.add_argument("--change", required=True, metavar="JSON")
    if name == "advance":
        parser.add_argument("--seconds", type=float, required=True)
    if name == "count":
        parser.add_argument("--clear", action="store_true", help="start counting again")
