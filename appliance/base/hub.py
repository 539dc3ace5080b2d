"""In-process events: whoever waits for a change of a thing is woken when it happens."""

from __future__ import annotations

import threading


class Bell:
    """Wakes waiting threads. A ring that comes while nobody waits is kept for the next wait."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """Wake the thread that waits, or the next one that does."""
        self._rung.set()

    def wait(self, seconds: float) -> bool:
        """Sleep until the bell rings, `seconds` at most. True when it rang."""
        rung = self._rung.wait(seconds)
        self._rung.clear()
        return rung
