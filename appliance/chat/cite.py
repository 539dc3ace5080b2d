"""Pure: citations. Which passages an answer stands on, under the numbers a reader sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from appliance.library.search import Hit

# [1], [1, 2], 【3】, [source 2]: what models write when asked for [n]; and our own [?].
MARK = re.compile(
    r"[ \t]*[\[【]\s?(?:sources?\s?:?\s?)?(\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9}|\?)\s?[\]】]", re.I
)
# The beginning of one, at the end of a text.
HALF_MARK = re.compile(
    r"[\[【]\s?(?:s(?:o(?:u(?:r(?:c(?:es?)?)?)?)?)?\s?:?\s?)?[\d\s,;–?-]{0,70}$", re.I
)
DOUBT = " [?]"


def unmarked(text: str) -> str:
    """The text without citations and doubts."""
    return MARK.sub("", text)


def renamed(text: str) -> str:
    """The text with its own `[7]` as `(7)`, so that no reader takes it for a citation."""
    return re.sub(r"[\[【]([\d\s,;–?-]{1,70})[\]】]", r"(\1)", text)


def numbers(mark: str) -> list[int]:
    """The numbers in a mark: `1, 2` → 1 and 2."""
    return [int(number) for number in re.findall(r"\d+", mark)]


class Citations:
    """The passages cited so far, numbered from 1 in the order in which they appear."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self._hits = hits
        self._cited: dict[int, str] = {}  # source number → the quoted sentence

    def __len__(self) -> int:
        return len(self._cited)

    def mark(self, source: int, quote: str) -> str:
        """Cite a source (numbered from 1 as the model saw it). Returns the mark, ` [n]`."""
        self._cited.setdefault(source, quote)
        return f" [{list(self._cited).index(source) + 1}]"

    def as_json(self) -> list[dict[str, Any]]:
        """Citation objects in the order of their numbers."""
        return [
            _citation(number, self._hits[source - 1], quote)
            for number, (source, quote) in enumerate(self._cited.items(), 1)
        ]


def _citation(number: int, hit: Hit, quote: str) -> dict[str, Any]:
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
        "quote": quote,
        "text": hit.text,
        "score": hit.score,
    }
