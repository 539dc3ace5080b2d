"""An answer as its reader sees it grow."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from appliance.chat import events, messages
from appliance.chat.cite import Citations
from appliance.chat.live import LiveAnswer
from appliance.engines.contract import Finish
from appliance.library.search import Hit
from appliance.store.assistants import Message

SAVE_EVERY = 2.0  # seconds; so much of a long answer a power cut may cost


class Stopped(Exception):
    """The answer is no longer wanted; `reason` is the reason code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Draft:
    """What has been shown of one answer: its text, its citations, and when."""

    def __init__(self, reply: Message, live: LiveAnswer) -> None:
        self.reply, self._live = reply, live
        self._began = self._saved = time.monotonic()
        self._timing: dict[str, float] = {}
        self.text = ""
        self.citations = Citations(())
        self._told = 0  # citations the reader knows of
        self._status: events.Data = {}

    def draw_on(self, hits: Sequence[Hit]) -> None:
        """From here on, the answer cites these passages."""
        self.citations = Citations(hits)

    def status(
        self,
        state: Literal["searching", "queued", "writing"],
        position: int | None = None,
        seconds: float | None = None,
    ) -> None:
        """Tell the reader what is being done, once. Raises Stopped."""
        self.heed()
        said = events.status(state, position, seconds)
        if said != self._status:
            self._status = said
            self._live.publish(events.STATUS, said)

    def show(self, text: str) -> None:
        """Add to the answer. Raises Stopped when nobody wants more of it."""
        self.heed()
        if not text:
            return
        if self.reply.first_token_ms is None:
            self.reply.first_token_ms = self._milliseconds()
        if len(self.citations) > self._told:
            self._told = len(self.citations)
            self._live.publish(events.SOURCES, events.sources(self.citations.as_json()))
        self.text += text
        self._live.publish(events.DELTA, events.delta(text))
        if time.monotonic() - self._saved > SAVE_EVERY:
            messages.keep_so_far(self.reply, self.text)
            self._saved = time.monotonic()

    def count(self, finish: Finish, *, estimated: bool = False) -> None:
        """Note what the engine said at its end, or what an answer that was left must have taken."""
        if estimated:
            self.reply.metadata["usage"] = "estimated"
        self.reply.prompt_tokens = finish.usage.prompt_tokens
        self.reply.completion_tokens = finish.usage.completion_tokens
        if finish.usage.cost_usd is not None:
            self.reply.metadata["cost_usd"] = round(finish.usage.cost_usd, 8)
        if finish.usage.cached_tokens:
            self.reply.metadata["cached_tokens"] = finish.usage.cached_tokens
        if finish.reason == "length":
            self.reply.metadata["cut"] = "length"

    def cut(self, why: str, text: str) -> None:
        """End the answer here; `text` is all that counts of what was shown."""
        self.reply.metadata["cut"] = why
        self.text = text

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the time spent inside to the answer's timing, in milliseconds."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._timing[name] = self._timing.get(name, 0) + (time.monotonic() - began) * 1000

    def finish(self) -> None:
        """Save the answer as it is now."""
        self.reply.content = self.text.rstrip()
        self.reply.citations = self.citations.as_json()  # type: ignore[assignment]
        self.reply.latency_ms = self._milliseconds()
        self.reply.metadata["timing"] = {name: round(ms, 1) for name, ms in self._timing.items()}
        messages.keep(self.reply)

    def heed(self) -> None:
        """Raises Stopped when the visitor has stopped the answer, or left."""
        if reason := self._live.stopped_for:
            raise Stopped(reason)

    def _milliseconds(self) -> int:
        """Since the question was asked."""
        return round((time.monotonic() - self._began) * 1000)
