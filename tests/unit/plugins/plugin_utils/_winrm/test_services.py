# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services and processes: what the host says as values, a refusal as a code, dates as UTC."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import ReadError, WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._host import Service, ServiceProcess
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import services
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.fake_cim import FakeCim

UTC = datetime.timezone.utc
AT = datetime.datetime(2026, 11, 24, 9, 0, 5, tzinfo=UTC)
ROW = {
    "Name": "MSExchangeIS",
    "DisplayName": "Informationsspeicher",
    "State": "Running",
    "StartMode": "Auto",
    "StartName": "CORP\\exsvc",
    "ProcessId": "1432",
}
SERVICE = Service("MSExchangeIS", "Informationsspeicher", "Running", "Auto", "CORP\\exsvc", 1432)


def on(cim: FakeCim) -> services.Services:
    return services.Services(cim)  # type: ignore[arg-type]  # stands for Cim


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T09:00:05Z",
        "2026-11-24T09:00:05.123456Z",
        "2026-11-24T10:00:05+01:00",
        "2026-11-24T09:00:05",
        "20261124090005.000000+000",
        "20261124100005.000000+060",
        "20261124040005.123456-300",
    ],
)
def test_a_moment_is_read_in_every_form_as_utc(text: str) -> None:
    found = services.moment(text)
    assert found is not None
    assert found.replace(microsecond=0) == AT
    assert found.utcoffset() == datetime.timedelta(0)


@pytest.mark.parametrize(
    "text",
    [None, "", "gestern", "20261124090005.000000+***", "20269924090005.000000+000", "0001-01-01T00:00:00+14:00",
     "99991231235959.000000-720", "00010101000000.000000+720", "2026-13-01T00:00:00Z"],
)  # fmt: skip
def test_what_is_no_moment_is_none(text: str | None) -> None:
    assert services.moment(text) is None


@given(st.one_of(st.text(max_size=40), st.from_regex(r"\A\d{14}\.\d{6}[+-]\d{3}\Z"), st.datetimes().map(str)))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    found = services.moment(text)
    assert found is None or found.utcoffset() == datetime.timedelta(0)


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_on_the_wire_comes_back(moment: datetime.datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert services.moment(whole.isoformat().replace("+00:00", "Z")) == whole


def test_services_are_read_as_the_host_tells_them() -> None:
    cim = FakeCim(on_query=lambda _wql: (ROW, {"StartName": None, "ProcessId": "x"}))
    assert on(cim).named(["MSExchangeIS"]) == (SERVICE, Service("", "", "Unknown", "Unknown", None, 0))
    assert cim.asked[0][1].endswith("from Win32_Service where Name='MSExchangeIS'")


def process(owner: dict[str, Any] | Exception, row: dict[str, Any] | None = None) -> ServiceProcess:
    def invoke(*_arguments: object) -> dict[str, Any]:
        if isinstance(owner, Exception):
            raise owner
        return owner

    return on(FakeCim(on_get=lambda *_: row, on_invoke=invoke)).process(1432)


def test_a_process_has_the_sid_it_runs_under_and_its_start() -> None:
    found = process({"ReturnValue": "0", "Sid": "s-1-5-020"}, {"CreationDate": "2026-11-24T09:00:05Z"})
    assert found == ServiceProcess(1432, "S-1-5-20", 0, AT)


@pytest.mark.parametrize(
    ("owner", "code"),
    [
        ({"ReturnValue": "2", "Sid": None}, 2),
        ({"ReturnValue": "3", "Sid": "S-1-5-20"}, 3),
        ({"ReturnValue": "0", "Sid": "nobody"}, 0),
        ({"ReturnValue": None}, None),
        (WindowsError("denied", code=5), 5),
        (ReadError("torn"), None),
    ],
)
def test_an_owner_that_is_not_told_is_unknown_with_the_code(
    owner: dict[str, Any] | Exception, code: int | None
) -> None:
    assert process(owner) == ServiceProcess(1432, None, code, None)


def test_dependents_come_whole_or_as_references_that_are_looked_up() -> None:
    rows = (ROW, {"Name": "It's"}, {"Name": "Other"}, {"Name": None})
    cim = FakeCim(on_associated=lambda *_: rows, on_query=lambda _wql: ({**ROW, "Name": "Other"},))
    assert [service.name for service in on(cim).dependents("X")] == ["MSExchangeIS", "Other"]
    assert cim.asked[1][1].endswith(r"where Name='It\'s' or Name='Other'")


def test_no_dependents_take_one_request() -> None:
    cim = FakeCim()
    assert on(cim).dependents("X") == ()
    assert len(cim.asked) == 1


@pytest.mark.parametrize(
    ("code", "kind"), [(0, "accepted"), (7, "late"), (10, "running"), (3, "refused"), (15, "refused"), (99, "refused")]
)
def test_stop_and_start_tell_what_windows_return_value_says(code: int, kind: str) -> None:
    cim = FakeCim(on_invoke=lambda *_: {"ReturnValue": str(code)})
    answer = on(cim).call("MSExchangeIS", "StopService")
    assert (answer.kind, answer.code) == (kind, code)
    assert cim.asked == [("invoke", "Win32_Service", "StopService", {}, {"Name": "MSExchangeIS"})]


@pytest.mark.parametrize("value", [None, "", "-1", "x"])
def test_a_control_without_a_return_value_is_not_taken_for_success(value: str | None) -> None:
    with pytest.raises(ReadError, match="gave no return value"):
        on(FakeCim(on_invoke=lambda *_: {"ReturnValue": value})).call("X", "StartService")


def test_the_account_of_code_15_is_explained() -> None:
    assert "SeServiceLogonRight" in services.answer(15).meaning
    assert "password is wrong" in services.answer(15).meaning
    assert services.answer(99).meaning == "a code that Microsoft does not document"


def fails_with(code: int) -> FakeCim:
    def fail(*_arguments: object) -> dict[str, Any]:
        raise WindowsError("The host did not do it.", code=code)

    return FakeCim(on_invoke=fail)


def test_an_answer_that_outlasts_the_operation_is_no_refusal() -> None:
    assert on(fails_with(2150858793)).call("X", "StopService").kind == "late"
    with pytest.raises(WindowsError, match="did not do it"):
        on(fails_with(5)).call("X", "StopService")


def test_no_name_is_no_request() -> None:
    cim = FakeCim()
    assert on(cim).named([]) == ()
    assert cim.asked == []


def test_text_in_a_query_is_escaped() -> None:
    assert services.escaped("a'b\\c") == "a\\'b\\\\c"
