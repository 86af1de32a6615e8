# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft's baseline on every captured assignment and in every role: judged as Microsoft's own JSON Schemas judge it.

The witness is jsonschema: it evaluates the schemas of tests/captures/baselines on the holders of a right, each as
``*S-1-…``, a right without a line as an empty list. A capture's bare names get made-up SIDs, the same for both.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it has no types
import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import HOST_ROLES, Baseline, HostRole
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.options import parse
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.read import load
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.survey import survey
from ansible_collections.winmail.exchange.tests.support.memory_host import MemoryHost
from ansible_collections.winmail.exchange.tests.unit.captures.reading import CAPTURES, holders

# Every file with lines of rights as a host or a tool wrote them.
ASSIGNMENTS = ("05", "06", "07", "08", "10", "13", "14", "15", "16", "17", "19", "43", "44", "48", "nsa")
# A file about one right each, and nobody in any.
BY_HAND: dict[str, dict[str, list[str]]] = {"nobody holds anything": {}}
CONTROLS = {"member_server": 39, "workgroup_member": 39, "domain_controller": 37}
NAME = "microsoft_windows_server_2025"
# Windows puts them into the right whenever it is set, and never lets them go (tests/captures/logs/21, 23).
BOTH = ("S-1-5-19", "S-1-5-20")
INSISTED: dict[str, tuple[str, ...]] = {
    "SeImpersonatePrivilege": ("S-1-5-32-544", "S-1-5-6", *BOTH),
    "SeInteractiveLogonRight": ("S-1-5-32-544",),
    "SeAuditPrivilege": BOTH,
    "SeChangeNotifyPrivilege": BOTH,
    "SeCreateGlobalPrivilege": BOTH,
    "SeIncreaseQuotaPrivilege": BOTH,
    "SeAssignPrimaryTokenPrivilege": BOTH,
    "SeSystemtimePrivilege": ("S-1-5-19",),
    "SeTimeZonePrivilege": ("S-1-5-19",),
}


@functools.cache
def schemas(role: HostRole) -> dict[str, Any]:
    """Microsoft's schema for each control of a role, by the last word of its CSP path."""
    path = CAPTURES / "baselines" / f"osconfig_2025_{role}.osc.yaml"
    found = {}
    for resource in yaml.safe_load(path.read_text(encoding="utf-8-sig"))["resources"]:
        csp = resource["properties"]["resource"]["properties"].get("path", "")
        if "/UserRights/" in csp:
            found[csp.rpartition("/")[2]] = resource["properties"]["schema"]
    return found


@functools.cache
def shipped() -> Baseline:
    """The baseline as it comes with the collection."""
    return load(NAME, ())


def assignment(name: str) -> dict[str, list[str]]:
    """The rights of a capture as SIDs; a bare name is somebody, the same one wherever it stands."""
    tokens = BY_HAND[name] if name in BY_HAND else holders(name)
    people: dict[str, str] = {}

    def sid(token: str) -> str:
        text = token.strip().lstrip("*")
        return text if text.startswith("S-1-") else people.setdefault(text, f"S-1-5-21-7-7-7-{2000 + len(people)}")

    return {right: [sid(token) for token in held if token.strip()] for right, held in tokens.items()}


def verdicts(rights: dict[str, list[str]], role: HostRole) -> dict[str, dict[str, Any]]:
    """Ours, by id; controls of another role are left out."""
    host = MemoryHost(role=3, rights={right: list(held) for right, held in rights.items()})
    args: dict[str, Any] = {"host_role": role, "controls": [], "waivers": []}
    result = survey(host, parse(args, shipped()), lambda _warning: None)
    return {one["id"]: dict(one) for one in result["controls"] if one["status"] != "not_applicable"}


def valid(role: HostRole, one: str, sids: list[str]) -> bool:
    """Microsoft's verdict on the holders of a control's right."""
    return bool(jsonschema.Draft202012Validator(schemas(role)[one]).is_valid([f"*{sid}" for sid in sids]))


def differences(name: str, role: HostRole) -> Iterator[tuple[str, str, str]]:
    """(id, Microsoft's verdict, ours) wherever they are not the same."""
    rights = assignment(name)
    told = verdicts(rights, role)
    assert set(told) == set(schemas(role))
    for one, verdict in told.items():
        theirs = "pass" if valid(role, one, rights.get(verdict["right"], [])) else "fail"
        if theirs != verdict["status"]:
            yield one, theirs, verdict["status"]


@pytest.mark.parametrize("role", HOST_ROLES)
@pytest.mark.parametrize("name", [*ASSIGNMENTS, *BY_HAND])
def test_every_verdict_is_microsofts(name: str, role: HostRole) -> None:
    rights = assignment(name)
    told = verdicts(rights, role)
    assert len(told) == CONTROLS[role]
    for one, theirs, ours in differences(name, role):
        held = rights.get(told[one]["right"], [])
        if not held:
            # The first exception: "exactly" with nobody, of which the schema's enum says nothing.
            assert (told[one]["operator"], theirs, ours) == ("exactly", "pass", "fail")
            continue
        # The second: whom Windows insists on is no finding, for no host can be without them.
        insisted = INSISTED.get(told[one]["right"], ())
        assert (theirs, ours) == ("fail", "pass"), f"{one}: Microsoft says {theirs}, we say {ours}"
        assert valid(role, one, [sid for sid in held if sid not in insisted])


def test_it_compares_what_can_differ() -> None:
    """Both verdicts occur often, and so does the exception; a comparison of equals alone would prove nothing."""
    counted = {"pass": 0, "fail": 0}
    exceptions = 0
    for name in (*ASSIGNMENTS, *BY_HAND):
        for role in HOST_ROLES:
            for verdict in verdicts(assignment(name), role).values():
                counted[verdict["status"]] += 1
            exceptions += len(list(differences(name, role)))
    assert sum(counted.values()) == (len(ASSIGNMENTS) + len(BY_HAND)) * sum(CONTROLS.values())
    assert min(counted.values()) > 500
    assert exceptions > 0


@pytest.mark.parametrize("role", HOST_ROLES)
def test_what_microsoft_would_write_passes_both(role: HostRole) -> None:
    """The value of each resource, which is narrower than its schema in five rules."""
    path = CAPTURES / "baselines" / f"osconfig_2025_{role}.osc.yaml"
    ids = {one["id"]: one["right"] for one in verdicts({}, role).values()}
    rights = {}
    for resource in yaml.safe_load(path.read_text(encoding="utf-8-sig"))["resources"]:
        written = resource["properties"]["resource"]["properties"]
        if "/UserRights/" in written.get("path", ""):
            tokens = str(written["value"]).split(",")
            rights[ids[written["path"].rpartition("/")[2]]] = [t.strip().lstrip("*") for t in tokens if t.strip()]
    assert {verdict["status"] for verdict in verdicts(rights, role).values()} == {"pass"}
