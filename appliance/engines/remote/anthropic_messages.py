"""Anthropic, through `anthropic`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any, ClassVar

from appliance.engines.contract import Ability, Prompt
from appliance.engines.remote import quirks
from appliance.engines.remote.account import Account
from appliance.engines.remote.engine import Delta, RemoteEngine


class AnthropicEngine(RemoteEngine):
    """A model of Anthropic's messages. Its newer ones take no temperature, and say so once."""

    name: ClassVar[str] = "anthropic"
    abilities: ClassVar[frozenset[Ability]] = frozenset(("temperature", "json_schema"))

    def _connect(self) -> Any:
        return connect(self.account, context_tokens=self.context_tokens)

    def _stream(self, client: Any, prompt: Prompt) -> Iterator[Delta]:
        turns = quirks.alternating(prompt.turns)
        # Not a parameter of its package any more, but of the models that are older than that.
        given: dict[str, Any] = {
            "extra_body": self._quirks.taken(temperature=min(prompt.temperature, 1.0))
        }
        if prompt.json_schema is not None:
            shape = {"type": "json_schema", "schema": dict(prompt.json_schema)}
            given["output_config"] = {"format": shape}
        if said := quirks.system(prompt.turns):
            given["system"] = said
        stream = client.messages.create(
            model=self.model,
            max_tokens=prompt.max_tokens,
            messages=[{"role": turn.role, "content": turn.content} for turn in turns],
            stream=True,
            **given,
        )
        with closing(stream):
            for event in stream:
                yield _delta(event)


def connect(account: Account, *, context_tokens: int = 0) -> Any:
    """Anthropic's own client, over the guarded one."""
    from appliance.engines.remote import wire  # before it: see there

    # isort: split
    from anthropic import Anthropic

    return Anthropic(
        api_key=wire.PLACEHOLDER,
        base_url=account.base_url,
        max_retries=0,
        timeout=None,
        http_client=wire.client(account, context_tokens=context_tokens),
    )


def _delta(event: Any) -> Delta:
    """What an event says; of thoughts, tool calls and pings: nothing."""
    match event.type:
        case "content_block_delta" if event.delta.type == "text_delta":
            return Delta(event.delta.text)
        case "message_start":
            usage = event.message.usage
            cached = usage.cache_read_input_tokens or 0
            written = usage.cache_creation_input_tokens or 0
            read = usage.input_tokens + cached + written
            return Delta(prompt_tokens=read, cached_tokens=cached)
        case "message_delta":
            ended = event.delta.stop_reason
            cut = ended in ("max_tokens", "model_context_window_exceeded")
            return Delta(
                reason=None if not ended else "length" if cut else "stop",
                completion_tokens=event.usage.output_tokens,
            )
    return Delta()
