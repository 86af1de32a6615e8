# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's command shell and event log against captures/cmd/34 and sample 12."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree

import yaml

from ansible_collections.winmail.exchange.tests.unit.captures.lab_hosts import host, run
from ansible_collections.winmail.exchange.tests.unit.captures.reading import one
from lab.windows.computer import Computer


def windows_10() -> Computer:
    return host(kind="workgroup", release="10")


def rows(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = yaml.safe_load(one("34"))
    return [row for row in found if name in str(row.get("command", ""))]


def test_a_command_in_one_pair_of_quotes_34() -> None:
    for row in (*rows("echo"), *rows("whoami")):
        done = run(windows_10(), f'"{row["command"]}"')
        assert done.exit_code == row["exit"]
        if "stdout" in row:
            assert (done.stdout.decode(), done.stderr.decode()) == (row["stdout"], row["stderr"])


def test_more_ends_the_line_that_it_was_given_34() -> None:
    (row,) = rows("more")
    assert run(windows_10(), f"<nul set /p ={row['stdin']}| more").stdout.decode() == row["stdout"]


def test_an_hresult_arrives_unsigned_34() -> None:
    (row,) = rows("cdb.exe")
    code = int(str(row["exit"]))
    assert run(windows_10(), f"cmd /c exit {code - (1 << 32)}").exit_code == code


def skeleton(text: str) -> list[tuple[str, list[str]]]:
    """Elements and the names of their attributes, in order; data as often as it comes is one."""
    found: list[tuple[str, list[str]]] = []
    for element in Tree.fromstring(text).iter():
        entry = (element.tag, list(element.attrib))
        if not found or found[-1] != entry:
            found.append(entry)
    return found


def test_a_classic_failure_audit_has_the_shape_of_sample_12() -> None:
    expected = next(line for line in one("12").split("\n") if line.startswith("<Event"))
    event = {"source": "MSSQLSERVER", "id": 18456, "type": "audit_failure", "data": ["a", "b", "c"]}
    done = run(host(kind="workgroup", release="2012R2", events=[event]), "wevtutil qe Application /f:xml")
    shown = done.stdout.decode()
    assert skeleton(shown) == [entry for entry in skeleton(expected) if not entry[0].endswith("}Binary")]
    for wanted in ("<Keywords>0x90000000000000</Keywords>", "<Level>0</Level>", "EventID Qualifiers='49152'>18456<"):
        assert wanted in expected
        assert wanted in shown
    moment = r"SystemTime='\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z'"
    assert re.search(moment, expected)
    assert re.search(moment, shown)
