"""Pure: how well passages answer a question, from several weak signals.

Each signal is brought to 0 … 1 over the candidates of one question, then they are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

WEIGHTS = {"passage": 0.35, "words": 0.40, "sentence": 0.25}


@dataclass(frozen=True)
class Signals:
    """What is known of one candidate before the candidates are compared."""

    passage: float  # cosine of passage and question
    words: float  # BM25; 0 when no word of the question is in it
    sentence: float  # cosine of its best sentence and the question


def scores(candidates: Sequence[Signals]) -> Numbers:
    """One score for each candidate, 0 … 1, comparable within a question only."""
    total = np.zeros(len(candidates))
    for name, weight in WEIGHTS.items():
        total += weight * _spread(np.array([getattr(each, name) for each in candidates]))
    return total


def confidence(candidates: Sequence[Signals]) -> float:
    """How likely it is, 0 … 1, that the best candidate answers the question."""
    if not candidates:
        return 0.0
    best = candidates[0]
    return float(1 / (1 + np.exp(-(12 * (0.5 * best.passage + 0.5 * best.sentence) - 5))))


def _spread(values: Numbers) -> Numbers:
    low, high = values.min(initial=0.0), values.max(initial=0.0)
    return (values - low) / (high - low) if high > low else np.zeros(len(values))
