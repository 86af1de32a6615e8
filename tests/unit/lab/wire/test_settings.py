"""The settings of a WinRM service: presets, changes on top of them, and values that make no sense."""

from __future__ import annotations

import pytest

from lab.winrm.settings import Clock, settings_from


def test_settings_stand_on_a_preset() -> None:
    settings = settings_from({"preset": "2008r2", "max_shells_per_user": 7, "enumeration_idle_seconds": 5})
    assert (settings.max_operations_per_user, settings.max_shells_per_user) == (15, 7)
    assert settings.enumeration_idle_seconds == 5.0


def test_a_default_windows_refuses_clear_text() -> None:
    assert not settings_from({}).allow_unencrypted


@pytest.mark.parametrize(
    ("values", "words"),
    [
        pytest.param({"nope": 1}, "no such WinRM setting: 'nope'", id="unknown name"),
        pytest.param({"preset": "nt4"}, "no such WinRM preset: 'nt4'", id="unknown preset"),
        pytest.param({"basic": "yes"}, "'basic' is a bool", id="text for a bool"),
        pytest.param({"max_shells_per_user": True}, "is a int", id="bool for a number"),
        pytest.param({"denied": "always"}, "is one of provider, connect, win32", id="no such choice"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(values: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        settings_from(values)


def test_time_does_not_run_backwards() -> None:
    clock = Clock()
    before = clock.now()
    clock.advance(60)
    assert clock.now() - before >= 60
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)
