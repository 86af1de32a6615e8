"""Sphinx's settings for the documentation site; `make docs` gives the folder with the pages."""

from __future__ import annotations

import pathlib

import yaml

_GALAXY = yaml.safe_load((pathlib.Path(__file__).resolve().parents[2] / "galaxy.yml").read_text(encoding="utf-8"))

project = f"{_GALAXY['namespace']}.{_GALAXY['name']}"
author = ", ".join(_GALAXY["authors"])
version = release = _GALAXY["version"]

extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
root_doc = "README"
nitpicky = True
# Headings that other pages can link to.
myst_heading_anchors = 3
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
