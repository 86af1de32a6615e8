# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people try with a new collection: each task works, or is refused in one clear sentence, on every core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from ansible_collections.winmail.exchange.tests.support.observer import moved, snapshots

if TYPE_CHECKING:
    from ansible_collections.winmail.exchange.tests.support.player import Player
    from lab.server import RunningLab

GRANT = {"name": "SeTcbPrivilege", "accounts": ["S-1-5-19"]}
READ = {"names": ["SeTcbPrivilege"]}
RIGHT, INFO, SERVER = "user_right", "user_right_info", "pop3_server_info"
WINRM_ONLY = "This task speaks WinRM itself and cannot use the connection "
# Module, options, keywords, and what is said; nothing where the task works.
TRIED: dict[str, tuple[str, object, dict[str, object], str]] = {
    "accounts that turned out to be nothing": (
        RIGHT,
        {"name": "SeTcbPrivilege", "accounts": "{{ nothing }}", "state": "pure"},
        {"vars": {"nothing": None}},
        "parameters are required together: name, accounts.",
    ),
    "accounts as empty text": (RIGHT, {**GRANT, "accounts": ""}, {}, "The account name '' is empty."),
    "rights as a dictionary": (RIGHT, {"rights": {"SeTcbPrivilege": ["x"]}}, {}, "rights is a dictionary; "),
    "no rights": (RIGHT, {"rights": []}, {}, ""),
    "words in one line": (RIGHT, "name=SeTcbPrivilege accounts=S-1-5-19", {"check_mode": True}, ""),
    "users": (
        RIGHT,
        {"name": "SeTcbPrivilege", "users": ["x"]},
        {},
        "Unsupported parameters: users (here it is accounts",
    ),
    "state beside rights": (RIGHT, {"rights": [], "state": "pure"}, {}, "rights stands beside state. "),
    "all": (INFO, {"names": "all"}, {}, "names is 'all', which is no right. Leave names out"),
    "in the background": (RIGHT, GRANT, {"async": 10, "poll": 0}, "async"),
    "waiting in the background": (INFO, READ, {"async": 10, "poll": 1}, "async"),
    "delegated to the controller": (INFO, READ, {"delegate_to": "localhost"}, "of localhost, which it delegates to."),
    "delegated to another Windows": (INFO, READ, {"delegate_to": "exch55"}, ""),
    "once": (INFO, READ, {"run_once": True}, ""),
    "over local": (INFO, READ, {"vars": {"ansible_connection": "local"}}, f"{WINRM_ONLY}'local'."),
    "over ssh": (INFO, READ, {"vars": {"ansible_connection": "ssh"}}, f"{WINRM_ONLY}'ssh'."),
    "over smb": (INFO, READ, {"vars": {"ansible_connection": "smb"}}, "the connection plugin 'smb' was not found"),
    "the port as text": (INFO, READ, {"vars": {"ansible_port": "{{ hostvars.exch50.ansible_port | string }}"}}, ""),
    "another transport": (
        INFO,
        READ,
        {"vars": {"ansible_winrm_transport": "ntml"}},
        "ansible_winrm_transport takes kerb",
    ),
    "nothing to be shown": (INFO, {"names": "SeNoSuch"}, {"no_log": True}, "no_log: true"),
    "a number of days": (SERVER, {"since": 7}, {}, ""),
    "a list for one": (SERVER, {"service": ["x"]}, {}, "service is a list; it has to be text."),
    "a word for a number": ("service_restart", {"name": "x", "timeout": "2m"}, {}, "it has to be a whole number."),
    "not failing": (RIGHT, {"name": "SeTcbPrivilege", "users": ["x"]}, {"failed_when": False}, ""),
}


def test_each_task_works_or_is_refused_in_one_sentence(player: Player, lab: RunningLab) -> None:
    tasks = [
        {"name": name, f"winmail.exchange.{module}": options, "ignore_errors": True, **keywords}
        for name, (module, options, keywords, _said) in TRIED.items()
    ]
    before = snapshots(lab)
    book = [{"hosts": "exch50", "gather_facts": False, "tasks": tasks}]
    played = player.play(player.write("tried.yml", yaml.safe_dump(book, sort_keys=False)))
    assert played.code == 0, played.output
    ended = {event.task: event for event in played.events}
    assert list(ended) == list(TRIED)
    for name, (*_task, said) in TRIED.items():
        told = str(ended[name].result.get("msg") or ended[name].result.get("censored", ""))
        assert ended[name].status == ("ignored" if said else "ok"), (name, told)
        assert said in told, (name, told)
        assert "Traceback" not in told
        assert "<class" not in told
    assert moved(before, snapshots(lab)) == []
    assert sum(lab.open_shells(host) for host in lab.hosts) == 0


def test_the_items_of_a_loop_are_refused_one_by_one(player: Player, lab: RunningLab) -> None:
    loop = {
        "winmail.exchange.user_right": {"name": "{{ item }}", "accounts": ["S-1-5-19"]},
        "loop": ["SeTcbPrivilege", "SeNoSuchRight", "SeDebugPrivilege"],
        "register": "seen",
        "ignore_errors": True,
        "check_mode": True,
    }
    failed = "seen.results | map(attribute='failed', default=false) | list == [false, true, false]"
    check = {"ansible.builtin.assert": {"that": [failed, "'SeNoSuchRight' in seen.results[1].msg"]}}
    book = [{"hosts": "exch50", "gather_facts": False, "tasks": [loop, check]}]
    played = player.play(player.write("loop.yml", yaml.safe_dump(book, sort_keys=False)))
    assert played.code == 0, played.output
    assert lab.open_shells("exch50") == 0
