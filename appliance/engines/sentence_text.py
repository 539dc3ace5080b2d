"""Pure: texts as an embedding model reads them, cut into tokens once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Encoding

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Read:
    """One text: its tokens, and which of them each of its spans has."""

    ids: Sequence[int]
    kinds: Sequence[int]  # token type ids
    spans: Sequence[tuple[int, int]]  # first token and number of tokens; 0: none of its own

    @property
    def tokens(self) -> int:
        """Special ones included."""
        return len(self.ids)


def read(encoding: Encoding, spans: Sequence[Sequence[int]]) -> Read:
    """A text that was cut into tokens without padding. Spans are characters of it.

    A span has the tokens that begin within it.
    """
    special = encoding.special_tokens_mask
    own = [at for at, is_special in enumerate(special) if not is_special]
    starts = [encoding.offsets[at][0] for at in own]

    def tokens() -> Iterator[tuple[int, int]]:
        for start, end in spans:
            first = bisect_left(starts, start)
            count = max(bisect_left(starts, end) - first, 0)
            yield (own[first], count) if count else (0, 0)

    return Read(encoding.ids, encoding.type_ids, list(tokens()))


def padded(rows: Sequence[Sequence[int]], filler: int) -> Ints:
    """Rows of one length."""
    table: Ints = np.full((len(rows), max(map(len, rows))), filler, np.int64)
    for line, row in zip(table, rows, strict=True):
        line[: len(row)] = row
    return table
