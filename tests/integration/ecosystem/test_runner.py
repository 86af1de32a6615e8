# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of docs/fleets.md carry `site` to several workers at once, and the lab says what they did."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.integration.ecosystem.tools import blocks, run
from ansible_collections.winmail.exchange.tests.support.observer import (
    EXSVC,
    TCB,
    Snapshots,
    left_behind,
    moved,
    restarted,
    snapshots,
)
from ansible_collections.winmail.exchange.tests.support.player import ROOT, playing
from lab.server import RunningLab, running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

HOSTS = 4
SLICES = ("1", "2")
MAKE, RUN = (block for block in blocks(ROOT / "docs" / "fleets.md", "shell") if block.startswith("umask 077"))
RECAP = re.compile(r"^(mail\d+) .*changed=(\d+)", re.MULTILINE)
ROW = re.compile(r"mail\d{4} +5\.5 +[^\"\n]+")
COLOURS = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture(scope="module")
def fleet() -> Iterator[RunningLab]:
    """Some equal hosts with the fault."""
    with running(scenario="fleet", hosts=HOSTS) as lab:
        yield lab


@pytest.fixture(scope="module")
def folder(
    fleet: RunningLab, tarball: Path, tmp_path_factory: pytest.TempPathFactory, environment: Mapping[str, str]
) -> Path:
    """A folder with an inventory and the tarball, and the slices that the page's commands make of them."""
    made = tmp_path_factory.mktemp("fleet")
    fleet.inventory(made / "inventory.yml")
    shutil.copy2(tarball, made / tarball.name)
    assert "size=500" in MAKE
    shell(MAKE.replace("size=500", f"size={HOSTS // len(SLICES)}"), made, environment)
    return made


@dataclass(frozen=True)
class Cured:
    """What the first run over the slices did, and the folder with what came back."""

    before: Snapshots
    after: Snapshots
    writes: Mapping[str, int]
    results: Path


@pytest.fixture(scope="module")
def cured(fleet: RunningLab, folder: Path, environment: Mapping[str, str]) -> Cured:
    """The page's commands, run once over hosts that have the fault."""
    before = snapshots(fleet)
    assert "failed" not in shell(RUN, folder, environment)
    results = (folder / "results").rename(folder / "first")
    return Cured(before, snapshots(fleet), writes(fleet), results)


def shell(commands: str, folder: Path, environment: Mapping[str, str]) -> str:
    return run(["bash", "-euo", "pipefail", "-c", commands], folder, environment)


def printed(results: Path) -> str:
    """What ansible-playbook printed in all slices, as it came back."""
    texts = [(results / number / "artifacts" / "stdout").read_text(encoding="utf-8") for number in SLICES]
    return COLOURS.sub("", "\n".join(texts))


def rows(text: str) -> list[str]:
    """The rows of the tables at the end, sorted by host, without padding."""
    return sorted(" ".join(row.split()) for row in ROW.findall(text))


def changed(results: Path) -> dict[str, int]:
    """The recap's numbers of all slices together."""
    return {host: int(count) for host, count in RECAP.findall(printed(results))}


def writes(lab: RunningLab) -> dict[str, int]:
    """How many command lines wrote rights, by host."""
    return {host: sum("/configure" in str(exchange.request) for exchange in lab.transcript(host)) for host in lab.hosts}


def secrets(folder: Path) -> set[bytes]:
    hosts: dict[str, dict[str, Any]] = yaml.safe_load((folder / "inventory.yml").read_text(encoding="utf-8"))["all"][
        "children"
    ]["exchange_pop3"]["hosts"]
    return {str(value).encode() for host in hosts.values() for name, value in host.items() if "password" in name}


def test_each_slice_holds_its_own_hosts(folder: Path) -> None:
    hosts = []
    for number in SLICES:
        inventory = folder / "slices" / number / "inventory" / "hosts.yml"
        assert inventory.stat().st_mode & 0o077 == 0
        hosts.append(set(re.findall(r"mail\d{4}(?=:)", inventory.read_text(encoding="utf-8"))))
    assert [len(slice_) for slice_ in hosts] == [2, 2]
    assert len(hosts[0] | hosts[1]) == HOSTS


def test_every_host_is_cured_once(fleet: RunningLab, cured: Cured) -> None:
    assert moved(cured.before, cured.after) == [(host, "+", TCB, EXSVC) for host in sorted(fleet.hosts)]
    assert {host for host, dummy in restarted(cured.before, cured.after)} == set(fleet.hosts)
    assert left_behind(cured.after) == []
    assert changed(cured.results) == dict.fromkeys(fleet.hosts, 2)


def test_a_second_run_changes_nothing_and_one_run_says_the_same(
    fleet: RunningLab, cured: Cured, folder: Path, environment: Mapping[str, str], tmp_path: Path
) -> None:
    assert "failed" not in shell(RUN, folder, environment)
    assert changed(folder / "results") == dict.fromkeys(fleet.hosts, 0)
    assert moved(cured.after, snapshots(fleet)) == []

    fleet.reset()
    with playing(fleet, tmp_path) as player:
        played = player.play("winmail.exchange.site")
    assert played.code == 0, played.output
    assert len(rows(played.output)) == HOSTS
    assert rows(printed(cured.results)) == rows(played.output)
    assert restarted(cured.before, cured.after) == restarted(cured.before, snapshots(fleet))
    assert cured.writes == writes(fleet)
    assert 0 not in cured.writes.values()


def test_no_secret_comes_back_or_stays_on_the_worker(
    cured: Cured, folder: Path, environment: Mapping[str, str]
) -> None:
    texts = {path: path.read_bytes() for path in cured.results.rglob("*") if path.is_file()}
    assert len(texts) > 50
    assert len(secrets(folder)) == 2
    assert [(path, secret) for path, text in texts.items() for secret in secrets(folder) if secret in text] == []
    assert shell('find "$TMPDIR" -name hosts.yml', folder, environment) == ""


def test_the_plays_come_from_the_slice(cured: Cured) -> None:
    """And not from a collection that the worker happens to have."""
    events = (cured.results / "1" / "artifacts" / "job_events").glob("*.json")
    data = [json.loads(event.read_text(encoding="utf-8"))["event_data"] for event in events]
    paths = {found["task_path"] for found in data if "task_path" in found}
    assert paths
    assert {path for path in paths if "/project/collections/ansible_collections/winmail/exchange/" not in path} == set()


def test_the_stream_holds_the_inventory_as_the_page_warns(folder: Path, environment: Mapping[str, str]) -> None:
    stream = shell("ansible-runner transmit slices/1 --playbook winmail.exchange.site", folder, environment)
    packed = next(line for line in stream.splitlines() if not line.startswith("{"))
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(packed.partition("{")[0]))) as archive:
        inventory = archive.read("inventory/hosts.yml")
    assert all(secret in inventory for secret in secrets(folder))


def test_a_slice_that_failed_is_named(fleet: RunningLab, folder: Path, environment: Mapping[str, str]) -> None:
    broken = 'ansible-runner() { [ "$1" != worker ] || [ "$number" != 2 ] && command ansible-runner "$@"; }\n'
    done = subprocess.run(
        ["bash", "-c", broken + RUN], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert "slice 2 failed, or did not come back" in done.stdout
    assert "slice 1 failed" not in done.stdout
    assert fleet.errors() == []
