# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What undoes a change is kept in a file of its own that only its owner reads, or the change is not begun."""

from __future__ import annotations

import datetime
import json
import os
import stat
from pathlib import Path

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.keep import keep, would_keep
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.timezone.utc)
RIGHTS = [{"name": "SeBackupPrivilege", "add": ["S-1-5-32-551"]}]


def test_the_file_and_its_folder(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = keep(tmp_path / "reports", "Müller's/../host", "MAIL1", RIGHTS, NOW)
    finally:
        os.umask(before)
    assert path.parent == tmp_path / "reports"
    assert path.name.startswith("restore-M_ller_s_.._host-20261124T090000Z-")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document == {"host": "Müller's/../host", "computer": "MAIL1", "rights": RIGHTS}


def test_a_folder_that_is_there_keeps_its_mode_and_no_file_is_written_over(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    paths = {keep(tmp_path, "mail1", "MAIL1", RIGHTS, NOW) for dummy in range(9)}
    assert len(paths) == len(list(tmp_path.iterdir())) == 9
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_where_it_cannot_be_kept_nothing_goes_on(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    with pytest.raises(InputError, match=r"^What undoes the change cannot be kept in .*/file/reports: .+\. Give user_"):
        keep(in_the_way / "reports", "mail1", "MAIL1", RIGHTS, NOW)


def test_check_mode_predicts_that_and_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    would_keep(tmp_path / "reports" / "2026")
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    for folder in (in_the_way, in_the_way / "reports"):
        with pytest.raises(InputError) as real:
            keep(folder, "mail1", "MAIL1", RIGHTS, NOW)
        with pytest.raises(InputError) as predicted:
            would_keep(folder)
        assert str(predicted.value) == str(real.value)
    # For root every folder can be written.
    monkeypatch.setattr(os, "access", lambda path, mode: not (path == tmp_path and mode & os.W_OK))
    with pytest.raises(InputError, match=r"reports: Permission denied\."):
        would_keep(tmp_path / "reports")
    assert list(tmp_path.iterdir()) == [in_the_way]
