import pytest

from appliance.base.errors import Busy, Limited
from appliance.web import limits
from appliance.web.limits import Bucket, Seats


class Watch:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_so_many_at_once_then_so_many_a_minute():
    watch = Watch()
    bucket = Bucket(3, 6, watch)
    for _ in range(3):
        bucket.take("vera")
    with pytest.raises(Limited) as caught:
        bucket.take("vera")

    assert caught.value.retry_after == 10
    watch.now += 10
    bucket.take("vera")


def test_everybody_has_a_bucket_of_their_own():
    bucket = Bucket(1, 1, Watch())
    bucket.take("vera")

    bucket.take("walter")


def test_a_bucket_forgets_those_it_saw_long_ago(monkeypatch):
    monkeypatch.setattr(limits, "REMEMBERED", 10)
    bucket = Bucket(1, 1, Watch())
    for number in range(50):
        bucket.take(str(number))

    assert len(bucket._left) == 10


def test_a_seat_is_given_back_once():
    seats = Seats(1)
    give_back = seats.take()
    with pytest.raises(Busy):
        seats.take()
    give_back()
    give_back()

    assert seats.taken == 0
    seats.take()
    with pytest.raises(Busy):
        seats.take()
