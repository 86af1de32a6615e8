"""Build the documentation site in .cache/docs/html from the guides and from the documentation of the plugins.

Nothing is fetched. A warning, and a link inside the site that leads nowhere, is a failure.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import yaml

from ansible_collections.winmail.exchange.tools.docs.links import dead_links
from ansible_collections.winmail.exchange.tools.docs.pages import GUIDES, HOME, linked_files, pages, tables_of_contents
from ansible_collections.winmail.exchange.tools.stage import CACHE, ROOT

TOOLS = Path(__file__).resolve().parent
SITE = CACHE / "docs"
COLLECTION = "winmail.exchange"
# Plugins that are not ours and that the pages of ours refer to.
OTHERS = (
    "ansible.builtin.psrp_connection",
    "ansible.builtin.template_module",
    "ansible.builtin.winrm_connection",
    "ansible.windows.win_dsc_module",
    "ansible.windows.win_reboot_module",
    "ansible.windows.win_service_module",
    "ansible.windows.win_user_right_module",
)
# Their labels and others of Ansible's documentation, and their places there.
LABELS = {
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_configuration_settings": "reference_appendices/config.html#ansible-configuration-settings",
    "common_return_values": "reference_appendices/common_return_values.html#common-return-values",
    **{f"ansible_collections.{name}": f"collections/{name.replace('.', '/')}.html" for name in OTHERS},
}


def main() -> int:
    """Build in a folder of its own, so that a failure leaves the last site as it was; return the exit code."""
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="docs-", dir=CACHE) as name:
        work = Path(name)
        lay_out(work / "source")
        built = document_plugins(work / "source" / "reference") and render(work / "source", work / "html")
        if not built:
            return 1
        dead = dead_links(work / "html")
        if dead:
            print("docs: these links lead nowhere", *dead, sep="\n  ")
            return 1
        shutil.rmtree(SITE, ignore_errors=True)
        SITE.mkdir()
        (work / "html").rename(SITE / "html")
    print(f"docs: {SITE / 'html' / 'index.html'}")
    return 0


def lay_out(source: Path) -> None:
    """Lay the pages, and the files that they link to, as they lie in the checkout: relative links stay right."""
    added = tables_of_contents(ROOT)
    texts = {page: (ROOT / page).read_text(encoding="utf-8") for page in pages(ROOT)}
    texts[HOME] = (TOOLS / "home.md").read_text(encoding="utf-8")
    # The list of all guides is the menu itself.
    texts[GUIDES] = "---\norphan: true\n---\n\n" + texts[GUIDES]
    for page, text in texts.items():
        target = source / page
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text + added.get(page, ""), encoding="utf-8")
        for file in linked_files(ROOT, page, text):
            (source / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, source / file)
    (source / "ansible.inv").write_bytes(inventory())


def inventory() -> bytes:
    """An inventory in Sphinx's format with the few labels that are needed."""
    head = "# Sphinx inventory version 2\n# Project: ansible\n# Version: devel\n# The rest is compressed using zlib.\n"
    lines = "".join(f"{label} std:label -1 {place} {label}\n" for label, place in LABELS.items())
    return head.encode() + zlib.compress(lines.encode())


def document_plugins(folder: Path) -> bool:
    """Write a page for each plugin and role of the collection."""
    folder.mkdir()
    # antsibull-docs refuses a folder that others can write in.
    folder.chmod(0o755)
    settings = folder.parent / "antsibull-docs.cfg"
    settings.write_text(plugin_settings(), encoding="utf-8")
    command = ["antsibull-docs", "--config-file", str(settings), "collection", "--use-current", "--squash-hierarchy"]
    command += ["--fail-on-error", "--dest-dir", str(folder), COLLECTION]
    if not _ran("the documentation of the plugins", command):
        return False
    for page in folder.glob("*.rst"):
        page.write_text(fit_the_theme(page.read_text(encoding="utf-8")), encoding="utf-8")
    return True


def plugin_settings() -> str:
    """Settings of antsibull-docs: where the collection is, and how it is installed, as galaxy.yml has it."""
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    tarball = f"{galaxy['namespace']}-{galaxy['name']}-{galaxy['version']}.tar.gz"
    return (
        "add_antsibull_docs_version = false\n"
        f'collection_url = {{\n  {COLLECTION} = "{galaxy["repository"]}"\n}}\n'
        f'collection_install = {{\n  {COLLECTION} = "ansible-galaxy collection install {tarball}"\n}}\n'
    )


def fit_the_theme(page: str) -> str:
    """Leave out the table of contents, which the theme has at the side, and what the site's name says already.

    The menu gets short titles, and a heading begins with the plugin's own name.
    """
    page = re.sub(r"^\.\. contents::\n(?: +:.*\n)*", "", page, flags=re.MULTILINE)
    page = re.sub(rf"^{re.escape(COLLECTION)}\.(\w+ (?:module|filter|role) -- .*)$", r"\1", page, flags=re.MULTILINE)
    return re.sub(r"^    (\w+)_(module|filter|role)$", r"    \1 (\2) <\1_\2>", page, flags=re.MULTILINE)


def render(source: Path, html: Path) -> bool:
    """Make the HTML; any warning fails it."""
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going", "-c", str(TOOLS)]
    return _ran("the pages", [*command, "-d", str(html.parent / "doctrees"), str(source), str(html)])


def _ran(what: str, command: list[str]) -> bool:
    print(f"docs: {what}", flush=True)
    # From outside of the checkout: the collection is found as users find it, by its name.
    return subprocess.run(command, cwd=CACHE, env=dict(os.environ), check=False).returncode == 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(main())
