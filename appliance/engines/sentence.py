"""An embedding model from a sentence-transformers folder, run in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from appliance.base.errors import EngineFailed
from appliance.engines.child import Child
from appliance.engines.contract import Embedded, Embedder, Vectors
from appliance.engines.cores import physical_cores
from appliance.engines.frames import Frame
from appliance.engines.life import Call, State
from appliance.engines.sentence_folder import prompts, shape

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_SLICE = 256  # texts in one request; the child sorts them by length
_TICK = 0.5  # seconds between two looks at the child while waiting for it
_SILENCE = 120.0  # seconds without a word from a ready model that count as a hang

Spans = Sequence[Sequence[tuple[int, int]]]


class SentenceEmbedder(Embedder):
    """Vectors from a local model. Counting tokens happens here, without the model."""

    name: ClassVar[str] = "sentence"

    def __init__(self, folder: Path, *, fingerprint: str, threads: int = 0) -> None:
        """`threads` 0 takes the processor's cores. Nothing is loaded until it is needed, or
        `preload` is called. A folder that is no such model raises EngineFailed on use."""
        self.fingerprint = fingerprint
        self._folder = folder
        self._lock = Lock()
        self._tokenizer: Tokenizer | None = None
        self._child = Child(
            "sentence",
            label="embedding model",
            load={"folder": str(folder), "threads": threads or physical_cores()},
        )

    @cached_property
    def dimensions(self) -> int:  # type: ignore[override]  # as good as an attribute
        """Numbers in a vector, from the model's files. Raises EngineFailed."""
        return shape(self._folder)[0]

    @cached_property
    def window(self) -> int:  # type: ignore[override]
        """Tokens read of one text, from the model's files. Raises EngineFailed."""
        read = shape(self._folder)[1]
        longest = max(self._prompts, key=len)
        return read - len(self.offsets(longest)) if longest else read

    @cached_property
    def _prompts(self) -> tuple[str, str]:
        return prompts(self._folder)

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

    def preload(self) -> None:
        """Load the model in the background, if it is there."""
        if (self._folder / "modules.json").exists():
            self._child.preload()

    def embed(
        self, texts: Sequence[str], *, spans: Spans | None = None, urgent: bool = False
    ) -> list[Embedded]:
        """As promised by the contract."""
        if not (self._folder / "modules.json").exists():
            raise EngineFailed(f"The embedding model is not in {self._folder.name}.")
        texts = [_clean(text) for text in texts]
        ranges = [list(each) for each in spans] if spans is not None else [[]] * len(texts)
        if len(ranges) != len(texts):
            raise ValueError("one list of spans for each text")
        if before := self._prompts[0 if urgent else 1]:
            texts = [before + text for text in texts]
            shift = len(before)
            ranges = [[(start + shift, end + shift) for start, end in each] for each in ranges]
        parts = [
            (texts[start : start + _SLICE], ranges[start : start + _SLICE])
            for start in range(0, len(texts), _SLICE)
        ]
        calls = [
            self._child.call({"op": "embed", "urgent": urgent, "texts": some, "spans": theirs})
            for some, theirs in parts
        ]
        return [
            embedded
            for call, (_, theirs) in zip(calls, parts, strict=True)
            for embedded in self._collect(call, theirs)
        ]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """As promised by the contract."""
        return self._tokens().encode(_clean(text), add_special_tokens=False).offsets

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the special ones the model adds and without truncation."""
        clean = [_clean(text) for text in texts]
        encoded = self._tokens().encode_batch(clean, add_special_tokens=False)
        return [len(each.ids) for each in encoded]

    def close(self) -> None:
        """End the process and get its memory back."""
        self._child.close()

    def _collect(self, call: Call, spans: list[list[tuple[int, int]]]) -> list[Embedded]:
        found: dict[int, Embedded] = {}
        while True:
            frame = self._await(call)
            if trouble := frame.header.get("trouble"):
                raise EngineFailed(f"The embedding model failed ({trouble}).")
            rows = frame.header["rows"]
            numbers = np.frombuffer(frame.payload, np.float32)
            vectors: Vectors = numbers.reshape(-1, self.dimensions).copy()
            taken = len(rows)
            for vector, row in zip(vectors, rows, strict=False):
                end = taken + len(spans[row])
                found[row] = Embedded(vector, vectors[taken:end])
                taken = end
            if frame.header["last"]:
                return [found[row] for row in range(len(spans))]

    def _await(self, call: Call) -> Frame:
        heard = time.monotonic()
        while (frame := call.next(_TICK)) is None:
            if self.state() == "loading":
                heard = time.monotonic()
            elif time.monotonic() - heard > _SILENCE:
                raise call.hang()
        return frame

    def _tokens(self) -> Tokenizer:
        with self._lock:
            if self._tokenizer is None:
                from tokenizers import Tokenizer

                path = self._folder / "tokenizer.json"
                if not path.exists():
                    raise EngineFailed(f"{self._folder.name} holds no tokenizer.")
                tokenizer = Tokenizer.from_file(str(path))
                tokenizer.no_truncation()
                tokenizer.no_padding()
                self._tokenizer = tokenizer
            return self._tokenizer


def _clean(text: str) -> str:
    """Half of a surrogate pair is no character, and tokenizers refuse it. The length stays."""
    try:
        text.encode()
        return text
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in text)
