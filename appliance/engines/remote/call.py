"""One request to a provider: how long it may take, how much it may say, and how it is ended."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from appliance.base.errors import ApplianceError
from appliance.engines.remote.trouble import Nonsense, ProviderFailed, TooSlow

_here = threading.local()


@dataclass(frozen=True)
class Limits:
    """What a provider may take of us. Seconds and bytes."""

    connect: float = 10.0
    first: float = 120.0  # until it begins to answer: a server in the house may load a model
    idle: float = 30.0  # until the next whole line of a stream, or the next bytes of a body
    total: float = 300.0
    body: int = 16 * 2**20
    line: int = 2**20
    error: int = 64 * 2**10  # of an error's words


class Ended(ProviderFailed):
    """Nobody wants the answer any more."""

    theirs = False


class Call:
    """A request under way. The thread that makes it finds it with `Call.here()`."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.trouble: ApplianceError | None = None  # the first thing that went wrong
        self.stopped = threading.Event()
        self._until = time.monotonic() + limits.total
        self._patient_until = time.monotonic() + limits.first
        self._taken = self._line = 0
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None

    @staticmethod
    def here() -> Call:
        """The call that this thread is making."""
        found: Call = _here.call
        return found

    @contextmanager
    def made_here(self) -> Iterator[None]:
        """Requests of this thread belong to this call."""
        _here.call = self
        try:
            yield
        finally:
            del _here.call

    def end(self) -> None:
        """From any thread: stop at once, also in the middle of waiting for a byte."""
        self.stopped.set()
        with self._lock:
            if self._socket is not None:
                with suppress(OSError):
                    # Not `close`: another thread is waiting in it. And the plain socket's,
                    # for TLS would take its own layer away under that thread.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def watch(self, connection: socket.socket | None) -> None:
        """Remember what `end` has to shut."""
        with self._lock:
            self._socket = connection
        self.heed()

    def heed(self) -> None:
        """Raises Ended."""
        if self.stopped.is_set():
            raise self.fail(Ended())

    def fail(self, error: ApplianceError) -> ApplianceError:
        """Note what went wrong. What the provider's package makes of it does not matter."""
        self.trouble = self.trouble or error
        return self.trouble

    def restart(self) -> None:
        """Once more: forget what went wrong, and begin counting anew; not the total time."""
        self.trouble = None
        self._taken = self._line = 0
        self._patient_until = time.monotonic() + self.limits.first

    def patience(self) -> float:
        """Seconds to wait for the next bytes. Raises TooSlow, Ended."""
        self.heed()
        left = min(self._until, self._patient_until) - time.monotonic()
        if left <= 0:
            raise self.fail(TooSlow())
        return left

    def left(self) -> float:
        """Seconds of the whole time."""
        return self._until - time.monotonic()

    def moved(self) -> None:
        """It got on: the patience for standing still begins anew."""
        self._patient_until = time.monotonic() + self.limits.idle

    def took(self, count: int) -> None:
        """Bytes that came. Raises Nonsense when they are too many."""
        self._taken += count
        if self._taken > self.limits.body:
            raise self.fail(Nonsense("The provider's answer does not end."))

    def lines(self, data: bytes) -> None:
        """A piece of a stream of lines. Raises Nonsense when one of them is too long."""
        end = max(data.rfind(b"\n"), data.rfind(b"\r"))
        if end >= 0:
            self.moved()
        longest = self._line + len(data) if end < 0 else len(data) - end - 1
        self._line = longest
        if longest > self.limits.line:
            raise self.fail(Nonsense("The provider's answer does not end."))
