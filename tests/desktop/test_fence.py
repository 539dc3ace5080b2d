"""The window never leaves our origin: a page of ours that tries every way out."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from appliance.desktop.fence import bring_back
from appliance.desktop.origin import inside
from tests.live import until

OURS = "http://127.0.0.1:5000"
WINDOW = """
import sys
from appliance.base import settings
from appliance.desktop.window import open_window
open_window(
    settings.load(),
    entrance=lambda _: "/desktop?ticket=once",
    serve=[sys.executable, "-m", "tests.desktop.standin"],
)
"""


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Mallory's server: its address, and the requests that have reached it."""
    reached: list[str] = []

    class Mallory(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(200)
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Mallory) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", reached
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_no_page_of_ours_can_leave_our_origin(
    screen: str,
    tmp_path: Path,
    environment: dict[str, str],
    data_dir: Path,
    elsewhere: tuple[str, list[str]],
) -> None:
    address, reached = elsewhere
    page, browser, opened = tmp_path / "page.html", tmp_path / "xdg-open", tmp_path / "opened"
    page.write_text(
        (Path(__file__).parent / "escape.html").read_text().replace("ELSEWHERE", address)
    )
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    window = subprocess.Popen(
        [sys.executable, "-c", WINDOW],
        env={
            **environment,
            "DISPLAY": screen,
            "HOME": str(tmp_path),
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "STANDIN_PAGE": str(page),
            "STANDIN_ELSEWHERE": address,
        },
        stderr=subprocess.DEVNULL,
    )
    requests = data_dir / "requests.log"
    try:
        until(lambda: requests.exists(), seconds=20, what="the console")
        until(lambda: "the-end" in requests.read_text(), seconds=30, what="every way out")
    finally:
        window.send_signal(signal.SIGTERM)
        assert window.wait(20) == 0

    seen = requests.read_text()
    assert reached == []
    assert "GET /desktop?ticket=once None" in seen
    assert "/said/kept s=1" in seen
    assert "/said/after-redirect" in seen
    assert "/said/fetch-blocked" in seen
    assert "/said/socket-blocked" in seen
    assert "/said/bridge-absent" in seen
    assert {f"{address}/link", f"{address}/blank"} <= set(opened.read_text().split())
    assert "file:" not in opened.read_text()


class Wandered:
    """A window on another engine, which has gone somewhere."""

    def __init__(self, url: str | None) -> None:
        self.url = url

    def get_current_url(self) -> str | None:
        return self.url

    def load_url(self, url: str) -> None:
        self.url = url


@pytest.mark.parametrize(
    ("at", "then"),
    [("file:///etc/passwd", OURS), (OURS + "/keys", OURS + "/keys"), (None, None)],
)
def test_an_engine_that_cannot_be_asked_is_brought_back(at: str | None, then: str | None) -> None:
    window = Wandered(at)

    bring_back(window, lambda url: inside(url, OURS), OURS)

    assert window.url == then
