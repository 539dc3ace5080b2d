"""A breaker: whoever keeps failing is left alone for a while, and then tried with one question."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from appliance.base.errors import ApplianceError, EngineFailed

State = Literal["closed", "open", "half_open"]

FAILURES = 3  # in a row
REST = 30.0  # seconds; twice as long after each trial that fails
LONGEST = 300.0


class Resting(EngineFailed):
    """It failed too often of late; it is not asked now."""

    code = "provider_resting"


@dataclass(frozen=True)
class Health:
    """How it is doing."""

    state: State
    failures: int  # in a row
    last_error: str | None  # in words for the person who runs the appliance
    latency_ms: int | None  # until the first word, of late


class Trial:
    """One question. `passed` may be said as soon as it is going well."""

    def __init__(self) -> None:
        self.seconds: float | None = None

    def passed(self, seconds: float) -> None:
        if self.seconds is None:
            self.seconds = seconds


class Breaker:
    """Closed: all may ask. Open: nobody, for a while. Half open: one may, and decides."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._lock = now, threading.Lock()
        self._failures, self._rest = 0, REST
        self._open_until: float | None = None
        self._trying = False
        self._last_error: str | None = None
        self._latency: float | None = None

    def ready(self) -> bool:
        """Whether a question would be let through now."""
        with self._lock:
            return self._admits()

    def health(self) -> Health:
        with self._lock:
            latency = None if self._latency is None else round(self._latency * 1000)
            return Health(self._state(), self._failures, self._last_error, latency)

    @contextmanager
    def trial(self, *, whatever: bool = False) -> Iterator[Trial]:
        """Around one question. Raises Resting; `whatever`: not even then.

        A question that is given up, or fails through no fault of theirs, counts for nothing.
        """
        with self._lock:
            if not whatever and not self._admits():
                raise Resting("The model's provider failed several times and is given a rest.")
            self._trying = True
        trial, error = Trial(), None
        try:
            yield trial
        except EngineFailed as failed:
            error = failed if getattr(failed, "theirs", True) else None
            raise
        finally:
            with self._lock:
                self._trying = False
                if error is not None:
                    self._note(error)
                elif trial.seconds is not None:
                    self._well(trial.seconds)

    def _admits(self) -> bool:
        state = self._state()
        return state == "closed" or (state == "half_open" and not self._trying)

    def _state(self) -> State:
        if self._open_until is None:
            return "closed"
        return "open" if self._now() < self._open_until else "half_open"

    def _note(self, error: ApplianceError) -> None:
        self._failures += 1
        self._last_error = error.message
        again = self._open_until is not None
        if again:
            self._rest = min(self._rest * 2, LONGEST)
        asked = getattr(error, "retry_after", None) or 0.0
        rest = self._rest if again or self._failures >= FAILURES else 0.0
        if rest or asked:
            self._open_until = self._now() + min(max(rest, asked), LONGEST)

    def _well(self, seconds: float) -> None:
        self._failures, self._rest, self._open_until, self._last_error = 0, REST, None, None
        before = self._latency
        self._latency = seconds if before is None else 0.7 * before + 0.3 * seconds
