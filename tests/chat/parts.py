"""A small office: Ada's assistant, Vera's session, and engines that follow a script."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from appliance.chat.events import Event
from appliance.chat.turn import Chat
from appliance.engines.contract import (
    Finish,
    LanguageEngine,
    Piece,
    Prompt,
    Sentence,
    Source,
    Text,
    Usage,
    Waiting,
)
from appliance.library.ground import Verdict
from appliance.library.search import Finding, Hit
from appliance.library.sentences import sentences
from appliance.store.assistants import Assistant, Message, Session
from appliance.store.projects import DEFAULT_PROJECT

REFUNDS = "You get your money back within 14 days. Bring the receipt to the counter."
HOURS = "The office opens at nine in the morning. On Sunday it stays closed."


def words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2}


def hit(number: int, name: str, text: str, asked: str = "") -> Hit:
    """A passage as the search would hand it on."""
    spans = tuple(
        Sentence(start, end, len(words(asked) & words(text[start:end])) / (len(words(asked)) or 1))
        for start, end in sentences(text)
    )
    return Hit(
        passage_id=number,
        document_id=f"doc_{number}",
        document_name=name,
        source_id=f"src_{number}",
        text=text,
        score=max((span.score for span in spans), default=0.0),
        page=number,
        heading=None,
        sheet=None,
        cells=None,
        kind="text",
        metadata={},
        sentences=spans,
    )


class Shelf:
    """Finds passages by the words they share with the question."""

    def __init__(self, *passages: tuple[str, str]) -> None:
        self.passages = passages
        self.asked: list[dict[str, Any]] = []
        self.error: Exception | None = None

    def find(
        self,
        project_id: str,
        collection_ids: Sequence[str],
        query: str,
        *,
        history: Sequence[str] = (),
        k: int = 6,
        filters: Mapping[str, Any] | None = None,
    ) -> Finding:
        self.asked.append({"query": query, "history": list(history), "k": k, "in": collection_ids})
        if self.error:
            raise self.error
        hits = [hit(n, *passage, query) for n, passage in enumerate(self.passages, 1)]
        hits = sorted((h for h in hits if h.score), key=lambda h: -h.score)
        return Finding(query, query, tuple(hits[:k]), 0.9 if hits else 0.1)


def ground(said: Sequence[str], sources: Sequence[Source]) -> list[Verdict]:
    """A sentence is supported by a source sentence that has all of its longer words."""
    return [next(_supports(each, sources), Verdict(supported=False)) for each in said]


def _supports(said: str, sources: Sequence[Source]) -> Iterator[Verdict]:
    for source in sources:
        for start, end in sentences(source.text):
            if words(said) <= words(source.text[start:end]):
                yield Verdict(supported=True, source_number=source.number, quote=(start, end))


class Scripted(LanguageEngine):
    """Does what the script says: writes its texts, raises its errors, waits for its seconds."""

    name: ClassVar[str] = "scripted"

    def __init__(
        self, *script: str | float | Exception | Waiting, context_tokens: int = 4096
    ) -> None:
        self.model = "Script-1"
        self.context_tokens = context_tokens
        self.script = script
        self.prompts: list[Prompt] = []
        self.told_state = "ready"
        self.preloaded = False
        self.closed = threading.Event()
        self.stopped_after = 0.0

    def state(self) -> str:
        return self.told_state

    def preload(self) -> None:
        self.preloaded = True
        if self.told_state == "stopped":
            self.told_state = "ready"

    def write(self, prompt: Prompt) -> Iterator[Piece]:
        self.prompts.append(prompt)
        began, written = time.monotonic(), 0
        try:
            for step in self.script:
                if isinstance(step, Exception):
                    raise step
                if isinstance(step, Waiting):
                    yield step
                elif isinstance(step, str):
                    written += 1
                    yield Text(step)
                else:
                    until = time.monotonic() + step
                    while time.monotonic() < until:
                        time.sleep(0.02)
                        if not written:
                            yield Waiting(0)
            yield Finish("stop", Usage(7, written))
        finally:
            self.stopped_after = time.monotonic() - began
            self.closed.set()


@dataclass
class Office:
    """Everything a turn needs, and what it did."""

    shelf: Shelf
    chat: Chat
    assistant: Assistant
    session: Session

    def new_session(self) -> Session:
        return Session.create(project_id=DEFAULT_PROJECT, assistant_id=self.assistant.id)

    def ask(self, question: str = "Within how many days do I get my money back?") -> list[Event]:
        """Ask and read to the end."""
        return [
            event
            for event in self.chat.ask(self.session, self.assistant, question).events()
            if event
        ]

    def answer(self, question: str = "Within how many days do I get my money back?") -> Message:
        """Ask, read to the end, and reread what was saved."""
        self.ask(question)
        return self.messages()[-1]

    def messages(self) -> list[Message]:
        rows = Message.of(DEFAULT_PROJECT).where(Message.session_id == self.session.id)
        return list(rows.order_by(Message.seq))


def text_of(told: Sequence[Event]) -> str:
    """What a reader has on the screen before the last event."""
    return "".join(event.data["delta"] for event in told if event.name == "message.delta")
