"""An answer while it is written: one writer, any number of readers, from any event on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

from appliance.base.errors import Busy, Conflict
from appliance.chat.events import Data, Event

PATIENCE = 1.5  # seconds without a reader until the visitor is taken to have left
HEARTBEAT = 1.0
KEPT = 300.0  # seconds a finished answer can be resumed event by event
KEPT_MOST = 1_000

Clock = Callable[[], float]


class Answer(Protocol):
    """What a door reads: an answer that is being written, or was."""

    reply_id: str

    def events(self, after: int = 0) -> Iterator[Event | None]:
        """The events after a number, until the last. None now and then when there is none."""


class LiveAnswer:
    """The events of one answer. Safe to use from any thread."""

    def __init__(
        self,
        session_id: str,
        reply_id: str,
        *,
        patience: float = PATIENCE,
        clock: Clock = time.monotonic,
    ) -> None:
        self.session_id = session_id
        self.reply_id = reply_id
        self._patience, self._clock = patience, clock
        self._changed = threading.Condition()
        self._events: list[Event] = []
        self._readers = 0
        self._unread_since = clock()
        self._stopped_for: str | None = None
        self.over_since: float | None = None

    def publish(self, name: str, data: Data) -> None:
        """Add an event and wake the readers. Nothing may follow the last one."""
        with self._changed:
            event = Event(len(self._events) + 1, name, data)
            self._events.append(event)
            if event.last:
                self.over_since = self._clock()
            self._changed.notify_all()

    def events(self, after: int = 0) -> Iterator[Event | None]:
        """The events after a number, as they come, until the last one.

        None stands for a second in which nothing happened: the chance to send a
        heartbeat and so to notice a reader who is gone. Whoever stops early closes
        the iterator; an answer that nobody reads is given up after a moment.
        """
        with self._changed:
            self._unread_since = self._clock()
        return self._read(after)

    def _read(self, after: int) -> Iterator[Event | None]:
        with self._changed:
            self._readers += 1
            at = min(after, len(self._events))
        try:
            while True:
                with self._changed:
                    if len(self._events) == at and self.over_since is None:
                        self._changed.wait(HEARTBEAT)
                    news, over = self._events[at:], self.over_since is not None
                at += len(news)
                yield from news
                if over:
                    return
                if not news:
                    yield None
        finally:
            with self._changed:
                self._readers -= 1
                self._unread_since = self._clock()

    def result(self) -> Event:
        """Wait for the last event."""
        last = [event for event in self.events() if event]
        return last[-1]

    def stop(self, reason: str = "stopped") -> None:
        """Ask the writer to end with what there is. The first reason stays."""
        with self._changed:
            self._stopped_for = self._stopped_for or reason

    @property
    def stopped_for(self) -> str | None:
        """Why the writer should end, `client_left` when nobody reads any more; None to go on."""
        with self._changed:
            left = self._clock() - self._unread_since > self._patience
            if not self._readers and left:
                self._stopped_for = self._stopped_for or "client_left"
            return self._stopped_for


class LiveAnswers:
    """Every answer that is being written, and those finished a moment ago."""

    def __init__(self, *, at_once: int, clock: Clock = time.monotonic) -> None:
        self._at_once, self._clock = at_once, clock
        self._lock = threading.Lock()
        self._answers: dict[str, LiveAnswer] = {}
        self._sessions: set[str] = set()  # with an answer under way
        self._closed = False

    def claim(self, session_id: str) -> None:
        """Take the session's one place. Raises Conflict when it is taken, Busy when all are."""
        with self._lock:
            if session_id in self._sessions:
                raise Conflict("The answer to the last question is still being written.")
            if self._closed:
                raise Busy("The appliance is stopping; ask again in a moment.")
            if len(self._sessions) >= self._at_once:
                raise Busy("Too many questions at once; ask again in a moment.")
            self._sessions.add(session_id)

    def release(self, session_id: str) -> None:
        """Give the place back."""
        with self._lock:
            self._sessions.discard(session_id)

    def add(self, answer: LiveAnswer) -> None:
        """Make an answer findable, and forget those that nobody will resume."""
        with self._lock:
            old = self._clock() - KEPT
            over = [a for a in self._answers.values() if a.over_since is not None]
            surplus = len(over) - KEPT_MOST
            for number, each in enumerate(over):  # the oldest come first
                if number < surplus or (each.over_since or old) < old:
                    del self._answers[each.reply_id]
            self._answers[answer.reply_id] = answer

    def find(self, reply_id: str) -> LiveAnswer | None:
        """The answer with this message id, if it is still here."""
        with self._lock:
            return self._answers.get(reply_id)

    def running(self) -> int:
        """How many answers are under way."""
        with self._lock:
            return len(self._sessions)

    def close(self, reason: str) -> None:
        """Take no more, and ask all that are under way to end."""
        with self._lock:
            self._closed = True
            for answer in self._answers.values():
                answer.stop(reason)
