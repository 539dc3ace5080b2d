"""The embedder that searches, and may be changed for another while the program runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import ClassVar

from appliance.engines.contract import Embedded, Embedder
from appliance.engines.life import State

Open = Callable[[str], Embedder]  # by the model's name; raises NotFound, ModelMissing
_LINGERS = 60.0  # seconds that one no longer chosen stays for work that is under way


class CurrentEmbedder(Embedder):
    """Passes everything on to the one that is chosen. Keeps those it has opened."""

    name: ClassVar[str] = "current"

    def __init__(self, open_: Open, model: str) -> None:
        """Begins with a model's embedder, which is opened now and loads when it is needed."""
        self._open = open_
        self._lock = threading.Lock()
        self._opened: dict[str, Embedder] = {}
        self.model = model
        self._now = self.of(model)

    def now(self) -> Embedder:
        """The one that is chosen."""
        return self._now

    def of(self, model: str) -> Embedder:
        """The embedder of another model, for building its index. Raises NotFound, ModelMissing."""
        with self._lock:
            if model not in self._opened:
                self._opened[model] = self._open(model)
            return self._opened[model]

    def use(self, model: str) -> None:
        """From now on this one. The one before ends after a while. Raises as `of` does."""
        chosen = self.of(model)
        with self._lock:
            before, former = self.model, self._now
            self.model, self._now = model, chosen
        if before != model:
            timer = threading.Timer(_LINGERS, self._retire, [former])
            timer.daemon = True
            timer.start()

    def rest(self) -> None:
        """End the processes of all but the one that is chosen. They load again when needed."""
        with self._lock:
            others = [each for each in self._opened.values() if each is not self._now]
        for each in others:
            each.close()

    def _retire(self, former: Embedder) -> None:
        if self._now is not former:
            former.close()

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        """Of the one that is chosen."""
        return self._now.fingerprint

    @property
    def dimensions(self) -> int:  # type: ignore[override]
        """Of the one that is chosen."""
        return self._now.dimensions

    @property
    def window(self) -> int:  # type: ignore[override]
        """Of the one that is chosen."""
        return self._now.window

    def embed(
        self,
        texts: Sequence[str],
        *,
        spans: Sequence[Sequence[tuple[int, int]]] | None = None,
        urgent: bool = False,
    ) -> list[Embedded]:
        """As promised by the contract."""
        return self._now.embed(texts, spans=spans, urgent=urgent)

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """As promised by the contract."""
        return self._now.offsets(text)

    def state(self) -> State:
        """stopped, loading, ready or failed."""
        state = getattr(self._now, "state", None)
        return state() if state else "ready"

    def pid(self) -> int | None:
        """The model's process, when it runs."""
        pid = getattr(self._now, "pid", None)
        return pid() if pid else None

    def idle(self) -> float:
        """Seconds since it last had something to do."""
        idle = getattr(self._now, "idle", None)
        return float(idle()) if idle else 0.0

    def preload(self) -> None:
        """Load the model in the background."""
        if preload := getattr(self._now, "preload", None):
            preload()

    def close(self) -> None:
        """End every process of every one that was opened."""
        with self._lock:
            opened = list(self._opened.values())
        for each in opened:
            each.close()
