"""Google Gemini, through `google-genai`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any, ClassVar

from appliance.engines.contract import Ability, Prompt
from appliance.engines.remote import quirks
from appliance.engines.remote.account import Account
from appliance.engines.remote.engine import Delta, RemoteEngine

_CAN_BE_TOLD_NOT_TO_THINK = re.compile(r"gemini-2\.5-flash", re.I)
_THINKS = re.compile(r"gemini-(2\.5-pro|[3-9])", re.I)


class GeminiEngine(RemoteEngine):
    """A model of Google's Gemini API, with a key of AI Studio (not Vertex)."""

    name: ClassVar[str] = "gemini"
    abilities: ClassVar[frozenset[Ability]] = frozenset(
        ("temperature", "top_p", "top_k", "seed", "json_schema")
    )

    def _connect(self) -> Any:
        return connect(self.account, context_tokens=self.context_tokens)

    def _stream(self, client: Any, prompt: Prompt) -> Iterator[Delta]:
        stream = client.models.generate_content_stream(
            model=self.model,
            contents=[
                {
                    "role": "model" if turn.role == "assistant" else "user",
                    "parts": [{"text": turn.content}],
                }
                for turn in quirks.alternating(prompt.turns)
            ],
            config=self._config(prompt),
        )
        with closing(stream):
            for chunk in stream:
                yield _delta(chunk)

    def _config(self, prompt: Prompt) -> dict[str, Any]:
        given: dict[str, Any] = {
            "system_instruction": quirks.system(prompt.turns) or None,
            "max_output_tokens": prompt.max_tokens,
            "automatic_function_calling": {"disable": True},
            **self._quirks.taken(
                temperature=prompt.temperature,
                top_p=prompt.top_p,
                top_k=prompt.top_k or None,
                seed=prompt.seed,
            ),
        }
        if prompt.json_schema is not None:
            given["response_mime_type"] = "application/json"
            given["response_json_schema"] = dict(prompt.json_schema)
        if _CAN_BE_TOLD_NOT_TO_THINK.search(self.model):
            if budget := self._quirks.taken(thinking_budget=0):
                given["thinking_config"] = budget
        elif _THINKS.search(self.model):
            given["max_output_tokens"] += quirks.THINKING
        return given


def connect(account: Account, *, context_tokens: int = 0) -> Any:
    """Google's own client, over the guarded one."""
    from appliance.engines.remote import wire  # before it: see there

    # isort: split
    from google import genai
    from google.genai import types

    return genai.Client(
        vertexai=False,
        api_key=wire.PLACEHOLDER,
        http_options=types.HttpOptions(
            base_url=account.base_url,
            api_version=account.api_version or "v1beta",
            httpx_client=wire.client(account, context_tokens=context_tokens),
        ),
    )


def _delta(chunk: Any) -> Delta:
    """What a chunk says, thoughts left out."""
    candidate = chunk.candidates[0] if chunk.candidates else None
    parts = (candidate.content.parts or []) if candidate and candidate.content else []
    ended = candidate.finish_reason if candidate else None
    blocked = getattr(chunk.prompt_feedback, "block_reason", None)
    usage = chunk.usage_metadata
    thought = (usage.thoughts_token_count or 0) if usage else 0
    return Delta(
        text="".join(part.text or "" for part in parts if not part.thought),
        reason="length" if ended == "MAX_TOKENS" else "stop" if ended or blocked else None,
        prompt_tokens=usage.prompt_token_count if usage else None,
        completion_tokens=(usage.candidates_token_count or 0) + thought if usage else None,
        cached_tokens=(usage.cached_content_token_count or 0) if usage else 0,
    )
