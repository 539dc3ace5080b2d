"""Servers that speak the wire formats of the providers, as recorded, on a loopback port.

Their model says again what it was asked, a word a token, so that one suite fits all.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from appliance.engines.contract import Embedder, LanguageEngine
from appliance.engines.remote.account import Account, Kind, RemoteModel, Secret
from appliance.engines.remote.call import Limits
from appliance.engines.remote.registry import embedder_of, engine_of

KEY = "sk-test-0123456789abcdefwxyz"
MODELS = {"openai": "gpt-4.1-mini", "azure": "our-deployment", "anthropic": "claude-test-1",
          "gemini": "gemini-2.0-flash", "groq": "llama-3.3-70b-versatile",
          "compatible": "qwen2.5:7b"}  # fmt: skip
KEY_HEADERS = {"azure": "api-key", "anthropic": "x-api-key", "gemini": "x-goog-api-key"}
DIMENSIONS = 32


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any

    def __str__(self) -> str:
        return json.dumps([self.method, self.path, self.headers, self.body], ensure_ascii=False)


@dataclass
class Refusal:
    """What the server answers instead, once."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    """A provider that does what it is told."""

    kind: Kind
    port: int
    asked: list[Asked] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    refuse_always: Refusal | None = None
    say: list[str] | None = None  # these pieces, not the question
    thoughts: str = ""
    break_off: bool = False  # end without saying so

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}" + ("/v1" if self.kind == "compatible" else "")

    def account(self, **changes: Any) -> Account:
        given: dict[str, Any] = {
            "id": "prv_1",
            "kind": self.kind,
            "name": "Far away",
            "base_url": self.url,
            "key": Secret(KEY),
            "in_the_house": True,
        }
        return Account(**{**given, **changes})

    def engine(self, model: str = "", *, limits: Limits | None = None, **facts: Any) -> Any:
        described = RemoteModel(model or MODELS[self.kind], **facts)
        made: LanguageEngine = engine_of(self.account(), described, limits=limits)
        return made

    def embedder(self, **facts: Any) -> Embedder:
        return embedder_of(self.account(), RemoteModel("embed-1", "embedding", **facts))

    def questions(self) -> list[Any]:
        """The bodies of what was asked of the model."""
        return [each.body for each in self.asked if each.method == "POST"]


@contextmanager
def served(kind: Kind) -> Iterator[Server]:
    """A provider of this kind, for as long as it is needed."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    listening.daemon_threads = True
    server = Server(kind, listening.server_port)
    listening.told = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._hear(None)
        if not self._refused():
            self._json(200, _models(self._told.kind))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._hear(body)
        if self._refused():
            return
        if "embed" in self.path.lower():
            self._json(200, _vectors(self._told.kind, body))
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        for event in _events(self._told, body):
            self.wfile.write(event.encode())
        self.close_connection = True

    @property
    def _told(self) -> Server:
        return self.server.told  # type: ignore[attr-defined, no-any-return]

    def _hear(self, body: Any) -> None:
        self._told.asked.append(Asked(self.command, self.path, dict(self.headers), body))

    def _refused(self) -> bool:
        given = KEY_HEADERS.get(self._told.kind, "authorization")
        refusals = self._told.refusals
        refusal = refusals.pop(0) if refusals else self._told.refuse_always
        if not (self.headers.get(given) or "").endswith(KEY):
            refusal = Refusal(401, {"error": {"message": f"Incorrect API key: {KEY}"}})
        if refusal:
            self._json(refusal.status, refusal.body, refusal.headers)
        return refusal is not None

    def _json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _events(server: Server, body: Any) -> Iterator[str]:
    asked, limit = _question(server.kind, body)
    words = re.findall(r"\s*\S+", asked) or ["…"]
    said, cut = words[:limit], len(words) > limit
    if server.say is not None:
        said, cut = server.say, False
    counts = (len(words) + 3, len(said))
    if server.kind == "anthropic":
        return _anthropic(server, said, cut, counts)
    if server.kind == "gemini":
        return _gemini(server, said, cut, counts)
    return _openai(server, said, cut, counts)


def _question(kind: str, body: Any) -> tuple[str, int]:
    if kind == "gemini":
        config = body["generationConfig"]
        return body["contents"][-1]["parts"][0]["text"], config["maxOutputTokens"]
    limit = body.get("max_completion_tokens") or body.get("max_tokens")
    return body["messages"][-1]["content"], limit


def _openai(server: Server, said: list[str], cut: bool, counts: tuple[int, int]) -> Iterator[str]:
    def chunk(choices: list[Any], **more: Any) -> str:
        told = {"id": "chatcmpl-B9", "object": "chat.completion.chunk", "created": 1741569952,
                "model": "m", "choices": choices, **more}  # fmt: skip
        return f"data: {json.dumps(told)}\n\n"

    def choice(delta: dict[str, Any], ended: str | None = None) -> list[Any]:
        return [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": ended}]

    if server.kind == "azure":
        yield chunk([], prompt_filter_results=[{"prompt_index": 0, "content_filter_results": {}}])
    yield chunk(choice({"role": "assistant", "content": "", "refusal": None}))
    if server.thoughts:
        yield chunk(choice({"reasoning_content": server.thoughts}))
        yield chunk(choice({"reasoning": server.thoughts}))
    for word in said:
        yield chunk(choice({"content": word}))
    if server.break_off:
        return
    yield chunk(choice({}, "length" if cut else "stop"))
    usage = {"prompt_tokens": counts[0], "completion_tokens": counts[1],
             "prompt_tokens_details": {"cached_tokens": 2}, "total_tokens": 9}  # fmt: skip
    yield chunk([], usage=usage)
    yield "data: [DONE]\n\n"


def _anthropic(
    server: Server, said: list[str], cut: bool, counts: tuple[int, int]
) -> Iterator[str]:
    def event(kind: str, **more: Any) -> str:
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n"

    usage = {"input_tokens": counts[0] - 2, "cache_creation_input_tokens": 0,
             "cache_read_input_tokens": 2, "output_tokens": 1}  # fmt: skip
    message = {"id": "msg_014p", "type": "message", "role": "assistant", "content": [],
               "model": "claude-test-1", "stop_reason": None, "stop_sequence": None,
               "usage": usage}  # fmt: skip
    yield event("message_start", message=message)
    if server.thoughts:
        begun = {"type": "thinking", "thinking": "", "signature": ""}
        yield event("content_block_start", index=0, content_block=begun)
        yield event("content_block_delta", index=0,
                    delta={"type": "thinking_delta", "thinking": server.thoughts})  # fmt: skip
        yield event("content_block_stop", index=0)
    yield event("content_block_start", index=1, content_block={"type": "text", "text": ""})
    yield event("ping")
    for word in said:
        yield event("content_block_delta", index=1, delta={"type": "text_delta", "text": word})
    if server.break_off:
        return
    yield event("content_block_stop", index=1)
    reason = "max_tokens" if cut else "end_turn"
    yield event("message_delta", delta={"stop_reason": reason, "stop_sequence": None},
                usage={"output_tokens": counts[1]})  # fmt: skip
    yield event("message_stop")


def _gemini(server: Server, said: list[str], cut: bool, counts: tuple[int, int]) -> Iterator[str]:
    def chunk(parts: list[Any], ended: str | None = None, **usage: int) -> str:
        candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}, "index": 0}
        if ended:
            candidate["finishReason"] = ended
        told = {"candidates": [candidate], "modelVersion": "gemini-2.0-flash", "responseId": "r",
                "usageMetadata": {"promptTokenCount": counts[0], **usage}}  # fmt: skip
        return f"data: {json.dumps(told)}\r\n\r\n"

    if server.thoughts:
        yield chunk([{"text": server.thoughts, "thought": True}])
    for word in said:
        yield chunk([{"text": word}])
    if not server.break_off:
        yield chunk([{"text": ""}], "MAX_TOKENS" if cut else "STOP",
                    candidatesTokenCount=counts[1], cachedContentTokenCount=2)  # fmt: skip


def _models(kind: str) -> dict[str, Any]:
    if kind == "gemini":
        return {"models": [{"name": f"models/{MODELS[kind]}", "displayName": "x"}]}
    if kind == "anthropic":
        row = {"type": "model", "id": MODELS[kind], "display_name": "x",
               "created_at": "2025-09-29T00:00:00Z"}  # fmt: skip
        return {"data": [row], "has_more": False, "first_id": None, "last_id": None}
    row = {"id": MODELS[kind], "object": "model", "created": 1, "owned_by": "x"}
    return {"object": "list", "data": [row]}


def _vectors(kind: str, body: Any) -> dict[str, Any]:
    if kind == "gemini":
        texts = [each["content"]["parts"][0]["text"] for each in body["requests"]]
        return {"embeddings": [{"values": _vector(text)} for text in texts]}
    rows = [
        {"object": "embedding", "index": at, "embedding": _vector(text)}
        for at, text in enumerate(body["input"])
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return {"object": "list", "data": rows[::-1], "model": "embed-1", "usage": usage}


def _vector(text: str) -> list[float]:
    """Texts with the same words are near."""
    vector = [0.01] * DIMENSIONS
    for word in re.findall(r"\w+", text.casefold()):
        vector[sum(word.encode()) % DIMENSIONS] += 1.0
    return vector
