"""The assembled parts of a running appliance, as the doors and the worker get them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from appliance.base import clock
from appliance.base.hub import Bell
from appliance.base.settings import Settings
from appliance.engines.contract import Embedder, LanguageEngine
from appliance.store.blobs import Blobs


@dataclass(frozen=True)
class Parts:
    """One of each. `assemble.py` picks the real ones; tests hand in small ones."""

    settings: Settings
    blobs: Blobs
    embedder: Embedder
    engines: Mapping[str, LanguageEngine]  # by the name an assistant's `llm.model` says
    index: Any  # library's vectors and full text, kept in step with the rows
    search: Any
    chat: Any
    catalogue: Any
    wake: Bell = field(default_factory=Bell)  # rung when there is a new job
    started_at: int = field(default_factory=clock.now)
