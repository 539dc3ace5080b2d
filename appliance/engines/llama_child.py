"""The process that holds a language model: it writes one answer at a time.

Asked: `write` (turns and sampling), `cancel`, `count`. While an answer is written,
another thread counts and takes cancellations.
"""

from __future__ import annotations

import os
import queue
import threading
from pathlib import Path
from typing import Any

from appliance.engines.frames import Channel, to_parent


def main() -> None:
    """Load what the parent names, then serve it until it goes away."""
    channel = to_parent()
    first = channel.receive()
    if first is None:
        return
    from appliance.engines.llama_model import LlamaModel, Unloadable

    try:
        model = LlamaModel(
            Path(first.header["path"]),
            context_tokens=first.header["context_tokens"],
            threads=first.header["threads"],
        )
    except Unloadable as error:
        channel.send({"op": "failed", "message": str(error)})
        return
    service = Service(channel, model)
    threading.Thread(target=service.listen, name="listen", daemon=True).start()
    channel.send({"op": "ready", "context_tokens": model.context_tokens})
    service.serve()


class Service:
    """Takes requests from the pipe and answers them in order."""

    def __init__(self, channel: Channel, model: Any) -> None:
        self._channel = channel
        self._model = model
        self._requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        # A cancellation may overtake its request, so it is kept until the answer is over.
        self._cancelled: set[int] = set()
        self._running = 0
        model.cancelled = lambda: self._running in self._cancelled

    def listen(self) -> None:
        """Read the pipe. When it ends, so does the process, whatever it is doing."""
        try:
            while frame := self._channel.receive():
                match frame.header["op"]:
                    case "write":
                        self._requests.put(frame.header)
                    case "cancel":
                        self._cancelled.add(frame.header["id"])
                    case "count":
                        counts = [len(self._model.plain(text)) for text in frame.header["texts"]]
                        self._channel.send(
                            {"id": frame.header["id"], "last": True, "counts": counts}
                        )
        finally:
            os._exit(0)

    def serve(self) -> None:
        """Write answers, one after the other, for ever."""
        while True:
            request = self._requests.get()
            self._running = request["id"]
            Answer(self._channel, self._model, request).write()
            self._cancelled.discard(self._running)


class Answer:
    """One answer on its way from the model to the pipe."""

    def __init__(self, channel: Channel, model: Any, request: dict[str, Any]) -> None:
        self._channel = channel
        self._model = model
        self._request = request

    def write(self) -> None:
        """Say the text as it comes, then the end: stop, length, cancelled or too_long."""
        from appliance.engines.contract import Turn
        from appliance.engines.llama_model import Cancelled

        request = self._request
        turns = [Turn(role, content) for role, content in request["turns"]]
        tokens = self._model.prompt(turns)
        if len(tokens) + request["max_tokens"] > self._model.context_tokens:
            self._say(last=True, reason="too_long", prompt_tokens=len(tokens))
            return
        try:
            self._model.read(tokens, progress=lambda: self._say(alive=True))
            reason, written = self._generate()
        except Cancelled:
            self._say(last=True, reason="cancelled")
            return
        self._say(last=True, reason=reason, prompt_tokens=len(tokens), completion_tokens=written)

    def _generate(self) -> tuple[str, int]:
        from appliance.engines.writing import Writing

        request, written = self._request, 0
        text = Writing(request["stop"])
        reason = "length"
        options = {name: request[name] for name in ("temperature", "top_p", "seed")}
        with self._model.sampler(**options) as next_token:
            while written < request["max_tokens"]:
                token = next_token()
                if self._model.ends(token):
                    reason = "stop"
                    break
                written += 1
                self._show(text.feed(self._model.piece(token)))
                if text.stopped:
                    reason = "stop"
                    break
                if written < request["max_tokens"]:
                    self._model.step(token)
        self._show(text.finish())
        return reason, written

    def _show(self, text: str) -> None:
        if text:
            self._say(text=text)

    def _say(self, **facts: Any) -> None:
        self._channel.send({"id": self._request["id"], **facts})
