"""Cosines of different embedders on one scale.

Some models give two texts that have nothing in common a cosine of 0.0, others one of 0.7.
What the ranking and the confidence know was learned with the former. So each embedder is
asked once about texts that have nothing in common, and its cosines are stretched until
these come to lie where they lie for the model that was learned with.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from appliance.engines.contract import Embedder

REFERENCE = 0.0155  # mean cosine of the texts below with all-MiniLM-L6-v2

_STRANGERS = (
    "The cat sleeps on the sofa.",
    "Interest rates rose by half a percent.",
    "Mix the flour with two eggs and milk.",
    "The bridge was opened in 1932.",
    "Please restart the router and try again.",
    "She plays the violin in an orchestra.",
    "Whales migrate to warmer waters in winter.",
    "The contract ends with three months' notice.",
)


class Scales:
    """One scale for each embedder that is met."""

    def __init__(self) -> None:
        self._known: dict[str, Scale] = {}

    def of(self, embedder: Embedder) -> Scale:
        """The embedder's scale; it is measured when it is first used."""
        return self._known.setdefault(embedder.fingerprint, Scale(embedder))


class Scale:
    """The scale of one embedder, measured when it is first needed."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._level: float | None = None

    def __call__(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines as the reference model would give them. 1 stays 1. Raises EngineFailed."""
        level = self._measured()
        return 1 - (1 - cosines) * np.float32((1 - REFERENCE) / (1 - level))

    def _measured(self) -> float:
        with self._lock:
            if self._level is None:
                embedded = self._embedder.embed(_STRANGERS, urgent=True)
                vectors = np.array([each.vector for each in embedded])
                apart = np.triu_indices(len(_STRANGERS), 1)
                self._level = min(float((vectors @ vectors.T)[apart].mean()), 0.95)
            return self._level
