"""The best passages in the order a reranking model puts them, where there is time for it.

It changes the order and nothing else: the scores and the confidence stay those of `rank`,
which was fitted to tell whether there is an answer at all. A cross-encoder's numbers mean
something else with each model.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from appliance.base.errors import ApplianceError
from appliance.engines.contract import Reranker

log = logging.getLogger(__name__)

BUDGET = 0.4  # seconds that a visitor waits longer for a better order, at most
MOST = 20  # passages judged
FEWEST = 4  # it is not worth it for fewer
_GUESS = 0.01  # seconds for one passage, before it was measured
_SMOOTHING = 0.3
_HOPE = 0.9  # what was too slow may be faster by now; each question passed over says so


class Reranking:
    """A reranking model with a limit of time, kept by what it took lately."""

    def __init__(
        self,
        reranker: Reranker,
        *,
        budget: float = BUDGET,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reranker = reranker
        self._budget = budget
        self._clock = clock
        self._each = _GUESS
        self._one = threading.Lock()

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Places of the texts, best first. As they came, when there is no time or no model."""
        as_they_came = list(range(len(texts)))
        many = min(len(texts), MOST, int(self._budget / self._each))
        if many < min(FEWEST, len(texts)) or len(texts) < 2:
            self._each *= _HOPE
            return as_they_came
        # Two at once would each take twice as long: the second does without.
        if not self._ready() or not self._one.acquire(blocking=False):
            return as_they_came
        try:
            began = self._clock()
            scores = self._reranker.score(question, texts[:many])
            self._learn((self._clock() - began) / many)
        except ApplianceError as error:
            log.warning("not reranked", extra={"code": error.code})
            self._each = 2 * self._budget
            return as_they_came
        finally:
            self._one.release()
        judged = sorted(range(many), key=lambda at: -scores[at])
        return judged + as_they_came[many:]

    def _learn(self, each: float) -> None:
        self._each += _SMOOTHING * (each - self._each)

    def _ready(self) -> bool:
        """Nobody waits while a model is loaded."""
        state = getattr(self._reranker, "state", None)
        if state is None or state() == "ready":
            return True
        self._reranker.preload()  # type: ignore[attr-defined]
        return False
