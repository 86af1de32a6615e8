"""Sphinx's settings for the documentation site; `make docs` gives the folder with the pages."""

from __future__ import annotations

import pathlib
import typing

import bs4
import yaml

if typing.TYPE_CHECKING:
    from sphinx.application import Sphinx

_GALAXY = yaml.safe_load((pathlib.Path(__file__).resolve().parents[2] / "galaxy.yml").read_text(encoding="utf-8"))

project = f"{_GALAXY['namespace']}.{_GALAXY['name']}"
author = ", ".join(_GALAXY["authors"])
version = release = _GALAXY["version"]

extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext", "sphinx_copybutton"]
root_doc = "index"
nitpicky = True
# Headings that other pages can link to.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
# The labels of Ansible's own documentation that the plugins' pages use; made by build.py, nothing is fetched.
intersphinx_mapping = {
    "ansible": ("https://docs.ansible.com/projects/ansible/devel/", "ansible.inv"),
}

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_title = f"{project} {version}"
pygments_style = "ansible"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False


def setup(app: Sphinx) -> None:
    """Sphinx's entry: each page passes ``label_cells`` before it is written."""
    app.connect("html-page-context", _label)


def _label(_app: Sphinx, _page: str, _template: str, context: dict[str, typing.Any], _doctree: object) -> None:
    if "body" in context:
        context["body"] = label_cells(context["body"])


def label_cells(body: str) -> str:
    """The same HTML with the name of its column on each cell of a guide's table; site.css shows it on a phone."""
    soup = bs4.BeautifulSoup(body, "html.parser")
    for table in soup.select("table.docutils:not(.ansible-option-table)"):
        heads = [cell.get_text(" ", strip=True) for cell in table.select("thead th")]
        for row in table.select("tbody tr"):
            for head, cell in zip(heads, row.find_all("td"), strict=False):
                cell["data-label"] = head
    return str(soup)
