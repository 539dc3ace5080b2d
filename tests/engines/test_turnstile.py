"""The line in front of the model."""

from __future__ import annotations

import threading
import time

import pytest

from appliance.base.errors import Busy
from appliance.engines.turnstile import Turnstile


def test_those_who_come_are_served_in_their_order() -> None:
    line = Turnstile(limit=3)
    places = [line.enter() for _ in range(4)]

    assert [place.position for place in places] == [0, 1, 2, 3]
    with places[0]:
        pass
    assert [place.position for place in places[1:]] == [0, 1, 2]


def test_a_full_line_turns_the_next_away_and_lets_it_in_later() -> None:
    line = Turnstile(limit=1)
    first, _ = line.enter(), line.enter()

    with pytest.raises(Busy, match="waiting already"):
        line.enter()
    with first:
        pass
    assert line.enter().position == 1


def test_one_who_gives_up_makes_room_in_the_middle() -> None:
    line = Turnstile(limit=5)
    first, second, third = (line.enter() for _ in range(3))
    with second:
        pass

    assert (first.position, third.position) == (0, 1)


def test_a_waiting_one_is_woken_when_the_line_moves() -> None:
    line = Turnstile(limit=1)
    first, second = line.enter(), line.enter()
    timer = threading.Timer(0.05, lambda: first.__exit__(None, None, None))
    timer.start()

    started = time.monotonic()
    assert second.wait(seen=1, seconds=10) == 0
    assert time.monotonic() - started < 5
    timer.join()


def test_a_line_that_does_not_move_is_reported_as_it_is() -> None:
    line = Turnstile(limit=1)
    line.enter()

    assert line.enter().wait(seen=1, seconds=0.01) == 1
