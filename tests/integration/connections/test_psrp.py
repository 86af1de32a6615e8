# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Over psrp: sealed messages, as many requests as over winrm, one shell that is closed, and never PowerShell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.winmail.exchange.tests.integration.connections.asking import CONNECTIONS, GRANT, HOST
from ansible_collections.winmail.exchange.tests.support.harness import PSRP, Controller
from ansible_collections.winmail.exchange.tests.support.observer import GRANTED, moved, rights_of, snapshots
from ansible_collections.winmail.exchange.tests.support.player import playing
from lab.server import RunningLab, running
from lab.winrm import names

if TYPE_CHECKING:
    from pathlib import Path

WINRM_PSRP = dict(zip(("winrm", "psrp"), CONNECTIONS, strict=True))
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "a grant": ("user_right", GRANT),
    "who holds what": ("user_right_info", {}),
    "the server": ("pop3_server_info", {}),
    "a restart": ("service_restart", {"name": "MSExchangeIMC"}),
}


def _timeless(value: Any) -> Any:
    """A result without the moments at which it was read."""
    if isinstance(value, dict):
        return {key: _timeless(inner) for key, inner in value.items() if key != "as_of"}
    return [_timeless(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("action", "options"), TASKS.values(), ids=TASKS.keys())
def test_each_task_gives_the_same_answer_for_the_same_requests(
    lab: RunningLab, action: str, options: dict[str, Any]
) -> None:
    results, requests = {}, {}
    for name, connection in WINRM_PSRP.items():
        lab.reset()
        outcome = Controller(lab, HOST, connection=connection).run(action, **options)
        assert (outcome.failed, outcome.unreachable) == (None, None)
        requests[name] = lab.requests_by_action(HOST)
        results[name] = _timeless({key: outcome.result.get(key) for key in ("changed", "rights", "remedy")})
        assert lab.open_shells(HOST) == 0, "a shell stayed open"
    assert results["winrm"] == results["psrp"]
    assert requests["winrm"] == requests["psrp"]


def test_the_second_run_changes_nothing_for_the_budget_of_winrm(lab: RunningLab) -> None:
    controller = Controller(lab, HOST, connection="psrp")
    assert controller.run("user_right", **GRANT).changed
    lab.clear_requests()
    again = controller.run("user_right", **GRANT)
    assert (again.failed, again.changed) == (None, False)
    assert lab.requests(HOST) <= 12


@pytest.mark.parametrize("auth", ["negotiate", "ntlm"])
@pytest.mark.parametrize("encryption", ["auto", "always"])
def test_every_message_is_sealed_and_none_is_for_powershell(lab: RunningLab, auth: str, encryption: str) -> None:
    controller = Controller(
        lab, HOST, connection="psrp", ansible_psrp_auth=auth, ansible_psrp_message_encryption=encryption
    )
    assert controller.run("user_right", **GRANT).failed is None
    exchanges = lab.transcript(HOST)
    assert {one.encrypted for one in exchanges} == {True}
    created = [one for one in exchanges if one.action == names.CREATE]
    assert len(created) == 1
    assert names.CMD_SHELL in created[0].request
    assert [one.action for one in exchanges if "powershell" in one.request.lower()] == []


def test_winrm_seals_every_message_as_well(lab: RunningLab) -> None:
    assert Controller(lab, HOST).run("user_right", **GRANT).failed is None
    assert {one.encrypted for one in lab.transcript(HOST)} == {True}


def test_the_items_of_a_task_leave_no_shell_and_a_refused_task_opens_none(lab: RunningLab) -> None:
    controller = Controller(lab, HOST, connection="psrp")
    refused = controller.run("user_right", name="SeNoSuchRight", accounts=[])
    assert refused.failed is not None
    limited = Controller(lab, HOST, connection="psrp", ansible_psrp_configuration_name="Mail_JEA")
    assert "JEA" in str(limited.run("user_right", **GRANT).failed)
    assert lab.requests(HOST) == 0
    failing = controller.run("user_right", name="SeTcbPrivilege", accounts=["CORP\\nobody-at-all"])
    assert failing.failed is not None
    assert lab.open_shells(HOST) == 0


def test_a_wrong_password_is_unreachable_and_nobody_repeats_it(lab: RunningLab) -> None:
    wrong = "Wr0ng-and-secret"
    outcome = Controller(lab, HOST, connection="psrp", ansible_password=wrong).run("user_right", **GRANT)
    assert outcome.unreachable is not None
    assert "the specified credentials were rejected" in outcome.unreachable
    assert "Check ansible_user and ansible_password" in outcome.unreachable
    assert wrong not in outcome.unreachable


def test_an_account_without_a_shell_is_told_who_may_have_one(connection: str) -> None:
    with running(scenario="rights") as lab:
        outcome = Controller(lab, "noshell", connection=connection).run("user_right", **GRANT)
    assert "access denied, code 5" in str(outcome.unreachable)
    assert "administrator of the host" in str(outcome.unreachable)


def test_nobody_listening_is_unreachable(lab: RunningLab, connection: str, unused_port: int) -> None:
    outcome = Controller(lab, HOST, connection=connection, ansible_port=unused_port).run("user_right", **GRANT)
    assert "Connection refused" in str(outcome.unreachable)


def test_a_long_command_is_waited_for(lab: RunningLab) -> None:
    """The host answers a Receive with its operation time-out until the command ends."""
    lab.computer(HOST).faults.add(
        {"at": "program.start", "match": {"program": "secedit", "verb": "/export"}, "do": "hang", "seconds": 50}
    )
    assert Controller(lab, HOST, connection="psrp").run("user_right", **GRANT).failed is None
    statuses = [one.status for one in lab.transcript(HOST) if one.action == names.RECEIVE]
    assert statuses[:3] == [500, 500, 200]


def test_a_dropped_connection_is_taken_up_again(lab: RunningLab) -> None:
    before = rights_of(lab, HOST)
    lab.computer(HOST).faults.add(
        {"at": "program.start", "match": {"program": "secedit", "verb": "/configure"}, "do": "drop"}
    )
    outcome = Controller(lab, HOST, connection="psrp").run("user_right", **GRANT)
    assert (outcome.failed, outcome.unreachable, outcome.changed) == (None, None, True)
    assert rights_of(lab, HOST) != before
    assert Counter(one.action for one in lab.transcript(HOST))[names.CREATE] == 2


def test_site_yml_over_psrp_cures_the_host_and_the_second_run_changes_nothing(lab: RunningLab, tmp_path: Path) -> None:
    over = {"ansible_connection": "ansible.builtin.psrp", **PSRP}
    with playing(lab, tmp_path) as player:
        start = snapshots(lab)
        first = player.play("site.yml", extra=over)
        cured = snapshots(lab)
        second = player.play("site.yml", extra=over)
    assert (first.code, second.code) == (0, 0), first.output + second.output
    assert first.outcome(HOST)["verdict_after"] == "logon_ok"
    assert moved(start, cured) == GRANTED
    assert set(second.changed.values()) == {0}
    assert moved(cured, snapshots(lab)) == []
    assert sum(lab.open_shells(host) for host in lab.hosts) == 0
    spoken = [one for host in lab.hosts for one in lab.transcript(host)]
    assert {one.encrypted for one in spoken} == {True}
    assert not any("powershell" in one.request.lower() for one in spoken)
