"""Try a provider out: which models it has, and whether one of them answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from appliance.base.errors import ApplianceError
from appliance.engines.breaker import Breaker
from appliance.engines.contract import Prompt, Turn
from appliance.engines.remote import again
from appliance.engines.remote.account import Account, Kind, RemoteModel
from appliance.engines.remote.call import Call, Limits
from appliance.engines.remote.registry import embedder_of, engine_of
from appliance.engines.remote.trouble import ModelUnknown

MOST = 500  # names shown
LIMITS = Limits(connect=5, first=45, idle=20, total=60, body=8 * 2**20)
_TINY = Prompt((Turn("user", "Say: yes"),), max_tokens=5, temperature=0.0)


@dataclass(frozen=True)
class Trial:
    """What came of it. Without an error it works."""

    latency_ms: int | None
    models: list[str]
    error: ApplianceError | None


def tried(account: Account, breaker: Breaker) -> Trial:
    """List the provider's models and send one of the account's a tiny request."""
    models: list[str] = []
    latency: int | None = None
    try:
        models = _names(account)
        if account.models:
            latency = _asked(account, account.models[0], breaker)
    except ApplianceError as error:
        return Trial(latency, models, error)
    return Trial(latency, models, None)


def _asked(account: Account, model: RemoteModel, breaker: Breaker) -> int:
    """Milliseconds that one tiny request took."""
    began = time.monotonic()
    # Around it and not in it: an operator may try what is given a rest.
    with breaker.trial(whatever=True) as trial:
        if model.role == "embedding":
            embedder_of(account, model).embed(["yes"])
        else:
            engine_of(account, model, limits=LIMITS).complete(_TINY)
        took = time.monotonic() - began
        trial.passed(took)
    return round(took * 1000)


def _names(account: Account) -> list[str]:
    """The models it says it has; none when it has no such list. Raises ProviderFailed."""
    call = Call(LIMITS)
    try:
        client = _CONNECT[account.kind](account)
        with call.made_here():
            names = [str(getattr(each, "id", None) or getattr(each, "name", ""))
                     for each in islice(client.models.list(), MOST)]  # fmt: skip
    except Exception as error:
        trouble = again.meant_by(error, call)
        if isinstance(trouble, ModelUnknown) and account.models:
            return []  # it may still answer
        raise trouble from None
    return sorted({name.removeprefix("models/")[:200] for name in names if name})


def _openai(account: Account) -> Any:
    from appliance.engines.remote.openai_chat import connect

    return connect(account)


def _groq(account: Account) -> Any:
    from appliance.engines.remote.groq_chat import connect

    return _Groq(connect(account))


def _anthropic(account: Account) -> Any:
    from appliance.engines.remote.anthropic_messages import connect

    return connect(account)


def _gemini(account: Account) -> Any:
    from appliance.engines.remote.gemini_content import connect

    return connect(account)


class _Groq:
    """Its list of models is no page to be walked through."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.models = self

    def list(self) -> Any:
        return self._client.models.list().data


_CONNECT: Mapping[Kind, Callable[[Account], Any]] = {
    "openai": _openai,
    "azure": _openai,
    "compatible": _openai,
    "groq": _groq,
    "anthropic": _anthropic,
    "gemini": _gemini,
}
