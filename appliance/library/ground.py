"""Whether the sources say what a sentence of an answer says, and in which words.

A sentence is supported when a source sentence, with its neighbours, means the same, has
most of its words, and has each of its numbers and names. Words a source does not have are
forgiven to a sentence whose meaning is very near; numbers and names never are.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from appliance.engines.contract import Embedder, Source, Vectors
from appliance.library.question import FRAME, FRAME_SHARE, STOP
from appliance.library.sentences import Span, sentences
from appliance.library.stem import stem
from appliance.store.words import words

# Supported is what reaches ENOUGH of meaning (cosine) and words (share found) together.
MEANING = 0.5
WORDS = 0.5
ENOUGH = 0.62
LEAST_WORDS = 0.35

_REMEMBERED = 4_000  # vectors of source sentences

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NAME = re.compile(r"(?<![.!?…:\s]\s)(?<!^)(?<!^[\"'(])\b[A-ZÄÖÜÉ][\w'-]*[A-Za-z]\w*")
_NUMERALS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
    )
}
_NEGATORS = frozenset("not no never nobody nothing none neither nor cannot without".split())  # noqa: SIM905
_OPPOSITES = (
    ("before", "after"), ("more", "less"), ("minimum", "maximum"), ("least", "most"),
    ("open", "closed"), ("always", "never"), ("allowed", "forbidden"), ("free", "paid"),
    ("first", "last"), ("increase", "decrease"), ("higher", "lower"), ("include", "exclude"),
    ("accept", "reject"), ("start", "end"), ("morning", "evening"), ("required", "optional"),
)  # fmt: skip
_AGAINST = {stem(a): stem(b) for pair in _OPPOSITES for a, b in (pair, pair[::-1])}


@dataclass(frozen=True)
class Verdict:
    """What was found for one sentence of an answer."""

    supported: bool
    source_number: int | None = None
    quote: Span | None = None  # characters of the source's text: the sentence that says it
    score: float = 0.0  # 0 … 1


@dataclass(frozen=True)
class _Said:
    """What a sentence asserts, in words, numbers and names."""

    stems: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    denies: bool


class Grounding:
    """Checks sentences against sources; vectors of what it has seen are remembered."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._known: OrderedDict[str, np.ndarray] = OrderedDict()

    def __call__(self, said: Sequence[str], sources: Sequence[Source]) -> list[Verdict]:
        """One verdict for each sentence. Raises EngineFailed, Busy."""
        spans = [sentences(source.text) for source in sources]
        quotes = [
            source.text[start:end]
            for source, theirs in zip(sources, spans, strict=True)
            for start, end in theirs
        ]
        vectors = self._vectors([*said, *quotes])
        return check(said, vectors[: len(said)], sources, spans, vectors[len(said) :])

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            embedded = self._embedder.embed(missing, urgent=True)
            found |= {text: one.vector for text, one in zip(missing, embedded, strict=True)}
        with self._lock:
            for text in texts:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return np.array([found[text] for text in texts], np.float32).reshape(len(texts), -1)


def check(
    said: Sequence[str],
    vectors: Vectors,
    sources: Sequence[Source],
    spans: Sequence[Sequence[Span]],
    quotes: Vectors,
) -> list[Verdict]:
    """Pure: the verdict on each sentence. `spans`: the sentences of each source, in order;
    `quotes`: their vectors, one after the other."""
    return [
        _verdict(_said(text), vector, sources, spans, quotes)
        for text, vector in zip(said, vectors, strict=True)
    ]


def _verdict(
    said: _Said,
    vector: np.ndarray,
    sources: Sequence[Source],
    spans: Sequence[Sequence[Span]],
    quotes: Vectors,
) -> Verdict:
    best = Verdict(False)
    cosines = iter(quotes @ vector if len(quotes) else ())
    for source, theirs in zip(sources, spans, strict=True):
        facts = [_said(source.text[start:end]) for start, end in theirs]
        whole = _said(f"{source.title}\n{source.text}")
        for at, span in enumerate(theirs):
            around = _joined(facts[max(at - 1, 0) : at + 2])
            share = _share(said, around)
            score = MEANING * max(float(next(cosines)), 0.0) + WORDS * share
            holds = (
                score >= ENOUGH
                and share >= LEAST_WORDS
                and said.numbers <= around.numbers
                and said.names <= whole.stems
                and not _contradicts(said, facts[at])
            )
            if (holds, score) > (best.supported, best.score):
                best = Verdict(holds, source.number, span, score)
    return best


def _said(text: str) -> _Said:
    found = words(text)
    numerals = {_NUMERALS[word] for word in found if word in _NUMERALS}
    digits = {_plain(number) for number in _NUMBER.findall(text)}
    return _Said(
        stems=frozenset(stem(word) for word in found if word not in STOP),
        numbers=frozenset(digits | numerals),
        names=frozenset(
            stem(word) for name in _NAME.findall(text) for word in words(name) if word not in STOP
        ),
        denies=any(word in _NEGATORS for word in found) or bool(re.search(r"n['’]t\b", text)),
    )


def _plain(number: str) -> str:
    """1,200.50 and 1200.5 are the same, 10:00 and 10 are too."""
    number = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", number)
    number = re.sub(r":00$", "", number)
    return re.sub(r"\.0+$", "", number)


def _joined(facts: Sequence[_Said]) -> _Said:
    return _Said(
        stems=frozenset().union(*(each.stems for each in facts)),
        numbers=frozenset().union(*(each.numbers for each in facts)),
        names=frozenset(),
        denies=any(each.denies for each in facts),
    )


def _share(said: _Said, source: _Said) -> float:
    """Which part of what is said stands in the source, 0 … 1."""
    weights = {each: FRAME_SHARE if each in FRAME else 1.0 for each in said.stems}
    total = sum(weights.values())
    found = sum(weight for each, weight in weights.items() if each in source.stems)
    return found / total if total else 1.0


def _contradicts(said: _Said, source: _Said) -> bool:
    if said.denies != source.denies:
        return True
    return any(
        _AGAINST[each] in source.stems and each not in source.stems
        for each in said.stems
        if each in _AGAINST and _AGAINST[each] not in said.stems
    )
