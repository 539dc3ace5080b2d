"""How much one visitor may ask of the appliance, so that others get their turn."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from appliance.base.errors import Busy, Limited
from appliance.web.credentials import Caller

REMEMBERED = 10_000  # visitors and addresses


class Bucket:
    """So many at once, then so many a minute, for each key. Safe from any thread."""

    def __init__(
        self, burst: int, per_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._rate, self._clock = burst, per_minute / 60, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Take one. Raises Limited when none is left."""
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(key, (float(self._burst), now))
            left = min(self._burst, left + (now - since) * self._rate)
            taken = left >= 1
            self._left[key] = (left - 1 if taken else left, now)
            if len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
        if not taken:
            seconds = max(1, round((1 - left) / self._rate))
            raise Limited(f"Too many requests. Wait {seconds} seconds.", retry_after=seconds)


class Seats:
    """Places for long answers; the rest of the threads stay free for everything else."""

    def __init__(self, number: int) -> None:
        self._free = threading.Semaphore(number)
        self._lock = threading.Lock()
        self.taken = 0

    def take(self) -> Callable[[], None]:
        """Take a place; call what is returned to give it back. Raises Busy."""
        if not self._free.acquire(blocking=False):
            raise Busy("Many answers are being written. Try again in a moment.")
        given_back = False
        with self._lock:
            self.taken += 1

        def give_back() -> None:
            nonlocal given_back
            with self._lock:
                if given_back:
                    return
                given_back = True
                self.taken -= 1
            self._free.release()

        return give_back


@dataclass(frozen=True)
class Limits:
    """The buckets of one appliance."""

    sessions: Bucket  # by address
    messages: Bucket  # by session
    messages_from: Bucket  # by address
    seats: Seats


def install(app: Flask, *, threads: int) -> None:
    """Fresh limits for this app."""
    app.extensions["limits"] = Limits(
        sessions=Bucket(30, 30),
        messages=Bucket(10, 20),
        messages_from=Bucket(60, 120),
        seats=Seats(max(1, threads * 3 // 4)),
    )


def limits() -> Limits:
    """The limits in force."""
    found: Limits = current_app.extensions["limits"]
    return found


def session_begins(caller: Caller) -> None:
    """A page's visitor starts a conversation. Raises Limited."""
    if caller.from_page:
        limits().sessions.take(caller.address)


def message_comes(caller: Caller, session_id: str) -> None:
    """A page's visitor asks something. Raises Limited."""
    if caller.from_page:
        limits().messages.take(session_id)
        limits().messages_from.take(caller.address)


def visitor(caller: Caller) -> str:
    """Who shares one turn at the model, with however many conversations."""
    return caller.address if caller.from_page else ""
