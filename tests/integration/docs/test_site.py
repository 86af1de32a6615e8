"""The documentation site in a real Chromium, on a desk and on a phone: nothing is cut off, nothing asks elsewhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ansible_collections.winmail.exchange.tests.support.browser import Browser, browsing
from ansible_collections.winmail.exchange.tools.docs import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DESK, PHONE = 1280, 390
# Wider than the window; code whose end is hidden; on a phone, a table of a guide that has to be pushed to be read.
CUT = """
const wider = (one) => one.scrollWidth > one.clientWidth + 1;
const guides = [...document.querySelectorAll('table.docutils:not(.ansible-option-table)')];
const tables = guides.map((one) => one.parentElement);
return [
  document.documentElement.scrollWidth > innerWidth ? ['the page'] : [],
  [...document.querySelectorAll('pre')].filter(wider).map((one) => one.textContent.slice(0, 60)),
  arguments[0] ? tables.filter(wider).map((one) => one.textContent.trim().slice(0, 60)) : [],
].flat();
"""
# What stands between blanks, ends on another line than it begins, and would fit into one. A hyphen and the like may end
# a line.
BROKEN = """
const found = [];
for (const block of document.querySelectorAll('article h1, article h2, article h3, article p, article li')) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const word of node.data.matchAll(/\\S*[A-Za-z_]{4,}\\S*/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const parts = [...range.getClientRects()];
      const wide = parts.reduce((sum, one) => sum + one.width, 0);
      const lines = new Set(parts.map((one) => Math.round(one.top))).size;
      if (lines > 1 && wide < block.clientWidth * 0.9 && !/[-\\/.…;]/.test(word[0])) {
        found.push(word[0]);
      }
    }
  }
}
return found;
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site, built into a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "SITE", tmp_path_factory.mktemp("site") / "docs")
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        assert build.main() == 0
        yield build.SITE / "html"


@pytest.fixture(scope="module")
def browser(need_program: Callable[[str], Path]) -> Iterator[Browser]:
    """One Chromium for all tests of this file."""
    with browsing(need_program("chromium"), need_program("chromedriver")) as opened:
        yield opened


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_is_cut_off_and_no_word_broken(site: Path, browser: Browser, width: int) -> None:
    browser.look(width, dark=False)
    cut, broken = {}, {}
    pages = sorted(site.rglob("*.html"))
    for page in pages:
        browser.open(page)
        name = page.relative_to(site).as_posix()
        cut[name] = browser.value(CUT, width == PHONE)
        broken[name] = browser.value(BROKEN)
    assert len(pages) > 40
    assert {name: one for name, one in cut.items() if one} == {}
    assert {name: one for name, one in broken.items() if one} == {}


def test_the_front_page_is_for_users_and_asks_nobody(site: Path, browser: Browser) -> None:
    browser.look(DESK, dark=False)
    browser.open(site / "index.html")
    captions = browser.value(
        "return [...document.querySelectorAll('.sidebar-tree .caption-text')].map((one) => one.textContent)"
    )
    assert captions == ["Exchange POP3", "User rights", "Compliance", "Fleets", "Reference", "Project"]
    names = browser.value(
        "return [...document.querySelectorAll('.sidebar-tree a.reference')].map((one) => one.textContent)"
    )
    assert len(names) == len(set(names)) > 25
    assert browser.value("return document.querySelectorAll('button.copybtn').length") > 0
    assert browser.value("return document.querySelector('.outcome img').naturalWidth") > 0
    assert [one for one in browser.requests() if not one.startswith(("file:", "data:"))] == []
    assert browser.complaints() == []
