"""Beside the window: sees to it that a server answers behind it, and shows how that goes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from appliance.base import running
from appliance.base.hub import Bell
from appliance.base.running import Server
from appliance.desktop import starting
from appliance.desktop.server import OwnServer

log = logging.getLogger(__name__)

SLOW = 8.0  # seconds after which the person is shown what the server says
TOO_SLOW = 180.0
SETTLED = 30.0  # a server that ran this long is started again when it falls


class Screen(Protocol):
    """What shows a page: the window."""

    def show(self, html: str) -> None:
        """Put up a page of our own."""

    def open(self, url: str) -> None:
        """Go to an address of the server."""


class Keeper:
    """Finds the server of a data folder or starts one, opens the console, and stays.

    `entrance` is called when the server answers and returns the path to open,
    with what signs the person in.
    """

    def __init__(
        self, screen: Screen, own: OwnServer, *, data_dir: Path, entrance: Callable[[], str]
    ) -> None:
        self.address: str | None = None  # of the server that the window now shows
        self._screen = screen
        self._own = own
        self._data_dir = data_dir
        self._entrance = entrance
        self._asked = Bell()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin, and stay until the window closes."""
        self._thread.start()

    def retry(self) -> None:
        """The person asks for another try."""
        self._asked.ring()

    def close(self) -> None:
        """The window is closed: end what runs, then the server if a window started it."""
        self._closing.set()
        self._asked.ring()
        if self._thread.ident is not None:
            self._thread.join()  # else it could start a server after this
        self._own.stop()

    def _run(self) -> None:
        again = False
        while not self._closing.is_set():
            server = self._find_or_start(again=again)
            again = server is not None and self._show(server)

    def _find_or_start(self, *, again: bool) -> Server | None:
        """A server that answers. None when there is none to be had, which is then shown."""
        self._screen.show(starting.waiting(again=again))
        began, told = time.monotonic(), False
        while not self._closing.wait(0.05):
            server = running.find(self._data_dir)
            if server is not None and server.answers(timeout=1):
                return server
            waited = time.monotonic() - began
            if waited > TOO_SLOW or (server is None and self._own.died()):
                self._fail(server)
                return None
            if server is None and not self._own.alive():
                self._own.start()
            if waited > SLOW and not told:
                told = True
                self._screen.show(starting.waiting(self._own.words() or ["(nothing yet)"]))
        return None

    def _fail(self, deaf: Server | None = None) -> None:
        """Say why no server answers, and wait for the person."""
        words = self._own.words()
        if deaf and not self._own.owns(deaf):
            words = [f"Process {deaf.pid} has the data folder, but does not answer."]
        self._screen.show(starting.failed(words, str(self._own.log)))
        self._wait(lambda: False)
        if deaf is None:
            self._own.forget()

    def _show(self, server: Server) -> bool:
        """Open the console until its server is gone. True when it should just start again."""
        self.address = server.address
        try:
            path = self._entrance()
        except Exception:
            log.exception("the window could not be signed in")
            path = "/"  # where a password will do
        self._screen.open(server.address + path)
        came = time.monotonic()
        while not self._closing.wait(0.5) and running.find(self._data_dir) == server:
            pass
        self.address = None
        if self._closing.is_set():
            return False
        return self._after(server, ran=time.monotonic() - came)

    def _after(self, server: Server, *, ran: float) -> bool:
        """What follows when the server is gone though the window is open."""
        if not self._own.owns(server):
            self._screen.show(starting.gone(server.address))
            self._wait(self._back)
        elif ran < SETTLED:
            self._fail()
            return False
        self._own.forget()
        return True

    def _wait(self, enough: Callable[[], bool]) -> None:
        """Until the person asks, the window closes, or there is enough reason to go on."""
        while not self._asked.wait(0.5) and not self._closing.is_set() and not enough():
            pass

    def _back(self) -> bool:
        server = running.find(self._data_dir)
        return server is not None and server.answers(timeout=1)
