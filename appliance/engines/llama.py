"""A language model from a GGUF file, run by llama.cpp in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from appliance.base.errors import EngineFailed
from appliance.engines.child import Child
from appliance.engines.contract import (
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
from appliance.engines.turnstile import Place, Turnstile

_HEARTBEAT = 0.5  # seconds between two signs of life before the answer begins
_GRACE = 1.5  # seconds a cancelled model has to stop before its process is ended
_SILENCE = 120.0  # seconds without a word from a ready model that count as a hang


class LlamaEngine(LanguageEngine):
    """Writes with a local model. One answer at a time; the others wait in line."""

    name: ClassVar[str] = "llama"

    def __init__(
        self, path: Path, *, name: str, context_tokens: int, threads: int, queue_limit: int
    ) -> None:
        """`name` is shown as the author; `threads` 0 takes the processor's cores.
        Nothing is loaded until it is needed, or `preload` is called."""
        self.model = name
        self.context_tokens = context_tokens
        self._path = path
        self._line = Turnstile(limit=queue_limit)
        self._child = Child(
            "llama",
            label="language model",
            load={
                "path": str(path),
                "context_tokens": context_tokens,
                "threads": threads or physical_cores(),
            },
        )

    def state(self) -> State:
        """stopped, loading, ready or failed."""
        return self._child.state()

    def pid(self) -> int | None:
        """The model's process, when it runs."""
        return self._child.pid()

    def waiting(self) -> int:
        """How many answers are being written or wait to be."""
        return self._line.waiting()

    def preload(self) -> None:
        """Load the model in the background."""
        if self._path.exists():
            self._child.preload()

    def write(self, prompt: Prompt) -> Iterator[Piece]:
        """As promised by the contract. Until the first text a `Waiting` comes at least every
        half second, 0 when the model reads the prompt, so that the caller can look up."""
        with self._line.enter() as place:
            yield from _queue(place)
            call = self._ask(
                {
                    "op": "write",
                    "turns": [(turn.role, turn.content) for turn in prompt.turns],
                    "max_tokens": prompt.max_tokens,
                    "temperature": prompt.temperature,
                    "top_p": prompt.top_p,
                    "stop": prompt.stop,
                    "seed": prompt.seed,
                }
            )
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

    def _finish(self, frame: Frame) -> Finish:
        reason, prompt_tokens = frame.header["reason"], frame.header.get("prompt_tokens", 0)
        if reason == "too_long":
            raise PromptTooLong(tokens=prompt_tokens, limit=self.context_tokens)
        if reason == "cancelled":
            raise EngineFailed("The answer was cancelled.")
        usage = Usage(prompt_tokens, frame.header["completion_tokens"])
        return Finish("length" if reason == "length" else "stop", usage)


def _queue(place: Place) -> Iterator[Piece]:
    position = place.position
    while position:
        yield Waiting(position)
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
