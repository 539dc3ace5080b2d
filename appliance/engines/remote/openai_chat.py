"""OpenAI, Azure OpenAI, and every server that speaks like them, through `openai`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any, ClassVar

from appliance.engines.contract import Ability, Prompt
from appliance.engines.remote import quirks
from appliance.engines.remote.account import API_VERSION
from appliance.engines.remote.engine import Delta, RemoteEngine


class OpenAIEngine(RemoteEngine):
    """A model of OpenAI's chat completions."""

    name: ClassVar[str] = "openai"
    abilities: ClassVar[frozenset[Ability]] = frozenset(
        ("temperature", "top_p", "seed", "json_schema")
    )

    def _connect(self) -> Any:
        return connect(self.account, context_tokens=self.context_tokens)

    def _stream(self, client: Any, prompt: Prompt) -> Iterator[Delta]:
        stream = client.chat.completions.create(
            model=self.model,
            messages=quirks.messages(prompt.turns),
            stream=True,
            **self._parameters(prompt),
        )
        with closing(stream):
            for chunk in stream:
                yield delta_of(chunk)

    def _parameters(self, prompt: Prompt) -> dict[str, Any]:
        given = self._quirks.taken(stream_options={"include_usage": True})
        given |= self._limit(prompt)
        if prompt.json_schema is not None:
            shape = {"name": "answer", "schema": dict(prompt.json_schema)}
            given["response_format"] = {"type": "json_schema", "json_schema": shape}
        if not self._reasons:
            given |= self._quirks.taken(
                temperature=prompt.temperature, top_p=prompt.top_p, seed=prompt.seed
            )
        return given

    def _limit(self, prompt: Prompt) -> dict[str, Any]:
        """The answer's length, under the name this model knows."""
        if self._reasons:
            return {
                "max_completion_tokens": prompt.max_tokens + quirks.THINKING,
                **self._quirks.taken(reasoning_effort="low"),
            }
        if "max_tokens" in self._quirks.without:
            return {"max_completion_tokens": prompt.max_tokens}
        return {"max_tokens": prompt.max_tokens}

    @property
    def _reasons(self) -> bool:
        return quirks.reasons(self.model)


class AzureEngine(OpenAIEngine):
    """A deployment of Azure OpenAI. Its name tells nothing of the model; refusals do."""

    name: ClassVar[str] = "azure"


class CompatibleEngine(OpenAIEngine):
    """Ollama, vLLM, LM Studio, llama-server, or another office's appliance.

    It leaves the box even at 127.0.0.1: what another program keeps or sends on is
    not in our hands.
    """

    name: ClassVar[str] = "compatible"
    # Some of these servers pass over a schema in silence; then it is no promise.
    abilities: ClassVar[frozenset[Ability]] = frozenset(("temperature", "top_p", "seed"))

    @property
    def _reasons(self) -> bool:
        return False


def connect(account: Any, *, context_tokens: int = 0) -> Any:
    """OpenAI's own client, over the guarded one."""
    from appliance.engines.remote import wire  # before it: see there

    # isort: split
    from openai import AzureOpenAI, OpenAI

    given: dict[str, Any] = {
        "api_key": wire.PLACEHOLDER,
        "max_retries": 0,
        "timeout": None,
        "http_client": wire.client(account, context_tokens=context_tokens),
    }
    if account.kind != "azure":
        return OpenAI(base_url=account.base_url, organization="", project="", **given)
    return AzureOpenAI(
        azure_endpoint=account.base_url,
        api_version=account.api_version or API_VERSION,
        **given,
    )


def delta_of(chunk: Any) -> Delta:
    """What a chunk says. Thoughts come in fields of their own, which are not looked at."""
    choice = chunk.choices[0] if chunk.choices else None
    usage = getattr(chunk, "usage", None)
    ended = getattr(choice, "finish_reason", None)
    details = getattr(usage, "prompt_tokens_details", None)
    return Delta(
        text=(getattr(choice.delta, "content", None) or "") if choice else "",
        reason=None if not ended else "length" if ended == "length" else "stop",
        prompt_tokens=usage.prompt_tokens if usage else None,
        completion_tokens=usage.completion_tokens if usage else None,
        cached_tokens=getattr(details, "cached_tokens", None) or 0,
    )
