"""A Chromium of its own for a test: without a window, with a profile that is thrown away, watched from outside."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

OPENING_SECONDS = 60
# What a browser does by itself is no part of a page's doings.
OPTIONS = (
    *("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"),
)


class Browser:
    """A driven Chromium."""

    def __init__(self, driver: webdriver.Chrome, downloads: Path) -> None:
        self.driver = driver
        self.downloads = downloads

    def open(self, page: Path) -> None:
        """Open a file; what was logged before is forgotten."""
        self.complaints()
        self.requests()
        self.driver.get(page.as_uri())

    def look(self, width: int, *, dark: bool, media: str = "") -> None:
        """Be a screen of this width, of a person who likes it dark or light; ``media`` may be print."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})

    def scripts(self, *, run: bool) -> None:
        """Let pages run scripts, or not."""
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not run})

    def value(self, script: str, *arguments: object) -> Any:
        """What a script that the driver runs in the page returns."""
        return self.driver.execute_script(script, *arguments)

    def complaints(self) -> list[str]:
        """What the console has said since it was last asked: errors, and what the page's policy refused."""
        entries = self.driver.get_log("browser")  # type: ignore[no-untyped-call]  # selenium has no type there
        return [entry["message"] for entry in entries]

    def requests(self) -> list[str]:
        """The addresses that were asked for since it was last asked."""
        entries = self.driver.get_log("performance")  # type: ignore[no-untyped-call]  # selenium has no type there
        told = [json.loads(entry["message"])["message"] for entry in entries]
        return [one["params"]["request"]["url"] for one in told if one["method"] == "Network.requestWillBeSent"]

    def violations(self) -> list[str]:
        """What axe-core finds against the rules of accessibility (WCAG 2.2 A and AA, and good practice)."""
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        self.value(axe())
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: arguments[0], resultTypes: ['violations']})"
            ".then((found) => done(found.violations), (error) => done([{id: String(error), nodes: []}]));",
            rules,
        )
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"] or [{"html": ""}]]


def axe() -> str:
    """The source of axe-core; the package around it is never imported, for it wants another driver."""
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")


@contextlib.contextmanager
def browsing(chromium: Path, driver: Path) -> Iterator[Browser]:
    """A Chromium that ends with the block, together with its driver and profile."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as folder:
        options = webdriver.ChromeOptions()
        options.binary_location = str(chromium)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        # Chromium's own sandbox refuses root, who runs the tests in a container.
        own = ("--no-sandbox",) if os.geteuid() == 0 else ()
        for word in (*OPTIONS, *own, f"--user-data-dir={folder}/profile"):
            options.add_argument(word)
        chrome = webdriver.Chrome(options=options, service=Service(str(driver)))
        try:
            chrome.set_page_load_timeout(OPENING_SECONDS)
            chrome.set_script_timeout(OPENING_SECONDS)
            downloads = Path(folder, "downloads")
            chrome.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
            yield Browser(chrome, downloads)
        finally:
            chrome.quit()
