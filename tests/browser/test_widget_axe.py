"""The widget under axe-core, in every state a visitor can see, and its pictures.

With WIDGET_SHOTS=folder each state is also photographed there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser.conftest import AXE, Visit

pytestmark = [pytest.mark.slow, pytest.mark.browser]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
    const found = await axe.run("#ai-widget-root", {runOnly: rules});
    return found.violations.map((each) => `${each.impact} ${each.id}: ` +
        each.nodes.map((node) => node.target.flat().pop() + " " + node.failureSummary).join("; "));
}"""


def check(vera: Visit, state: str) -> None:
    """Hold what is on the screen against the rules, and keep a picture of it."""
    vera.page.wait_for_timeout(350)  # let it stop moving: half-transparent text has no contrast
    if folder := os.environ.get("WIDGET_SHOTS"):
        vera.page.screenshot(path=Path(folder) / f"{state}.png")
    assert vera.page.evaluate(RUN, RULES) == [], state


@pytest.mark.parametrize("width", [1440, 375])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", ["plain", "rtl"])
def test_axe_finds_nothing(visit, page, theme, width):
    vera = visit(width=width, height=800, color_scheme=theme).go(page).ready()
    vera.page.evaluate(AXE.read_text("utf-8"))
    name = f"{page}-{theme}-{width}"
    check(vera, f"{name}-closed")
    vera.open()
    check(vera, f"{name}-open")
    vera.ask("How much annual leave do I get?")
    check(vera, f"{name}-answer")
    vera.find(".chip").first.click()
    check(vera, f"{name}-source")
    vera.page.keyboard.press("Escape")
    vera.ask("slow answer", wait=False).find(".body[data-live]").wait_for()
    check(vera, f"{name}-writing")
    vera.find(".send").click()
    vera.settled().ask("table").ask("unsure").ask("moon")
    check(vera, f"{name}-refused")
    vera.ask("list").ask("code").ask("busy")
    check(vera, f"{name}-trouble")
    vera.find(".head .icon").first.click()
    check(vera, f"{name}-menu")
    vera.find(".menu button").last.click()
    check(vera, f"{name}-erase")


@pytest.mark.parametrize("colour", ["#ffe600", "#111111", "#e30613"])
def test_any_brand_colour_keeps_its_contrast(visit, colour):
    for theme in ("light", "dark"):
        vera = visit(color_scheme=theme).go(primary_color=colour).open()
        vera.page.evaluate(AXE.read_text("utf-8"))
        vera.ask("How much annual leave do I get?")
        check(vera, f"brand-{colour[1:]}-{theme}")


def test_the_demo_page_is_clean_too(visit, sites):
    vera = visit()
    vera.page.goto(f"{sites.api}/demo/asst_demo")
    vera.open().page.evaluate(AXE.read_text("utf-8"))
    found = vera.page.evaluate(RUN.replace('"#ai-widget-root"', "document"), RULES)
    check(vera, "demo")
    assert found == []
    assert vera.violations() == []
