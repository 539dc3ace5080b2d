"""The process that holds a language model: it writes several answers at once.

Asked: `write` (turns and sampling), `cancel`, `count`. One thread computes; another reads
the pipe, prepares what comes, counts, and takes cancellations, so that a request hears
at once that it is over even while a long pass runs.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appliance.engines.frames import Channel, to_parent

if TYPE_CHECKING:
    from appliance.engines.batcher import Batcher, Stream
    from appliance.engines.llama_model import LlamaModel


def main() -> None:
    """Load what the parent names, then serve it until it goes away."""
    channel = to_parent()
    first = channel.receive()
    if first is None:
        return
    from appliance.engines.batcher import Batcher
    from appliance.engines.llama_context import Unloadable
    from appliance.engines.llama_model import LlamaModel

    load = first.header
    try:
        model = LlamaModel(
            Path(load["path"]),
            context_tokens=load["context_tokens"],
            threads=load["threads"],
            slots=load["slots"],
        )
    except Unloadable as error:
        channel.send({"op": "failed", "message": str(error)})
        return
    batcher = Batcher(
        model.context,
        model,
        slots=load["slots"],
        shelf=load["shelf_mb"] << 20,
    )
    service = Service(channel, model, batcher)
    threading.Thread(target=service.listen, name="listen", daemon=True).start()
    channel.send(
        {
            "op": "ready",
            "context_tokens": model.context_tokens,
            "warning": model.template.warning,
        }
    )
    service.serve()


class Service:
    """Takes requests from the pipe and has them answered."""

    def __init__(self, channel: Channel, model: LlamaModel, batcher: Batcher) -> None:
        self._channel, self._model, self._batcher = channel, model, batcher
        self._changed = threading.Condition()
        self._arrived: list[Stream] = []
        self._streams: dict[int, Stream] = {}  # by request, until it is over

    def listen(self) -> None:
        """Read the pipe. When it ends, so does the process, whatever it is doing."""
        try:
            while frame := self._channel.receive():
                match frame.header["op"]:
                    case "write":
                        self._take(frame.header)
                    case "cancel":
                        self._cancel(frame.header["id"])
                    case "count":
                        counts = [len(self._model.plain(text)) for text in frame.header["texts"]]
                        self._say(frame.header["id"], last=True, counts=counts)
        finally:
            os._exit(0)

    def serve(self) -> None:
        """Compute, for ever."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._arrived or not self._batcher.idle)
                arrived, self._arrived = self._arrived, []
            for stream in arrived:
                self._batcher.add(stream)
            self._batcher.step()

    def _take(self, request: dict[str, Any]) -> None:
        """Prepare an answer, or say at once why there will be none."""
        from appliance.engines.llama_sampler import Unsuitable

        number = request["id"]
        try:
            stream = self._stream(number, request)
        except Unsuitable as error:
            self._say(number, last=True, reason="unsuitable", message=str(error))
            return
        if stream is not None:
            with self._changed:
                self._streams[number] = stream
                self._arrived.append(stream)
                self._changed.notify()

    def _stream(self, number: int, request: dict[str, Any]) -> Stream | None:
        from appliance.engines.batcher import Stream
        from appliance.engines.contract import Turn
        from appliance.engines.llama_sampler import Sampler, Unsuitable
        from appliance.engines.tracks import Session
        from appliance.engines.writing import Writing

        turns = [Turn(role, content) for role, content in request["turns"]]
        tokens, thought = self._model.prompt(turns)
        if not tokens:
            raise Unsuitable("There is nothing to answer.")
        if len(tokens) + request["max_tokens"] > self._model.context_tokens:
            self._say(number, last=True, reason="too_long", prompt_tokens=len(tokens))
            return None
        return Stream(
            tokens=tokens,
            sampler=Sampler(self._model.vocab, request),
            writing=Writing(request["stop"], ends=self._model.template.stops, thought=thought),
            max_tokens=request["max_tokens"],
            say=lambda **facts: self._say(number, **facts),
            session=Session(request["project"], request["session"]),
            fixed=self._model.fixed(turns[: request["fixed_turns"]], tokens),
        )

    def _cancel(self, number: int) -> None:
        with self._changed:
            stream = self._streams.get(number)
            if stream is None or stream.cancelled:  # it was over before
                return
            stream.cancelled = True
            self._changed.notify()
        self._say(number, last=True, reason="cancelled")

    def _say(self, number: int, **facts: Any) -> None:
        if facts.get("last"):
            with self._changed:
                self._streams.pop(number, None)
        self._channel.send({"id": number, **facts})
