"""A cross-encoder from a sentence-transformers folder, run in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from appliance.base.errors import EngineFailed
from appliance.engines.child import Child
from appliance.engines.contract import Reranker
from appliance.engines.cores import physical_cores
from appliance.engines.life import Call, State

_TICK = 0.5  # seconds between two looks at the child while waiting for it
PATIENCE = 30.0  # seconds without an answer of a ready model that count as a hang


class CrossReranker(Reranker):
    """Judges how well question and passage fit with a local model."""

    name: ClassVar[str] = "cross-encoder"

    def __init__(
        self, folder: Path, *, fingerprint: str, threads: int = 0, patience: float = PATIENCE
    ) -> None:
        """`threads` 0 takes the processor's cores. Nothing is loaded until it is needed, or
        `preload` is called. A folder that is no such model raises EngineFailed on use."""
        self.fingerprint = fingerprint
        self._folder = folder
        self._patience = patience
        self._child = Child(
            "rerank",
            label="reranking model",
            load={"folder": str(folder), "threads": threads or physical_cores()},
        )

    def state(self) -> State:
        """stopped, loading, ready or failed."""
        return self._child.state()

    def pid(self) -> int | None:
        """The model's process, when it runs."""
        return self._child.pid()

    def preload(self) -> None:
        """Load the model in the background, if it is there."""
        if (self._folder / "config.json").exists():
            self._child.preload()

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """As promised by the contract."""
        if not texts:
            return []
        if not (self._folder / "config.json").exists():
            raise EngineFailed(f"The reranking model is not in {self._folder.name}.")
        call = self._child.call({"op": "score", "question": question, "texts": list(texts)})
        header = self._answer(call)
        if trouble := header.get("trouble"):
            raise EngineFailed(f"The reranking model failed ({trouble}).")
        scores = [float(each) for each in header["scores"]]
        if len(scores) != len(texts):
            raise EngineFailed("The reranking model did not judge every passage.")
        return scores

    def close(self) -> None:
        """End the process and get its memory back."""
        self._child.close()

    def _answer(self, call: Call) -> dict[str, Any]:
        heard = time.monotonic()
        while (frame := call.next(_TICK)) is None:
            if self.state() == "loading":
                heard = time.monotonic()
            elif time.monotonic() - heard > self._patience:
                raise call.hang()
        return frame.header
