from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.base import running
from appliance.base.errors import Broken
from appliance.desktop import keeper as keeping
from appliance.desktop.keeper import Keeper
from appliance.desktop.server import OwnServer
from tests.desktop.conftest import own_server
from tests.live import until

Open = Callable[..., "Watched"]


class Watched:
    """A keeper, and the pages it has shown, in order."""

    def __init__(self, own: OwnServer, data_dir: Path, entrance: Callable[[], str]) -> None:
        self.pages: list[str] = []
        self.keeper = Keeper(self, own, data_dir=data_dir, entrance=entrance)
        self.keeper.start()

    def show(self, html: str) -> None:
        self.pages.append(html.partition("<title>")[2].partition("</title>")[0])

    def open(self, url: str) -> None:
        self.pages.append(url)

    def shows(self, page: str) -> None:
        """Wait until this is the last page shown."""
        until(lambda: self.pages[-1:] == [page], seconds=15, what=page)


@pytest.fixture
def address(environment: dict[str, str]) -> str:
    return f"http://127.0.0.1:{environment['APPLIANCE_PORT']}"


@pytest.fixture
def open_(environment: dict[str, str], data_dir: Path) -> Iterator[Open]:
    """Open a window without a display, whose server meets a fate."""
    opened: list[Watched] = []

    def open_(fate: str = "", entrance: Callable[[], str] = lambda: "/desktop") -> Watched:
        own = own_server({**environment, "STANDIN_FATE": fate}, data_dir)
        opened.append(Watched(own, data_dir, entrance))
        return opened[-1]

    yield open_
    for each in opened:
        each.keeper.close()


def test_a_server_is_started_and_the_console_opened(open_: Open, address: str) -> None:
    window = open_()

    window.shows(address + "/desktop")
    assert window.pages == ["Starting Inhouse", address + "/desktop"]
    assert window.keeper.address == address


def test_closing_the_window_stops_the_server_it_started(
    open_: Open, data_dir: Path, address: str
) -> None:
    window = open_()
    window.shows(address + "/desktop")

    window.keeper.close()

    assert running.find(data_dir) is None


def test_closing_while_the_server_starts_leaves_none(open_: Open, data_dir: Path) -> None:
    window = open_()
    until(lambda: window.pages, seconds=5, what="the starting page")

    window.keeper.close()

    assert running.find(data_dir) is None
    assert not running.held(data_dir / running.LOCK)


def test_a_server_that_runs_is_found_and_left_running(
    own: OwnServer, open_: Open, data_dir: Path, address: str
) -> None:
    own.start()
    until(lambda: running.find(data_dir), seconds=10, what="the server")
    (data_dir / "window" / "server.pid").unlink()  # nobody's window started it

    window = open_()
    window.shows(address + "/desktop")
    window.keeper.close()

    assert own.alive()


def test_a_server_that_dies_is_shown_and_can_be_tried_again(open_: Open, address: str) -> None:
    window = open_("once")
    window.shows("Inhouse did not start")

    window.keeper.retry()

    window.shows(address + "/desktop")


def test_a_server_that_takes_long_is_shown_talking(
    open_: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SLOW", 0.2)
    monkeypatch.setattr(keeping, "TOO_SLOW", 1.0)
    window = open_("deaf")

    window.shows("Inhouse did not start")
    assert window.pages == ["Starting Inhouse"] * 2 + ["Inhouse did not start"]


def test_a_settled_server_that_falls_is_started_again(
    open_: Open, data_dir: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SETTLED", 0.0)
    window = open_()
    window.shows(address + "/desktop")

    kill(data_dir)
    window.shows("Starting Inhouse again")
    window.shows(address + "/desktop")


def test_a_server_that_falls_at_once_waits_for_the_person(
    open_: Open, data_dir: Path, address: str
) -> None:
    window = open_()
    window.shows(address + "/desktop")

    kill(data_dir)

    window.shows("Inhouse did not start")
    assert window.keeper.address is None


def test_the_console_comes_back_with_a_found_server(
    own: OwnServer, open_: Open, data_dir: Path, address: str
) -> None:
    own.start()
    until(lambda: running.find(data_dir), seconds=10, what="the server")
    (data_dir / "window" / "server.pid").unlink()
    window = open_()
    window.shows(address + "/desktop")

    own.stop()
    window.shows("The server has stopped")
    own.start()
    window.shows(address + "/desktop")


def test_who_cannot_be_signed_in_by_ticket_sees_the_sign_in(open_: Open, address: str) -> None:
    def locked() -> str:
        raise Broken("The key is missing.")

    open_(entrance=locked).shows(address + "/")


def kill(data_dir: Path) -> None:
    """kill -9 for whoever serves the folder."""
    import os
    import signal

    server = running.find(data_dir)
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
