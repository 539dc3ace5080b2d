"""A real Chromium on pages that carry the widget, in front of a small appliance without a model."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

expect.set_options(timeout=15_000)  # two busy cores take their time

ROOT = Path(__file__).parents[2]
WIDGET = ROOT / "appliance" / "web" / "static" / "widget" / "widget.js"
MOCK = ROOT / "widget" / "dev" / "mock-server.mjs"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NODE = shutil.which("node")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name of an intranet: not loopback, so not a secure context.
    "--host-resolver-rules=MAP intranet.test 127.0.0.1",
]
LISTEN = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


@dataclass(frozen=True)
class Sites:
    """The appliance, a site it allows, and Mallory's, which it does not."""

    api: str
    pages: str
    stranger: str


@dataclass
class Visit:
    """One browser tab on one page, and everything it should not have done."""

    page: Page
    sites: Sites
    said: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def go(self, name: str = "plain", *, site: str = "", **attributes: str) -> Visit:
        """Open a page; keyword arguments become data attributes of the script tag."""
        query = "&".join(
            f"data-{name.replace('_', '-')}={value.replace('#', '%23')}"
            for name, value in attributes.items()
        )
        self.page.goto(f"{site or self.sites.pages}/{name}?{query}")
        return self

    def ready(self) -> Visit:
        """Wait until the widget stands in the page."""
        return self.until("() => Boolean(window.SelfHostedAI?.getState())")

    def open(self) -> Visit:
        """Press the launcher."""
        self.ready().find(".launcher").click()
        return self

    def ask(self, question: str, *, wait: bool = True) -> Visit:
        """Write a question and press Enter; wait for the end of the answer."""
        self.find("textarea").fill(question)
        self.find("textarea").press("Enter")
        if wait:
            self.settled()
        return self

    def settled(self) -> Visit:
        """Wait until no answer is being written."""
        return self.until("() => !SelfHostedAI.getState().busy")

    def until(self, function: str, *, seconds: float = 60) -> Visit:
        """Ask the page again and again; its policy may forbid it to wait by itself."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(function):
            assert time.monotonic() < end, f"waited {seconds} s for {function}"
            self.page.wait_for_timeout(30)
        return self

    def find(self, selector: str) -> Any:
        """An element of the widget."""
        return self.page.locator(f"inhouse-chat {selector}")

    def answer(self) -> str:
        """The text of the last answer."""
        return str(self.find(".messages .answer .body").last.text_content())

    def focused(self) -> str:
        """Tag and class of what has the focus, looking through the shadow root."""
        return str(
            self.page.evaluate("""() => {
                let active = document.activeElement;
                while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
                return `${active.localName}.${active.className}`;
            }""")
        )

    def violations(self) -> list[str]:
        """What the page's content security policy had to forbid."""
        return list(self.page.evaluate("() => window.violations"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    if not CHROMIUM:
        pytest.skip("There is no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def sites() -> Iterator[Sites]:
    """The small appliance and two sites, running."""
    if not NODE or not WIDGET.exists():
        pytest.skip("The widget is not built, or there is no Node: npm ci && npm run build")
    process = subprocess.Popen([NODE, str(MOCK)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield Sites(**json.loads(process.stdout.readline()))
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def visit(chromium: Browser, sites: Sites) -> Iterator[Any]:
    """Begin a visit: `visit(width=375, color_scheme="dark")`. No visit may leave our machines."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def begin(*, width: int = 1440, height: int = 900, **options: Any) -> Visit:
        viewport = {"width": width, "height": height}
        context = chromium.new_context(viewport=viewport, **options)
        contexts.append(context)
        context.add_init_script(LISTEN)
        page = context.new_page()
        begun = Visit(page, sites)
        visits.append(begun)

        def guard(route: Route) -> None:
            url = route.request.url
            if url.startswith(("http://127.0.0.1:", "http://intranet.test:", "data:")):
                route.continue_()
            else:
                begun.foreign.append(url)
                route.abort()

        context.route("**/*", guard)
        page.on("console", lambda message: begun.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: begun.said.append(f"exception: {error}"))
        return begun

    yield begin
    for context in contexts:
        context.close()
    assert [url for one in visits for url in one.foreign] == []
    assert [line for one in visits for line in one.said if line.startswith("exception")] == []
