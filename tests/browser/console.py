"""The console in a browser window: what a person does there, and what must not happen."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import AXE, LISTEN
from tests.live import ADMIN


class Window:
    """A window that must ask nobody but the appliance and break no rule of its page."""

    def __init__(self, browser: Browser, address: str, **look: Any) -> None:
        self.address = address
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.context = browser.new_context(locale="en-GB", reduced_motion="reduce", **look)
        self.context.add_init_script(LISTEN)
        self.context.route("**/*", self._guard)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _guard(self, route: Route) -> None:
        if route.request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def go(self, path: str) -> Page:
        """Open a page of the appliance."""
        self.page.goto(self.address + path)
        return self.page

    def violations(self) -> list[str]:
        """What the page's content security policy had to forbid."""
        return list(self.page.evaluate("() => window.violations"))

    def barriers(self) -> list[str]:
        """What keeps people from using the page: axe's serious and critical finds."""
        self.page.wait_for_timeout(300)  # colours are measured when fading in has ended
        self.page.evaluate(AXE.read_text("utf-8") + "; 0")
        found = self.page.evaluate("() => axe.run(document)")["violations"]
        return [
            f"{rule['id']}: {rule['help']} {[node['target'] for node in rule['nodes'][:3]]}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
        ]

    def close(self) -> None:
        """Close it. Nothing foreign was asked and no script has failed."""
        self.context.close()
        assert self.foreign == []
        assert self.errors == []


def sign_in(page: Page, password: str = ADMIN["password"]) -> None:
    """What Ada does at the door."""
    page.get_by_label("E-mail address").fill(ADMIN["email"])
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def ask(page: Page, question: str) -> None:
    """Ask in the playground."""
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")


def upload(page: Page, name: str, content: bytes) -> None:
    """Choose a file under Knowledge."""
    file = {"name": name, "mimeType": "text/plain", "buffer": content}
    page.locator("input[type=file][multiple]").set_input_files(file)


CALL = """async ([method, path, body]) => {
    const { csrf_token } = await (await fetch("/v1/auth/state")).json();
    const headers = { "X-CSRF-Token": csrf_token, "Content-Type": "application/json" };
    const options = body === null ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(path, { method, headers, ...options });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
}"""


def call(page: Page, method: str, path: str, body: Any = None) -> Any:
    """Ask the API as whoever is signed in on this page; the JSON of a success."""
    return page.evaluate(CALL, [method, path, body])
