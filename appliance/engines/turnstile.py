"""A fair line in front of something that serves one at a time."""

from __future__ import annotations

import threading
from types import TracebackType

from appliance.base.errors import Busy


class Turnstile:
    """Lets one through at a time, in the order they came, and turns the rest away."""

    def __init__(self, *, limit: int) -> None:
        """`limit`: how many may wait besides the one who is through."""
        self._limit = limit
        self._changed = threading.Condition()
        self._line: list[Place] = []

    def enter(self) -> Place:
        """A place at the end of the line. Leave it, or use it in a `with`. Raises Busy."""
        with self._changed:
            if len(self._line) > self._limit:
                raise Busy(f"{self._limit} others are waiting already. Please try again soon.")
            place = Place(self)
            self._line.append(place)
            return place

    def waiting(self) -> int:
        """How many stand in the line, the one who is through included."""
        return len(self._line)

    def position(self, place: Place) -> int:
        """How many are before this one; 0: it is through."""
        with self._changed:
            return self._line.index(place)

    def wait(self, place: Place, seen: int, seconds: float) -> int:
        """The position, once it is no longer the one `seen` or after `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: self._line.index(place) != seen, seconds)
            return self._line.index(place)

    def leave(self, place: Place) -> None:
        """Make room for the next. Leaving twice is leaving once."""
        with self._changed:
            if place in self._line:
                self._line.remove(place)
                self._changed.notify_all()


class Place:
    """One's place in the line."""

    def __init__(self, line: Turnstile) -> None:
        self._line = line

    @property
    def position(self) -> int:
        """How many are before this one; 0: it is through."""
        return self._line.position(self)

    def wait(self, seen: int, seconds: float) -> int:
        """The position, once it is no longer the one `seen` or after `seconds`."""
        return self._line.wait(self, seen, seconds)

    def __enter__(self) -> Place:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.leave(self)
