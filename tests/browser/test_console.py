"""The console in a real browser, before the real program with its real models."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AXE, ROOT
from tests.browser.console import Window, ask, sign_in, upload
from tests.live import ADMIN, Appliance, until

BUILT = ROOT / "appliance/web/static/console/index.html"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not BUILT.exists(), reason="the console is not built: npm run build"),
]

HANDBOOK = b"""# Opening hours

The front desk is open Monday to Friday from nine to five. On Saturdays it closes at one.

# Prices

A day ticket costs 12 euros for adults. Groups of ten or more pay 9 euros each.
"""

SCREENS = [
    "/assistants",
    "/assistants/{id}/behaviour",
    "/assistants/{id}/look",
    "/assistants/{id}/access",
    "/assistants/{id}/embed",
    "/assistants/{id}/versions",
    "/knowledge",
    "/knowledge?tab=test",
    "/keys",
    "/models",
    "/models?show=available",
    "/providers",
    "/nowhere",
]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A running appliance with one assistant that has read one document."""
    appliance = Appliance(tmp_path_factory.mktemp("office")).start().set_up()
    appliance.front_desk = appliance.assistant(answers={"mode": "quote"})
    appliance.upload(appliance.front_desk, "handbook.md", HANDBOOK)
    appliance.ready(appliance.front_desk)
    yield appliance
    appliance.stop()


@pytest.fixture(scope="module")
def signed_in(office, chromium):
    """The cookies of Ada, who signed in once for the whole module."""
    window = Window(chromium, office.address)
    sign_in(window.go("/"))
    expect(window.page.get_by_role("heading", name="Assistants")).to_be_visible()
    state = window.context.storage_state()
    window.close()
    return state


@pytest.fixture
def open_window(chromium):
    """Open windows that are closed, and judged, when the test ends."""
    opened = []

    def opening(address, **look):
        opened.append(Window(chromium, address, **look))
        return opened[-1]

    yield opening
    for window in opened:
        window.close()


@pytest.fixture
def console(office, signed_in, open_window):
    """A window in which Ada is signed in."""
    return open_window(office.address, storage_state=signed_in)


def test_the_first_admin_is_made_with_the_printed_code(tmp_path, open_window):
    appliance = Appliance(tmp_path).start()
    try:
        code = re.search(r"first admin:\s+(\S+)", appliance.log())
        window = open_window(appliance.address)
        page = window.go("/")
        page.get_by_label("One-time code").fill(code[1])
        page.get_by_label("E-mail address").fill(ADMIN["email"])
        page.get_by_role("textbox", name="Password").fill(ADMIN["password"])
        page.get_by_role("button", name="Create account").click()

        expect(page.get_by_text("Create your first assistant")).to_be_visible()
        assert window.violations() == []
    finally:
        appliance.stop()


def test_a_wrong_password_is_told_in_the_servers_words(office, open_window):
    page = open_window(office.address).go("/keys")
    sign_in(page, "not the password")

    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"req_\w+"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_every_screen_can_be_used_by_everybody(office, signed_in, open_window, scheme, width):
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    window = open_window(office.address, storage_state=signed_in, **look)
    for path in SCREENS:
        page = window.go(path.format(id=office.front_desk))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")

        assert window.barriers() == [], path
        assert window.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_an_answer_is_streamed_with_sources_that_open(office, console):
    page = console.go(f"/assistants/{office.front_desk}/behaviour")
    ask(page, "What do groups pay?")
    page.get_by_role("button", name="Source 1: handbook.md").first.click()

    passage = page.get_by_role("dialog", name="handbook.md")
    expect(passage.locator("mark")).to_contain_text("9 euros")
    assert console.violations() == []
    assert console.barriers() == []


def test_a_refusal_is_explained(office, console):
    page = console.go(f"/assistants/{office.front_desk}/behaviour")
    ask(page, "Who won the football world cup?")

    expect(page.get_by_text("I don't know")).to_have_count(2)  # the answer, and the setting
    expect(page.get_by_text("Nothing in the documents answers this")).to_be_visible()


def test_a_file_is_uploaded_read_looked_at_and_deleted(office, console):
    page = console.go("/knowledge")
    upload(page, "parking.txt", b"Parking is free on Sundays.")
    row = page.get_by_role("row", name=re.compile("parking.txt"))
    expect(row).to_contain_text("Ready", timeout=60_000)

    row.get_by_role("button", name="parking.txt", exact=True).click()
    page.get_by_role("tab", name="Passages").click()
    expect(page.get_by_text("Parking is free on Sundays.")).to_be_visible()
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Actions for parking.txt").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_a_replaced_document_has_the_new_passages(office, console):
    assistant = office.assistant(name="Canteen")
    office.upload(assistant, "menu.txt", b"On Mondays there is soup.")
    office.ready(assistant)
    page = console.go(f"/knowledge?assistant={assistant}")
    row = page.get_by_role("row", name=re.compile("menu.txt"))
    with page.expect_file_chooser() as chooser:
        row.get_by_role("button", name="Actions for menu.txt").click()
        page.get_by_role("menuitem", name="Replace with another file").click()
    new = {"name": "menu.txt", "mimeType": "text/plain", "buffer": b"On Mondays there is cake."}
    chooser.value.set_files(new)
    row.get_by_role("button", name="menu.txt", exact=True).click()
    page.get_by_role("tab", name="Passages").click()

    expect(page.get_by_text("On Mondays there is cake.")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("On Mondays there is soup.")).to_have_count(0)


def test_an_empty_file_is_refused_where_it_was_dropped(office, console):
    page = console.go("/knowledge")
    upload(page, "nothing.txt", b"")

    expect(page.get_by_role("region", name="Uploads").get_by_role("alert")).to_be_visible()


def test_a_search_shows_what_would_be_answered(office, console):
    page = console.go("/knowledge?tab=test")
    page.get_by_label("Question").fill("When does the front desk close on Saturdays?")
    page.get_by_role("button", name="Search").click()

    expect(page.get_by_text("The assistant would answer")).to_be_visible()
    best = page.get_by_role("list", name="Passages found").get_by_role("listitem").first
    expect(best).to_contain_text("handbook.md")


def test_changes_are_not_lost_by_walking_away_or_by_a_session_that_ends(office, console):
    page = console.go(f"/assistants/{office.front_desk}/behaviour")
    page.get_by_label("Tone of voice").fill("Calm")
    page.get_by_role("link", name="Models").click()
    page.get_by_role("button", name="Stay here").click()
    page.context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("textbox", name="Password").fill(ADMIN["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("button", name="Saved")).to_be_visible()
    assert office.get(f"/v1/assistants/{office.front_desk}")["tone"] == "Calm"


def test_a_site_that_was_turned_away_is_let_in_with_one_click(office, console):
    origin = {"Origin": "https://intranet.example"}
    query = {"assistant_id": office.front_desk}
    office.client.get("/v1/widget/config", params=query, headers={**origin, "Authorization": ""})
    page = console.go(f"/assistants/{office.front_desk}/access")
    page.get_by_role("button", name="Allow: https://intranet.example").click()

    expect(page.get_by_role("list", name="Allowed sites")).to_contain_text("intranet.example")
    saved = office.get(f"/v1/assistants/{office.front_desk}")["security"]["allowed_origins"]
    assert saved == ["https://intranet.example"]


def test_an_archived_assistant_comes_back_with_undo(office, console):
    spare = office.post("/v1/assistants", {"name": "Spare"})["id"]
    page = console.go("/assistants")
    page.get_by_role("button", name="Actions for Spare").click()
    page.get_by_role("menuitem", name="Archive").click()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name="Spare")).to_be_visible()
    assert office.get(f"/v1/assistants/{spare}")["archived_at"] is None


def test_a_key_is_shown_once_and_works_until_it_is_revoked(office, console):
    page = console.go("/keys")
    page.get_by_role("button", name="New key").first.click()
    page.get_by_label("Name").fill("Ticket system")
    page.get_by_role("button", name="Create key").click()
    key = page.get_by_role("group", name="The key").inner_text().strip()
    page.get_by_role("button", name="I have copied it").click()
    bearer = {"Authorization": f"Bearer {key}"}
    assert office.client.get("/v1/assistants", headers=bearer).status_code == 200

    page.get_by_role("button", name="Actions for Ticket system").click()
    page.get_by_role("menuitem", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke key").click()
    expect(page.get_by_text("Ticket system is revoked.")).to_be_visible()
    until(
        lambda: office.client.get("/v1/assistants", headers=bearer).status_code == 401,
        seconds=5,
        what="the key to end",
    )


def test_the_console_is_walked_with_the_keyboard_alone(office, console):
    page = console.go("/assistants")
    expect(page.get_by_role("link", name="Front desk")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("link", name="Front desk").focus()
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="Behaviour").focus()
    page.keyboard.press("ArrowRight")

    expect(page.get_by_role("tab", name="Look")).to_be_focused()
    expect(page.get_by_role("figure", name="Preview")).to_be_visible()
