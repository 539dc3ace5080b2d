"""The order a reranking model gives, and the time it is given for that."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from appliance.base.errors import EngineFailed
from appliance.engines.contract import Reranker
from appliance.library.rerank import MOST, Reranking
from appliance.library.search import Search

TEXTS = ["one", "three", "seventeen", "four", "eleven"]


class ByLength(Reranker):
    """The longest text is the best; each takes its time by the test's clock."""

    name = "length"
    fingerprint = "length-1"

    def __init__(self, seconds: float = 0.001) -> None:
        self.seconds, self.now, self.seen = seconds, 0.0, 0

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.seen += len(texts)
        self.now += self.seconds * len(texts)
        return [min(len(text) / 1_000, 1.0) for text in texts]


class Broken(ByLength):
    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.seen += len(texts)
        raise EngineFailed("It is broken.")


class Loading(ByLength):
    loads = 0

    def state(self) -> str:
        return "loading"

    def preload(self) -> None:
        self.loads += 1


def reranking(reranker: ByLength) -> Reranking:
    return Reranking(reranker, clock=lambda: reranker.now)


def test_the_model_decides_the_order() -> None:
    assert reranking(ByLength()).order("?", TEXTS) == [2, 4, 1, 3, 0]


def test_what_is_not_judged_keeps_its_place() -> None:
    texts = [str(number) for number in range(MOST)] + ["the longest of all"]
    assert reranking(ByLength()).order("?", texts)[-1] == MOST


def test_a_slow_model_is_given_fewer_and_then_none() -> None:
    slow = ByLength(seconds=0.5)
    order = reranking(slow)
    order.order("?", TEXTS)
    assert order.order("?", TEXTS) == [0, 1, 2, 3, 4]
    assert slow.seen == len(TEXTS)


def test_a_model_that_was_slow_is_tried_again() -> None:
    slow = ByLength(seconds=0.5)
    order = reranking(slow)
    order.order("?", TEXTS)
    slow.seconds = 0.001
    tries = [order.order("?", TEXTS) for _ in range(30)]
    assert tries[-1] == [2, 4, 1, 3, 0]


def test_a_model_that_fails_costs_nothing_but_its_order() -> None:
    broken = Broken()
    order = reranking(broken)
    assert order.order("?", TEXTS) == order.order("?", TEXTS) == [0, 1, 2, 3, 4]
    assert broken.seen == len(TEXTS)  # and is left alone for a while


def test_nobody_waits_for_a_model_to_load() -> None:
    loading = Loading()
    assert reranking(loading).order("?", TEXTS) == [0, 1, 2, 3, 4]
    assert (loading.loads, loading.seen) == (1, 0)


@pytest.mark.parametrize("texts", [[], ["one"]])
def test_there_is_nothing_to_put_in_order(texts: list[str]) -> None:
    assert reranking(ByLength()).order("?", texts) == list(range(len(texts)))


def test_the_search_keeps_its_scores_and_its_confidence(library) -> None:
    library.add(
        "# Keys\n\nThe keys hang at the door.\n\n# Doors\n\nThe door of the office is blue."
    )
    library.add(
        "# Lunch\n\nThe long table at the door is laid for lunch at noon each day.", "b.txt"
    )
    plain = library.find("Where do the keys hang?")
    search = Search(
        library.index, library.embedder, reranking=Reranking(ByLength(), clock=lambda: 0.0)
    )
    found = search.find("prj_default", [library.collection.id], "Where do the keys hang?")

    assert [len(hit.text) for hit in found.hits] == sorted(
        (len(hit.text) for hit in plain.hits), reverse=True
    )
    assert {hit.score for hit in found.hits} == {hit.score for hit in plain.hits}
    assert dataclasses.replace(found, hits=()) == dataclasses.replace(plain, hits=())
