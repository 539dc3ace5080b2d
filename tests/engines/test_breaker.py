import pytest

from appliance.base.errors import EngineFailed, Invalid
from appliance.engines.breaker import FAILURES, LONGEST, REST, Breaker, Resting


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Theirs(EngineFailed):
    def __init__(self, retry_after: float | None = None, *, theirs: bool = True) -> None:
        super().__init__("No.")
        self.theirs, self.retry_after = theirs, retry_after


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(now=clock)


def fail(breaker: Breaker, error: Exception | None = None) -> None:
    error = error or Theirs()
    with pytest.raises(type(error)), breaker.trial():
        raise error


def succeed(breaker: Breaker, seconds: float = 0.2) -> None:
    with breaker.trial() as trial:
        trial.passed(seconds)


def test_a_few_failures_open_it(breaker):
    for _ in range(FAILURES):
        assert breaker.ready()
        fail(breaker)

    assert breaker.health().state == "open"
    with pytest.raises(Resting), breaker.trial():
        pass


def test_a_success_between_them_does_not_count_against_it(breaker):
    for _ in range(3 * FAILURES):
        fail(breaker)
        succeed(breaker)

    assert breaker.health().state == "closed"


def test_after_its_rest_one_question_decides(breaker, clock):
    for _ in range(FAILURES):
        fail(breaker)
    clock.now += REST + 1
    assert breaker.health().state == "half_open"

    with breaker.trial() as trial:
        assert not breaker.ready()
        trial.passed(0.1)
    assert breaker.health().state == "closed"


def test_a_trial_that_fails_doubles_the_rest_up_to_a_limit(breaker, clock):
    for _ in range(FAILURES):
        fail(breaker)
    for rest in (REST, 2 * REST, 4 * REST, 8 * REST, LONGEST, LONGEST):
        clock.now += rest - 1
        assert not breaker.ready()
        clock.now += 2
        fail(breaker)

    assert breaker.health().state == "open"


def test_a_trial_that_is_given_up_lets_the_next_one_try(breaker, clock):
    for _ in range(FAILURES):
        fail(breaker)
    clock.now += REST + 1
    with breaker.trial():
        pass

    assert breaker.ready()


def test_a_provider_that_names_a_time_is_left_alone_until_then(breaker, clock):
    fail(breaker, Theirs(retry_after=120))
    clock.now += 119
    assert not breaker.ready()
    clock.now += 2
    assert breaker.ready()


@pytest.mark.parametrize("error", [Theirs(theirs=False), Invalid("No."), RuntimeError("x")])
def test_what_is_not_its_fault_does_not_count(breaker, error):
    for _ in range(2 * FAILURES):
        fail(breaker, error)

    assert breaker.health().failures == 0


def test_its_health_is_told_in_words(breaker):
    succeed(breaker, 0.2)
    fail(breaker)

    assert breaker.health().latency_ms == 200
    assert breaker.health().last_error == "No."


def test_an_operator_may_try_it_at_any_time(breaker):
    for _ in range(FAILURES):
        fail(breaker)
    with breaker.trial(whatever=True) as trial:
        trial.passed(0.1)

    assert breaker.health().state == "closed"


def test_a_short_time_that_it_names_is_a_short_rest(breaker, clock):
    fail(breaker, Theirs(retry_after=2))
    clock.now += 3

    assert breaker.ready()
