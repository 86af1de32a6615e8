"""The tables of the README files are what is there: modules, role, playbooks, pages."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from ansible_collections.winmail.exchange.tests.unit.project._documentation import COLLECTION, MODULES, documentation
from ansible_collections.winmail.exchange.tests.unit.project._files import ROOT, project_files
from ansible_collections.winmail.exchange.tools.docs.pages import GUIDES, listed, pages

RIGHTS = "docs/user_rights/README.md"


def rows(page: str, head: str) -> list[tuple[str, str]]:
    """The two columns of the table of a page that has this head."""
    text = (ROOT / page).read_text(encoding="utf-8")
    table = text.partition(f"\n| {head} |\n| --- | --- |\n")[2].partition("\n\n")[0]
    return re.findall(r"^\| (\S[^|]*) \| (\S[^|]*) \|$", table, re.MULTILINE)


def test_the_readme_lists_the_modules_in_their_own_words() -> None:
    assert rows("README.md", "module | what it does") == [
        (f"`{COLLECTION}.{module}`", documentation()[module]["doc"]["short_description"]) for module in MODULES
    ]


def test_the_readme_lists_the_roles_with_their_entry_points() -> None:
    found = {}
    for first, second in rows("README.md", "role | what it does"):
        name, page = re.findall(r"^\[`(\S+)`\]\((\S+)\)$", first)[0]
        found[name] = (page, re.findall(r"`(\w+)`", second))
    roles = sorted(path.name for path in (ROOT / "roles").iterdir())
    assert found == {f"{COLLECTION}.{role}": (f"roles/{role}/README.md", entry_points(role)) for role in roles}


def entry_points(role: str) -> list[str]:
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    return list(specs["argument_specs"])


def test_the_readme_lists_the_playbooks() -> None:
    found = dict(rows("README.md", "playbook | what it does"))
    assert set(found) == {f"`{COLLECTION}.{path.stem}`" for path in project_files(".yml", under="playbooks")}
    assert all(found.values())


def test_the_index_of_the_guides_leads_to_every_page() -> None:
    found = {GUIDES}
    for page in [GUIDES, *(path for _title, path in listed(ROOT, GUIDES))]:
        found |= {path for _title, path in listed(ROOT, page)}
    assert found == set(pages(ROOT))


def test_the_index_of_the_user_rights_names_the_playbooks_of_each_page() -> None:
    table = rows(RIGHTS, "page | playbooks")
    for first, second in table:
        page = Path("docs/user_rights", re.findall(r"\(([^)]+)\)", first)[0])
        assert quoted(page) == sorted(re.findall(r"\[(\S+)\]\(playbooks/\1\)", second)), page
    named = {name for _first, second in table for name in re.findall(r"\[(\S+)\]", second)}
    assert named == {path.name for path in project_files(".yml", under="docs/user_rights/playbooks")}


def quoted(page: Path) -> list[str]:
    """The playbooks beside a page that it shows word for word."""
    text = (ROOT / page).read_text(encoding="utf-8")
    playbooks = sorted((ROOT / page.parent / "playbooks").glob("*.yml"))
    return [path.name for path in playbooks if f"```yaml\n{path.read_text(encoding='utf-8')}```\n" in text]
