# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's secedit exports against the captured ones: the same lines in the same order, the same bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.winmail.exchange.tests.support.lab_hosts import DOMAIN, export, host, run, told
from ansible_collections.winmail.exchange.tests.unit.captures.reading import one
from lab.state import default_rights
from lab.state.rights import KNOWN_RIGHTS
from lab.windows.computer import Computer

SQL_DC = {
    "SeChangeNotifyPrivilege": (
        "S-1-5-80-344959196-2060754871-2302487193-2804545603-1466107430",
        "S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003",
    ),
    "SeServiceLogonRight": (
        "S-1-5-20",
        "EXAMPLES\\svc_db",
        "EXAMPLES\\SQLServer2005SQLBrowserUser$DC7",
        "S-1-5-80-2652535364-2169709536-2857650723-2622804123-1107741775",
        "S-1-5-80-344959196-2060754871-2302487193-2804545603-1466107430",
        "S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003",
    ),
}
SQL_DC["SeIncreaseQuotaPrivilege"] = SQL_DC["SeAssignPrimaryTokenPrivilege"] = SQL_DC["SeChangeNotifyPrivilege"]
SERVICES = (
    "S-1-5-80-3263513310-3392720605-1798839546-683002060-3227631582",
    "S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003",
)
DTS, AGENT = ".\\SQLServerDTSUser$WSRV08R2", ".\\SQLServerSQLAgentUser$WSRV08R2$MSSQLSERVER"
REPORT = ".\\SQLServerReportServerUser$WSRV08R2$MSRS10_50.MSSQLSERVER"
BROWSER, ANALYSIS = ".\\SQLServer2005SQLBrowserUser$WSRV08R2", ".\\SQLServerMSASUser$WSRV08R2$MSSQLSERVER"
SQL_2008 = {
    "SeChangeNotifyPrivilege": (DTS, AGENT, *SERVICES),
    "SeIncreaseQuotaPrivilege": (AGENT, *SERVICES),
    "SeServiceLogonRight": ("S-1-5-18", "S-1-5-19", REPORT, DTS, BROWSER, ANALYSIS, AGENT, *SERVICES),
    "SeAssignPrimaryTokenPrivilege": (AGENT, *SERVICES),
    "SeImpersonatePrivilege": (DTS,),
    "SeCreateGlobalPrivilege": (DTS,),
}


def lines(number: str) -> list[str]:
    """The lines of a capture, without ours at its top."""
    return [line.rstrip() for line in one(number).splitlines() if not line.startswith(";")]


def windows_11() -> Computer:
    return host(kind="workgroup", release="11_24H2", features=["hyperv"])


def controller() -> Computer:
    groups = [{"name": "SQLServer2005SQLBrowserUser$DC7", "rid": 1105}]
    people = {"users": [{"name": "svc_db", "rid": 1104}], "groups": groups}
    return host(kind="dc", release="2022", domain=people, grant={right: list(h) for right, h in SQL_DC.items()})


def server_2016() -> Computer:
    return host(kind="workgroup", release="2016")


def server_2008_r2() -> Computer:
    names = [REPORT, DTS, BROWSER, ANALYSIS, AGENT]
    return host(
        kind="workgroup",
        release="2008R2",
        language="zh",
        features=["iis"],
        app_pools=["Classic .NET AppPool", "DefaultAppPool"],
        groups=[{"name": name[2:], "rid": 1001 + number} for number, name in enumerate(names)],
        grant={right: list(holders) for right, holders in SQL_2008.items()},
        rights={"SeShutdownPrivilege": ["S-1-5-32-544"]},
    )


def windows_10() -> Computer:
    denied = {right: [".\\Guest"] for right in ("SeDenyNetworkLogonRight", "SeDenyBatchLogonRight")}
    local = ["S-1-5-32-544", "S-1-5-32-545", "S-1-5-32-551"]
    computer = host(kind="workgroup", release="10", rights={**denied, "SeInteractiveLogonRight": local})
    guest = computer.machine.local.by_name("Guest")
    assert guest is not None
    guest.name = "Gus"
    return computer


@pytest.mark.parametrize(
    ("number", "make"),
    [
        pytest.param("05", windows_11, id="05 Windows 11 24H2 with Hyper-V"),
        pytest.param("13", controller, id="13 controller of 2022 with SQL Server"),
        pytest.param("14", server_2016, id="14 Server 2016, workgroup"),
        pytest.param("15", server_2008_r2, id="15 Server 2008 R2 with IIS and SQL Server"),
        pytest.param("16", windows_10, id="16 Windows 10, renamed guest"),
    ],
)
def test_the_rights_of_an_export_are_line_by_line_those_of_the_capture(
    number: str, make: Callable[[], Computer]
) -> None:
    expected = [line for line in lines(number) if line.startswith("Se")]
    shown = export(make()).decode("utf-16").split("\r\n")
    assert [line for line in shown if line.startswith("Se")] == expected


def test_an_export_of_the_rights_is_byte_by_byte_capture_05() -> None:
    text = "".join(f"{line}\r\n" for line in lines("05"))
    assert export(windows_11()) == b"\xff\xfe" + text.encode("utf-16-le")


def test_an_export_of_all_areas_has_the_sections_that_capture_14_names() -> None:
    order = next(line for line in one("14").splitlines() if "Section order of the whole file" in line)
    wanted = [name.strip() for name in order.partition("file: ")[2].split(",")]
    found = [line[1:-1] for line in export(server_2016(), "").decode("utf-16").split("\r\n") if line.startswith("[")]
    assert found == wanted


@pytest.mark.parametrize("place", ["DOMAIN", "local"])
def test_an_account_granted_by_its_sid_comes_back_as_a_name_17(place: str) -> None:
    """A local one where there is a SAM (17), one of the domain on a controller (13)."""
    computer = host(kind="dc" if place == "DOMAIN" else "workgroup", release="2022", users=[])
    machine = computer.machine
    owner = machine.domain if place == "DOMAIN" else machine.local
    assert owner is not None
    guest = f"{owner.sid}-501"
    computer.machine.files.write(
        "C:\\Windows\\Temp\\c.inf", f"[Privilege Rights]\r\nSeTcbPrivilege = *{guest}\r\n".encode()
    )
    run(computer, 'secedit /configure /db "C:\\Windows\\Temp\\c.sdb" /cfg "C:\\Windows\\Temp\\c.inf" /quiet')
    assert "SeTcbPrivilege = Guest" in export(computer).decode("utf-16").split("\r\n")


def test_a_bare_name_stands_where_its_sid_would_17() -> None:
    computer = host(
        kind="workgroup",
        release="11_24H2",
        users=[{"name": "WorkerLab", "rid": 1001}, {"name": "DataWorker", "rid": 1002}],
        features=["iis"],
        grant={"SeServiceLogonRight": [".\\WorkerLab"], "SeBatchLogonRight": [".\\DataWorker"]},
    )
    shown = export(computer).decode("utf-16").split("\r\n")
    for line in lines("17"):
        if "Worker" in line:
            assert line in shown


def test_application_pools_are_sids_on_newer_releases_19() -> None:
    sid = "*S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415"
    assert sid in one("19")
    for release, token in (("2008R2", "DefaultAppPool"), ("2016", sid), ("2025", sid)):
        computer = host(kind="workgroup", release=release, features=["iis"], app_pools=["DefaultAppPool"])
        shown = export(computer).decode("utf-16")
        line = next(text for text in shown.split("\r\n") if text.startswith("SeAuditPrivilege"))
        assert line.partition(" = ")[2].split(",")[2] == token


def test_a_console_that_is_not_quiet_says_what_cmd_33_shows() -> None:
    computer = server_2016()
    done = run(computer, "cd /d C:\\Windows\\Temp& secedit /export /cfg a.ini")
    expected = one("33").split("secedit /export /cfg a.ini\n", 1)[1].split("\nC:\\Users", 1)[0]
    assert told(done.stdout.decode()) == expected
    computer.machine.files.write("C:\\Windows\\Temp\\config.inf", b"[Privilege Rights]\r\n")
    line = "cd /d C:\\Windows\\Temp& secedit /import /cfg config.inf /db config.sdb"
    assert run(computer, line).stdout == b""


def test_every_right_of_a_capture_is_known_to_the_lab_and_in_its_order() -> None:
    """Exports only: a template has its own order and spelling (19)."""
    for number in ("05", "13", "14", "15", "16", "43"):
        shown = [line.partition(" = ")[0] for line in lines(number) if line.startswith("Se")]
        assert shown == [right for right in KNOWN_RIGHTS if right in shown]


def test_a_row_of_the_default_holders_cites_captures_that_show_it() -> None:
    for row in default_rights.rows():
        assert row.source, row
        for number in row.source:
            text = one(number)
            for holder in row.holders:
                names = {"GUEST": ("Guest", "Gus"), "POOLS": ("DefaultAppPool", "S-1-5-82-")}.get(holder, (holder,))
                right = row.right.casefold()
                listed = [line for line in text.splitlines() if line.casefold().startswith(right)]
                assert any(name in line for line in listed for name in names), (row, number, holder)


def test_the_domain_of_these_tests_is_that_of_the_captures() -> None:
    assert DOMAIN in one("19").replace("-1115", "")
