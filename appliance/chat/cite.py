"""Pure: citations. Which passages an answer stands on, under the numbers a reader sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from appliance.library.search import Hit

# [1], [1, 2], 【3】, [source 2]: what models write when asked for [n]; and our own [?].
MARK = re.compile(
    r"[ \t]*[\[【]\s?(?:sources?\s?:?\s?)?(\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9}|\?)\s?[\]】]", re.I
)
# The beginning of one, at the end of a text; or of several, one inside the other.
HALF_MARK = re.compile(
    r"(?:[\[【]\s?(?:s(?:o(?:u(?:r(?:c(?:es?)?)?)?)?)?\s?:?\s?)?[\d\s,;–?-]{0,70})+$", re.I
)
DOUBT = " [?]"


def unmarked(text: str) -> str:
    """The text without citations and doubts."""
    return MARK.sub("", text)


def renamed(text: str) -> str:
    """The text with its own `[7]` as `(7)`, so that no reader takes it for a citation."""
    # Emphasis or code around the number would be gone by the time it is shown.
    return re.sub(r"[\[【]([\d\s,;–?*_`~-]{1,70})[\]】]", r"(\1)", text)


def numbers(mark: str) -> list[int]:
    """The numbers in a mark: `1, 2` → 1 and 2."""
    return [int(number) for number in re.findall(r"\d+", mark)]


class Quote(NamedTuple):
    """Where it is said: a source by its number (from 1), and characters of its text."""

    source: int
    start: int
    end: int


class Citations:
    """The passages cited so far, numbered from 1 in the order in which they appear.

    A passage that is cited for several sentences has one number; its quote is the
    shortest stretch of its text that holds them all.
    """

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = hits
        self._cited: dict[int, Quote] = {}  # by source

    def __len__(self) -> int:
        return len(self._cited)

    def mark(self, quote: Quote) -> str:
        """Cite a passage. Returns the mark that stands after the sentence, ` [n]`."""
        known = self._cited.get(quote.source, quote)
        start, end = min(known.start, quote.start), max(known.end, quote.end)
        self._cited[quote.source] = Quote(quote.source, start, end)
        return f" [{list(self._cited).index(quote.source) + 1}]"

    def as_json(self) -> list[dict[str, Any]]:
        """Citation objects in the order of their numbers."""
        return [
            _citation(number, self._hits[quote.source - 1], quote)
            for number, quote in enumerate(self._cited.values(), 1)
        ]


def _citation(number: int, hit: Hit, quote: Quote) -> dict[str, Any]:
    return {
        "number": number,
        "document_id": hit.document_id,
        "document_name": hit.document_name,
        "source_id": hit.source_id,
        "passage_id": f"psg_{hit.passage_id}",
        "page": hit.page,
        "heading": hit.heading,
        "sheet": hit.sheet,
        "cells": hit.cells,
        "quote": hit.text[quote.start : quote.end],
        "text": hit.text,
        "score": hit.score,
    }
