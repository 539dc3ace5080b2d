import pytest

from appliance.base import clock
from appliance.base.errors import Limited
from appliance.people import guesses

NOW = 1_800_000_000_000
HOME, ELSEWHERE = "10.0.0.5", "10.0.0.66"


def wrong(times, account="ada", address=HOME, now=NOW):
    for _ in range(times):
        guesses.attempt(account, address, now)


def test_a_few_mistakes_cost_nothing(store):
    wrong(guesses.FREE_PER_ACCOUNT)


def test_then_each_try_waits_twice_as_long_as_the_one_before(store):
    wrong(guesses.FREE_PER_ACCOUNT)
    waits, now = [], NOW
    for _ in range(4):
        with pytest.raises(Limited) as caught:
            guesses.attempt("ada", HOME, now)
        waits.append(caught.value.retry_after)
        now += caught.value.retry_after * clock.SECOND
        guesses.attempt("ada", HOME, now)

    assert waits == [1, 2, 4, 8]


def test_a_refused_try_does_not_make_the_wait_longer(store):
    wrong(guesses.FREE_PER_ACCOUNT)
    for _ in range(50):
        with pytest.raises(Limited):
            guesses.attempt("ada", HOME, NOW)

    guesses.attempt("ada", HOME, NOW + clock.SECOND)


def test_nobody_can_lock_somebody_else_out(store):
    wrong(guesses.FREE_PER_ACCOUNT, address=ELSEWHERE)

    guesses.attempt("ada", HOME, NOW)


def test_many_accounts_cannot_be_tried_from_one_address(store):
    for number in range(guesses.FREE_PER_ADDRESS):
        guesses.attempt(f"user {number}", HOME, NOW)

    with pytest.raises(Limited):
        guesses.attempt("yet another", HOME, NOW)


def test_the_wait_never_grows_beyond_a_quarter_of_an_hour(store):
    now = NOW
    wrong(guesses.FREE_PER_ACCOUNT)
    for _ in range(20):
        now += guesses.LONGEST_WAIT
        guesses.attempt("ada", HOME, now)


def test_a_right_try_wipes_the_slate(store):
    wrong(guesses.FREE_PER_ACCOUNT)
    guesses.forget("ada", HOME)

    wrong(guesses.FREE_PER_ACCOUNT)


def test_after_a_day_everything_is_forgiven(store):
    wrong(guesses.FREE_PER_ACCOUNT + 0)

    wrong(guesses.FREE_PER_ACCOUNT, now=NOW + guesses.FORGIVEN_AFTER + 1)
