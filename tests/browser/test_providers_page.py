"""The providers page before the real program, with a provider that runs on this machine."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.console import Window, call, sign_in
from tests.live import Appliance

BUILT = ROOT / "appliance/web/static/console/index.html"
KEY = "sk-office-0123456789-ab12"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not BUILT.exists(), reason="the console is not built: npm run build"),
]


class Basement(BaseHTTPRequestHandler):
    """As much of an OpenAI-compatible server as a test of the connection asks for."""

    def do_GET(self) -> None:
        """The list of its models, for whoever has the key."""
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return self._say(401, {"error": {"message": "Incorrect API key provided."}})
        models = [{"id": name, "object": "model"} for name in ("tiny", "large")]
        return self._say(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        """One word, written as it comes."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = [({"role": "assistant", "content": "Yes."}, None), ({}, "stop")]
        pieces = [{"index": 0, "delta": delta, "finish_reason": reason} for delta, reason in said]
        chunks = [
            {"id": "1", "object": "chat.completion.chunk", "model": "tiny", "choices": [piece]}
            for piece in pieces
        ]
        lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
        self._send(200, "text/event-stream", "".join([*lines, "data: [DONE]\n\n"]))

    def _say(self, status: int, body: object) -> None:
        self._send(status, "application/json", json.dumps(body))

    def _send(self, status: int, kind: str, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def basement():
    """The address of a provider in the same house."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Basement)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    """A running appliance with an assistant, and so a collection."""
    appliance = Appliance(tmp_path_factory.mktemp("box")).start().set_up()
    appliance.desk = appliance.assistant()
    yield appliance
    appliance.stop()


@pytest.fixture(scope="module")
def signed_in(box, chromium):
    """The cookies of Ada, who signed in once for the whole module."""
    window = Window(chromium, box.address)
    sign_in(window.go("/"))
    expect(window.page.get_by_role("heading", name="Assistants")).to_be_visible()
    state = window.context.storage_state()
    window.close()
    return state


@pytest.fixture
def window(box, signed_in, chromium):
    """Ada's window; it is closed, and judged, when the test ends."""
    opened = Window(chromium, box.address, storage_state=signed_in)
    yield opened
    opened.close()


def add_basement(page, address: str, key: str = KEY) -> None:
    """Fill in the drawer for a server of one's own."""
    page.get_by_role("button", name="Add a provider").first.click()
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="OpenAI-compatible server").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Basement")
    page.get_by_role("textbox", name="Address").fill(address)
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("combobox", name="Name of a model").fill("tiny")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Save").click()


@pytest.fixture
def provider(window, basement):
    """The card of a provider that was just added; it is gone when the test ends."""
    page = window.go("/providers")
    add_basement(page, basement)
    card = page.get_by_role("article", name="Basement")
    expect(card).to_be_visible()
    yield card
    for one in call(page, "GET", "/v1/providers")["data"]:
        call(page, "DELETE", f"/v1/providers/{one['id']}")


def test_nothing_leaves_until_somebody_adds_a_provider(window):
    page = window.go("/providers")
    expect(page.get_by_role("heading", name="Nothing leaves this building")).to_be_visible()
    assert window.barriers() == []


def test_a_new_provider_is_off_and_its_key_is_never_shown_again(window, provider):
    expect(provider).to_contain_text("Off")
    expect(provider).to_contain_text("Not allowed in this project")
    expect(provider).to_contain_text("Key …ab12")
    provider.get_by_role("button", name="Edit Basement").click()
    expect(window.page.get_by_label("Key", exact=True)).to_have_value("")
    expect(window.page.get_by_text("The key …ab12 is kept.")).to_be_visible()
    assert KEY not in window.page.content()
    assert KEY not in json.dumps(call(window.page, "GET", "/v1/providers"))
    assert window.barriers() == []
    assert window.violations() == []


def test_the_connection_is_tested_with_a_button(provider):
    provider.get_by_role("button", name="Test Basement").click()
    expect(provider.get_by_role("status")).to_contain_text(re.compile("It answers in .+ 2 models"))


def test_a_key_that_is_refused_is_told(window, provider):
    provider.get_by_role("button", name="Edit Basement").click()
    window.page.get_by_label("Key", exact=True).fill("sk-wrong-0123456789")
    window.page.get_by_role("button", name="Save").click()
    expect(provider).to_contain_text("Key …6789")
    provider.get_by_role("button", name="Test Basement").click()
    expect(provider.get_by_role("status")).to_contain_text("It does not work")


def test_texts_may_leave_only_after_a_warning(window, provider):
    page = window.page
    expect(page.get_by_text("Nothing leaves this building")).to_be_visible()
    provider.get_by_role("switch", name=re.compile("Switched on")).press("Space")
    allow = provider.get_by_role("switch", name=re.compile("Allowed in this project"))
    allow.press("Space")
    expect(page.get_by_role("dialog")).to_contain_text("Let texts leave the building?")
    expect(page.get_by_role("dialog")).to_contain_text("127.0.0.1")
    assert window.barriers() == []
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Texts may leave this building.")).to_have_count(0)

    allow.press("Space")
    page.get_by_role("button", name="Allow, texts may leave").click()
    expect(page.get_by_text("Texts may leave this building.")).to_be_visible()


def test_an_allowed_model_is_marked_where_an_assistant_chooses_it(box, window, provider):
    found = call(window.page, "GET", "/v1/providers")["data"][0]["id"]
    call(window.page, "PATCH", f"/v1/providers/{found}", {"enabled": True})
    call(window.page, "PUT", f"/v1/providers/{found}/permission", {"allowed": True})
    page = window.go(f"/assistants/{box.desk}/behaviour")
    page.get_by_role("combobox", name="Model that writes").click()
    outside = page.get_by_role("option", name=re.compile("tiny"))
    expect(outside).to_contain_text("texts leave the building")
    outside.click()
    expect(page.get_by_text(re.compile("are sent out of the building to"))).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Saved")).to_be_visible()
    desk = call(page, "GET", f"/v1/assistants/{box.desk}")
    assert desk["llm"]["model"] == f"{found}/tiny"
    call(page, "PATCH", f"/v1/assistants/{box.desk}", {"llm": {"model": None}})


def test_a_collection_that_never_leaves_stays_so(window):
    page = window.go("/providers")
    switch = page.get_by_role("switch", name=re.compile("Never leaves the box")).first
    switch.press("Space")
    expect(switch).to_be_checked()
    page.reload()
    expect(switch).to_be_checked()
    switch.press("Space")
    expect(switch).not_to_be_checked()


def test_a_provider_can_be_deleted(window, provider):
    provider.get_by_role("button", name="Delete Basement").click()
    window.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(provider).to_have_count(0)
