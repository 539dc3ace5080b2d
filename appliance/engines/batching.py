"""Pure: which texts of which requests go through an embedding model together.

All that waits is one line. Queries of visitors go before documents, between any two
batches; within each kind, several requests share a batch. Texts in a batch have like
lengths, so that little of it is padding, and a batch holds a fixed number of tokens, so
that nobody waits for a long one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

BUDGET = 1024  # tokens of a batch, padding included: as fast as 4,096, a quarter of the wait
POOL = 8 * BUDGET  # tokens looked over for like lengths


class Sized(Protocol):
    """A text whose tokens were counted."""

    @property
    def tokens(self) -> int: ...


Text = TypeVar("Text", bound=Sized)


class Work(Protocol[Text]):
    """A request: the texts that have no vector yet, by their place in it."""

    @property
    def waiting(self) -> dict[int, Text]: ...


Request = TypeVar("Request", bound=Work)  # type: ignore[type-arg]


@dataclass(frozen=True)
class Pick(Generic[Request, Text]):
    """One text of a batch."""

    work: Request
    row: int
    text: Text


def batch(line: Sequence[Request]) -> list[Pick[Request, Sized]]:
    """The texts that go next, of requests in the order they came.

    The longest text of the first request is always among them, so that each request comes
    to its end whatever joins the line; the others are the next shorter ones of the first
    requests, as many as the budget holds. Empty when nothing waits.
    """
    pool = sorted(_pool(line), key=lambda pick: -pick.text.tokens)
    if not pool:
        return []
    head = pool[0].work if len(line) == 1 else next(each for each in line if each.waiting)
    first = next(at for at, pick in enumerate(pool) if pick.work is head)
    room = max(1, BUDGET // max(pool[first].text.tokens, 1))
    return pool[first : first + room]


def _pool(line: Sequence[Request]) -> Iterator[Pick[Request, Sized]]:
    """The texts of the first requests; of each all, so that the longest are among them."""
    tokens = 0
    for work in line:
        if tokens >= POOL:
            return
        for row, text in work.waiting.items():
            tokens += text.tokens
            yield Pick(work, row, text)
