"""The assembled parts of a running appliance, as the doors and the worker get them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.base import clock
from appliance.base.hub import Bell
from appliance.base.settings import Settings
from appliance.chat.turn import Chat
from appliance.engines.catalogue import Catalogue
from appliance.engines.contract import LanguageEngine, Reranker
from appliance.engines.current import CurrentEmbedder
from appliance.engines.local import LocalModels
from appliance.engines.remote.registry import Providers
from appliance.library.search import Search
from appliance.store.blobs import Blobs
from appliance.store.vectors import Vectors


@dataclass(frozen=True)
class Parts:
    """One of each. `assemble.py` picks the real ones; tests hand in small ones."""

    settings: Settings
    blobs: Blobs
    embedder: CurrentEmbedder
    engines: Mapping[str, LanguageEngine]  # by the name an assistant's `llm.model` says
    index: Vectors
    search: Search
    chat: Chat
    catalogue: Catalogue
    providers: Providers
    local: LocalModels  # the models that write, of this machine
    reranker: Reranker | None = None
    wake: Bell = field(default_factory=Bell)  # rung when there is a new job
    started_at: int = field(default_factory=clock.now)
