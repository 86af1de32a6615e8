# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""user_right: how bad input and each fault of host or network ends, in one sentence and with the truth."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.loader import connection_loader

from ansible_collections.winmail.exchange.plugins.plugin_utils import _action
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.host import WinrmHost
from ansible_collections.winmail.exchange.tests.support.harness import Controller
from ansible_collections.winmail.exchange.tests.support.observer import rights_of
from lab.server import RunningLab

pytestmark = pytest.mark.case("B1")

TCB = "SeTcbPrivilege"
EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"
OLD = "S-1-5-21-2840394521-1093752863-3410756322-1112"
GRANT: dict[str, Any] = {"name": TCB, "accounts": ["CORP\\exsvc"]}

Rights = Callable[[], dict[str, list[str]]]


BAD_INPUT = [
    pytest.param({"name": "SeTcbPriv", "accounts": ["CORP\\exsvc"]}, "SeTcbPrivilege", id="unknown right"),
    pytest.param({"name": TCB, "accounts": ["CORP\\nobody"]}, "CORP\\nobody", id="unknown account"),
    pytest.param({"name": TCB, "accounts": ['CORP\\a"b']}, 'holds "', id="quote"),
    pytest.param({"name": TCB, "accounts": ["CORP\\%PATH%"]}, "holds %", id="percent"),
    pytest.param({"name": TCB, "accounts": [""]}, "is empty", id="empty"),
    pytest.param({"name": TCB}, "accounts", id="no accounts"),
    pytest.param({"rights": [{"name": TCB, "add": ["S-1-5-19"]}] * 2}, "named twice", id="twice"),
    pytest.param(
        {"rights": [{"name": TCB, "add": ["S-1-5-19"], "remove": ["NT AUTHORITY\\LocalService"]}]},
        "both given to and taken from",
        id="contradiction",
    ),
    pytest.param({"rights": [{"name": TCB, "add": ["S-1-5-19"], "set": []}]}, "set together with", id="set and add"),
]


@pytest.mark.parametrize(("options", "said"), BAD_INPUT)
def test_bad_input_is_one_clear_sentence_and_changes_nothing(
    controller: Controller, rights: Rights, options: dict[str, Any], said: str
) -> None:
    before = rights()
    outcome = controller.run("user_right", **options)
    assert outcome.failed is not None
    assert said in outcome.failed
    assert rights() == before


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        pytest.param({"_async": 10}, "does not support async", id="async"),
        pytest.param({"_become": True}, "Write become: false", id="become"),
        pytest.param({"connection": "ansible.builtin.local"}, "ansible_connection", id="local"),
        pytest.param({"connection": "ansible.builtin.ssh"}, "ansible_connection", id="ssh"),
    ],
)
def test_what_a_task_cannot_have_is_refused(controller: Controller, rights: Rights, keywords: Any, said: str) -> None:
    before = rights()
    outcome = controller.run("user_right", **keywords, **GRANT)
    assert outcome.failed is not None
    assert said in outcome.failed
    assert rights() == before


def test_a_wrong_password_is_unreachable(lab: RunningLab) -> None:
    outcome = Controller(lab, "exch50", ansible_password="wrong").run("user_right", **GRANT)
    assert outcome.unreachable is not None
    assert "rejected" in outcome.unreachable


def test_a_host_that_is_down_is_unreachable(lab: RunningLab) -> None:
    outcome = Controller(lab, "exch50", ansible_port=1).run("user_right", **GRANT)
    assert outcome.unreachable is not None


def test_a_user_without_administrator_rights_is_told_what_is_missing(lab: RunningLab, rights: Rights) -> None:
    before = rights()
    user = {"ansible_user": "CORP\\pop3test", "ansible_password": lab_password(lab)}
    outcome = Controller(lab, "exch50", **user).run("user_right", **GRANT)
    said = outcome.unreachable or outcome.failed or ""
    assert "administrator of the host" in said
    assert rights() == before


def lab_password(lab: RunningLab) -> str:
    """The password of the POP3 test user, who is no administrator."""
    return str(lab.hosts["exch50"].variables["pop3_prerequisites_login_password"])


SECEDIT = {"program": "secedit"}
FAULTS = [
    pytest.param(
        {"at": "program.start", "match": {**SECEDIT, "verb": "/export"}, "do": "exit_code", "code": 1, "times": 2},
        "secedit /export ended with exit code 1",
        id="export exits 1",
    ),
    pytest.param(
        {"at": "program.end", "match": {**SECEDIT, "verb": "/export"}, "do": "truncate", "bytes": 900},
        "is not whole",
        id="export cut off",
    ),
    pytest.param(
        {"at": "program.start", "match": {**SECEDIT, "verb": "/configure"}, "do": "exit_code", "code": 1, "times": 2},
        "exit code 1",
        id="configure exits 1",
    ),
    pytest.param(
        {"at": "program.start", "match": {**SECEDIT, "verb": "/configure"}, "do": "exit_code", "code": 3},
        "exit code 3",
        id="configure exits 3 and did nothing",
    ),
    pytest.param(
        {"at": "http.request", "match": {"action": "Command"}, "do": "drop"}, "connection", id="dropped at the read"
    ),
    pytest.param(
        {"at": "http.request", "match": {"action": "Command"}, "skip": 1, "do": "drop"},
        "they are as before. Run the task again. Nothing was changed.",
        id="dropped before the write began",
    ),
]


@pytest.mark.parametrize(("fault", "said"), FAULTS)
def test_a_fault_before_the_change_changes_nothing_and_leaves_nothing(
    controller: Controller, lab: RunningLab, rights: Rights, fault: dict[str, Any], said: str
) -> None:
    before = rights()
    lab.computer("exch50").faults.add(fault)
    outcome = controller.run("user_right", **GRANT)
    sentence = outcome.failed or outcome.unreachable
    assert sentence is not None
    assert said in sentence
    assert "Nothing was changed." in sentence or outcome.result["rights"][0]["after"] == []
    assert "is unknown" not in sentence
    assert lab.computer("exch50").faults.pending == 0
    assert rights() == before


@pytest.mark.parametrize("action", ["user_right_info", "pop3_server_info"])
def test_who_only_reads_says_nothing_of_changes(controller: Controller, lab: RunningLab, action: str) -> None:
    lab.computer("exch50").faults.add({"at": "http.request", "match": {"action": "Command"}, "do": "drop"})
    outcome = controller.run(action)
    said = outcome.failed or outcome.unreachable or ""
    assert "changed" not in said
    assert lab.computer("exch50").faults.pending == 0


def test_a_read_back_that_fails_after_the_write_is_never_told_as_nothing(
    controller: Controller, lab: RunningLab, rights: Rights
) -> None:
    match = {"program": "secedit", "verb": "/export"}
    lab.computer("exch50").faults.add(
        {"at": "program.end", "match": match, "skip": 2, "do": "truncate", "bytes": 40, "times": None}
    )
    outcome = controller.run("user_right", **GRANT)
    assert outcome.failed is not None
    assert outcome.failed.endswith("Whether the change took is unknown; the next run of the task reads first.")
    assert rights()[TCB] == [EXSVC]


def test_configure_that_exits_3_and_did_its_work_is_believed_by_what_was_read_back(
    controller: Controller, lab: RunningLab, rights: Rights
) -> None:
    lab.computer("exch50").faults.add(
        {
            "at": "program.start",
            "match": {**SECEDIT, "verb": "/configure"},
            "do": "exit_code",
            "code": 3,
            "run": True,
        }
    )
    outcome = controller.run("user_right", **GRANT)
    assert outcome.failed is None
    assert outcome.result["rights"][0]["verified"] is True
    assert rights()[TCB] == [EXSVC]


@pytest.mark.parametrize("verb", ["/export", "/configure"])
def test_a_secedit_that_is_busy_once_is_asked_again(
    controller: Controller, lab: RunningLab, rights: Rights, verb: str
) -> None:
    fault = {"at": "program.start", "match": {**SECEDIT, "verb": verb}, "do": "exit_code", "code": 1}
    lab.computer("exch50").faults.add(fault)
    outcome = controller.run("user_right", **GRANT)
    assert outcome.failed is None
    assert rights()[TCB] == [EXSVC]


@pytest.mark.parametrize("moment", ["program.start", "program.end"])
def test_a_connection_lost_during_the_write_ends_with_the_truth(
    controller: Controller, lab: RunningLab, rights: Rights, moment: str
) -> None:
    lab.computer("exch50").faults.add({"at": moment, "match": {**SECEDIT, "verb": "/configure"}, "do": "drop"})
    outcome = controller.run("user_right", **GRANT)
    assert outcome.unreachable is None, outcome.unreachable
    assert outcome.changed
    assert rights()[TCB] == [EXSVC]
    assert not controller.run("user_right", **GRANT).changed


def test_a_second_controller_in_the_middle_loses_nothing(
    controller: Controller, lab: RunningLab, rights: Rights
) -> None:
    """Somebody grants the same right to another account between our export and our write."""
    lab.computer("exch50").faults.add(
        {
            "at": "program.start",
            "match": {**SECEDIT, "verb": "/export"},
            "skip": 1,
            "do": "state",
            "grant": {"right": TCB, "sid": OLD},
        }
    )
    outcome = controller.run("user_right", **GRANT)
    assert outcome.failed is None
    assert rights()[TCB] == sorted([EXSVC, OLD])


def test_a_right_that_keeps_moving_is_given_up_after_three_tries(
    controller: Controller, lab: RunningLab, rights: Rights
) -> None:
    faults = lab.computer("exch50").faults
    for turn in range(3):
        account = ["S-1-5-19", "S-1-5-20", OLD][turn]
        faults.add(
            {
                "at": "program.start",
                "match": {**SECEDIT, "verb": "/export"},
                "skip": 1 + 3 * turn,
                "do": "state",
                "grant": {"right": TCB, "sid": account},
            }
        )
    outcome = controller.run("user_right", **GRANT)
    assert outcome.failed is not None
    assert "Somebody else changed user rights" in outcome.failed
    assert EXSVC not in rights()[TCB]


def test_a_grant_lost_in_the_last_window_is_told_by_secedits_own_log(
    controller: Controller, lab: RunningLab, rights: Rights
) -> None:
    """Between the last export and secedit's own start nothing can be compared; its log names whoever lost the right."""
    lab.computer("exch50").faults.add(
        {
            "at": "program.start",
            "match": {**SECEDIT, "verb": "/configure"},
            "do": "state",
            "grant": {"right": TCB, "sid": OLD},
        }
    )
    outcome = controller.run("user_right", **GRANT)
    assert outcome.failed is None
    assert rights()[TCB] == [EXSVC]
    assert OLD in outcome.warnings
    assert "give it back" in outcome.warnings


def test_an_ordinary_change_warns_of_nothing(controller: Controller) -> None:
    assert controller.run("user_right", **GRANT).warnings == ""


def test_a_bare_name_that_nobody_can_pin_refuses_its_line_and_every_other(rights_lab: RunningLab) -> None:
    before = rights_of(rights_lab, "member")
    # The host prints first.last on the line but knows no such account when asked.
    for name in ("Win32_UserAccount", "Win32_Group"):
        rights_lab.computer("member").faults.add(
            {
                "at": "cim",
                "match": {"class_name": name},
                "times": None,
                "do": "fault",
                "code": 2150858752,
                "text": "Not found",
            }
        )
    outcome = Controller(rights_lab, "member").run(
        "user_right",
        rights=[{"name": "SeBatchLogonRight", "add": ["CORP\\old"]}, {"name": TCB, "add": ["CORP\\old"]}],
    )
    assert outcome.failed is not None
    assert "first.last" in outcome.failed
    assert "could not be pinned to a SID" in outcome.failed
    assert rights_of(rights_lab, "member") == before


def test_a_bare_name_on_a_line_that_stays_as_it_is_refuses_nothing(rights_lab: RunningLab) -> None:
    outcome = Controller(rights_lab, "member").run("user_right", name=TCB, accounts=["CORP\\old"])
    assert outcome.failed is None
    assert outcome.changed


def test_a_refusal_is_a_result_so_that_failed_when_and_until_see_it(controller: Controller) -> None:
    """An action that raises passes both keywords by (ansible-core 2.16 to 2.21)."""
    refused = controller.run("user_right", name="SeNetworkLogonRight", accounts=["S-1-5-19"], state="pure")
    assert refused.result["failed"] is True
    assert refused.result["msg"] == refused.failed
    assert controller.run("user_right", _become=True, **GRANT).result["failed"] is True


def test_files_that_stayed_are_named_also_where_windows_did_a_part_only(
    controller: Controller, lab: RunningLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WinrmHost, "left_behind", lambda _host: ("winmail-stayed.inf",))
    fault = {"at": "program.start", "match": {**SECEDIT, "verb": "/configure"}, "do": "exit_code", "code": 3}
    lab.computer("exch50").faults.add(fault)
    outcome = controller.run("user_right", **GRANT)
    assert outcome.failed is not None
    assert "winmail-stayed.inf" in outcome.failed + outcome.warnings


def test_a_right_with_a_name_nobody_can_pin_is_not_called_verified_beside_one_that_changes(
    rights_lab: RunningLab,
) -> None:
    for name in ("Win32_UserAccount", "Win32_Group"):
        rights_lab.computer("member").faults.add(
            {"at": "cim", "match": {"class_name": name}, "times": None, "do": "fault", "code": 2150858752, "text": "No"}
        )
    both = [{"name": "SeBatchLogonRight", "add": ["CORP\\exsvc"]}, {"name": TCB, "add": ["CORP\\old"]}]
    held, granted = Controller(rights_lab, "member").run("user_right", rights=both).result["rights"]
    assert (held["verified"], granted["verified"]) == (False, True)


@pytest.mark.parametrize("connection", ["winrm", "psrp"])
@pytest.mark.parametrize(("fault", "said"), [*FAULTS, pytest.param(None, "rejected", id="wrong password")])
def test_no_password_is_in_the_lines_of_vvv(
    lab: RunningLab, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any] | None, said: str, connection: str
) -> None:
    """A failed task shows its traceback there, with whatever the libraries put into their exceptions."""
    lines: list[str] = []
    for level in ("vvv", "vvvv", "vvvvv"):
        monkeypatch.setattr(_action.display, level, lambda text, *_args, **_more: lines.append(str(text)))
    password = str(lab.hosts["exch50"].variables["ansible_password"]) if fault else "Wrong-but-secret"
    if fault:
        lab.computer("exch50").faults.add(fault)
    controller = Controller(lab, "exch50", connection=connection, ansible_password=password)
    outcome = controller.run("user_right", **GRANT)
    shown = "\n".join([*lines, str(outcome)])
    assert said in shown
    assert password not in shown
    assert base64.b64encode(password.encode()).decode() not in shown


def test_what_ansible_says_of_a_logon_is_masked_in_the_lines_of_vvv(
    lab: RunningLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr(_action.display, "vvv", lambda text, *_args, **_more: lines.append(str(text)))
    said = "no way to http://someone:Proxy-secret@proxy with Wrong-but-secret"

    def fail(_self: object) -> None:
        raise AnsibleConnectionFailure(said)

    winrm = connection_loader.get("ansible.builtin.winrm", class_only=True)
    monkeypatch.setattr(winrm, "_connect", fail)
    outcome = Controller(lab, "exch50", ansible_password="Wrong-but-secret").run("user_right", **GRANT)
    shown = "\n".join([*lines, str(outcome)])
    assert "no way to http://proxy with ********" in shown
    assert "secret" not in shown


@pytest.mark.parametrize("connection", ["winrm", "psrp"])
def test_no_secret_of_a_proxy_is_in_the_lines_of_vvv(
    lab: RunningLab, monkeypatch: pytest.MonkeyPatch, connection: str
) -> None:
    """Libraries quote the address that they could not use, whatever it holds."""
    lines: list[str] = []
    monkeypatch.setattr(_action.display, "vvv", lambda text, *_args, **_more: lines.append(str(text)))
    proxy = {f"ansible_{connection}_proxy": "http://someone:Proxy-secret@127.0.0.1:1"}
    outcome = Controller(lab, "exch50", connection=connection, **proxy).run("user_right", **GRANT)
    assert outcome.unreachable is not None
    assert lines != []
    assert "Proxy-secret" not in "\n".join([*lines, str(outcome)])
    assert "Proxy-secret" not in outcome.unreachable
