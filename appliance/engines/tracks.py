"""Pure: which token sequences a model holds in its memory, and what is kept of earlier ones.

Each running answer has a sequence of its own. When it is over, a copy goes to the shelf,
which is ordinary memory. The next turn of the same session takes it from there, which
takes milliseconds where reading takes seconds; and another session of the same project
takes the beginning that both have in common, as far as it is the assistant's: were more
shared, the speed of an answer would tell what others have asked. What was not used for
longest makes room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

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


class Session(NamedTuple):
    """Whose sequence it is. Without a name it belongs to nobody who will come back."""

    project: str = ""
    name: str = ""


@dataclass(eq=False)
class Track:
    """A sequence that is being written to: the tokens in memory under its number."""

    number: int
    session: Session
    tokens: list[int] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Kept:
    """A copy on the shelf. Without a name it is the beginning of several sequences."""

    tokens: list[int]
    session: Session
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

    def open(self, session: Session) -> Track:
        """An empty sequence. No more are open than there are tracks."""
        above = 1 + max((track.number for track in self._open), default=-1)
        number = above if above in self._numbers else min(self._numbers)
        self._numbers.remove(number)
        track = Track(number, session)
        self._open.append(track)
        return track

    def recall(self, track: Track, tokens: Sequence[int], *, fixed: int) -> int:
        """Fill an empty sequence with as much of a prompt's beginning as was read before:
        for its own session, or, of the first `fixed` tokens, for another one of its project.

        Returns how much. At least the last token is left to be read, for what follows
        depends on it.
        """
        wanted = list(tokens[:-1])
        reach = {kept: self._reach(track, kept, wanted, fixed) for kept in self._shelf}
        kept = max(reach, key=lambda each: (reach[each], -len(each.tokens)), default=None)
        best = reach[kept] if kept else 0
        beside = max(
            (each for each in self._open if each is not track),
            key=lambda each: self._reach(track, each, wanted, fixed),
            default=None,
        )
        if beside and self._reach(track, beside, wanted, fixed) >= best + WORTHWHILE:
            self._share(beside, track, self._reach(track, beside, wanted, fixed))
        elif kept and best >= WORTHWHILE:
            self._take(kept, track, best)
        return len(track.tokens)

    def _reach(self, track: Track, other: Track | Kept, wanted: list[int], fixed: int) -> int:
        if track.session.name and other.session == track.session:
            return common_length(other.tokens, wanted)
        if other.session.project != track.session.project:
            return 0
        return common_length(other.tokens, wanted[:fixed])

    def extend(self, track: Track, tokens: Sequence[int]) -> None:
        """These tokens were read into a sequence."""
        track.tokens += tokens

    def close(self, track: Track) -> None:
        """It is not written to any more: to the shelf, for the next turn of its session."""
        self._keep(track, track.session)
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

    def _share(self, source: Track, track: Track, reach: int) -> None:
        """What a running answer has read already, and its like will want as well."""
        state = self._native.save(source.number)
        if state is None:
            return
        if self._native.restore(track.number, state):
            track.tokens = list(source.tokens)
            self._cut(track, reach)
            self._keep(track, Session(track.session.project))
        state.close()

    def _take(self, kept: Kept, track: Track, reach: int) -> None:
        """From the shelf, up to where it fits."""
        if not self._native.restore(track.number, kept.state):
            return
        track.tokens = list(kept.tokens)
        self._cut(track, reach)
        self._shelf.remove(kept)
        if kept.session.name and kept.session == track.session:
            kept.state.close()  # a longer one will come
            return
        self._shelf.append(kept)  # used last
        if len(track.tokens) < len(kept.tokens):
            self._keep(track, Session(track.session.project))

    def _keep(self, track: Track, session: Session) -> None:
        if len(track.tokens) < WORTHWHILE or not (state := self._native.save(track.number)):
            return
        for kept in list(self._shelf):
            if kept.session == session and (session.name or kept.tokens == track.tokens):
                self._remove(kept)
        self._shelf.append(Kept(list(track.tokens), session, state))
        while self.kept > self._shelf_bytes:
            self._remove(self._shelf[0])

    def _remove(self, kept: Kept) -> None:
        self._shelf.remove(kept)
        kept.state.close()

    def _cut(self, track: Track, start: int) -> None:
        if not self._native.cut(track.number, start):
            start = 0
        del track.tokens[start:]


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
