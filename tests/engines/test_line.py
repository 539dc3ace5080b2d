"""Who is next: fair between projects and sessions, bounded, and background work last."""

from __future__ import annotations

import threading

import pytest

from appliance.base.errors import Busy
from appliance.engines.contract import Ticket
from appliance.engines.line import Line, Place


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def line(places: int = 1, limit: int = 8) -> tuple[Line, Clock]:
    clock = Clock()
    return Line(places=places, limit=limit, clock=clock), clock


def of(project: str, session: str = "", *, background: bool = False, visitor: str = "") -> Ticket:
    return Ticket(project, session, background, visitor)


def served(made: Line, clock: Clock, place: Place, seconds: float = 1.0) -> None:
    """Use a place that is through."""
    assert place.position == 0
    clock.now += seconds
    made.leave(place)


def test_so_many_are_through_at_once_and_the_rest_wait_in_the_order_they_came() -> None:
    made, _ = line(places=2)
    places = [made.enter(of("a", f"s{number}")) for number in range(4)]

    assert [place.position for place in places] == [0, 0, 1, 2]
    assert (made.running(), made.waiting()) == (2, 2)


def test_one_who_leaves_lets_the_next_through() -> None:
    made, _ = line()
    first, second = made.enter(of("a")), made.enter(of("a"))
    made.leave(first)
    made.leave(first)

    assert second.position == 0


def test_projects_take_turns_whoever_asked_more() -> None:
    made, _ = line()
    made.enter(of("a"))
    many = [made.enter(of("a", f"s{number}")) for number in range(3)]
    other = made.enter(of("b"))

    assert other.position == 1
    assert [place.position for place in many] == [2, 3, 4]


def test_sessions_of_a_project_take_turns() -> None:
    made, _ = line()
    made.enter(of("a", "one"))
    more = made.enter(of("a", "one"))
    other = made.enter(of("a", "two"))

    assert (other.position, more.position) == (1, 2)


def test_a_visitor_with_many_sessions_has_one_turn() -> None:
    made, clock = line()
    mob = [made.enter(of("a", f"s{number}", visitor="10.0.0.9")) for number in range(5)]
    eve = made.enter(of("a", "eve", visitor="10.0.0.7"))
    ada = made.enter(of("a", "ada"))

    assert sorted((eve.position, ada.position)) == [1, 2]
    served(made, clock, mob[0])
    served(made, clock, eve)
    served(made, clock, ada)
    assert mob[1].position == 0


def test_a_visitor_who_fills_the_line_gives_way_to_one_who_does_not() -> None:
    made, _ = line(limit=3)
    mob = [made.enter(of("a", f"s{number}", visitor="10.0.0.9")) for number in range(4)]
    eve = made.enter(of("a", "eve", visitor="10.0.0.7"))

    assert eve.position == 1
    with pytest.raises(Busy):
        assert mob[3].position
    with pytest.raises(Busy):
        made.enter(of("a", "s9", visitor="10.0.0.9"))


def test_who_was_served_lately_comes_after_who_was_not_but_not_for_ever() -> None:
    made, clock = line()
    served(made, clock, made.enter(of("a")), 30)
    held = made.enter(of("c"))
    again, other = made.enter(of("a")), made.enter(of("b"))
    assert (other.position, again.position) == (1, 2)

    made.leave(other)
    made.leave(again)
    clock.now += 3600
    later, newcomer = made.enter(of("a")), made.enter(of("b"))
    assert (later.position, newcomer.position) == (1, 2)
    made.leave(held)


def test_background_work_waits_for_everybody_and_leaves_a_place_free() -> None:
    made, _ = line(places=2)
    work = [made.enter(of("a", background=True)) for _ in range(2)]
    visitor = made.enter(of("a"))

    assert [place.position for place in work] == [0, 1]
    assert visitor.position == 0


def test_with_one_place_background_work_gets_it_when_nobody_waits() -> None:
    made, _ = line()
    work = made.enter(of("a", background=True))

    assert work.position == 0


def test_a_full_line_turns_the_next_away_with_a_sentence() -> None:
    made, _ = line(limit=1)
    made.enter(of("a"))
    made.enter(of("a"))

    with pytest.raises(Busy, match="1 others are waiting"):
        made.enter(of("a"))


def test_a_project_that_fills_the_line_gives_way_to_one_that_does_not() -> None:
    made, _ = line(limit=3)
    made.enter(of("a"))
    waiting = [made.enter(of("a", f"s{number}")) for number in range(3)]
    other = made.enter(of("b"))

    assert other.position == 1
    with pytest.raises(Busy):
        _ = waiting[-1].position
    assert waiting[0].position == 2


def test_background_work_gives_way_to_a_visitor() -> None:
    made, _ = line(limit=1)
    made.enter(of("a"))
    work = made.enter(of("b", background=True))
    made.enter(of("a"))

    with pytest.raises(Busy):
        _ = work.position


def test_the_wait_is_estimated_from_how_long_places_were_held() -> None:
    made, clock = line(places=2)
    first = made.enter(of("a"))
    assert made.enter(of("b")).seconds == 0.0
    waiting = made.enter(of("c"))
    assert waiting.seconds is None
    served(made, clock, first, 6.0)
    following = made.enter(of("d"))

    assert waiting.position == 0
    assert following.seconds == 3.0
    clock.now += 20.0  # and those who are through are slower than that
    assert following.seconds == 11.5


def test_waiting_ends_when_the_position_changes() -> None:
    made, _ = line()
    first, second = made.enter(of("a")), made.enter(of("a"))
    timer = threading.Timer(0.05, made.leave, (first,))
    timer.start()

    assert second.wait(1, 5.0) == 0
    timer.join()


def test_waiting_ends_after_its_time_and_when_pushed_out() -> None:
    made, _ = line(limit=1)
    made.enter(of("a"))
    second = made.enter(of("a", background=True))
    assert second.wait(1, 0.01) == 1

    made.enter(of("a"))
    with pytest.raises(Busy):
        second.wait(1, 5.0)
