"""A model process and its supervision: started when needed, restarted when it dies.

What runs in there is native code on files from elsewhere. When it crashes, the
requests it had end with a clear error, the program goes on, and the next request
gets a new process.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from appliance.base.errors import EngineFailed
from appliance.engines.life import Call, Life, State

log = logging.getLogger(__name__)


class Backoff:
    """How long to leave a process alone that keeps dying. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._deaths = 0
        self._until = 0.0

    def died(self, now: float) -> None:
        """The first death is forgiven at once; then it is 2, 4, 8 … 60 seconds."""
        self._deaths += 1
        pause = min(2.0 ** (self._deaths - 1), 60.0) if self._deaths > 1 else 0.0
        self._until = now + pause

    def worked(self) -> None:
        """A request was answered: what happened before counts no more."""
        self._deaths = 0
        self._until = 0.0

    def remaining(self, now: float) -> float:
        """Seconds until it may be started again."""
        return max(0.0, self._until - now)


class Child:
    """A model process that is there when it is needed."""

    def __init__(
        self,
        kind: str,
        *,
        label: str,
        load: Mapping[str, Any],
        admit: Callable[[], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`kind` as in `appliance/__main__.py`; `label` names it in sentences for people;
        `load` is what the process is told first; `admit` is asked before each start, and
        raises EngineFailed when there is no room for it."""
        self.kind = kind
        self.label = label
        self.kept = False  # when it dies, it is started again before anybody asks for it
        self._load = dict(load)
        self._admit = admit
        self._clock = clock
        self._used_at = clock()
        self._lock = threading.Lock()
        self._life: Life | None = None
        self._backoff = Backoff()

    def state(self) -> State:
        """For the console: does it run?"""
        life = self._life
        return life.state if life else "stopped"

    def facts(self) -> dict[str, Any]:
        """What the child said of itself when it was ready; empty before."""
        life = self._life
        return dict(life.facts) if life else {}

    def pid(self) -> int | None:
        """The process that is running now, if any."""
        life = self._life
        return life.pid if life and life.goes_on else None

    def idle(self) -> float:
        """Seconds since it was last asked for something or had something to do."""
        life = self._life
        if life and life.busy:
            self._used_at = self._clock()
        return self._clock() - self._used_at

    def preload(self) -> None:
        """Start the process in the background, if it is not running. Never raises."""
        try:
            self._living()
        except EngineFailed as error:
            log.warning("model process not started", extra={"child": self.kind, **error.facts})

    def call(self, header: dict[str, Any], payload: bytes = b"") -> Call:
        """Ask the child for something; it is started first when it has to be.

        Returns at once: the answer comes through the call. Raises EngineFailed while a
        child that keeps dying is left alone, and when it is not admitted.
        """
        while True:
            self._used_at = self._clock()
            if call := self._living().ask(header, payload):
                return call
            # It died between the two steps; the next round starts another, or raises.

    def close(self) -> None:
        """End the process and get its memory back. The next call starts a new one."""
        with self._lock:
            life, self._life = self._life, None
        if life:
            life.end()

    def _living(self) -> Life:
        with self._lock:
            if life := self._alive():
                return life
        # Outside the lock: making room may close another model, whose own start waits here.
        if self._admit:
            self._admit()
        with self._lock:
            if life := self._alive():
                return life
            self._used_at = self._clock()
            self._life = Life(
                self.kind,
                label=self.label,
                load=self._load,
                on_answer=self._backoff.worked,
                on_death=lambda: self._backoff.died(self._clock()),
                on_end=self._mourn,
            )
            return self._life

    def _alive(self) -> Life | None:
        """The process that takes requests. Raises EngineFailed while it is left alone."""
        life = self._life
        if life and life.goes_on:
            return life
        if life and (pause := self._backoff.remaining(self._clock())):
            seconds = int(pause) + 1
            raise EngineFailed(f"{life.why} It is tried again in {seconds} s.", retry_after=seconds)
        return None

    def _mourn(self) -> None:
        """It died. One that is kept comes back by itself, once the pause is over."""
        life = self._life
        if self.kept and life and not life.refused:
            pause = self._backoff.remaining(self._clock())
            again = threading.Timer(pause + 0.01, self._revive, args=(life,))
            again.daemon = True
            again.start()

    def _revive(self, dead: Life) -> None:
        if self.kept and self._life is dead:  # not closed meanwhile
            log.info("model process is started again", extra={"child": self.kind})
            self.preload()
