import threading
import time

import pytest

from appliance.base.errors import Busy, Conflict
from appliance.chat.events import DELTA, END, Event
from appliance.chat.live import KEPT, LiveAnswer, LiveAnswers


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def finished(many: int = 5, **options) -> LiveAnswer:
    answer = LiveAnswer("ses_1", "msg_1", **options)
    for number in range(many - 1):
        answer.publish(DELTA, {"delta": str(number)})
    answer.publish(END, {})
    return answer


def test_a_replay_from_any_number_is_the_rest_of_the_same_sequence():
    answer = finished()
    whole = list(answer.events())

    assert [event.number for event in whole] == [1, 2, 3, 4, 5]
    for after in range(7):
        assert list(answer.events(after)) == whole[after:]


def test_many_readers_each_get_everything_while_it_is_written():
    answer, told = LiveAnswer("ses_1", "msg_1"), [[] for _ in range(8)]
    readers = [
        threading.Thread(target=lambda mine=mine: mine.extend(filter(None, answer.events())))
        for mine in told
    ]
    for reader in readers:
        reader.start()
    for number in range(200):
        answer.publish(DELTA, {"delta": str(number)})
    answer.publish(END, {})
    for reader in readers:
        reader.join(5)

    assert all(mine == list(answer.events()) for mine in told)
    assert len(told[0]) == 201


def test_a_slow_reader_gets_everything_and_holds_nobody_up():
    answer = LiveAnswer("ses_1", "msg_1", patience=0.05)
    reader = answer.events()
    answer.publish(DELTA, {"delta": "a"})
    assert next(reader) == Event(1, DELTA, {"delta": "a"})

    time.sleep(0.1)
    assert answer.stopped_for is None
    for _ in range(50):
        answer.publish(DELTA, {"delta": "b"})
    answer.publish(END, {})
    assert [event.number for event in reader] == list(range(2, 53))


def test_a_reader_hears_from_an_answer_in_which_nothing_happens():
    answer = LiveAnswer("ses_1", "msg_1")
    began = time.monotonic()
    assert next(answer.events()) is None
    assert 0.5 < time.monotonic() - began < 2


def test_an_answer_nobody_reads_is_given_up_after_a_moment():
    watch = Watch()
    answer = LiveAnswer("ses_1", "msg_1", patience=1.5, clock=watch)
    watch.time += 1.4
    assert answer.stopped_for is None
    watch.time += 0.2
    assert answer.stopped_for == "client_left"


def test_a_reader_who_comes_back_in_time_keeps_it_alive():
    watch = Watch()
    answer = LiveAnswer("ses_1", "msg_1", clock=watch)
    answer.publish(DELTA, {"delta": "a"})
    first = answer.events()
    next(first)
    watch.time += 60
    first.close()
    watch.time += 1
    second = answer.events()
    next(second)
    watch.time += 60
    assert answer.stopped_for is None


def test_the_first_reason_to_stop_stays():
    answer = LiveAnswer("ses_1", "msg_1")
    answer.stop("stopped")
    answer.stop("interrupted")
    assert answer.stopped_for == "stopped"


def test_a_session_has_one_place_and_the_house_has_so_many():
    answers = LiveAnswers(at_once=2)
    answers.claim("a")
    with pytest.raises(Conflict):
        answers.claim("a")
    answers.claim("b")
    with pytest.raises(Busy):
        answers.claim("c")
    answers.release("a")
    answers.claim("c")


def test_a_finished_answer_is_kept_for_a_while():
    watch = Watch()
    answers = LiveAnswers(at_once=1, clock=watch)
    answers.add(finished(clock=watch))
    watch.time += KEPT - 1
    answers.add(LiveAnswer("ses_2", "msg_2", clock=watch))
    assert answers.find("msg_1")

    watch.time += 2
    answers.add(LiveAnswer("ses_3", "msg_3", clock=watch))
    assert answers.find("msg_1") is None
    assert answers.find("msg_2")
