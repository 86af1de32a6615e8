"""The shipped STIGs have every rule on user rights of DISA's files, and ask what was worked out by hand from them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import read
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import Baseline, Control, HostRole
from ansible_collections.winmail.exchange.tests.unit.captures.reading import CAPTURES
from ansible_collections.winmail.exchange.tools.baselines import osconfig, stig

FILES = CAPTURES / "baselines"
CCIS = FILES / "disa_cci_2023-06-07.xml"
RELEASES = {"2016": "v2r10", "2019": "v3r8", "2022": "v2r8", "2025": "v1r1"}
X = "{http://checklists.nist.gov/xccdf/1.1}"

SHORT = {
    "S-1-5-32-544": "BA",
    "S-1-5-32-546": "G",
    "S-1-5-6": "SVC",
    "S-1-5-9": "EDC",
    "S-1-5-11": "AU",
    "S-1-5-19": "LS",
    "S-1-5-20": "NS",
    "S-1-5-113": "113",
    "S-1-5-114": "114",
    "S-1-5-21-<domain>-512": "DA",
    "S-1-5-21-<root-domain>-519": "EA",
}
# By right: what is asked of a member server, a controller and a computer without a domain; = at_most, + at_least, 0
# nobody, - no rule. Read from the checks of the four releases by hand, apart from the table of the tool.
ASKED = """
SeAuditPrivilege                 =LS,NS           =LS,NS         =LS,NS
SeBackupPrivilege                =BA              =BA            =BA
SeCreateGlobalPrivilege          =BA,LS,NS,SVC    =BA,LS,NS,SVC  =BA,LS,NS,SVC
SeCreatePagefilePrivilege        =BA              =BA            =BA
SeCreatePermanentPrivilege       0                0              0
SeCreateSymbolicLinkPrivilege    =BA              =BA            =BA
SeCreateTokenPrivilege           0                0              0
SeDebugPrivilege                 =BA              =BA            =BA
SeDenyBatchLogonRight            +DA,EA,G         +G             +G
SeDenyInteractiveLogonRight      +DA,EA,G         +G             +G
SeDenyNetworkLogonRight          +114|113,DA,EA,G +G             +G
SeDenyRemoteInteractiveLogonRight +113,DA,EA,G    +G             +G
SeDenyServiceLogonRight          +DA,EA           0              0
SeEnableDelegationPrivilege      0                =BA            0
SeImpersonatePrivilege           =BA,LS,NS,SVC    =BA,LS,NS,SVC  =BA,LS,NS,SVC
SeIncreaseBasePriorityPrivilege  =BA              =BA            =BA
SeInteractiveLogonRight          =BA              =BA            =BA
SeLoadDriverPrivilege            =BA              =BA            =BA
SeLockMemoryPrivilege            0                0              0
SeMachineAccountPrivilege        -                =BA            -
SeManageVolumePrivilege          =BA              =BA            =BA
SeNetworkLogonRight              =AU,BA           =AU,BA,EDC     =AU,BA
SeProfileSingleProcessPrivilege  =BA              =BA            =BA
SeRemoteInteractiveLogonRight    -                =BA            -
SeRemoteShutdownPrivilege        =BA              =BA            =BA
SeRestorePrivilege               =BA              =BA            =BA
SeSecurityPrivilege              =BA              =BA            =BA
SeSystemEnvironmentPrivilege     =BA              =BA            =BA
SeTakeOwnershipPrivilege         =BA              =BA            =BA
SeTcbPrivilege                   0                0              0
SeTrustedCredManAccessPrivilege  0                0              0
"""
ROLES: tuple[HostRole, ...] = ("member_server", "domain_controller", "workgroup_member")
NOTED = "Audit Backup CreateGlobal CreateToken Debug Impersonate IncreaseBasePriority InteractiveLogon LockMemory "
NOTED += "NetworkLogon Restore Security TakeOwnership Tcb"


def shipped(year: str) -> Baseline:
    return read.load(f"stig_windows_server_{year}", [])


def published(year: str) -> ElementTree.Element:
    return ElementTree.parse(FILES / f"disa_windows_server_{year}_{RELEASES[year]}.xccdf.xml").getroot()


def short(control: Control | None) -> str:
    """What a control asks, in the signs of the table above."""
    if control is None:
        return "-"
    members = ["|".join(SHORT[account.written] for account in one.any_of) for one in control.expected]
    return {"at_most": "=", "at_least": "+", "nobody": "0"}[control.operator] + ",".join(sorted(members))


@pytest.mark.parametrize("year", RELEASES)
def test_every_rule_on_user_rights_is_there_as_published(year: str) -> None:
    controls: dict[str, list[Control]] = {}
    for control in shipped(year).controls:
        controls.setdefault(control.id, []).append(control)
    rules = {
        group.attrib["id"]: rule
        for group in published(year).iter(f"{X}Group")
        for rule in group.iter(f"{X}Rule")
        if "user right" in str(rule.findtext(f"{X}title")).lower()
    }
    assert len(rules) == 39
    assert rules.keys() == controls.keys()
    for name, rule in rules.items():
        for control in controls[name]:
            assert control.title.split() == str(rule.findtext(f"{X}title")).split()
            assert control.severity == rule.attrib["severity"]
            told = control.references
            assert (told["rule"], told["stig_id"]) == (rule.attrib["id"], rule.findtext(f"{X}version"))
            idents = {str(node.text) for node in rule.iter(f"{X}ident")}
            assert {*told["cci"], *told.get("legacy", ())} == idents


@pytest.mark.parametrize("year", RELEASES)
@pytest.mark.parametrize("column", range(3))
def test_each_role_is_asked_what_was_worked_out_by_hand(year: str, column: int) -> None:
    found: dict[str, Control] = {}
    for control in shipped(year).controls:
        if control.right is not None and ROLES[column] in control.applies_to:
            assert control.right not in found
            found[control.right] = control
    rows = [line.split() for line in ASKED.strip().splitlines()]
    assert {right: short(found.get(right)) for right, *dummy in rows} == {row[0]: row[1 + column] for row in rows}
    assert found.keys() <= {row[0] for row in rows}


@pytest.mark.parametrize("year", RELEASES)
def test_of_two_accounts_the_narrower_is_the_one_that_a_remedy_gives(year: str) -> None:
    """A denial of all local accounts may hurt failover clusters, DISA says; 114 has administrators alone."""
    several = [one for control in shipped(year).controls for one in control.expected if len(one.any_of) > 1]
    assert [[account.written for account in one.any_of] for one in several] == [["S-1-5-114", "S-1-5-113"]]


@pytest.mark.parametrize("year", RELEASES)
def test_virtual_machines_may_hold_one_right_where_hyper_v_is(year: str) -> None:
    optional = {
        (c.right, o.account.written, o.when and o.when.service) for c in shipped(year).controls for o in c.optional
    }
    assert optional == {("SeCreateSymbolicLinkPrivilege", "S-1-5-83-0", "vmms")}


@pytest.mark.parametrize("year", RELEASES)
def test_the_controls_say_where_application_accounts_are_no_finding(year: str) -> None:
    noted = {str(c.right)[2:] for c in shipped(year).controls if "application account" in c.note}
    assert noted == {f"{one}{'Right' if one.endswith('Logon') else 'Privilege'}" for one in NOTED.split()} | (
        {"ManageVolumePrivilege"} if year == "2016" else set()
    )


@pytest.mark.parametrize("year", RELEASES)
def test_orphans_are_a_rule_of_their_own(year: str) -> None:
    (control,) = (c for c in shipped(year).controls if c.right is None)
    assert (control.concerns, control.operator, len(control.applies_to)) == ("orphans", "nobody", 3)
    assert control.references["nist"] == ("CM-6 b",)


@pytest.mark.parametrize("year", RELEASES)
def test_nist_is_what_disas_list_of_ccis_says(year: str) -> None:
    namespace = "{http://iase.disa.mil/cci}"
    fifth = {
        item.attrib["id"]: reference.attrib["index"]
        for item in ElementTree.parse(CCIS).getroot().iter(f"{namespace}cci_item")
        for reference in item.iter(f"{namespace}reference")
        if reference.attrib["version"] == "5"
    }
    for control in shipped(year).controls:
        assert set(control.references["nist"]) == {fifth[cci] for cci in control.references["cci"]}


@pytest.mark.parametrize("year", RELEASES)
def test_the_tool_makes_the_shipped_file_again(year: str) -> None:
    xccdf = (FILES / f"disa_windows_server_{year}_{RELEASES[year]}.xccdf.xml").read_bytes()
    name, text = stig.make(xccdf, CCIS.read_bytes())
    assert text == (osconfig.SHIPPED / name).read_text(encoding="utf-8")
    assert shipped(year).release.startswith(f"{RELEASES[year].upper()} (")
    assert f"_{year}_STIG_{RELEASES[year].upper()}_" in shipped(year).source


def test_a_release_with_other_rules_than_the_table_is_refused() -> None:
    xccdf = (FILES / "disa_windows_server_2022_v2r8.xccdf.xml").read_text(encoding="utf-8")
    renamed = xccdf.replace("WN22-UR-000220", "WN22-UR-000230")
    with pytest.raises(
        ValueError, match=r"Only in the file: WN22-UR-000230\. Only in the table: WN22-UR-000220\. Read"
    ):
        stig.make(renamed.encode(), CCIS.read_bytes())
    fewer = re.sub(r'<Group id="V-254512">.*?</Group>', "", xccdf, flags=re.DOTALL)
    with pytest.raises(ValueError, match=r"Only in the file: none\. Only in the table: WN22-UR-000220"):
        stig.make(fewer.encode(), CCIS.read_bytes())


def test_what_is_no_stig_of_windows_server_is_refused() -> None:
    with pytest.raises(ValueError, match="no STIG for Windows Server"):
        stig.make(b"<Benchmark/>", CCIS.read_bytes())
