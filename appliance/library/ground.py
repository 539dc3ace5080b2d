"""Whether the sources say what a sentence of an answer says, and in which words.

A sentence is supported when a source sentence, with its neighbours, means the same and has
most of its words, each of its numbers with what is counted, and each of its names, and
when no sentence of the sources says the contrary. Words that the sources do not have are
forgiven where the meaning is near; numbers and names never are.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.engines.contract import Embedder, Source
from appliance.library.claims import Claim, claim, contradicts, share
from appliance.library.scale import Scales
from appliance.library.sentences import Span, sentences

# Supported is what reaches ENOUGH of meaning (cosine) and words (share found) together.
MEANING = 0.5
WORDS = 0.5
ENOUGH = 0.58
LEAST_WORDS = 0.35
NEIGHBOUR_SHARE = 0.5  # of the words: then a number may stand in the sentence beside it

_REMEMBERED = 4_000  # vectors of sentences


@dataclass(frozen=True)
class Verdict:
    """What was found for one sentence of an answer."""

    supported: bool
    source_number: int | None = None
    quote: Span | None = None  # characters of the source's text: the sentence that says it
    score: float = 0.0  # 0 … 1


class Grounding:
    """Checks sentences against sources.

    Sources bring the vectors of their sentences along, as they were made when the document
    was read; where they do not, these are made here, and remembered.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._scales = Scales()
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()

    def __call__(self, said: Sequence[str], sources: Sequence[Source]) -> list[Verdict]:
        """One verdict for each sentence. Raises EngineFailed, Busy."""
        embedder = self._embedder.now()
        spans = [sentences(source.text) for source in sources]
        stored: dict[str, NDArray[np.float32]] = {}
        for source in sources:
            if source.embedder == embedder.fingerprint:
                stored |= source.vectors
        texts = [
            source.text[start:end]
            for source, theirs in zip(sources, spans, strict=True)
            for start, end in theirs
        ]
        quotes = [(text, stored.get(text)) for text in texts]
        if not said or not quotes:
            return [Verdict(False) for _ in said]
        fresh = [*said, *(text for text, vector in quotes if vector is None)]
        vectors = iter(self._vectors(embedder, fresh))
        claims = np.array([next(vectors) for _ in said], np.float32)
        facts = np.array(
            [next(vectors) if vector is None else vector for _, vector in quotes], np.float32
        )
        cosines = self._scales.of(embedder)(claims @ facts.T)
        return check(said, sources, spans, cosines)

    def _vectors(self, embedder: Embedder, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        mark = embedder.fingerprint
        with self._lock:
            found = {text: self._known[mark, text] for text in texts if (mark, text) in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            embedded = embedder.embed(missing, urgent=True)
            found |= {text: one.vector for text, one in zip(missing, embedded, strict=True)}
        with self._lock:
            for text in texts:
                self._known[mark, text] = found[text]
                self._known.move_to_end((mark, text))
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return [found[text] for text in texts]


def check(
    said: Sequence[str],
    sources: Sequence[Source],
    spans: Sequence[Sequence[Span]],
    cosines: NDArray[np.float32],
) -> list[Verdict]:
    """Pure: the verdict on each sentence. `spans`: the sentences of each source, in order;
    `cosines`: a row for each sentence said, a column for each of the sources' sentences."""
    facts = [
        [claim(source.text[start:end]) for start, end in theirs]
        for source, theirs in zip(sources, spans, strict=True)
    ]
    return [
        _verdict(claim(text), row, sources, spans, facts)
        for text, row in zip(said, cosines, strict=True)
    ]


def _verdict(
    said: Claim,
    cosines: NDArray[np.float32],
    sources: Sequence[Source],
    spans: Sequence[Sequence[Span]],
    facts: Sequence[Sequence[Claim]],
) -> Verdict:
    best, place, at_all = Verdict(False), (0, 0), iter(cosines)
    for number, (source, theirs) in enumerate(zip(sources, spans, strict=True)):
        for at, span in enumerate(theirs):
            words = (
                share(said, facts[number][at : at + 1]) + share(said, _around(facts[number], at))
            ) / 2
            score = MEANING * max(float(next(at_all)), 0.0) + WORDS * words
            if score > best.score:
                best, place = Verdict(False, source.number, span, score), (number, at)
    if best.quote is None or best.score < ENOUGH:
        return best
    number, at = place
    holds = _holds(said, sources[number], facts[number], at)
    denied = any(contradicts(said, fact) for theirs in facts for fact in theirs)
    return Verdict(holds and not denied, best.source_number, best.quote, best.score)


def _holds(said: Claim, source: Source, facts: Sequence[Claim], at: int) -> bool:
    """Whether words, numbers and names of what is said are there, or beside it."""
    around = _around(facts, at)
    counted = [
        fact
        for fact in around
        if fact is facts[at] or share(said, [fact], numbers=False) >= NEIGHBOUR_SHARE
    ]
    whole = claim(f"{source.title}\n{source.text}")
    return (
        share(said, around) >= LEAST_WORDS
        and all(any(fact.counts(each) for fact in counted) for each in said.numbers)
        and said.names <= whole.stems
    )


def _around(facts: Sequence[Claim], at: int) -> Sequence[Claim]:
    return facts[max(at - 1, 0) : at + 2]
