"""Every published format says here what a csv module, a YAML loader and a parser of INI files see in it."""

from __future__ import annotations

import configparser
import csv
import hashlib
import io
import re

import pytest
import yaml

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import read
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import HOST_ROLES, Baseline, Control
from ansible_collections.winmail.exchange.plugins.plugin_utils._errors import InputError
from ansible_collections.winmail.exchange.tests.unit.captures.reading import CAPTURES

FILES = CAPTURES / "baselines"
ALL = frozenset(HOST_ROLES)
# Names of HardeningKitty's lists, as Microsoft's "Well-known SIDs" pairs them.
SIDS = {
    r"BUILTIN\Administrators": "S-1-5-32-544",
    r"NT AUTHORITY\Authenticated Users": "S-1-5-11",
    r"NT AUTHORITY\ENTERPRISE DOMAIN CONTROLLERS": "S-1-5-9",
    r"NT AUTHORITY\SERVICE": "S-1-5-6",
    r"NT AUTHORITY\LOCAL SERVICE": "S-1-5-19",
    r"NT AUTHORITY\NETWORK SERVICE": "S-1-5-20",
    r"NT AUTHORITY\Local account": "S-1-5-113",
    r"NT AUTHORITY\Local account and member of Administrators group": "S-1-5-114",
}


def load(name: str) -> Baseline:
    return read.load(name, [CAPTURES / "secedit", FILES])


def sids(control: Control) -> list[str | None]:
    names = [one.any_of[0].name for one in control.expected]
    return [None if name is None else name.sid for name in names]


@pytest.mark.parametrize("role", HOST_ROLES)
def test_a_document_of_osconfig_says_the_same_as_its_csv(role: str) -> None:
    document = load(f"osconfig_2025_{role}.osc.yaml")
    expected = {
        (c.id, c.right, c.operator, c.title, *(one.any_of[0].written for one in c.expected))
        for c in load("osconfig_2025_2510.csv").controls
        if role in c.applies_to
    }
    found = {
        (c.id, c.right, c.operator, c.title, *(one.any_of[0].written.lstrip("*") for one in c.expected))
        for c in document.controls
    }
    assert found == expected
    assert {c.applies_to for c in document.controls} == {ALL}, "a document does not say for which role it is"


@pytest.mark.parametrize("role", HOST_ROLES)
def test_of_osconfig_the_schema_is_judged_and_not_the_value(role: str) -> None:
    path = FILES / f"osconfig_2025_{role}.osc.yaml"
    narrower = 0
    controls = {control.title: control for control in load(path.name).controls}
    for resource in yaml.safe_load(path.read_text(encoding="utf-8-sig"))["resources"]:
        inner = resource["properties"]["resource"]["properties"]
        if "/UserRights/" in inner["path"]:
            written = [sid for sid in inner["value"].split(",") if sid]
            allowed = resource["properties"]["schema"].get("items", {}).get("enum", written)
            narrower += set(written) < set(allowed)
            assert {f"*{sid}" for sid in sids(controls[resource["name"]])} == set(allowed)
    assert narrower == {"domain_controller": 2, "member_server": 2, "workgroup_member": 1}[role]


@pytest.mark.parametrize("who", ["dc", "member"])
def test_each_row_of_hardeningkitty_is_an_exact_list(who: str) -> None:
    name = f"hardeningkitty_2022_21h2_{who}.csv"
    rows = {
        row["ID"]: row
        for row in csv.DictReader(io.StringIO((FILES / name).read_text(encoding="utf-8-sig"), newline=""))
        if row["Method"] == "accesschk"
    }
    controls = {control.id: control for control in load(name).controls}
    assert controls.keys() == rows.keys()
    for identifier, row in rows.items():
        control = controls[identifier]
        names = row["RecommendedValue"].split(";") if row["RecommendedValue"] else []
        assert sids(control) == [SIDS[one] for one in names]
        assert control.operator == ("exactly" if names else "nobody")
        assert (control.right, control.title) == (row["MethodArgument"], row["Name"])
        assert control.severity == row["Severity"].lower()
        assert control.applies_to == ({"domain_controller"} if row["Name"].endswith("(DC)") else ALL)


@pytest.mark.parametrize(
    ("name", "rights", "empty"),
    [
        ("nsa_shb_windows10.inf", 27, 7),
        ("44_template_by_snapin_utf16_blank_values.inf", 27, 3),
        ("19_dc_policy_gpttmpl_iis_whole.inf.txt", 24, 0),
    ],
)
def test_each_line_of_a_template_is_an_exact_list(name: str, rights: int, empty: int) -> None:
    path = next(folder / name for folder in (FILES, CAPTURES / "secedit") if (folder / name).exists())
    data = path.read_bytes()
    text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig")
    ini = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=(";",), strict=True)
    ini.read_string("\n".join(line for line in text.splitlines() if re.match(r"\[|.*=", line)))
    lines = {
        right: [one.strip() for one in value.split(",") if one.strip()]
        for right, value in ini["Privilege Rights"].items()
    }
    baseline = load(name)
    assert {c.id.lower(): [one.any_of[0].written for one in c.expected] for c in baseline.controls} == lines
    assert all(c.right == c.id for c in baseline.controls)
    assert {c.operator for c in baseline.controls if c.expected} == {"exactly"}
    assert (len(lines), sum(c.operator == "nobody" for c in baseline.controls)) == (rights, empty)


@pytest.mark.parametrize(
    "name", ["nsa_shb_windows10.inf", "osconfig_2025_2510.csv", "osconfig_2025_member_server.osc.yaml"]
)
def test_a_file_that_names_no_release_is_told_by_its_bytes(name: str) -> None:
    told = hashlib.sha256((FILES / name).read_bytes()).hexdigest()[:16]
    assert load(name).release == f"SHA-256 {told}"


@pytest.mark.parametrize("name", ["20_ws2025_osconfig_baseline_rights.csv", "18_win11_25h2_defaults_reported.yml"])
def test_other_files_are_no_baseline(name: str) -> None:
    with pytest.raises(InputError, match=rf"^{re.escape(name)} is no baseline in a known format\. Known are: "):
        load(name)
