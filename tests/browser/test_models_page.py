"""The models page before the real program: what an admin does to models from a browser."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT
from tests.browser.console import Window, sign_in
from tests.live import Appliance

BUILT = ROOT / "appliance/web/static/console/index.html"
STARTER = ROOT / "models"
WRITER = "smollm2-135m-instruct"
SLOW = 120_000  # milliseconds: models are loaded, copied and measured

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not BUILT.exists(), reason="the console is not built: npm run build"),
    pytest.mark.skipif(not (STARTER / WRITER).exists(), reason="the starter models are missing"),
]


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    """A running appliance with the starter models in a folder of its own."""
    folder = tmp_path_factory.mktemp("box")
    models = folder / "models"
    models.mkdir()
    (models / "manifest.toml").write_bytes((STARTER / "manifest.toml").read_bytes())
    for model in STARTER.iterdir():
        if model.is_dir() and model.name != "incoming":
            (models / model.name).symlink_to(model, target_is_directory=True)
    appliance = Appliance(folder, models_dir=str(models)).start().set_up()
    appliance.incoming = models / "incoming"
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


def card(page: Page, name: str) -> Locator:
    """A model's card, by the name it has in the catalogue."""
    return page.get_by_role("article").filter(has=page.get_by_text(name, exact=True)).first


def test_a_model_is_unloaded_loaded_and_seen_in_the_memory_bar(window):
    page = window.go("/models")
    writer = card(page, WRITER)
    unload = writer.get_by_role("button", name=re.compile("^Unload"))
    load = writer.get_by_role("button", name=re.compile("^Load"))
    expect(writer).to_contain_text("Running", timeout=SLOW)  # the default is loaded at the start
    title = writer.get_by_role("heading").inner_text()
    bar = page.get_by_role("img", name=re.compile(re.escape(title)))
    expect(bar).to_be_visible(timeout=SLOW)

    unload.click()
    expect(writer).to_contain_text("Loads with the first question", timeout=SLOW)
    expect(bar).to_have_count(0)
    load.click()
    expect(bar).to_be_visible(timeout=SLOW)
    expect(writer).to_contain_text("Running", timeout=SLOW)
    assert window.violations() == []


def test_a_benchmark_ends_in_a_verdict(window):
    page = window.go("/models")
    writer = card(page, WRITER)
    writer.get_by_role("button", name=re.compile("^Benchmark")).click()
    expect(writer).to_contain_text(re.compile("(Fast|Fine|Slow) here"), timeout=SLOW)
    expect(writer).to_contain_text(re.compile(r"writes [\d.,]+ tokens/s"))
    assert window.barriers() == []


def test_a_file_from_the_folder_is_added_and_removed_with_the_keyboard(box, window):
    box.incoming.mkdir(exist_ok=True)
    renamed(next((STARTER / WRITER).glob("*.gguf")), box.incoming / "office.gguf")
    page = window.go("/models")
    press(page.get_by_role("button", name="Add a model"))
    page.get_by_role("radio", name=re.compile("office.gguf")).press("Space")
    press(page.get_by_role("button", name="Add", exact=True))
    added = page.get_by_role("article").filter(has_text="Added by you")
    expect(added).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("region", name="Adding a model")).to_have_count(0, timeout=SLOW)
    # It is measured at once; until then nobody may take it away.
    expect(added).to_contain_text(re.compile("(Fast|Fine|Slow) here"), timeout=SLOW)
    expect(added.get_by_role("progressbar")).to_have_count(0, timeout=SLOW)

    press(added.get_by_role("button", name=re.compile("^More for")))
    page.get_by_role("menuitem", name="Remove").press("Enter")
    press(page.get_by_role("dialog").get_by_role("button", name="Remove model"))
    expect(added).to_have_count(0, timeout=SLOW)


def test_a_text_file_that_was_renamed_is_refused_with_a_sentence(box, window):
    box.incoming.mkdir(exist_ok=True)
    (box.incoming / "letter.gguf").write_text("Dear Sir or Madam, " * 100)
    page = window.go("/models")
    page.get_by_role("button", name="Add a model").click()
    page.get_by_role("radio", name=re.compile("letter.gguf")).click()
    page.get_by_role("button", name="Add", exact=True).click()
    refusal = page.get_by_text(re.compile("GGUF", re.I)).and_(page.get_by_text(re.compile("not")))
    expect(refusal.last).to_be_visible(timeout=SLOW)


def test_where_nothing_is_downloaded_the_page_names_the_folder(box, window):
    page = window.go("/models?show=available")
    expect(page.get_by_text("This machine downloads nothing.")).to_be_visible()
    expect(page.get_by_text(str(box.incoming))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Download"))).to_have_count(0)


def renamed(original: Path, copy: Path) -> None:
    """A copy of a model that says it is another one, in a name of the same length."""
    data = bytearray(original.read_bytes())
    key = data.index(b"general.name") + len(b"general.name") + 4  # the type of its value
    (length,) = struct.unpack_from("<Q", data, key)
    data[key + 8 : key + 8 + length] = b"Office Model Of The House And Its Garden"[:length].ljust(
        length, b"x"
    )
    copy.write_bytes(data)


def press(button: Locator) -> None:
    """What Enter does to a button that has the focus."""
    button.focus()
    button.press("Enter")
