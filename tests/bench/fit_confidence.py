# ruff: noqa: T201
"""Fit the confidence: prints the numbers for `appliance/library/rank.py` and the threshold.

    python tests/bench/fit_confidence.py --set questions.json [--set more.json]

Logistic regression on three signs of the best passage: its score, its cosine, and the share
of the question's words that no document has. What a doubling of the passages costs is taken
from `rank.PER_DOUBLING`: sets of different sizes differ in more than size. Positive:
questions asked of collections that hold their passage. Negative: the same questions asked
of collections without their titles, and the set's off-topic questions. Collections of one,
two, half and all of a set's eight groups of titles are searched, so that small ones count
as well. The shipped set always takes part, at three times its weight: its questions are
worded as people in an office word them. Five folds by title tell how well it holds.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from appliance.engines.contract import Embedder
from appliance.library import rank
from appliance.library.evaluate import QuestionSet, own_embedder
from appliance.library.search import Finding
from appliance.library.trial import trial

GROUPS, FOLDS, DRAWN, OWN_WEIGHT = 8, 5, 2_000, 3.0
OFF_TOPIC_REFUSED = 0.95  # of collections picked at random, which are harder than halves

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One question asked of some collection."""

    signs: tuple[float, ...]
    answerable: bool
    weight: float
    title: str
    share: float  # of the set's groups that were searched


def cases(chosen: QuestionSet, embedder: Embedder, weight: float) -> Iterator[Case]:
    """Questions asked of collections with and without their titles."""
    dice, titles = random.Random(1), chosen.titles()
    names = list(dict.fromkeys(titles.values()))
    group = {passage: names.index(title) % GROUPS for passage, title in titles.items()}
    sizes = Counter(group.values())
    everything = list(sizes)
    with trial(chosen.passages, group, embedder) as library:

        def case(groups: list[int], question: str, passage: object) -> Case:
            finding = library.ask(groups, question)
            count = sum(sizes[each] for each in groups)
            title = titles.get(passage, question)
            asked = passage is not None and group[passage] in groups
            share = len(groups) / len(everything)
            return Case(signs(finding, count), asked, weight, title, share)

        for number in range(min(DRAWN, 5 * len(chosen.answerable))):
            size = (1, 2, len(everything) // 2, len(everything) // 2)[number % 4]
            groups = dice.sample(everything, size)
            for inside in (True, False):
                question = dice.choice(chosen.answerable)
                while (group[question["passage"]] in groups) != inside:
                    question = dice.choice(chosen.answerable)
                yield case(groups, question["question"], question["passage"])
        for question in dice.sample(chosen.answerable, min(DRAWN // 5, len(chosen.answerable))):
            yield case(everything, question["question"], question["passage"])
        for question in chosen.off_topic:
            yield case(everything, question, None)


def signs(finding: Finding, count: int) -> tuple[float, ...]:
    """What the confidence is made of, in the order of `rank.confidence`."""
    best = finding.hits[0] if finding.hits else None
    return (
        best.score * rank.HIGHEST if best else 0.0,
        best.cosine if best else 0.0,
        finding.unknown,
        math.log2(min(count, rank.LARGE)),
    )


def fit(x: Numbers, y: Numbers, weights: Numbers) -> Numbers:
    """Coefficients, the bias last, by Newton's method on standardised signs."""
    given, x = x[:, -1] * rank.PER_DOUBLING, x[:, :-1]
    mean, spread = x.mean(axis=0), x.std(axis=0)
    z = np.column_stack([(x - mean) / spread, np.ones(len(x))])
    found = np.append(np.zeros(z.shape[1] - 1), -given.mean())
    for _ in range(25):
        p = 1 / (1 + np.exp(-z @ found - given))
        slope = z.T @ (weights * (y - p)) - 1e-3 * found
        curve = (z * (weights * p * (1 - p))[:, None]).T @ z + 1e-3 * np.eye(z.shape[1])
        found += np.linalg.solve(curve, slope)
    plain = found[:-1] / spread
    return np.array([*plain, rank.PER_DOUBLING, found[-1] - plain @ mean])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--set", type=Path, action="append", default=[])
    embedder = own_embedder()
    drawn: list[Case] = []
    try:
        for path in [None, *parser.parse_args().set]:
            weight = OWN_WEIGHT if path is None else 1.0
            # Halves of one handbook are no other topic, so of the own set only what is off.
            drawn += [
                each
                for each in cases(QuestionSet.read(path), embedder, weight)
                if path or each.answerable or each.share == 1
            ]
    finally:
        embedder.close()
    x = np.array([each.signs for each in drawn])
    y = np.array([each.answerable for each in drawn], float)
    weights = np.array([each.weight for each in drawn])
    for own in (True, False):  # answerable or not: in each set the one as likely as the other
        mine = (weights > 1) == own
        if mine.any():
            weights[mine & (y == 0)] *= (mine & (y == 1)).sum() / (mine & (y == 0)).sum()
    held_out = np.zeros(len(drawn))
    titles = sorted({each.title for each in drawn})
    fold = np.array([titles.index(each.title) % FOLDS for each in drawn])
    for number in range(FOLDS):
        out = fold == number
        coefficients = fit(x[~out], y[~out], weights[~out])
        held_out[out] = 1 / (1 + np.exp(-(x[out] @ coefficients[:-1] + coefficients[-1])))
    judged = np.array([each.weight == 1 and each.share >= 0.5 for each in drawn])
    if not judged.any():
        judged = np.ones(len(drawn), bool)
    threshold = float(np.quantile(held_out[judged & (y == 0)], OFF_TOPIC_REFUSED))
    names = ("PER_SCORE", "PER_COSINE", "PER_UNKNOWN", "PER_DOUBLING", "BIAS")
    for name, value in zip(names, fit(x, y, weights), strict=True):
        print(f"{name} = {value:.2f}")
    print(f"ANSWERABLE = {threshold:.2f}")
    for low in np.arange(0, 1, 0.2):
        within = judged & (held_out >= low) & (held_out < low + 0.2)
        print(f"confidence {low:.1f}-{low + 0.2:.1f}: {y[within].mean():.2f} of {within.sum()}")
    refused = (held_out < threshold)[judged & (y == 1)].mean()
    print(f"answerable refused: {refused:.3f}, off-topic refused: {OFF_TOPIC_REFUSED}")


if __name__ == "__main__":
    main()
