"""A fair line in front of something that serves a few at a time."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

from appliance.base.errors import Busy
from appliance.engines.contract import Ticket

Key = tuple[str, str]  # of a project, or of a session in it

_NEWEST = 0.2  # weight of the latest in the average time a place is held
_FORGET = 60.0  # seconds after which half of what a project was served no longer counts


class Line:
    """Lets `places` through at a time, live answers before background work.

    Projects take turns: the next place goes to the one that was served least lately,
    within it to the visitor that was, then to the session, and then by arrival.
    Background work never takes the last free place while there is more than one. When
    the line is full, whoever came last of the project that fills it gives way to a
    project that does not, and within a project it is so with visitors.
    """

    def __init__(
        self, *, places: int, limit: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`limit`: how many may wait besides those who are through."""
        self._places, self._limit, self._clock = places, limit, clock
        self._changed = threading.Condition()
        self._through: list[Place] = []
        self._waiting: list[Place] = []
        self._served: defaultdict[Key, float] = defaultdict(
            float
        )  # seconds, by project, visitor and session
        self._faded = clock()
        self._held = 0.0  # seconds that a place is held, on average; 0: not known yet

    def enter(self, ticket: Ticket) -> Place:
        """A place in the line. Leave it, or use it in a `with`. Raises Busy."""
        with self._changed:
            if len(self._waiting) >= self._limit and not self._free(ticket):
                self._push_out_for(ticket)
            place = Place(self, ticket)
            self._waiting.append(place)
            self._call()
            return place

    def running(self) -> int:
        """How many are through."""
        return len(self._through)

    def waiting(self) -> int:
        """How many are not through yet."""
        return len(self._waiting)

    def position(self, place: Place) -> int:
        """How many are before this one; 0: it is through. Raises Busy: it had to give way."""
        with self._changed:
            return self._position(place)

    def seconds(self, place: Place) -> float | None:
        """How long it may take until it is through; None: not known."""
        with self._changed:
            position = self._position(place)
            if not position:
                return 0.0
            if not self._held:
                return None
            # Those who are through may take longer than the last ones did.
            now = self._clock()
            ages = [now - each.since for each in self._through]
            held = max(self._held, sum(ages) / len(ages)) if ages else self._held
            return round(position * held / self._places, 1)

    def wait(self, place: Place, seen: int, seconds: float) -> int:
        """The position, once it is no longer the one `seen` or after `seconds`. Raises Busy."""
        with self._changed:
            self._changed.wait_for(lambda: self._position(place) != seen, seconds)
            return self._position(place)

    def leave(self, place: Place) -> None:
        """Make room for the next. Leaving twice is leaving once."""
        with self._changed:
            if place in self._waiting:
                self._waiting.remove(place)
            elif place in self._through:
                self._through.remove(place)
                self._note(place)
            self._call()
            self._changed.notify_all()

    def _position(self, place: Place) -> int:
        if place.pushed_out:
            raise _full(self._limit)
        if place not in self._waiting:
            return 0
        return 1 + self._order().index(place)

    def _call(self) -> None:
        """Let through whoever is next, while there are places."""
        for place in self._order():
            if self._free(place.ticket):
                self._waiting.remove(place)
                self._through.append(place)
                place.since = self._clock()
                self._changed.notify_all()

    def _free(self, ticket: Ticket) -> bool:
        left = self._places - len(self._through)
        return left > 1 or (left == 1 and (not ticket.background or self._places == 1))

    def _order(self) -> list[Place]:
        """Those who wait, as they will be served if nobody else comes."""
        served = self._lately()
        for place in self._through:
            for key in _keys(place.ticket):
                served[key] += self._held or 1.0
        order: list[Place] = []
        left = list(self._waiting)
        while left:
            following = min(left, key=lambda place: self._rank(place, served))
            left.remove(following)
            order.append(following)
            for key in _keys(following.ticket):
                served[key] += self._held or 1.0
        return order

    def _rank(self, place: Place, served: Mapping[Key, float]) -> tuple[object, ...]:
        shares = [served[key] for key in _keys(place.ticket)]
        return place.ticket.background, *shares, self._waiting.index(place)

    def _push_out_for(self, ticket: Ticket) -> None:
        """Raises Busy when nobody in the line has less of a right to it."""
        background = [place for place in self._waiting if place.ticket.background]
        if background and not ticket.background:
            victim = background[-1]
        else:
            project, visitor, _ = _keys(ticket)
            of_project = [p for p in self._waiting if p.ticket.project == ticket.project]
            last = _last_of_crowd(self._waiting, 0, project)
            last = last or _last_of_crowd(of_project, 1, visitor)
            if last is None:
                raise _full(self._limit)
            victim = last
        self._waiting.remove(victim)
        victim.pushed_out = True
        self._changed.notify_all()

    def _note(self, place: Place) -> None:
        held = self._clock() - place.since
        self._held += _NEWEST * (held - self._held) if self._held else held
        self._served = self._lately()
        for key in _keys(place.ticket):
            self._served[key] += held

    def _lately(self) -> defaultdict[Key, float]:
        """Seconds each was served, the older the less; those that no longer count are gone."""
        now = self._clock()
        share = 0.5 ** ((now - self._faded) / _FORGET)
        faded = {key: value * share for key, value in self._served.items() if value * share > 0.01}
        self._served, self._faded = defaultdict(float, faded), now
        return defaultdict(float, faded)


class Place:
    """One's place in the line."""

    def __init__(self, line: Line, ticket: Ticket) -> None:
        self.ticket = ticket
        self.since = 0.0  # when it was let through
        self.pushed_out = False
        self._line = line

    @property
    def position(self) -> int:
        """How many are before this one; 0: it is through. Raises Busy: it had to give way."""
        return self._line.position(self)

    @property
    def seconds(self) -> float | None:
        """How long it may take until it is through; None: not known."""
        return self._line.seconds(self)

    def wait(self, seen: int, seconds: float) -> int:
        """The position, once it is no longer the one `seen` or after `seconds`. Raises Busy."""
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


def _keys(ticket: Ticket) -> tuple[Key, Key, Key]:
    session = (ticket.project, ticket.session or "-")
    visitor = (ticket.project, f"@{ticket.visitor or session[1]}")
    return (ticket.project, ""), visitor, session


def _last_of_crowd(waiting: Sequence[Place], level: int, mine: Key) -> Place | None:
    """The last one of those who are most, unless they are mine or hardly more than mine."""
    groups = [_keys(place.ticket)[level] for place in waiting]
    if not groups:
        return None
    ((crowd, most),) = Counter(groups).most_common(1)
    if crowd == mine or most <= groups.count(mine) + 1:
        return None
    return next(p for p in reversed(waiting) if _keys(p.ticket)[level] == crowd)


def _full(limit: int) -> Busy:
    return Busy(f"{limit} others are waiting already. Please try again soon.")
