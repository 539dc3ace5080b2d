"""Many answers written at once with one model: they join and leave between any two tokens.

Each step is one pass through the model. It carries the next token of every running
answer and a piece of the prompts that wait to be read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from appliance.engines.llama_context import Aborted, Row
from appliance.engines.stride import UNIT, Stride
from appliance.engines.tracks import (
    WORTHWHILE,
    Native,
    Session,
    Track,
    Tracks,
    common_length,
)
from appliance.engines.writing import Writing

_TELL = 0.2  # seconds between two signs of life
_SCOUT = 16  # tokens of the first step, when the processor may be busy otherwise


class Picks(Protocol):
    """Chooses the next token."""

    def pick(self, context: Any, row: int) -> int: ...

    def close(self) -> None: ...


class Context(Native, Protocol):
    """A model's memory, and passes through it."""

    native: Any
    unwanted: Callable[[], bool]

    def decode(self, rows: list[Row]) -> None: ...

    def begin(self) -> bool: ...


class Vocabulary(Protocol):
    """What tokens mean."""

    def piece(self, token: int) -> bytes: ...

    def ends(self, token: int) -> bool: ...


@dataclass(eq=False)
class Stream:
    """One answer that was asked for."""

    tokens: list[int]  # the prompt
    sampler: Picks
    writing: Writing
    max_tokens: int
    say: Callable[..., None]  # to the one who asked
    session: Session = field(default_factory=Session)
    fixed: int = 0  # first tokens that hold nothing of a visitor
    cancelled: bool = False
    told: float = 0.0  # when the asker last heard of it


@dataclass(eq=False)
class Slot:
    """An answer that has a sequence in the model's memory, and how far it has come."""

    stream: Stream
    track: Track
    begun: bool = False  # reading its prompt
    cached: int = 0  # tokens of the prompt that had been read before
    written: list[int] = field(default_factory=list)

    @property
    def unread(self) -> list[int]:
        """What is left to be read of the prompt."""
        return self.stream.tokens[len(self.track.tokens) :]


class Batcher:
    """The running answers of one model. Only one thread calls `add` and `step`."""

    def __init__(
        self,
        context: Context,
        vocabulary: Vocabulary,
        *,
        slots: int,
        shelf: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """At most `slots` answers at once; and `shelf` bytes for what was read for answers
        that are over."""
        self._context, self._vocabulary, self._clock = context, vocabulary, clock
        self._slots = slots
        self.tracks = Tracks(context, tracks=slots, shelf=shelf)
        self.stride = Stride()
        self._waiting: list[Stream] = []
        self._running: list[Slot] = []
        self._rested = True
        context.unwanted = self._unwanted

    @property
    def idle(self) -> bool:
        """Nothing to do."""
        return not (self._waiting or self._running)

    def add(self, stream: Stream) -> None:
        """Take on an answer. Its end is said to the asker, unless it is cancelled."""
        self._rested = self._rested or self.idle
        self._waiting.append(stream)

    def step(self) -> None:
        """One pass: a token for each running answer, and a piece of the prompts."""
        self._sweep()
        self._admit()
        self.tracks.compact()
        writing = sorted(
            (slot for slot in self._running if not slot.unread), key=lambda slot: slot.track.number
        )
        reading = [slot for slot in self._running if slot.unread]
        if writing and (took := self._pass([(slot, slot.written[-1:]) for slot in writing])):
            self.stride.wrote(took)
        self._read(reading, beside=len(writing))
        self._report()

    def _read(self, reading: list[Slot], *, beside: int) -> None:
        """Read pieces of the prompts that wait; first come, first served."""
        if not reading:
            return
        left = self.stride.tokens(running=beside, waiting=len(reading))
        if self._rested and self._context.begin():
            left = min(left, _SCOUT)
        self._rested = False
        for number, slot in enumerate(reading):
            if left >= UNIT and not _is_read_by(reading[:number], slot):
                self._begin(slot)
                piece = slot.unread[: left // UNIT * UNIT]
                if took := self._pass([(slot, piece)]):
                    self.stride.read(len(piece), took)
                left -= len(piece) + _SCOUT

    def _pass(self, work: list[tuple[Slot, list[int]]]) -> float:
        """Compute these tokens and pick those that follow. Returns the seconds it took, 0 when
        it was broken off."""
        began = self._clock()
        try:
            self._context.decode([row for slot, tokens in work for row in _rows(slot, tokens)])
        except Aborted:
            for slot, _ in work:
                self.tracks.trim(slot.track)
            return 0.0
        row = -1
        for slot, tokens in work:
            self.tracks.extend(slot.track, tokens)
            row += len(tokens)
            if not slot.unread:
                self._write(slot, slot.stream.sampler.pick(self._context.native, row))
        return self._clock() - began

    def _sweep(self) -> None:
        """Let go of what nobody wants any more."""
        for stream in [stream for stream in self._waiting if stream.cancelled]:
            self._waiting.remove(stream)
            stream.sampler.close()
        for slot in [slot for slot in self._running if slot.stream.cancelled]:
            self._leave(slot)

    def _admit(self) -> None:
        """Begin with those who wait, in their order, while there are sequences."""
        while self._waiting and len(self._running) < self._slots:
            stream = self._waiting.pop(0)
            self._running.append(Slot(stream, self.tracks.open(stream.session)))

    def _begin(self, slot: Slot) -> None:
        if not slot.begun:
            slot.begun = True
            slot.cached = self.tracks.recall(
                slot.track, slot.stream.tokens, fixed=slot.stream.fixed
            )

    def _write(self, slot: Slot, token: int) -> None:
        stream = slot.stream
        if self._vocabulary.ends(token):
            self._finish(slot, "stop")
            return
        slot.written.append(token)
        if text := stream.writing.feed(self._vocabulary.piece(token)):
            self._say(stream, text=text)
        if stream.writing.stopped:
            self._finish(slot, "stop")
        elif len(slot.written) >= stream.max_tokens:
            self._finish(slot, "length")

    def _finish(self, slot: Slot, reason: str) -> None:
        if text := slot.stream.writing.finish():
            self._say(slot.stream, text=text)
        self._leave(slot)
        self._say(
            slot.stream,
            last=True,
            reason=reason,
            prompt_tokens=len(slot.stream.tokens),
            completion_tokens=len(slot.written),
            cached_tokens=slot.cached,
            reading_speed=round(self.stride.tokens_per_second, 1) or None,
        )

    def _leave(self, slot: Slot) -> None:
        self._running.remove(slot)
        slot.stream.sampler.close()
        self.tracks.close(slot.track)

    def _report(self) -> None:
        """Signs of life to those whose prompt is being read, now and then."""
        now, speed = self._clock(), self.stride.tokens_per_second
        unread = 0
        for slot in self._running:
            unread += len(slot.unread)
            if not slot.written and now - slot.stream.told > _TELL:
                seconds = round(unread / speed, 1) if speed else None
                self._say(slot.stream, alive=True, seconds=seconds)

    def _say(self, stream: Stream, **facts: Any) -> None:
        if not stream.cancelled:
            stream.told = self._clock()
            stream.say(**facts)

    def _unwanted(self) -> bool:
        return bool(self._running) and all(slot.stream.cancelled for slot in self._running)


def _is_read_by(others: list[Slot], slot: Slot) -> bool:
    """Whether one of them is reading a beginning that this one can take over in a moment."""
    fixed = slot.stream.tokens[: slot.stream.fixed]
    return not slot.begun and any(
        other.track.session.project == slot.track.session.project
        and common_length(other.stream.tokens, fixed) >= len(other.track.tokens) + WORTHWHILE
        for other in others
    )


def _rows(slot: Slot, tokens: list[int]) -> Iterator[Row]:
    """What a pass reads of one sequence; the next token is picked after the last of the prompt."""
    at, end = len(slot.track.tokens), len(slot.stream.tokens) - 1
    for place, token in enumerate(tokens, at):
        yield Row(token, place, slot.track.number, place >= end)
