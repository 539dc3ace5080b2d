"""`appliance desktop` on a display that nobody sees, with the real server and console."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.base import running
from tests.live import ADMIN, free_port, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


class Window:
    """The command, and what its web engine shows."""

    def __init__(self, environment: dict[str, str], screen: str) -> None:
        self._peephole = free_port()
        self._environment = {
            **environment,
            "DISPLAY": screen,
            "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{self._peephole}",
        }
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "appliance", "desktop"],
            env=self._environment,
            stderr=subprocess.DEVNULL,
        )

    def shows(self, words: str, *, within: float) -> None:
        """Wait until the page's title or address has these words."""
        until(lambda: words in self._page(), seconds=within, what=words)

    def _page(self) -> str:
        try:
            address = f"http://127.0.0.1:{self._peephole}/json/list"
            with urllib.request.urlopen(address, timeout=2) as reply:
                return " ".join(f"{page['title']} {page['url']}" for page in json.load(reply))
        except (OSError, ValueError):
            return ""

    def close(self) -> int:
        """Close it as the end of a session does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)


@pytest.fixture
def window(
    screen: str, environment: dict[str, str], data_dir: Path, tmp_path: Path
) -> Iterator[Window]:
    opened = Window({**environment, "HOME": str(tmp_path)}, screen)
    yield opened
    if opened.process.poll() is None:
        opened.close()
    for pid in alive(data_dir):
        os.kill(pid, signal.SIGKILL)


def alive(data_dir: Path) -> list[int]:
    """Processes, zombies aside, that were started for this data folder."""
    mark = f"APPLIANCE_DATA_DIR={data_dir}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def set_up(environment: dict[str, str]) -> None:
    """Make the first admin."""
    subprocess.run(
        [sys.executable, "-m", "appliance", "setup", "--email", ADMIN["email"], "--password-stdin"],
        env=environment,
        input=ADMIN["password"].encode(),
        check=True,
        capture_output=True,
    )


def test_it_opens_at_once_and_leads_to_the_set_up(
    window: Window, environment: dict[str, str], data_dir: Path
) -> None:
    window.shows("Starting Inhouse", within=3)

    window.shows(f":{environment['APPLIANCE_PORT']}/#code=", within=30)
    assert window.close() == 0
    until(lambda: not alive(data_dir), seconds=5, what="nothing to be left")


def test_the_owner_is_signed_in_by_a_ticket(
    environment: dict[str, str], data_dir: Path, screen: str, tmp_path: Path
) -> None:
    set_up(environment)
    window = Window({**environment, "HOME": str(tmp_path)}, screen)
    try:
        window.shows(f":{environment['APPLIANCE_PORT']}/assistants", within=30)
    finally:
        assert window.close() == 0
    assert running.find(data_dir) is None


def test_a_second_start_brings_the_first_window_forward(window: Window, data_dir: Path) -> None:
    window.shows("/#code=", within=30)

    assert window.start().wait(10) == 0

    until(lambda: not (data_dir / "window" / "forward").exists(), seconds=5, what="the note")
    assert window.process.poll() is None


def test_the_server_outlives_a_crash_of_the_window_and_the_next_one_keeps_it(
    window: Window, data_dir: Path
) -> None:
    window.shows("/#code=", within=30)
    server = running.find(data_dir)

    window.process.kill()
    window.process.wait()
    time.sleep(0.5)
    assert running.find(data_dir) == server

    window.process = window.start()
    window.shows("/#code=", within=30)
    assert running.find(data_dir) == server
    assert window.close() == 0
    assert running.find(data_dir) is None
