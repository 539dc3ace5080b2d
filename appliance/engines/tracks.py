"""Pure: which token sequences a model holds in its memory, and what is kept of earlier ones.

Each running answer has a sequence of its own. When it is over, a copy goes to the shelf,
which is ordinary memory. The next turn of the same session takes it from there, which
takes milliseconds where reading takes seconds; and another session of the same assistant
takes the beginning that both have in common. What was not used for longest makes room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

WORTHWHILE = 16  # tokens; taking over a shorter beginning saves nothing


class State(Protocol):
    """The copy of a sequence."""

    @property
    def size(self) -> int:
        """Bytes."""

    def close(self) -> None:
        """Give the memory back."""


class Native(Protocol):
    """The model's memory."""

    def cut(self, sequence: int, start: int) -> bool:
        """Forget a sequence from `start` on. False: it cannot; then it is forgotten whole."""

    def save(self, sequence: int) -> State | None:
        """A copy of a sequence; None when there is no memory for it."""

    def restore(self, sequence: int, state: State) -> bool:
        """Put a copy into `sequence`, which is empty. False: it cannot; it stays empty."""


@dataclass(eq=False)
class Track:
    """A sequence that is being written to: the tokens in memory under its number."""

    number: int
    key: str  # of its session
    tokens: list[int] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Kept:
    """A copy on the shelf. Without a key it is the beginning of several sequences."""

    tokens: list[int]
    key: str
    state: State


class Tracks:
    """All sequences of one model. Not for use from several threads."""

    def __init__(self, native: Native, *, tracks: int, shelf: int) -> None:
        """At most `tracks` at once, and `shelf` bytes for copies."""
        self._native = native
        self._shelf_bytes = shelf
        self._numbers = list(range(tracks))  # that are free
        self._open: list[Track] = []
        self._shelf: list[Kept] = []  # least recently used first

    @property
    def kept(self) -> int:
        """Bytes on the shelf."""
        return sum(kept.state.size for kept in self._shelf)

    def open(self, key: str = "") -> Track:
        """An empty sequence. No more are open than there are tracks."""
        above = 1 + max((track.number for track in self._open), default=-1)
        number = above if above in self._numbers else min(self._numbers)
        self._numbers.remove(number)
        track = Track(number, key)
        self._open.append(track)
        return track

    def recall(self, track: Track, tokens: Sequence[int]) -> int:
        """Fill an empty sequence with as much of a prompt's beginning as was read before.

        Returns how much. At least the last token is left to be read, for what follows
        depends on it.
        """
        wanted = tokens[:-1]
        kept = max(self._shelf, key=lambda each: _fit(each, wanted), default=None)
        reach = common_length(kept.tokens, wanted) if kept else 0
        others = [each for each in self._open if each is not track]
        beside = max(others, key=lambda each: common_length(each.tokens, wanted), default=None)
        if beside and common_length(beside.tokens, wanted) >= max(reach + WORTHWHILE, WORTHWHILE):
            self._share(beside, track, wanted)
        elif kept and reach >= WORTHWHILE:
            self._take(kept, track, reach)
        return len(track.tokens)

    def extend(self, track: Track, tokens: Sequence[int]) -> None:
        """These tokens were read into a sequence."""
        track.tokens += tokens

    def close(self, track: Track) -> None:
        """It is not written to any more: to the shelf, for the next turn of its session."""
        self._keep(track, track.key)
        self.drop(track)

    def drop(self, track: Track) -> None:
        """Forget a sequence."""
        self._cut(track, 0)
        self._open.remove(track)
        self._numbers.append(track.number)

    def trim(self, track: Track) -> None:
        """Make the memory agree with what we know of it, after a pass that was broken off."""
        self._cut(track, len(track.tokens))

    def compact(self) -> None:
        """Move the highest sequence into a gap below it.

        A pass computes sequences with neighbouring numbers together, and others one
        group after the other, which takes about as long again for each group.
        """
        if not self._open or not self._numbers:
            return
        last = max(self._open, key=lambda track: track.number)
        first = min(track.number for track in self._open)
        gap = min((number for number in self._numbers if number > first), default=last.number)
        if gap >= last.number or not last.tokens:
            return
        state = self._native.save(last.number)
        if state is None:
            return
        if self._native.restore(gap, state):
            self._native.cut(last.number, 0)
            self._numbers.remove(gap)
            self._numbers.append(last.number)
            last.number = gap
        state.close()

    def _share(self, source: Track, track: Track, wanted: Sequence[int]) -> None:
        """What a running answer has read already, and its like will want as well."""
        state = self._native.save(source.number)
        if state is None:
            return
        if self._native.restore(track.number, state):
            track.tokens = list(source.tokens)
            self._cut(track, common_length(source.tokens, wanted))
            self._keep(track, "")
        state.close()

    def _take(self, kept: Kept, track: Track, reach: int) -> None:
        """From the shelf, up to where it fits."""
        if not self._native.restore(track.number, kept.state):
            return
        track.tokens = list(kept.tokens)
        self._cut(track, reach)
        self._shelf.remove(kept)
        if kept.key and kept.key == track.key:
            kept.state.close()  # a longer one will come
            return
        self._shelf.append(kept)  # used last
        if len(track.tokens) < len(kept.tokens):
            self._keep(track, "")

    def _keep(self, track: Track, key: str) -> None:
        if len(track.tokens) < WORTHWHILE or not (state := self._native.save(track.number)):
            return
        for kept in list(self._shelf):
            if kept.key == key and (key or kept.tokens == track.tokens):
                self._remove(kept)
        self._shelf.append(Kept(list(track.tokens), key, state))
        while self.kept > self._shelf_bytes:
            self._remove(self._shelf[0])

    def _remove(self, kept: Kept) -> None:
        self._shelf.remove(kept)
        kept.state.close()

    def _cut(self, track: Track, start: int) -> None:
        if not self._native.cut(track.number, start):
            start = 0
        del track.tokens[start:]


def _fit(kept: Kept, tokens: Sequence[int]) -> tuple[int, int]:
    """The longest common beginning is best; of two, the shorter copy is quicker to take."""
    return common_length(kept.tokens, tokens), -len(kept.tokens)


def common_length(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two sequences have in common from their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:  # comparing slices is a hundred times faster than a loop
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
