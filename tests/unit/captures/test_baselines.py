"""The shipped baselines say what the files of their publishers say, read here by nothing of ours."""

from __future__ import annotations

import csv
import io
import re

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import read
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import Baseline, Control, HostRole
from ansible_collections.winmail.exchange.plugins.plugin_utils._windows.csp import CSP_NAMES
from ansible_collections.winmail.exchange.tests.unit.captures.reading import CAPTURES
from ansible_collections.winmail.exchange.tools.baselines import osconfig

FILES = CAPTURES / "baselines"
CSV = FILES / "osconfig_2025_2510.csv"
ROLES: tuple[tuple[HostRole, str], ...] = (
    ("member_server", "Member Server"),
    ("domain_controller", "Domain Controller"),
    ("workgroup_member", "Workgroup Member"),
)
WORDS = {"at_most": "ContainsAtMost", "at_least": "ContainsAtLeast", "exactly": "ContainsExactly"}


def of_role(baseline: Baseline, role: HostRole) -> dict[str, Control]:
    """The controls for a role by id; none may stand there twice."""
    found = [control for control in baseline.controls if role in control.applies_to]
    assert len({control.id for control in found}) == len(found)
    return {control.id: control for control in found}


def members(control: Control) -> list[str]:
    return [one.any_of[0].written for one in control.expected]


@pytest.fixture(scope="module")
def microsoft() -> Baseline:
    """The shipped one."""
    return read.load("microsoft_windows_server_2025", [])


@pytest.mark.parametrize(("role", "column"), ROLES)
def test_every_row_of_microsoft_is_a_control(microsoft: Baseline, role: HostRole, column: str) -> None:
    controls = of_role(microsoft, role)
    found = {}
    for row in csv.DictReader(io.StringIO(CSV.read_text(encoding="utf-8-sig"), newline="")):
        expected = row[f"Expected Value: {column}"]
        if "/UserRights/" not in row["CSP Path"] or not expected:
            continue
        control = controls[row["CSP Path"].rsplit("/", 1)[1]]
        said = "', '".join(f"*{sid}" for sid in members(control))
        assert expected == ("Equals('')" if control.operator == "nobody" else f"{WORDS[control.operator]}('{said}')")
        assert control.title == row["Control Name"]
        assert row["ExtraId"] in control.references.values()
        assert control.right == CSP_NAMES[control.id]
        found[control.id] = row["Severity"]
    assert found.keys() == controls.keys()
    assert len(found) == (37 if role == "domain_controller" else 39)
    severities = {(found[name], controls[name].severity) for name in found}
    assert severities == {("Critical", "critical"), ("Important", "high"), ("Warning", "medium")}


@pytest.mark.parametrize(("role", "column"), ROLES)
def test_microsofts_own_schemas_mean_the_same(microsoft: Baseline, role: HostRole, column: str) -> None:
    controls = of_role(microsoft, role)
    document = yaml.safe_load((FILES / f"osconfig_2025_{role}.osc.yaml").read_text(encoding="utf-8-sig"))
    schemas = {
        resource["properties"]["resource"]["properties"]["path"].rsplit("/", 1)[1]: resource["properties"]["schema"]
        for resource in document["resources"]
        if "/UserRights/" in str(resource)
    }
    assert schemas.keys() == controls.keys(), column
    for name, control in controls.items():
        listed = [f"*{sid}" for sid in members(control)]
        schema = {
            "at_most": {"items": {"enum": listed}},
            "exactly": {"items": {"enum": listed}, "unevaluatedItems": False},
            "nobody": {"maxItems": 0},
            "at_least": {"allOf": [{"contains": {"const": one}} for one in listed]},
        }[control.operator]
        assert schemas[name] == schema, name


def test_the_tool_makes_the_shipped_file_again(microsoft: Baseline) -> None:
    name, text = osconfig.make(CSV.read_bytes(), "SecurityBaseline_WindowsServer_2025-2510.csv")
    assert name == f"{microsoft.name}.yml"
    assert text == (osconfig.SHIPPED / name).read_text(encoding="utf-8")


def test_microsofts_notice_travels_with_it() -> None:
    text = (osconfig.SHIPPED / "microsoft_windows_server_2025.yml").read_text(encoding="utf-8")
    assert re.search(r"^# Copyright \(c\) Microsoft Corporation\.$", text, re.MULTILINE)
    assert re.search(r"^# .*LICENSES/MIT\.txt", text, re.MULTILINE)
