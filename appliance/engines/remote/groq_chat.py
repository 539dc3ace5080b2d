"""Groq, through `groq`. It speaks as OpenAI does, with some words of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from appliance.engines.contract import Ability, Prompt
from appliance.engines.remote import quirks
from appliance.engines.remote.account import Account
from appliance.engines.remote.openai_chat import OpenAIEngine


class GroqEngine(OpenAIEngine):
    """A model at Groq."""

    name: ClassVar[str] = "groq"
    abilities: ClassVar[frozenset[Ability]] = frozenset(("temperature", "top_p", "seed"))

    def _connect(self) -> Any:
        return connect(self.account, context_tokens=self.context_tokens)

    def _parameters(self, prompt: Prompt) -> dict[str, Any]:
        given = super()._parameters(prompt)
        options = given.pop("stream_options", None)
        if options:  # its package does not know this one, its server does
            given["extra_body"] = {"stream_options": options}
        if quirks.reasons_at_groq(self.model):
            given |= self._quirks.taken(include_reasoning=False)
        return given

    @property
    def _reasons(self) -> bool:
        return False

    def _limit(self, prompt: Prompt) -> dict[str, Any]:
        more = quirks.THINKING if quirks.reasons_at_groq(self.model) else 0
        return {"max_completion_tokens": prompt.max_tokens + more}


def connect(account: Account, *, context_tokens: int = 0) -> Any:
    """Groq's own client. It takes only the older httpx, so the guarded one is put under that."""
    from appliance.engines.remote import wire  # before it: see there
    from appliance.engines.remote.wire_httpx import under_httpx

    # isort: split
    from groq import Groq

    guarded = wire.client(account, context_tokens=context_tokens)
    return Groq(
        api_key=wire.PLACEHOLDER,
        base_url=account.base_url,
        max_retries=0,
        timeout=None,
        http_client=under_httpx(guarded),
    )
