"""The widget and the real program together: a page of another origin, real files, real models."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDGET, Sites
from tests.live import SAMPLES, Appliance

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]

HANDBOOK = """# Annual leave

Full-time staff are entitled to 28 days of paid leave a year, bank holidays included.
Leave is requested at least two weeks ahead.

# Expenses

Receipts are handed in by the fifth of the month. Mileage is paid at 45 pence a mile.
"""


class Site:
    """A website of its own origin, one page with the script tag on it."""

    def __init__(self, folder: Path) -> None:
        self.page = folder / "index.html"
        serve = ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
        self.process = subprocess.Popen(
            [sys.executable, *serve], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        self.address = str(re.findall(r"http://[\d.:]+", self.process.stdout.readline())[0])

    def close(self) -> None:
        """Take the site down."""
        assert self.process.stdout is not None
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()

    def show(self, office: Appliance, assistant: str) -> None:
        """Put the assistant on the page."""
        tag = f'<script src="{office.address}/widget.js" data-assistant-id="{assistant}"></script>'
        self.page.write_text(
            f"<!doctype html><title>Site</title><link rel=icon href=data:,><h1>News</h1>{tag}",
            "utf-8",
        )


@pytest.fixture
def sites() -> Sites:
    """No small appliance here: the real one answers."""
    return Sites("", "", "")


@pytest.fixture(scope="module")
def veras(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site that the assistant may be shown on."""
    site = Site(tmp_path_factory.mktemp("veras"))
    yield site
    site.close()


@pytest.fixture(scope="module")
def mallorys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on no list."""
    site = Site(tmp_path_factory.mktemp("mallorys"))
    yield site
    site.close()


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, veras: Site, mallorys: Site
) -> Iterator[Appliance]:
    """The program with two documents, and an assistant that both sites carry."""
    if not WIDGET.exists():
        pytest.skip("The widget is not built: npm ci && npm run build")
    running = Appliance(tmp_path_factory.mktemp("office")).start().set_up()
    assistant = running.assistant(
        answers={"mode": "quote"}, security={"allowed_origins": [veras.address]}
    )
    receipt = next(SAMPLES.glob("RECEIPT*"))
    running.upload(assistant, "handbook.md", HANDBOOK.encode())
    running.upload(assistant, receipt.name, receipt.read_bytes())
    running.ready(assistant)
    for site in (veras, mallorys):
        site.show(running, assistant)
    running.front_desk = assistant  # type: ignore[attr-defined]
    yield running
    running.stop()


def test_vera_gets_a_cited_answer_and_finds_it_again_after_a_reload(office, visit, veras):
    vera = visit().go("index.html", site=veras.address).open()
    vera.ask("How many days of paid leave do full-time staff get?")
    assert "28 days of paid leave" in vera.answer()
    vera.find(".cite").first.click()
    expect(vera.find(".source h3")).to_have_text("handbook.md")
    expect(vera.find(".source mark")).to_contain_text("28 days of paid leave")
    vera.page.keyboard.press("Escape")

    vera.page.reload()
    expect(vera.ready().find(".question")).to_have_count(1)
    assert "28 days of paid leave" in vera.answer()
    vera.page.evaluate("() => SelfHostedAI.newConversation()")
    vera.ask("When was the Eiffel Tower built?")
    assert vera.answer() == "I don't know"
    expect(vera.find(".note").last).to_have_text("The documents do not answer this.")
    assert [line for line in vera.said if line.startswith("error")] == []


def test_a_page_number_is_shown_for_a_pdf(office, visit, veras):
    vera = (
        visit().go("index.html", site=veras.address).open().ask("Who was the cashier at TechMart?")
    )
    expect(vera.find(".chip .place").first).to_have_text("Page 1")


def test_a_session_that_the_server_does_not_know_is_replaced(office, visit, veras):
    vera = visit().go("index.html", site=veras.address).open().ask("What is paid for mileage?")
    vera.page.evaluate("""() => {
        const [key] = Object.keys(localStorage);
        const kept = JSON.parse(localStorage.getItem(key));
        localStorage.setItem(key, JSON.stringify({...kept, token: "vt_of_somebody_else"}));
    }""")
    vera.page.reload()
    expect(vera.ready().find(".panel")).to_be_visible()
    vera.ask("What is paid for mileage?")
    assert "45 pence" in vera.answer()
    assert vera.find(".question").count() == 1


def test_mallorys_site_is_refused_with_a_sentence(office, visit, mallorys):
    mallory = visit().go("index.html", site=mallorys.address)
    with mallory.page.expect_console_message(lambda message: "Inhouse" in message.text):
        pass
    assert any(f"Add {mallorys.address} to its allowed sites" in line for line in mallory.said)
    assert mallory.page.locator("#ai-widget-root").count() == 0


def test_the_demo_page_answers(office, visit):
    ada = visit()
    ada.page.goto(f"{office.address}/demo/{office.front_desk}")
    ada.open().ask("What is paid for mileage?")
    assert "45 pence" in ada.answer()
    assert ada.violations() == []


def test_the_stop_button_stops_the_model(office, visit, veras):
    # The last one: from here on the assistant writes by itself.
    office.client.patch(
        f"/v1/assistants/{office.front_desk}", json={"answers": {"mode": "generate"}}
    ).raise_for_status()
    vera = visit().go("index.html", site=veras.address).open()
    vera.ask("Tell me everything about leave and expenses, at length.", wait=False)
    vera.find(".status").get_by_text("Searching").wait_for()
    vera.find(".send.stop").click()
    vera.until("() => !SelfHostedAI.getState().busy", seconds=10)
    expect(vera.find(".note").last).to_be_visible()
