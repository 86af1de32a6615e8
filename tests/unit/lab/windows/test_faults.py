# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What injected faults do to programs of the lab."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.seams import Completed, LogonDenied
from lab.windows.computer import Computer

Make = Callable[..., Computer]
Run = Callable[..., Completed]
T = "C:\\Windows\\Temp"
LINE = f'secedit /export /cfg "{T}\\e.inf" /areas USER_RIGHTS /log "{T}\\e.log" /quiet'
EXSVC = "S-1-5-21-2840394521-1093752863-3410756322-1107"


def rule(at: str, do: str, **data: object) -> dict[str, object]:
    return {"at": at, "match": {"program": "secedit", "verb": "/export"}, "do": do, **data}


def test_an_exit_code_instead_of_the_work(make: Make, run: Run) -> None:
    computer = make()
    computer.faults.add(rule("program.start", "exit_code", code=1, text="broken"))
    done = run(computer, LINE)
    assert (done.exit_code, done.stderr) == (1, b"broken\r\n")
    assert not computer.machine.files.exists(f"{T}\\e.inf")
    assert run(computer, LINE).exit_code == 0


def test_an_exit_code_although_the_work_was_done(make: Make, run: Run) -> None:
    computer = make()
    computer.faults.add(rule("program.start", "exit_code", code=3, run=True))
    assert run(computer, LINE).exit_code == 3
    assert computer.machine.files.exists(f"{T}\\e.inf")


def test_an_export_cut_off_in_the_middle(make: Make, run: Run) -> None:
    computer = make()
    computer.faults.add(rule("program.end", "truncate", bytes=100))
    assert run(computer, LINE).exit_code == 0
    assert len(computer.machine.files.read(f"{T}\\e.inf")) == 100


def test_garbage_behind_the_output(make: Make, run: Run) -> None:
    computer = make()
    computer.faults.add({"at": "program.end", "match": {"program": "whoami"}, "do": "garbage", "text": "x"})
    assert run(computer, "whoami").stdout == b"corp\\labadmin\r\nx"


def test_somebody_else_grants_in_the_middle_of_a_chain(make: Make, run: Run) -> None:
    computer = make()
    computer.faults.add(rule("program.end", "state", grant={"right": "setcbprivilege", "sid": "CORP\\exsvc"}))
    run(computer, LINE)
    assert b"T\0c\0b\0" not in computer.machine.files.read(f"{T}\\e.inf")
    assert computer.machine.rights.holders("SeTcbPrivilege") == (EXSVC,)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"revoke": {"right": "SeServiceLogonRight", "sid": EXSVC}}, False),
        ({"set_right": {"right": "SeServiceLogonRight", "holders": ["S-1-5-80-0"]}}, False),
        ({"set_right": {"right": "SeServiceLogonRight", "holders": [EXSVC]}}, True),
        ({"delete_account": "CORP\\exsvc"}, True),
    ],
    ids=str,
)
def test_changes_of_state(make: Make, run: Run, change: dict[str, object], expected: bool) -> None:
    computer = make()
    computer.faults.add(rule("program.start", "state", **change))
    run(computer, LINE)
    assert (EXSVC in computer.machine.rights.holders("SeServiceLogonRight")) is expected


def test_an_unknown_change_is_an_error_of_the_test(make: Make, run: Run) -> None:
    computer = make()
    computer.faults.add(rule("program.start", "state", fly=True))
    with pytest.raises(ValueError, match="no change is called 'fly'"):
        run(computer, LINE)


def test_a_dropped_connection_does_not_stop_the_line(make: Make, run: Run) -> None:
    computer = make()
    computer.faults.add(rule("program.start", "drop"))
    done = run(computer, f'{LINE} & >"{T}\\after" echo a')
    assert computer.drop_connections
    assert done.exit_code == 0
    assert computer.machine.files.exists(f"{T}\\after")


def test_a_hang_is_simulated_time(make: Make, run: Run) -> None:
    computer = make()
    computer.faults.add(rule("program.start", "hang", seconds=40))
    assert run(computer, LINE).seconds == pytest.approx(40.3)


def test_a_refused_logon(make: Make) -> None:
    computer = make()
    computer.faults.add({"at": "logon", "match": {"user": "labadmin"}, "do": "refuse"})
    with pytest.raises(LogonDenied):
        computer.logon("CORP", "labadmin")
