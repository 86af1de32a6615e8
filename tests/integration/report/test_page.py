"""The page in a real Chromium: two widths, dark and light, by keyboard, on paper, without a script, hostile text."""

from __future__ import annotations

import base64
import copy
import csv
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from ansible_collections.winmail.exchange.plugins.plugin_utils._report.make import make
from ansible_collections.winmail.exchange.plugins.plugin_utils._report.model import Kind
from ansible_collections.winmail.exchange.tests.support import synthetic_fleet
from ansible_collections.winmail.exchange.tests.support.browser import Browser, browsing

JUDGED: Kind = "user_rights_baseline"
POP3: Kind = "pop3_prerequisites"
DESKTOP, PHONE = 1280, 390
LARGEST = 2_000_000
SECONDS = 15
HOSTILE = (
    "</script><script>window.owned = 1</script><img src=x onerror='window.owned = 1'><!--\"'>\u2028\u202e\x1b[31m"
    "<b class=injected>\u2066"
)


@pytest.fixture(scope="module")
def browser(need_program: Callable[[str], Path]) -> Iterator[Browser]:
    """One Chromium for all tests of this file."""
    with browsing(need_program("chromium"), need_program("chromedriver")) as opened:
        yield opened


def page(kind: Kind, results: dict[str, Any], into: Path) -> Path:
    return Path(make(kind, "", list(results.items()), str(into), lambda *_told: None).folder, "report.html")


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """Some hosts of every standing."""
    every = synthetic_fleet.baseline_results(400, seed=3)
    kept: dict[str, Any] = {}
    for standing in (None, "unreachable", "failed", "unknown", "compliant", "not_compliant"):
        of_it = {host: one for host, one in every.items() if (one and one["status"]) == standing}
        kept |= dict(list(of_it.items())[: 30 if standing == "not_compliant" else 2])
    return kept


@pytest.fixture(scope="module")
def judged(results: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a baseline, with an earlier report to compare with."""
    folder = tmp_path_factory.mktemp("judged")
    earlier = copy.deepcopy(results)
    lost = next(host for host, one in earlier.items() if one and one["status"] == "not_compliant")
    earlier[lost] = {**earlier[lost], "status": "compliant"}
    earlier[lost]["judged"]["controls"][0]["status"] = "fail"
    page(JUDGED, earlier, folder)
    time.sleep(1.0)  # the names of the folders are told apart by the second
    return page(JUDGED, results, folder)


@pytest.fixture(scope="module")
def popped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of mail servers."""
    return page(POP3, synthetic_fleet.pop_results(40, seed=3), tmp_path_factory.mktemp("popped"))


@pytest.fixture(autouse=True)
def as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    """Scripts run again after each test."""
    yield
    request.getfixturevalue("browser").scripts(run=True)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["judged", "popped"])
def test_it_is_accessible_asks_nobody_and_breaks_no_rule_of_its_own(
    name: str, width: int, dark: bool, browser: Browser, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(name)
    browser.look(width, dark=dark)
    browser.open(path)
    assert browser.requests() == [path.as_uri()]
    assert browser.complaints() == []
    assert browser.value("return document.documentElement.scrollWidth") <= width
    # What opens is looked at as well.
    browser.value("for (const one of [...document.querySelectorAll('details')].slice(0, 40)) one.open = true")
    assert browser.violations() == []


def test_the_policy_lets_no_other_script_style_or_address_in(judged: Path, browser: Browser) -> None:
    browser.open(judged)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        browser.value(
            "const script = document.createElement('script'); script.textContent = 'window.owned = 1';"
            "const style = document.createElement('style'); style.textContent = 'body { display: none }';"
            "const image = document.createElement('img'); image.alt = ''; image.src = arguments[0];"
            "document.body.append(script, style, image);",
            f"http://127.0.0.1:{listener.getsockname()[1]}/x.png",
        )
        assert browser.value("return [window.owned, getComputedStyle(document.body).display]") == [None, "block"]
        complaints = browser.complaints()
        assert [sum(word in one for one in complaints) for word in ("script-src", "style-src", "img-src")] == [1, 1, 1]
        listener.settimeout(0.5)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_rules_of_accessibility_are_held(judged: Path, browser: Browser) -> None:
    browser.look(DESKTOP, dark=False)
    browser.open(judged)
    browser.value("document.querySelector('main').append(document.createElement('input'))")
    assert [one.partition(":")[0] for one in browser.violations()] == ["label"]


def rows(browser: Browser, table: str) -> list[list[str]]:
    """The cells of the rows that are shown."""
    found: list[list[str]] = browser.value(
        "return [...document.querySelectorAll(arguments[0] + ' tbody tr')].filter((row) => row.checkVisibility())"
        ".map((row) => [...row.cells].map((cell) => cell.innerText))",
        table,
    )
    return found


def settled(wanted: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not wanted():
        assert time.monotonic() < end, "the page did not settle"
        time.sleep(0.05)


def test_the_search_finds_what_the_results_hold(judged: Path, results: dict[str, Any], browser: Browser) -> None:
    browser.look(DESKTOP, dark=False)
    browser.open(judged)
    failing = [
        (host, control["id"])
        for host, one in results.items()
        for control in (one or {}).get("judged", {}).get("controls", [])
        if control["status"] in ("fail", "unknown")
    ]
    count = "return document.querySelector('#findings .count').textContent"
    assert browser.value(count) == f"{min(200, len(failing))} of {len(failing)} rows"
    browser.driver.find_element(By.CSS_SELECTOR, "#findings input[type=search]").send_keys("server operators sql")
    found = [
        (host, control["id"])
        for host, one in results.items()
        if "sql" in host
        for control in (one or {}).get("judged", {}).get("controls", [])
        if control["status"] == "fail"
        and any("Server Operators" in who["name"] for who in control["extra"] if who["name"])
    ]
    assert found
    settled(lambda: browser.value(count) == f"{len(found)} of {len(found)} rows")
    assert [(cells[0], cells[1].split()[0]) for cells in rows(browser, "#rows")] == found
    browser.driver.find_element(By.ID, "save").click()
    saved = browser.downloads / "rows.csv"
    settled(saved.exists)
    with saved.open(encoding="utf-8-sig", newline="") as file:
        assert [(row["host"], row["control"]) for row in csv.DictReader(file)] == found
    saved.unlink()


def test_the_other_tables_are_searched_too(judged: Path, results: dict[str, Any], browser: Browser) -> None:
    browser.look(DESKTOP, dark=False)
    browser.open(judged)
    unreachable = {host for host, one in results.items() if one and one["status"] == "unreachable"}
    assert unreachable
    browser.value(
        "const choice = document.querySelector('[data-table=hosts-table] select'); choice.value = 'unreachable';"
        "choice.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    settled(lambda: {cells[0] for cells in rows(browser, "#hosts-table")} == unreachable)
    browser.driver.find_element(By.CSS_SELECTOR, "[data-table=accounts-table] input").send_keys("SeDebugPrivilege")
    settled(lambda: all("SeDebug" in cells[1] for cells in rows(browser, "#accounts-table")))
    assert "BUILTIN\\Administrators" in rows(browser, "#accounts-table")[-1][0] + rows(browser, "#accounts-table")[0][0]


def test_it_can_be_walked_by_keyboard_and_where_one_is_can_be_seen(judged: Path, browser: Browser) -> None:
    browser.look(DESKTOP, dark=False)
    browser.open(judged)
    seen = []
    for dummy in range(60):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        told = browser.value(
            "const one = document.activeElement, box = one.getBoundingClientRect();"
            "return [one.matches('#findings [type=search]') ? 'search' : one.tagName.toLowerCase(), one.textContent,"
            "getComputedStyle(one).outlineStyle, box.width > 0 && box.bottom > 0 && box.top < innerHeight]"
        )
        seen.append(told)
        if told[0] == "search":
            break
    assert [told[1] for told in seen[:2]] == ["Skip to the report", "Controls that fail most"]
    assert "summary" in {told[0] for told in seen}
    assert seen[-1][0] == "search"
    assert {tuple(told[2:]) for told in seen} == {("solid", True)}
    # Onwards: to the choices, the rows and the buttons behind them.
    ActionChains(browser.driver).send_keys("guests").send_keys(Keys.TAB, Keys.TAB, Keys.SPACE).perform()
    settled(lambda: browser.value("return document.activeElement.checked") is True)
    browser.open(judged)
    ActionChains(browser.driver).send_keys(Keys.TAB, Keys.ENTER).perform()
    assert browser.value("return document.activeElement.id") == "main"


def test_without_a_script_everything_is_there_but_the_search(
    judged: Path, results: dict[str, Any], browser: Browser
) -> None:
    browser.look(DESKTOP, dark=False)
    browser.scripts(run=False)
    browser.open(judged)
    text = browser.driver.find_element(By.TAG_NAME, "body").text
    assert f" of {len(results)} hosts meet Microsoft OSConfig" in text
    assert [host for host in results if host not in text] == []
    for words in (
        "Controls that fail most",
        "orphan",
        "2027-03-31",
        "The same rows are in controls.csv",
        "Compared with",
    ):
        assert words in text
    shown = [one for one in browser.driver.find_elements(By.CSS_SELECTOR, "form, button") if one.is_displayed()]
    assert shown == []


@pytest.mark.parametrize("name", ["judged", "popped"])
def test_it_can_be_printed(name: str, browser: Browser, request: pytest.FixtureRequest) -> None:
    browser.look(DESKTOP, dark=True, media="print")
    browser.open(request.getfixturevalue(name))
    shown = browser.value(
        "return ['nav', '.filters', '#hosts', 'h1'].map((one) => document.querySelector(one).checkVisibility())"
    )
    assert shown == [False, False, True, True]
    assert browser.value("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert base64.b64decode(printed["data"]).startswith(b"%PDF-")
    assert browser.complaints() == []


def hostile(text: str) -> dict[str, Any]:
    """The result of a host whose every word is ``text``."""
    results = synthetic_fleet.baseline_results(3)
    one: dict[str, Any] = next(one for one in results.values() if one and one["judged"])
    for control in one["judged"]["controls"][:5]:
        account = {"sid": text, "name": text, "kind": text}
        control.update(dict.fromkeys(("id", "title", "right", "display_name", "severity", "reason"), text))
        control.update(status="fail", holders=[account], extra=[account], missing=[account])
        control["governed"] = {"status": text, "gpo": {"name": text}}
    return {**one, "computer": text, "failure": text, "status": "not_compliant"}


def test_what_a_host_says_is_text(browser: Browser, tmp_path: Path) -> None:
    path = page(JUDGED, {HOSTILE: hostile(HOSTILE), "well": None}, tmp_path)
    browser.look(DESKTOP, dark=False)
    browser.open(path)
    assert browser.value("return [window.owned, document.scripts.length, document.images.length]") == [None, 2, 0]
    assert browser.value("return document.querySelectorAll('.injected').length") == 0
    assert browser.complaints() == []
    assert browser.requests() == [path.as_uri()]
    (cells, *dummy) = rows(browser, "#rows")
    assert cells[0].startswith("</script><script>window.owned = 1</script><img src=x")
    assert "\\u202e" in cells[0]
    assert "\\x1b[31m" in cells[0]
    popped = page(POP3, {HOSTILE: {**next(filter(None, synthetic_fleet.pop_results(3).values())), "advice": HOSTILE,
                                   "account": HOSTILE, "compliant": False}}, tmp_path)  # fmt: skip
    browser.open(popped)
    assert browser.value("return [window.owned, document.scripts.length, document.images.length]") == [None, 2, 0]
    assert browser.complaints() == []


def test_a_thousand_hosts_are_one_page_that_opens_at_once(browser: Browser, tmp_path: Path) -> None:
    path = page(JUDGED, synthetic_fleet.baseline_results(1000), tmp_path)
    assert path.stat().st_size <= LARGEST
    browser.look(DESKTOP, dark=False)
    begin = time.monotonic()
    browser.open(path)
    assert browser.value("return document.querySelectorAll('#hosts-table tbody tr').length") == 1000
    assert time.monotonic() - begin < SECONDS
