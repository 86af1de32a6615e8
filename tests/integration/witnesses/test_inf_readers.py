# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of INF files that are not ours read the templates we write as we mean them: Wine's setupapi and Samba."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import without_host
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import HostRole
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows import sid as sids
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.catalogue import RIGHTS
from ansible_collections.winmail.exchange.plugins.plugin_utils._winrm import inf
from ansible_collections.winmail.exchange.tools.baselines.osconfig import SHIPPED

SOURCE = pathlib.Path(__file__).parent / "inf" / "print_inf.c"
DOMAIN = "S-1-5-21-2840394521-1093752863-3410756322"
SECONDS = 120

Assignment = Mapping[str, Sequence[str]]
Reader = Callable[[bytes], dict[str, list[str]]]

TEMPLATES: Mapping[str, Assignment] = {
    "one right, one holder": {"SeTcbPrivilege": [f"{DOMAIN}-1107"]},
    "cleared": {"SeBackupPrivilege": []},
    "cleared between others": {
        "SeTcbPrivilege": [f"{DOMAIN}-1107"],
        "SeBackupPrivilege": [],
        "SeDenyNetworkLogonRight": ["S-1-5-32-546"],
    },
    "kinds of holders": {
        "SeServiceLogonRight": [
            "S-1-5-80-0",
            sids.service_sid("MSExchangeIS"),
            sids.app_pool_sid("DefaultAppPool"),
            "S-1-1-0",
            "S-1-5-113",
            f"{DOMAIN}-500",
        ]
    },
    "300 holders": {"SeBatchLogonRight": [f"{DOMAIN}-{rid}" for rid in range(2000, 2300)], "SeTcbPrivilege": []},
    "every right": {right: ["S-1-5-32-544", f"{DOMAIN}-{1100 + number}"] for number, right in enumerate(RIGHTS)},
}
POLICIES = [
    ("microsoft_windows_server_2025", "domain_controller"),
    ("stig_windows_server_2016", "workgroup_member"),
    ("stig_windows_server_2025", "member_server"),
]
CASES = [pytest.param(assignment, id=name) for name, assignment in TEMPLATES.items()]

SAMBA = """
import json, sys
from samba.gp_parse.gp_inf import GptTmplInfParser
parser = GptTmplInfParser()
data = sys.stdin.buffer.read()
if not data.startswith(b"\\xff\\xfe"):
    parser.encoding = "ascii"  # a policy's file is UTF-16, what secedit is given is ASCII: the same grammar
parser.parse(data)
rights = parser.sections["Privilege Rights"].param_list
json.dump({right: [token for token in tokens if token] for right, tokens in rights}, sys.stdout)
"""


def meant(assignment: Assignment) -> dict[str, list[str]]:
    """The lines as a reader must see them."""
    return {right: [f"*{sid}" for sid in holders] for right, holders in assignment.items()}


@pytest.fixture(scope="module")
def wine(
    need_program: Callable[[str], pathlib.Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[bytes, str], subprocess.CompletedProcess[str]]]:
    """Wine's setupapi: prints one section of a file; its own prefix, no display, ended by its own server."""
    compiler, program = need_program("x86_64-w64-mingw32-gcc"), need_program("wine")
    server = need_program("wineserver")
    folder = tmp_path_factory.mktemp("wine")
    binary, file = folder / "print_inf.exe", folder / "t.inf"
    build = [str(compiler), "-Wall", "-Werror", "-O1", "-o", str(binary), str(SOURCE), "-lsetupapi"]
    subprocess.run(build, check=True, timeout=SECONDS)
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.update(WINEPREFIX=str(folder / "prefix"), WINEDEBUG="-all", WINEDLLOVERRIDES="mscoree,mshtml=")

    def show(data: bytes, section: str) -> subprocess.CompletedProcess[str]:
        file.write_bytes(data)
        command = [str(program), str(binary), f"Z:{file}", section]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=folder
        )

    try:
        yield show
    finally:
        subprocess.run([str(server), "--kill", "--wait"], env=environment, timeout=SECONDS, check=False)


@pytest.fixture(scope="module")
def setupapi(wine: Callable[[bytes, str], subprocess.CompletedProcess[str]]) -> Reader:
    """The rights of a template as Wine's setupapi reads them; an empty value is a line with one empty field."""

    def read(data: bytes) -> dict[str, list[str]]:
        shown = wine(data, "Privilege Rights")
        assert shown.returncode == 0, shown.stderr
        lines = [line.split("\t") for line in shown.stdout.splitlines()]
        return {key: [field for field in fields if field] for key, *fields in lines}

    return read


@pytest.fixture(scope="module")
def samba(need_system_module: Callable[[str], pathlib.Path]) -> Reader:
    """The rights of a template as Samba's parser of GptTmpl.inf reads them."""
    python = need_system_module("samba.gp_parse.gp_inf")

    def read(data: bytes) -> dict[str, list[str]]:
        command = [str(python), "-c", SAMBA]
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=True)
        found: dict[str, list[str]] = json.loads(done.stdout)
        return found

    return read


@pytest.mark.parametrize("assignment", CASES)
def test_setupapi_reads_what_we_mean(setupapi: Reader, assignment: Assignment) -> None:
    assert setupapi(inf.render(assignment).data) == meant(assignment)


@pytest.mark.parametrize("assignment", CASES)
def test_samba_reads_what_we_mean(samba: Reader, assignment: Assignment) -> None:
    assert samba(inf.render(assignment).data) == meant(assignment)


@pytest.mark.parametrize(("baseline", "role"), POLICIES)
def test_both_read_the_policy_that_a_baseline_becomes(
    setupapi: Reader, samba: Reader, baseline: str, role: HostRole
) -> None:
    """In the encoding of a policy's file, with what the shipped YAML says, read here by PyYAML."""
    controls = without_host.chosen(baseline, [], role, [])
    text = without_host.gpttmpl(controls, without_host.Domains(DOMAIN, DOMAIN), optional=False)
    expected = {}
    for control in yaml.safe_load((SHIPPED / f"{baseline}.yml").read_text(encoding="utf-8"))["controls"]:
        if "right" in control and role in control.get("applies_to", [role]):
            accounts = [one if isinstance(one, str) else one["any_of"][0] for one in control.get("expected", [])]
            sids_of = [re.sub(r"S-1-5-21-<[a-z-]+>", DOMAIN, account) for account in accounts]
            expected[control["right"]] = [f"*{sid}" for sid in sids_of]
    data = text.encode("utf-16-le")
    assert samba(data) == expected
    assert setupapi(data) == expected


def test_setupapi_finds_the_signature_that_makes_it_a_template(
    wine: Callable[[bytes, str], subprocess.CompletedProcess[str]],
) -> None:
    data = inf.render(TEMPLATES["one right, one holder"]).data
    assert wine(data, "Version").stdout.splitlines() == ["signature\t$CHICAGO$", "Revision\t1"]
    assert wine(data, "Unicode").stdout.splitlines() == ["Unicode\tyes"]
    assert wine(data, "Group Membership").returncode == 4
    assert wine(data.replace(b"$CHICAGO$", b"$TOLEDO$"), "Privilege Rights").returncode == 3


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        pytest.param((b"\r\n[Privilege Rights]", b"\r\n;[Privilege Rights]"), "section", id="no section"),
        pytest.param((b",*", b";*"), "holder", id="a comment in the list"),
        pytest.param((b"SeBatchLogonRight = *", b'SeBatchLogonRight = "*'), "quote", id="an open quote"),
    ],
)
def test_the_witnesses_see_a_writer_that_went_wrong(
    wine: Callable[[bytes, str], subprocess.CompletedProcess[str]], damage: tuple[bytes, bytes], where: str
) -> None:
    """They are no witnesses if they read anything."""
    assignment = {"SeBatchLogonRight": ["S-1-5-32-544", "S-1-5-19"]}
    data = inf.render(assignment).data
    spoiled = data.replace(*damage, 1)
    assert spoiled != data, where
    expected = "SeBatchLogonRight\t*S-1-5-32-544\t*S-1-5-19\n"
    assert wine(data, "Privilege Rights").stdout == expected
    assert wine(spoiled, "Privilege Rights").stdout != expected
