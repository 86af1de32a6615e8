"""Ansible's own winrm connection accepts the lab and the inventory that it writes."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import pytest
import yaml

from lab.server import RunningLab


def ansible(lab: RunningLab, lines: list[str], folder: pathlib.Path, **changed: object) -> list[object]:
    """What Ansible's winrm connection makes of the inventory that the lab writes."""
    inventory = yaml.safe_load(lab.inventory(folder / "hosts.yml").read_text(encoding="utf-8"))
    variables = inventory["all"]["children"]["exchange_pop3"]["hosts"]["fake1"] | changed
    script = pathlib.Path(__file__).with_name("_connection.py")
    done = subprocess.run(
        [sys.executable, str(script)],
        input=json.dumps([variables, lines]),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found: list[object] = json.loads(done.stdout)
    return found


HTTPS = {"ansible_winrm_scheme": "https", "ansible_winrm_message_encryption": "auto"}
ANSIBLE_WAYS: dict[str, tuple[dict[str, object], int]] = {
    "as in the inventory": ({}, 8),
    "ntlm over https": ({**HTTPS}, 7),
    "basic over https": ({**HTTPS, "ansible_winrm_transport": "basic"}, 5),
}


@pytest.mark.parametrize(("changed", "requests"), ANSIBLE_WAYS.values(), ids=ANSIBLE_WAYS.keys())
def test_ansibles_connection_runs_a_command(
    lab: RunningLab, tmp_path: pathlib.Path, changed: dict[str, object], requests: int
) -> None:
    if "ansible_winrm_scheme" in changed:
        changed = changed | {
            "ansible_port": lab.hosts["fake1"].https_port,
            "ansible_winrm_ca_trust_path": str(lab.certificate_path),
        }
    assert ansible(lab, ["echo hello"], tmp_path, **changed) == [["hello\r\n", "", 0]]
    assert lab.requests("fake1") == requests
    assert lab.open_shells("fake1") == 0


def test_ansibles_connection_is_unreachable_with_a_wrong_password(lab: RunningLab, tmp_path: pathlib.Path) -> None:
    [message] = ansible(lab, ["echo hello"], tmp_path, ansible_password="wrong")
    assert str(message).startswith("unreachable: ")
    assert "credentials were rejected" in str(message)
