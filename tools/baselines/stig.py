"""Make a shipped stig_windows_server_YEAR again from DISA's XCCDF of that STIG and DISA's list of CCIs.

Ids, titles, severities and identifiers come from the files; what a rule asks comes from stig_rules.py. A rule on user
rights that is not in the table, and a row of the table that is not in the file, are errors: nothing is written.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline import principal, read
from ansible_collections.winmail.exchange.plugins.plugin_utils._baseline.model import (
    Baseline,
    Condition,
    Control,
    Expected,
    OptionalMember,
    Severity,
)
from ansible_collections.winmail.exchange.tools.baselines import stig_rules, write

SHIPPED = Path(read.__file__).parent / "shipped"
_XCCDF = "{http://checklists.nist.gov/xccdf/1.1}"
_CCI = "{http://iase.disa.mil/cci}"
_YEAR = re.compile(r"Windows Server (20[0-9]{2})")
_RELEASE = re.compile(r"Release: (?P<number>[0-9]+) Benchmark Date: (?P<date>[0-9]{2} [A-Z][a-z]{2} 20[0-9]{2})")
_SEVERITIES: Mapping[str, Severity] = {"high": "high", "medium": "medium", "low": "low"}
_HYPER_V = OptionalMember(
    principal.parse(stig_rules.VIRTUAL_MACHINES), "virtual machines of Hyper-V hold it by design", Condition("vmms")
)
_COMMENT = (
    "The ids, titles, severities and identifiers are facts of a work of the United States Government, read from",
    "{source}",
    "by tools/baselines/stig.py, which makes this file again from a newer release. What each rule asks is in",
    "tools/baselines/stig_rules.py. DISA's own text of checks and fixes is not in here.",
)


def make(xccdf: bytes, ccis: bytes) -> tuple[str, str]:
    """The file's name and its text; raises ValueError that names each rule the table and the file do not share."""
    root = ElementTree.fromstring(xccdf)
    head = {name: " ".join((root.findtext(_XCCDF + name) or "").split()) for name in ("title", "version")}
    year = _YEAR.search(head["title"])
    told = next(filter(None, (_RELEASE.fullmatch(node.text or "") for node in root.iter(_XCCDF + "plain-text"))), None)
    if year is None or told is None:
        raise ValueError("this is no STIG for Windows Server: its title names no year, or it has no release-info")
    short = f"V{head['version']}R{told['number']}"
    source = f"DISA, U_MS_Windows_Server_{year[1]}_STIG_{short}_Manual-xccdf.xml"
    baseline = Baseline(
        name=f"stig_windows_server_{year[1]}",
        title=f"{head['title']}, user rights",
        release=f"{short} ({told['date']})",
        source=source,
        controls=tuple(_controls(root, year[1], _nist(ccis))),
    )
    return f"{baseline.name}.yml", write.render(baseline, [line.format(source=source) for line in _COMMENT])


def _nist(ccis: bytes) -> Mapping[str, str]:
    """NIST SP 800-53 Revision 5 by CCI, as DISA's list has it."""
    found = {}
    for item in ElementTree.fromstring(ccis).iter(_CCI + "cci_item"):
        for reference in item.iter(_CCI + "reference"):
            if reference.get("title") == "NIST SP 800-53 Revision 5":
                found[item.attrib["id"]] = reference.attrib["index"]
    return found


def _controls(root: ElementTree.Element, year: str, nist: Mapping[str, str]) -> list[Control]:
    table = stig_rules.by_id(year)
    groups = {}
    for group in root.iter(_XCCDF + "Group"):
        rule = group.find(_XCCDF + "Rule")
        if rule is not None and _on_rights(rule):
            groups[rule.findtext(_XCCDF + "version") or ""] = (group.attrib["id"], rule)
    unknown, gone = groups.keys() - table.keys(), table.keys() - groups.keys()
    if unknown or gone:
        raise ValueError(
            f"the table and the file differ. Only in the file: {', '.join(sorted(unknown)) or 'none'}. "
            f"Only in the table: {', '.join(sorted(gone)) or 'none'}. Read their checks, and change stig_rules.py"
        )
    return [
        control for name, (group, rule) in groups.items() for control in _of_rule(group, name, rule, table[name], nist)
    ]


def _on_rights(rule: ElementTree.Element) -> bool:
    """Whether a rule is about user rights: its title says so, or its check leads to them in the policy editor."""
    title = " ".join((rule.findtext(_XCCDF + "title") or "").split()).lower()
    check = rule.findtext(f"{_XCCDF}check/{_XCCDF}check-content") or ""
    return "user right" in title or "User Rights Assignment" in check


def _of_rule(
    group: str, name: str, rule: ElementTree.Element, row: stig_rules.Rule, nist: Mapping[str, str]
) -> list[Control]:
    idents = [(node.text or "").strip() for node in rule.iter(_XCCDF + "ident")]
    ccis = tuple(ident for ident in idents if ident.startswith("CCI-"))
    legacy = tuple(sorted(ident for ident in idents if not ident.startswith("CCI-")))
    references: dict[str, str | tuple[str, ...]] = {"stig_id": name, "rule": rule.attrib["id"], "cci": ccis}
    references["nist"] = tuple(dict.fromkeys(nist[cci] for cci in ccis))
    if legacy:
        references["legacy"] = legacy
    return [
        Control(
            id=group,
            title=" ".join((rule.findtext(_XCCDF + "title") or "").split()),
            right=row.right,
            operator=asked.operator,
            expected=tuple(_expected(member) for member in asked.members),
            optional=(_HYPER_V,) if row.hyper_v else (),
            applies_to=frozenset(asked.roles),
            severity=_SEVERITIES[rule.attrib["severity"]],
            references=references,
            concerns="all" if row.right is not None else "orphans",
            note=row.only_2016 if row.only_2016 and name.startswith("WN16") else row.note,
        )
        for asked in row.asked
    ]


def _expected(member: str | tuple[str, ...]) -> Expected:
    accounts = (member,) if isinstance(member, str) else member
    return Expected(tuple(principal.parse(account) for account in accounts))


def main() -> None:
    """Write the shipped file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("xccdf", type=Path, help="U_MS_Windows_Server_YEAR_STIG_RELEASE_Manual-xccdf.xml")
    parser.add_argument("ccis", type=Path, help="U_CCI_List.xml")
    asked = parser.parse_args()
    name, text = make(asked.xccdf.read_bytes(), asked.ccis.read_bytes())
    (SHIPPED / name).write_text(text, encoding="utf-8")
    print(f"{SHIPPED / name}: {text.count('- id:')} controls")


if __name__ == "__main__":
    main()
