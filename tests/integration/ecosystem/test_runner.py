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
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.winmail.exchange.tests.integration.ecosystem.conftest import blocks, run
from ansible_collections.winmail.exchange.tests.integration.story.observer import (
    EXSVC,
    TCB,
    left_behind,
    moved,
    restarted,
    snapshots,
)
from ansible_collections.winmail.exchange.tests.integration.story.player import ROOT, Player, playing
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


@pytest.fixture
def lab(fleet: RunningLab) -> RunningLab:
    """The same as they are at the start."""
    fleet.reset()
    fleet.clear_requests()
    return fleet


@pytest.fixture
def folder(lab: RunningLab, tarball: Path, tmp_path: Path, environment: Mapping[str, str]) -> Path:
    """A folder with an inventory and the tarball, and the slices that the page's commands make of them."""
    made = tmp_path / "fleet"
    made.mkdir()
    lab.inventory(made / "inventory.yml")
    shutil.copy2(tarball, made / tarball.name)
    assert "size=500" in MAKE
    shell(MAKE.replace("size=500", f"size={HOSTS // len(SLICES)}"), made, environment)
    return made


def shell(commands: str, folder: Path, environment: Mapping[str, str]) -> str:
    return run(["bash", "-euo", "pipefail", "-c", commands], folder, environment)


def printed(folder: Path, number: str) -> str:
    """What ansible-playbook printed in a slice, as it came back."""
    text = (folder / "results" / number / "artifacts" / "stdout").read_text(encoding="utf-8")
    return COLOURS.sub("", text)


def rows(text: str) -> list[str]:
    """The rows of the tables at the end, sorted by host, without padding."""
    return sorted(" ".join(row.split()) for row in ROW.findall(text))


def changed(folder: Path) -> dict[str, int]:
    """The recap's numbers of all slices together."""
    return {host: int(count) for number in SLICES for host, count in RECAP.findall(printed(folder, number))}


def writes(lab: RunningLab, host: str) -> int:
    """How many command lines wrote rights on a host."""
    return sum("/configure" in str(exchange.request) for exchange in lab.transcript(host))


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


def test_slices_cure_every_host_once_and_then_nothing(
    lab: RunningLab, folder: Path, environment: Mapping[str, str], tmp_path: Path
) -> None:
    before = snapshots(lab)
    assert "failed" not in shell(RUN, folder, environment)
    after = snapshots(lab)
    assert moved(before, after) == [(host, "+", TCB, EXSVC) for host in sorted(lab.hosts)]
    assert {host for host, dummy in restarted(before, after)} == set(lab.hosts)
    assert left_behind(after) == []
    writes_of_slices = {host: writes(lab, host) for host in lab.hosts}
    verdicts = [row for number in SLICES for row in rows(printed(folder, number))]
    assert set(changed(folder).values()) == {2}

    assert "failed" not in shell(RUN, folder, environment)
    assert changed(folder) == dict.fromkeys(lab.hosts, 0)
    assert moved(after, snapshots(lab)) == []

    lab.reset()
    with playing(lab, tmp_path) as player:
        whole = unsliced(player)
    assert len(verdicts) == HOSTS
    assert sorted(verdicts) == rows(whole)
    assert restarted(before, after) == restarted(before, snapshots(lab))
    assert writes_of_slices == {host: writes(lab, host) for host in lab.hosts}
    assert 0 not in writes_of_slices.values()


def unsliced(player: Player) -> str:
    """What one run over all hosts prints."""
    played = player.play("winmail.exchange.site")
    assert played.code == 0, played.output
    return played.output


def test_no_secret_comes_back_or_stays_on_the_worker(folder: Path, environment: Mapping[str, str]) -> None:
    shell(RUN, folder, environment)
    texts = {path: path.read_bytes() for path in (folder / "results").rglob("*") if path.is_file()}
    assert len(texts) > 50
    assert len(secrets(folder)) == 2
    assert [(path, secret) for path, text in texts.items() for secret in secrets(folder) if secret in text] == []
    assert shell('find "$TMPDIR" -name hosts.yml', folder, environment) == ""


def test_the_plays_come_from_the_slice(folder: Path, environment: Mapping[str, str]) -> None:
    """And not from a collection that the worker happens to have."""
    shell(RUN, folder, environment)
    events = (folder / "results" / "1" / "artifacts" / "job_events").glob("*.json")
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


def test_a_slice_that_failed_is_named(lab: RunningLab, folder: Path, environment: Mapping[str, str]) -> None:
    broken = 'ansible-runner() { [ "$1" != worker ] || [ "$number" != 2 ] && command ansible-runner "$@"; }\n'
    done = subprocess.run(
        ["bash", "-c", broken + RUN], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert "slice 2 failed, or did not come back" in done.stdout
    assert "slice 1 failed" not in done.stdout
    assert lab.errors() == []
