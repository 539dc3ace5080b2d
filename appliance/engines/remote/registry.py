"""The providers in the store, as engines for those projects that allow them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from appliance.base.errors import Broken
from appliance.engines.breaker import Breaker, Health
from appliance.engines.contract import Embedder, LanguageEngine
from appliance.engines.remote.account import KINDS, Account, Kind, RemoteModel, Secret
from appliance.engines.remote.call import Limits
from appliance.engines.remote.engine import RemoteEngine
from appliance.store import providers
from appliance.store.providers import Provider

log = logging.getLogger(__name__)


def _openai(*args: Any, **options: Any) -> RemoteEngine:
    from appliance.engines.remote.openai_chat import OpenAIEngine

    return OpenAIEngine(*args, **options)


def _azure(*args: Any, **options: Any) -> RemoteEngine:
    from appliance.engines.remote.openai_chat import AzureEngine

    return AzureEngine(*args, **options)


def _compatible(*args: Any, **options: Any) -> RemoteEngine:
    from appliance.engines.remote.openai_chat import CompatibleEngine

    return CompatibleEngine(*args, **options)


def _groq(*args: Any, **options: Any) -> RemoteEngine:
    from appliance.engines.remote.groq_chat import GroqEngine

    return GroqEngine(*args, **options)


def _anthropic(*args: Any, **options: Any) -> RemoteEngine:
    from appliance.engines.remote.anthropic_messages import AnthropicEngine

    return AnthropicEngine(*args, **options)


def _gemini(*args: Any, **options: Any) -> RemoteEngine:
    from appliance.engines.remote.gemini_content import GeminiEngine

    return GeminiEngine(*args, **options)


_ENGINES: Mapping[Kind, Callable[..., RemoteEngine]] = {
    "openai": _openai,
    "azure": _azure,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "groq": _groq,
    "compatible": _compatible,
}


def engine_of(
    account: Account,
    model: RemoteModel,
    *,
    limits: Limits | None = None,
    breaker: Breaker | None = None,
) -> RemoteEngine:
    """The engine that speaks to this kind of provider. Connects to nothing yet."""
    return _ENGINES[account.kind](account, model, limits=limits, breaker=breaker)


def embedder_of(
    account: Account, model: RemoteModel, *, breaker: Breaker | None = None
) -> Embedder:
    """The same for vectors. Raises Refused for a provider that has none."""
    from appliance.engines.remote.embed import RemoteEmbedder

    return RemoteEmbedder(account, model, breaker=breaker)


def account_of(row: Provider, sealing: bytes) -> Account:
    """An account as it is used. Raises Broken when its key does not open."""
    facts = KINDS[row.kind]
    key = row.unlock(sealing)
    return Account(
        id=row.id,
        kind=row.kind,
        name=row.name,
        base_url=row.base_url or facts.base_url or "",
        key=Secret(key) if key else None,
        api_version=row.api_version,
        in_the_house=facts.in_the_house,
        models=tuple(RemoteModel(**each) for each in row.models),
    )


def usable(row: Provider) -> bool:
    """Whether a provider is on, and has the key it needs."""
    return bool(row.enabled and (row.sealed_key or not KINDS[row.kind].key_needed))


class Providers:
    """Finds engines by `<provider id>/<model>`. What the store says now is what counts."""

    def __init__(self, sealing: bytes) -> None:
        """`sealing`: the key under which their keys are kept."""
        self.sealing = sealing
        self._lock = threading.Lock()
        self._breakers: dict[str, Breaker] = {}
        self._engines: dict[str, tuple[int, RemoteEngine]] = {}

    def language(self, project_id: str, name: str) -> LanguageEngine | None:
        """The model of that name, where its provider is on and the project allows it."""
        provider_id, _, model_name = name.partition("/")
        row = Provider.get_or_none(Provider.id == provider_id)
        if row is None or not usable(row) or not providers.allowed(project_id, provider_id):
            return None
        listed = [each for each in row.models if each["name"] == model_name]
        if not listed or listed[0]["role"] != "language":
            return None
        try:
            return self._engine(row, name, RemoteModel(**listed[0]))
        except Broken as error:
            log.error("provider passed over", extra={"provider": row.id, "why": error.message})
            return None

    def knows(self, name: str) -> bool:
        """Whether there is such a language model, allowed or not, on or off."""
        provider_id, _, model_name = name.partition("/")
        row = Provider.get_or_none(Provider.id == provider_id)
        return row is not None and (model_name, "language") in [
            (each["name"], each["role"]) for each in row.models
        ]

    def health(self, provider_id: str) -> Health:
        """How it has been doing since this program was started."""
        return self.breaker(provider_id).health()

    def breaker(self, provider_id: str) -> Breaker:
        """The one breaker of all its models."""
        with self._lock:
            return self._breakers.setdefault(provider_id, Breaker())

    def forget(self, provider_id: str) -> None:
        """A provider was changed or removed: what was known of it counts no more."""
        with self._lock:
            self._breakers.pop(provider_id, None)
            names = [name for name in self._engines if name.partition("/")[0] == provider_id]
            gone = [self._engines.pop(name)[1] for name in names]
        for engine in gone:
            engine.close()

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            gone = [engine for _, engine in self._engines.values()]
            self._engines.clear()
        for engine in gone:
            engine.close()

    def _engine(self, row: Provider, name: str, model: RemoteModel) -> RemoteEngine:
        breaker = self.breaker(row.id)
        with self._lock:
            changed_at, engine = self._engines.get(name, (None, None))
            if engine is None or changed_at != row.updated_at:
                engine = engine_of(account_of(row, self.sealing), model, breaker=breaker)
                self._engines[name] = (row.updated_at, engine)
            return engine
