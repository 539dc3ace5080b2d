"""Pure: how well a passage answers a question, from meaning and from words.

What decides is the best sentence: its cosine with the question, and how much of what is
asked stands in it and beside it. To that come what stands anywhere in the passage, whether
words that are neighbours in the question are near each other here, and the whole
passage's cosine. No signal is normalised over the candidates, so that a score means the
same whoever else was found, and the best one tells whether there is an answer at all.

The weights come from a conditional logit over the candidates of 2,900 questions, then
rounded; the figures hold within 0.003 of recall when each is changed by a third.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.library.question import Question

WORDS_OF_SENTENCE = 0.4  # half for the sentence itself, half with its neighbours
WORDS_OF_PASSAGE = 0.25
NEARNESS = 0.2
COSINE_OF_PASSAGE = 0.1
HIGHEST = 1 + WORDS_OF_SENTENCE + WORDS_OF_PASSAGE + NEARNESS + COSINE_OF_PASSAGE
HEADING_SHARE = 0.75  # what a word is worth that stands only in the headings above

# Logistic regression on whether the best passage belongs to the question; see
# tests/bench/fit_confidence.py, which prints these lines.
BIAS = -8.67
PER_SCORE = 14.98
PER_COSINE = 7.42
PER_UNKNOWN = 3.83
PER_DOUBLING = -0.7
LARGE = 1_000  # passages; beyond, nothing was measured


@dataclass(frozen=True)
class Passage:
    """A candidate, made ready to be compared."""

    stems: Sequence[str]
    sentences: Sequence[frozenset[str]]
    heading: frozenset[str]
    cosine: float
    cosines: NDArray[np.float32]  # of the sentences


@dataclass(frozen=True)
class Match:
    """How well a passage fits, and why."""

    score: float  # 0 … HIGHEST
    cosine: float  # of the passage
    words: float  # the share of what is asked that stands in it, 0 … 1
    sentences: tuple[float, ...]  # how well each sentence fits by itself, 0 … 1


def match(question: Question, passage: Passage) -> Match:
    """Compare one passage with the question."""
    share = _Share(question, passage.heading)
    present = frozenset(passage.stems)
    words = share.of(present)
    cosines = passage.cosines if len(passage.cosines) else np.array([passage.cosine])
    sentences = passage.sentences if len(passage.cosines) else [present]
    own = np.array([share.alone(each) for each in sentences])
    around = np.array([share.of(each) for each in _windows(sentences)])
    best = float((cosines + WORDS_OF_SENTENCE * (own + around) / 2).max())
    score = (
        max(best, 0.0)
        + WORDS_OF_PASSAGE * words
        + NEARNESS * nearness(question, passage.stems)
        + COSINE_OF_PASSAGE * max(passage.cosine, 0.0)
    )
    alone = np.clip((cosines + WORDS_OF_SENTENCE * own) / (1 + WORDS_OF_SENTENCE), 0, 1)
    return Match(score, passage.cosine, words, tuple(float(each) for each in alone))


def nearness(question: Question, stems: Sequence[str]) -> float:
    """How close to each other stand here what are neighbours in the question, 0 … 1."""
    if not question.pairs:
        return 0.0
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(stems):
        if each in question.weights:
            places[each].append(place)
    found = asked = 0.0
    for a, b in question.pairs:
        weight = question.weights[a] + question.weights[b]
        asked += weight
        if places[a] and places[b]:
            found += weight / min(abs(x - y) for x in places[a] for y in places[b])
    return found / asked


def confidence(question: Question, best: Match | None, count: int) -> float:
    """How likely it is, 0 … 1, that the best of `count` passages answers the question."""
    if best is None:
        return 0.0
    signs = (
        BIAS
        + PER_SCORE * best.score
        + PER_COSINE * best.cosine
        + PER_UNKNOWN * question.unknown
        + PER_DOUBLING * math.log2(min(max(count, 1), LARGE))
    )
    return 1 / (1 + math.exp(-signs))


class _Share:
    """Which part of what is asked stands in a set of words."""

    def __init__(self, question: Question, heading: frozenset[str]) -> None:
        self._weights = question.weights
        self._total = question.total
        self._headed = {
            each: HEADING_SHARE * weight
            for each, weight in question.weights.items()
            if each in heading
        }

    def alone(self, present: frozenset[str]) -> float:
        return sum(w for each, w in self._weights.items() if each in present) / self._total

    def of(self, present: frozenset[str]) -> float:
        """With the headings above."""
        above = sum(w for each, w in self._headed.items() if each not in present)
        return self.alone(present) + above / self._total


def _windows(sentences: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Each sentence with the one before and the one after."""
    return [frozenset().union(*sentences[max(at - 1, 0) : at + 2]) for at in range(len(sentences))]
