"""Which texts share a pass of the model."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from appliance.engines import batching
from appliance.engines.batching import BUDGET


@dataclass(frozen=True)
class Text:
    tokens: int


@dataclass(eq=False)
class Request:
    waiting: dict[int, Text] = field(default_factory=dict)


def request(*tokens: int) -> Request:
    return Request({row: Text(each) for row, each in enumerate(tokens)})


def sizes(line: list[Request]) -> list[int]:
    return [pick.text.tokens for pick in batching.batch(line)]


def test_several_requests_share_a_batch() -> None:
    assert sizes([request(8), request(7), request(6)]) == [8, 7, 6]


def test_texts_of_like_length_go_together() -> None:
    assert sizes([request(200, 5, 199, 4, 198, 6, 197, 7)]) == [200, 199, 198, 197, 7]


def test_a_batch_holds_no_more_tokens_than_its_budget() -> None:
    assert len(sizes([request(*[256] * 9)])) == BUDGET // 256


def test_a_text_longer_than_the_budget_goes_alone() -> None:
    assert sizes([request(8_192, 8_192)]) == [8_192]


def test_the_first_request_is_served_whatever_joins_the_line() -> None:
    short, long = request(3), request(*[250] * 100)
    picks = batching.batch([short, long])

    assert [pick.work for pick in picks] == [short]


def test_nothing_waits_nothing_goes() -> None:
    assert batching.batch([]) == []


@given(st.lists(st.lists(st.integers(1, 2_000), min_size=1, max_size=30), min_size=1, max_size=8))
def test_every_text_has_its_turn_once(texts: list[list[int]]) -> None:
    line = [request(*each) for each in texts]
    wanted = sum(map(len, texts))
    served = 0
    while left := [each for each in line if each.waiting]:
        picks = batching.batch(left)
        assert any(pick.work is left[0] for pick in picks)
        for pick in picks:
            del pick.work.waiting[pick.row]
        served += len(picks)
    assert served == wanted
