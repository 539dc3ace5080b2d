"""Answers in the documents' own words: the sentences that fit best, with their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from appliance.engines.contract import Finish, LanguageEngine, Piece, Prompt, Source, Text

_SENTENCES = 3  # at most, in one answer
_NEAR = 0.85  # of the best score: what is further off is another matter
_ENOUGH = 0.25  # cosine under which a sentence alone says nothing about the question


@dataclass(frozen=True)
class _Quote:
    source: Source
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end].strip()


class QuoteEngine(LanguageEngine):
    """Writes the best sentences of the prompt's sources, word for word, each with ` [n]`.

    Needs no model and cannot make anything up. Without sources it writes nothing.
    """

    name: ClassVar[str] = "quote"
    model = "quotation"
    context_tokens = 1_000_000  # it reads only what it is given as sources

    def write(self, prompt: Prompt) -> Iterator[Piece]:
        """As promised by the contract; usage is nothing, because no model ran."""
        self.check(prompt)
        room, first = prompt.max_tokens, True
        for quote in _chosen(prompt.sources):
            size = self.count([quote.text])[0]
            if size > room and not first:
                yield Finish("length")
                return
            yield Text(f"{'' if first else ' '}{quote.text} [{quote.source.number}]")
            room, first = room - size, False
        yield Finish("stop")


def _chosen(sources: tuple[Source, ...]) -> list[_Quote]:
    """The best sentences, best first; those of one source in the order they stand there."""
    ranked = sorted(_sentences(sources), key=lambda quote: -quote.score)
    if not ranked:
        return [_opening(source) for source in sources[:1] if source.text.strip()]
    bar = max(ranked[0].score * _NEAR, _ENOUGH)
    kept: list[_Quote] = []
    for quote in ranked:
        if len(kept) == _SENTENCES or (kept and quote.score < bar):
            break
        if quote.text not in {each.text for each in kept}:
            kept.append(quote)
    numbers = list(dict.fromkeys(quote.source.number for quote in kept))
    return sorted(kept, key=lambda quote: (numbers.index(quote.source.number), quote.start))


def _sentences(sources: tuple[Source, ...]) -> Iterator[_Quote]:
    """Every sentence that tells something. One that only leads up to the next, like the
    question in a list of questions and answers, lends the next one its score."""
    for source in sources:
        lent = -1.0
        for sentence in source.sentences:
            quote = _Quote(source, sentence.start, sentence.end, max(sentence.score, lent))
            asks = quote.text.endswith("?") or quote.text.startswith("#")
            lent = quote.score if asks or quote.text.endswith(":") else -1.0
            if quote.text and not asks:
                yield quote


def _opening(source: Source) -> _Quote:
    """Of a source whose sentences nobody has marked: its beginning."""
    start = len(source.text) - len(source.text.lstrip())
    end = source.text.find("\n", start)
    return _Quote(source, start, end if end > 0 else len(source.text), 0.0)
