"""One server to a data folder, found by whoever looks for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from appliance.base import running
from appliance.base.running import Occupied, Server, announce, find

ADDRESS = "http://127.0.0.1:5000"
HOLDER = """
import sys, time
from pathlib import Path
from appliance.base.running import announce
with announce(Path(sys.argv[1]), "http://127.0.0.1:5000"):
    print("holding", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_process(data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server of its own, which holds the folder until it is killed."""
    child = subprocess.Popen([sys.executable, "-c", HOLDER, data_dir], stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"holding\n"
        yield child
    finally:
        child.kill()
        child.communicate()


def test_a_folder_nobody_serves_has_no_server(tmp_path: Path) -> None:
    assert find(tmp_path / "not there yet") is None


def test_an_announced_server_is_found_until_it_ends(tmp_path: Path) -> None:
    with announce(tmp_path, ADDRESS):
        assert find(tmp_path) == Server(pid=os.getpid(), address=ADDRESS)

    assert find(tmp_path) is None


def test_two_servers_cannot_share_a_folder(tmp_path: Path) -> None:
    with another_process(tmp_path), pytest.raises(Occupied), announce(tmp_path, ADDRESS):
        pass


def test_a_refused_server_leaves_the_first_one_announced(tmp_path: Path) -> None:
    with another_process(tmp_path) as first:
        with pytest.raises(Occupied), announce(tmp_path, "http://127.0.0.1:5001"):
            pass

        assert find(tmp_path) == Server(pid=first.pid, address=ADDRESS)


def test_what_a_killed_server_leaves_behind_is_recognised(tmp_path: Path) -> None:
    with another_process(tmp_path) as child:
        child.kill()
        child.wait()

        assert (tmp_path / running.CARD).exists()
        assert find(tmp_path) is None
        with announce(tmp_path, ADDRESS):
            assert find(tmp_path) == Server(pid=os.getpid(), address=ADDRESS)


def test_asking_does_not_keep_a_server_from_starting(tmp_path: Path) -> None:
    done = threading.Event()

    def ask_without_pause() -> None:
        while not done.is_set():
            find(tmp_path)

    asking = threading.Thread(target=ask_without_pause)
    asking.start()
    try:
        for _ in range(20):
            with announce(tmp_path, ADDRESS):
                pass
    finally:
        done.set()
        asking.join()


def test_a_card_that_cannot_be_read_names_no_server(tmp_path: Path) -> None:
    with announce(tmp_path, ADDRESS):
        (tmp_path / running.CARD).write_text("{")

        assert find(tmp_path) is None


@pytest.fixture
def answering() -> Iterator[str]:
    """A program that answers 200 to /health and 404 to all else."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_server_answers_when_its_health_does(
    answering: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # must not be asked

    assert Server(pid=1, address=answering).answers()


def test_a_server_that_is_gone_does_not_answer() -> None:
    assert not Server(pid=1, address="http://127.0.0.1:9").answers(timeout=0.5)
