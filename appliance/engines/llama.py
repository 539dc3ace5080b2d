"""A language model from a GGUF file, run by llama.cpp in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from appliance.base.errors import EngineFailed, Invalid
from appliance.engines.child import Child
from appliance.engines.contract import (
    Ability,
    Finish,
    LanguageEngine,
    Piece,
    Prompt,
    PromptTooLong,
    Text,
    Usage,
    Waiting,
)
from appliance.engines.cores import physical_cores
from appliance.engines.frames import Frame
from appliance.engines.life import Call, State
from appliance.engines.line import Line, Place

SLOTS = 8  # answers written at once: more share the processor without being faster in all
SHELF_MB = 512
_HEARTBEAT = 0.5  # seconds between two signs of life before the answer begins
_GRACE = 3.0  # seconds the process has to confirm a cancellation before it is ended
_SILENCE = 120.0  # seconds without a word from a ready model that count as a hang


@dataclass(frozen=True)
class Load:
    """How busy an engine is, for the console."""

    running: int
    waiting: int
    slots: int


class LlamaEngine(LanguageEngine):
    """Writes with a local model, several answers at once; the others wait in a fair line."""

    name: ClassVar[str] = "llama"
    abilities: ClassVar[frozenset[Ability]] = frozenset(
        {
            "temperature", "top_p", "top_k", "min_p", "repetition", "seed", "logit_bias",
            "json_schema", "grammar",
        }
    )  # fmt: skip

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        context_tokens: int,
        threads: int,
        queue_limit: int,
        slots: int = SLOTS,
        shelf_mb: int = SHELF_MB,
        admit: Callable[[], None] | None = None,
    ) -> None:
        """`name` is shown as the author; `threads` 0 takes the processor's cores; `slots`
        answers are written at once; what was read for them is kept in up to `shelf_mb`
        of memory for the next turn. Nothing is loaded until it is needed, or `preload` is
        called; `admit` is asked first, and raises EngineFailed when there is no room."""
        self.model = name
        self.context_tokens = context_tokens
        self._path = path
        self._slots = slots
        self._line = Line(places=slots, limit=queue_limit)
        self._child = Child(
            "llama",
            label="language model",
            load={
                "path": str(path),
                "context_tokens": context_tokens,
                "threads": threads or physical_cores(),
                "slots": slots,
                "shelf_mb": shelf_mb,
            },
            admit=admit,
        )

    def state(self) -> State:
        """stopped, loading, ready or failed."""
        return self._child.state()

    def pid(self) -> int | None:
        """The model's process, when it runs."""
        return self._child.pid()

    def idle(self) -> float:
        """Seconds since it last had something to do."""
        return self._child.idle()

    def keep(self, kept: bool) -> None:
        """Whether it is started again by itself when its process dies."""
        self._child.kept = kept

    def load(self) -> Load:
        """How busy it is."""
        return Load(self._line.running(), self._line.waiting(), self._slots)

    def warning(self) -> str:
        """What the administrator should know of this model, once it has loaded."""
        return str(self._child.facts().get("warning", ""))

    def preload(self) -> None:
        """Load the model in the background."""
        if self._path.exists():
            self._child.preload()

    def write(self, prompt: Prompt) -> Iterator[Piece]:
        """As promised by the contract. Until the first text a `Waiting` comes at least every
        half second, 0 when the model reads the prompt, so that the caller can look up."""
        with self._line.enter(prompt.ticket) as place:
            yield from _queue(place)
            call = self._ask(_request(prompt))
            try:
                yield from self._pieces(call)
            finally:
                call.abandon(_GRACE)

    def count(self, texts: Sequence[str]) -> list[int]:
        """Exact, and answered while the model writes. Raises EngineFailed."""
        if not texts:
            return []
        call = self._ask({"op": "count", "texts": list(texts)})
        frame = _patiently(call, self._child)
        return [int(count) for count in frame.header["counts"]]

    def close(self) -> None:
        """End the process and get its memory back."""
        self._child.close()

    def _ask(self, header: dict[str, object]) -> Call:
        if not self._path.exists():
            raise EngineFailed(f"The model file {self._path.name} is not there.")
        return self._child.call(header)

    def _pieces(self, call: Call) -> Iterator[Piece]:
        begun, heard = False, time.monotonic()
        while True:
            frame = call.next(_HEARTBEAT)
            if frame is None:
                if self.state() == "ready" and time.monotonic() - heard > _SILENCE:
                    raise call.hang()
                if not begun:
                    yield Waiting(0)
                continue
            heard = time.monotonic()
            if frame.header.get("last"):
                yield self._finish(frame)
                return
            if text := frame.header.get("text"):
                begun = True
                yield Text(text)
            elif not begun:
                yield Waiting(0, frame.header.get("seconds"))

    def _finish(self, frame: Frame) -> Finish:
        said = frame.header
        match said["reason"]:
            case "too_long":
                raise PromptTooLong(tokens=said["prompt_tokens"], limit=self.context_tokens)
            case "unsuitable":
                raise Invalid(said["message"])
            case "cancelled":
                raise EngineFailed("The answer was cancelled.")
        self.reading_speed = said["reading_speed"] or self.reading_speed
        usage = Usage(said["prompt_tokens"], said["completion_tokens"], said["cached_tokens"])
        return Finish("length" if said["reason"] == "length" else "stop", usage)


def _request(prompt: Prompt) -> dict[str, Any]:
    return {
        "op": "write",
        "turns": [(turn.role, turn.content) for turn in prompt.turns],
        "max_tokens": prompt.max_tokens,
        "temperature": prompt.temperature,
        "top_p": prompt.top_p,
        "top_k": prompt.top_k,
        "min_p": prompt.min_p,
        "repetition": prompt.repetition,
        "stop": prompt.stop,
        "seed": prompt.seed,
        "logit_bias": {str(token): bias for token, bias in prompt.logit_bias.items()},
        "json_schema": prompt.json_schema,
        "grammar": prompt.grammar,
        "project": prompt.ticket.project,
        "session": prompt.ticket.session,
        "fixed_turns": prompt.fixed_turns,
    }


def _queue(place: Place) -> Iterator[Piece]:
    position = place.position
    while position:
        yield Waiting(position, place.seconds)
        position = place.wait(position, _HEARTBEAT)


def _patiently(call: Call, child: Child) -> Frame:
    """The only frame of a short call. Loading takes what it takes; then it must come."""
    heard = time.monotonic()
    while (frame := call.next(_HEARTBEAT)) is None:
        if child.state() == "loading":
            heard = time.monotonic()
        elif time.monotonic() - heard > _SILENCE:
            raise call.hang()
    return frame
