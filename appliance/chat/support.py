"""Which passages say what a sentence says, and in which words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from appliance.chat import cite
from appliance.chat.cite import Quote
from appliance.engines.contract import Source
from appliance.library.ground import Verdict

Ground = Callable[[Sequence[str], Sequence[Source]], Sequence[Verdict]]

MOST = 3  # citations after one sentence

_FORMATTING = re.compile(r"^\s*(?:[-*•–]|#+|\d{1,3}[.)])\s+|[*_`]+", re.M)


class Support:
    """Checks the sentences of one answer against its sources.

    The check decides what is cited, not the model: a source that the model named and
    that does not say so is not cited, one that says so is, named or not.
    """

    def __init__(self, ground: Ground, sources: Sequence[Source]) -> None:
        self._ground = ground
        self._sources = {source.number: source for source in sources}

    def __call__(self, sentence: str, claimed: Sequence[int]) -> list[Quote]:
        plain = _FORMATTING.sub("", sentence)
        best = self._said_in(plain, list(self._sources.values()))
        if not best:
            return []
        others = [n for n in dict.fromkeys(claimed) if n in self._sources and n != best.source]
        said = [self._said_in(plain, [self._sources[number]]) for number in others[: MOST - 1]]
        return [best, *(quote for quote in said if quote)]

    def _said_in(self, sentence: str, sources: Sequence[Source]) -> Quote | None:
        verdict = self._ground([sentence], sources)[0]
        if not verdict.supported or verdict.source_number is None or verdict.quote is None:
            return None
        return Quote(verdict.source_number, *verdict.quote)


def quoted(piece: str, sources: Sequence[Source]) -> tuple[str, Quote] | None:
    """What the quoting engine wrote in one piece: the text to show, and where it stands.

    None for anything that does not stand there word for word. A sentence may hold
    references of its document's own, `[7]`; they are shown as `(7)`, for square
    brackets are ours.
    """
    said, _, mark = piece.rpartition(" [")
    number = int(mark[:-1]) if mark[:-1].isdecimal() else 0
    for source in sources:
        start = source.text.find(said.strip())
        if source.number == number and said.strip() and start >= 0:
            return cite.renamed(said), Quote(number, start, start + len(said.strip()))
    return None
