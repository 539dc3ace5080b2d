from __future__ import annotations

from pathlib import Path

import pytest

from appliance.base import running
from appliance.base.running import Server
from appliance.desktop.server import LOG_LIMIT, OwnServer, plain
from tests.desktop.conftest import own_server
from tests.live import until


@pytest.fixture
def started(own: OwnServer, data_dir: Path) -> OwnServer:
    own.start()
    until(lambda: running.find(data_dir), seconds=10, what="the server to be there")
    return own


def found(data_dir: Path) -> Server:
    server = running.find(data_dir)
    assert server is not None
    return server


def test_a_started_server_is_the_windows_own(started: OwnServer, data_dir: Path) -> None:
    assert started.alive()
    assert started.owns(found(data_dir))


def test_a_stopped_server_is_gone_when_stop_returns(started: OwnServer, data_dir: Path) -> None:
    started.stop()

    assert not started.alive()
    assert running.find(data_dir) is None


def test_the_server_of_a_crashed_window_is_stopped_by_the_next(
    started: OwnServer, environment: dict[str, str], data_dir: Path
) -> None:
    next_window = own_server(environment, data_dir)
    assert next_window.owns(found(data_dir))

    next_window.stop()

    assert running.find(data_dir) is None
    until(started.died, seconds=5, what="the server to end")


def test_a_server_of_somebody_else_is_left_running(own: OwnServer, data_dir: Path) -> None:
    with running.announce(data_dir, "http://127.0.0.1:5000"):
        assert not own.owns(found(data_dir))
        own.stop()

        assert running.find(data_dir) is not None


def test_a_server_that_ends_by_itself_leaves_its_words(
    own: OwnServer, environment: dict[str, str], data_dir: Path
) -> None:
    dying = own_server({**environment, "STANDIN_FATE": "die"}, data_dir)
    dying.start()
    until(dying.died, seconds=10, what="the server to die")

    assert dying.words() == ["error  Port 5000 is taken."]


def test_the_words_are_those_since_the_last_start(own: OwnServer) -> None:
    own.log.parent.mkdir(parents=True)
    own.log.write_text("old\n--- started by the window\nnew 1\nnew 2\n")

    assert own.words() == ["new 1", "new 2"]
    assert own.words(1) == ["new 2"]


def test_a_long_log_is_set_aside(own: OwnServer) -> None:
    own.log.parent.mkdir(parents=True)
    own.log.write_bytes(b"x" * (LOG_LIMIT + 1))

    own.start()

    assert own.log.stat().st_size < LOG_LIMIT
    assert own.log.with_suffix(".log.1").stat().st_size == LOG_LIMIT + 1


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ('{"level": "info", "message": "ready", "at": "now"}', "info  ready"),
        (
            '{"level": "error", "message": "failed", "trace": "Trace\\nOSError: full"}',
            "error  failed: OSError: full",
        ),
        ("Error: plain words\n", "Error: plain words"),
        ("[1, 2]", "[1, 2]"),
    ],
)
def test_a_line_of_the_log_reads_as_words(line: str, read: str) -> None:
    assert plain(line) == read
