"""How many threads a model takes beside others."""

from __future__ import annotations

import itertools

from appliance.engines.pace import Pace


def test_threads_that_get_their_cores_are_kept() -> None:
    pace = Pace(4)

    assert [pace.judge(wall=1, cpu=3.9, now=float(now)) for now in range(5)] == [4] * 5


def test_threads_that_do_not_get_their_cores_are_given_back() -> None:
    pace = Pace(4)

    assert pace.judge(wall=1, cpu=2.0, now=0) == 2
    assert pace.judge(wall=1, cpu=1.0, now=1) == 1
    assert pace.judge(wall=1, cpu=0.2, now=2) == 1


def test_more_threads_are_tried_again_when_there_is_room() -> None:
    pace = Pace(2)
    pace.judge(wall=1, cpu=1.0, now=0)

    assert pace.judge(wall=1, cpu=0.5, now=5) == 1
    assert pace.judge(wall=1, cpu=1.0, now=6) == 2


def test_tries_that_fail_become_rarer() -> None:
    pace, tries, now = Pace(2), [], 0.0
    pace.judge(wall=1, cpu=1.0, now=now)
    while now < 60:
        now += 0.5
        if pace.judge(wall=1, cpu=1.0, now=now) == 2:
            tries.append(now)
            pace.judge(wall=1, cpu=1.0, now=now)

    gaps = [b - a for a, b in itertools.pairwise(tries)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > 10


def test_a_small_step_comes_first_when_nothing_is_known() -> None:
    pace = Pace(2)
    unknown = pace.unsure(0)
    pace.judge(wall=1, cpu=2, now=1)

    assert unknown
    assert not pace.unsure(2)
    assert pace.unsure(9)


def test_one_thread_has_nothing_to_find_out() -> None:
    assert not Pace(1).unsure(0)


def test_after_a_rest_all_threads_are_tried_at_once() -> None:
    pace = Pace(8)
    for now in range(3):
        pace.judge(wall=1, cpu=0.5, now=float(now))

    assert pace.begin(now=2.5) == 1
    assert pace.begin(now=60) == 8
