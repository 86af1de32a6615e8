# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The registry over StdRegProv: absent is None, refused is an error with its code."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import WindowsError
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm.registry import Registry
from ansible_collections.winmail.exchange.tests.unit.plugins.plugin_utils._winrm.fake_cim import FakeCim


def registry(row: dict[str, Any]) -> tuple[Registry, FakeCim]:
    cim = FakeCim(on_invoke=lambda *_: row)
    return Registry(cim), cim  # type: ignore[arg-type]  # stands for Cim


def test_a_value_is_asked_below_the_local_machine_with_one_request() -> None:
    found, cim = registry({"ReturnValue": "0", "sValue": "15"})
    assert found.string("SOFTWARE\\X", "Version") == "15"
    assert cim.asked == [
        (
            "invoke",
            "StdRegProv",
            "GetStringValue",
            {"hDefKey": "2147483650", "sSubKeyName": "SOFTWARE\\X", "sValueName": "Version"},
            None,
        )
    ]


@pytest.mark.parametrize(("names", "keys"), [(["0", "1"], ["0", "1"]), ("0", ["0"]), (None, []), ([None, ""], [])])
def test_subkeys_are_a_list_whatever_their_number(names: Any, keys: list[str]) -> None:
    assert registry({"ReturnValue": "0", "sNames": names})[0].subkeys("X") == keys
    found, cim = registry({"ReturnValue": "0", "sNames": names})
    assert found.values("X") == keys
    assert cim.asked[0][2] == "EnumValues"


@pytest.mark.parametrize(("value", "number"), [("15", 15), ("0", 0), (None, None), ("x", None), ("-1", None)])
def test_a_number_is_a_number_or_nothing(value: str | None, number: int | None) -> None:
    assert registry({"ReturnValue": "0", "uValue": value})[0].number("X", "Y") == number


@pytest.mark.parametrize("code", ["1", "2"])
def test_no_key_and_no_value_are_absent(code: str) -> None:
    found, dummy = registry({"ReturnValue": code})
    assert found.string("X", "Y") is None
    assert found.number("X", "Y") is None
    assert found.subkeys("X") == []
    assert found.values("X") == []


@pytest.mark.parametrize(("code", "inner"), [("5", 5), ("-2147217405", 0x80041003), (None, None), ("x", None)])
def test_a_refusal_is_an_error_that_names_key_method_and_code(code: str | None, inner: int | None) -> None:
    found, dummy = registry({"ReturnValue": code})
    with pytest.raises(WindowsError) as refused:
        found.string("SOFTWARE\\X", "Y")
    assert refused.value.inner == inner
    assert "HKLM\\SOFTWARE\\X" in str(refused.value)
    assert f"GetStringValue returned {code}" in str(refused.value)
