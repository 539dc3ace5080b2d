"""The language models of this machine as engines: each loads when it is asked for the first
time, new ones are seen without a restart, and one of them is the default."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping

from appliance.base.errors import Conflict, NotFound, WrongType
from appliance.engines import gguf, memory
from appliance.engines.catalogue import Catalogue
from appliance.engines.contract import Embedder, LanguageEngine
from appliance.engines.llama import SHELF_MB, SLOTS, LlamaEngine
from appliance.engines.manifest import Model
from appliance.engines.residence import Guest, Housed, Residence

Make = Callable[[Model, int], LlamaEngine]
_SHARE = 0.5  # of the machine's memory that one model may take, before it writes fewer at once


class LocalModels(Mapping[str, LanguageEngine]):
    """Engines by the names of their models."""

    def __init__(
        self,
        catalogue: Catalogue,
        residence: Residence,
        *,
        make: Make,
        default: str,
        context_tokens: int,
    ) -> None:
        """`make` builds the engine of a model that writes so many answers at once, and starts
        nothing yet; `context_tokens` is the longest conversation it will be given."""
        self.catalogue = catalogue
        self.residence = residence
        self.default = default
        self._make = make
        self._context_tokens = context_tokens
        self._lock = threading.RLock()
        self._engines: dict[str, LlamaEngine] = {}
        self._models: dict[str, Model] = {}
        # By fingerprint and slots: reading a head takes a moment.
        self._known: dict[tuple[str, int], int] = {}
        self._seen: tuple[int, ...] = ()

    def __getitem__(self, name: str) -> LanguageEngine:
        with self._lock:
            self._look()
            if name not in self._engines:
                self._engines[name] = self._made(self._models[name])
            return self._engines[name]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            self._look()
            return iter(list(self._models))

    def __len__(self) -> int:
        with self._lock:
            self._look()
            return len(self._models)

    def __contains__(self, name: object) -> bool:
        return name in list(self)

    def engine(self, name: str) -> LlamaEngine:
        """Raises NotFound for a model that is not here, or does not write."""
        with self._lock:
            try:
                self[name]
            except KeyError:
                raise NotFound("model") from None
            return self._engines[name]

    def started(self) -> dict[str, LlamaEngine]:
        """The engines that were asked for at least once."""
        with self._lock:
            return dict(self._engines)

    def needs(self, model: Model) -> int:
        """Bytes of memory the model takes, as it would be loaded here."""
        return self._needs(model, self.slots(model))

    def slots(self, model: Model) -> int:
        """Answers it writes at once here: each takes memory of its own for what it has read."""
        total = memory.total()
        slots = SLOTS
        while slots > 1 and total and self._needs(model, slots) > _SHARE * total:
            slots //= 2
        return slots

    def _needs(self, model: Model, slots: int) -> int:
        if model.role != "language" or not model.installed:
            return model.memory_mb * 2**20
        key = (model.fingerprint, slots)
        if key not in self._known:
            path = self.catalogue.folder(model) / model.files[0].path
            try:
                head, size = gguf.read_head(path), path.stat().st_size
            except (WrongType, OSError):  # the start of it says the same, and more
                return model.memory_mb * 2**20
            tokens = slots * min(self._context_tokens, model.context_tokens)
            rest = memory.needed(head, size, context_tokens=tokens, streams=slots)
            self._known[key] = (SHELF_MB << 20) + rest
        return self._known[key]

    def prefer(self, name: str) -> None:
        """Make a model the default, now. Raises NotFound."""
        with self._lock:
            engine = self.engine(name)
            for other in self._engines.values():
                other.keep(other is engine)
            self.default = name
            self.residence.prefer(name)

    def house(self, name: str, embedder: Embedder, needs: int) -> None:
        """Take the embedding model into account: it is never unloaded for another."""
        if isinstance(embedder, Housed):
            self.residence.receive(Guest(name, needs, embedder, default=True, pinned=True))

    def load(self, name: str) -> None:
        """Begin to load a model. Raises NotFound, NoRoom."""
        engine = self.engine(name)
        if engine.state() not in ("loading", "ready"):
            self.residence.admit(name)
            engine.preload()

    def unload(self, name: str) -> None:
        """End a model's process. Its running answers end with an error. Raises NotFound."""
        self.engine(name).close()

    def forget(self, name: str) -> None:
        """Let go of a model that is to be removed. Raises Conflict for the default."""
        if name == self.default:
            raise Conflict(f"{name} is the default model. Choose another as default first.")
        self._drop(name)

    def renew(self, name: str) -> None:
        """Build the engine anew at the next question, unless it is running just now."""
        with self._lock:
            engine = self._engines.get(name)
            if engine and engine.state() in ("stopped", "failed"):
                self._drop(name)

    def close(self) -> None:
        """End every process."""
        for engine in self.started().values():
            engine.close()

    def _drop(self, name: str) -> None:
        with self._lock:
            engine = self._engines.pop(name, None)
            self.residence.dismiss(name)
            self._seen = ()
        if engine:
            engine.keep(False)
            engine.close()

    def _made(self, model: Model) -> LlamaEngine:
        engine = self._make(model, self.slots(model))
        default = model.name == self.default
        engine.keep(default)
        self.residence.receive(Guest(model.name, self.needs(model), engine, default=default))
        return engine

    def _look(self) -> None:
        """Read the lists again when they have changed."""
        seen = self.catalogue.changed()
        if seen == self._seen:
            return
        self._models = {
            model.name: model
            for model in self.catalogue.models()
            if model.role == "language" and (model.installed or model.name == self.default)
        }
        self._seen = seen
