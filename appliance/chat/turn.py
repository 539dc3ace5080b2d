"""The chat's door: a question comes in, and an answer that can be read while it is written."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from appliance.base import clock
from appliance.base.errors import Busy, Invalid, NotFound, TooLarge
from appliance.chat import events, messages
from appliance.chat.answer import Asked, Tools, Turn
from appliance.chat.config import stored
from appliance.chat.draft import Draft
from appliance.chat.events import Event
from appliance.chat.live import PATIENCE, Answer, LiveAnswer, LiveAnswers
from appliance.store.assistants import Assistant, Message, Session
from appliance.store.database import database

log = logging.getLogger(__name__)


class Chat:
    """Answers questions, each in a thread of its own, one at a time in each session."""

    def __init__(
        self,
        tools: Tools,
        *,
        at_once: int = 64,
        message_chars: int = 8000,
        patience: float = PATIENCE,
    ) -> None:
        """`at_once`: answers under way at the same time. `patience`: seconds an answer goes
        on that nobody reads."""
        self._tools = tools
        self._message_chars, self._patience = message_chars, patience
        self._live = LiveAnswers(at_once=at_once)
        self._threads: set[threading.Thread] = set()

    def prefer(self, model: str, *, too_small: bool) -> None:
        """Ask this model from now on where an assistant names none. `too_small`: it quotes
        rather than writes, unless it is told to write."""
        self._tools = replace(self._tools, default_model=model, auto_prefers_quote=too_small)

    def ask(
        self,
        session: Session,
        assistant: Assistant,
        content: str,
        *,
        metadata: dict[str, Any] | None = None,
        at: int | None = None,
        visitor: str = "",
    ) -> LiveAnswer:
        """Keep a question, then answer it. Returns once the question is on the disk.

        `visitor` is one who may ask in many sessions, and has one share of the model for all.

        Whatever goes wrong from here on is told by the answer's events and its saved
        message. Raises, with nothing kept: Invalid and TooLarge for the question,
        Conflict while the session's last answer is being written, Busy when too many
        are, NotFound when the session is gone.
        """
        content = self._checked(content)
        config = stored(assistant)
        self._live.claim(session.id)
        try:
            question, reply = messages.begin(
                session, content, metadata=metadata, at=at or clock.now()
            )
            live = LiveAnswer(session.id, reply.id, patience=self._patience)
            live.publish(events.START, events.start(messages.as_json(question), reply.id))
            asked = Asked(session, assistant, config, question, reply, visitor)
            self._start(Turn(self._tools, asked, Draft(reply, live)), live)
            self._live.add(live)
        except BaseException:
            self._live.release(session.id)
            raise
        return live

    def find(self, session: Session, reply_id: str) -> Answer:
        """An answer of a session, live or saved, to be read from any event on. Raises NotFound."""
        live = self._live.find(reply_id)
        if live and live.session_id == session.id:
            return live
        return SavedAnswer(_reply(session, reply_id))

    def stop(self, session: Session, reply_id: str) -> None:
        """The visitor wants no more of an answer; one that is over stays. Raises NotFound."""
        live = self._live.find(reply_id)
        if live and live.session_id == session.id:
            live.stop("stopped")
        else:
            _reply(session, reply_id)

    def running(self) -> int:
        """How many answers are being written."""
        return self._live.running()

    def recover(self) -> int:
        """At start, before the first question: settle what a crash cut off. Returns how many."""
        return messages.recover()

    def shutdown(self, *, seconds: float = 10.0) -> None:
        """Take no more questions, and save what is being written as far as it got."""
        self._live.close("interrupted")
        until = time.monotonic() + seconds
        for thread in list(self._threads):
            thread.join(max(until - time.monotonic(), 0))

    def _checked(self, content: str) -> str:
        text = content.replace("\0", "").strip()
        if not text:
            raise Invalid("Write a question first.", param="content")
        if len(text) > self._message_chars:
            raise TooLarge(
                f"This question is longer than {self._message_chars} characters.",
                param="content",
                limit=self._message_chars,
            )
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Invalid("This question is not valid text.", param="content") from None
        return text

    def _start(self, turn: Turn, live: LiveAnswer) -> None:
        thread = threading.Thread(
            target=self._run, args=(turn, live), name=f"answer {live.reply_id}", daemon=True
        )
        self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError:  # the system has no more threads for us
            self._threads.discard(thread)
            turn.give_up("busy")
            raise Busy("Too many questions at once; ask again in a moment.") from None

    def _run(self, turn: Turn, live: LiveAnswer) -> None:
        try:
            with database.connection_context():
                last = turn.run()
        except Exception:  # the disk is full, say; the row is settled at the next start
            log.exception("answer not saved", extra={"reply": live.reply_id})
            last = events.ERROR, events.error("internal_error", "The answer could not be saved.")
        # Before the last event: whoever has read it may ask again.
        self._live.release(live.session_id)
        live.publish(*last)
        self._threads.discard(threading.current_thread())


class SavedAnswer:
    """An answer whose events are gone: told again from its message."""

    def __init__(self, reply: Message) -> None:
        self.reply_id: str = reply.id
        self._reply = reply

    def events(self, after: int = 0) -> Iterator[Event]:
        """The whole answer at once; or, to a reader who had part of it, how it ended.

        The numbers of the first telling are not known any more, so the end comes as the
        number after theirs. Its content is the whole answer.
        """
        answer = messages.as_json(self._reply)
        told: list[tuple[str, events.Data]] = []
        if not after:
            question = Message.find(self._reply.project_id, self._reply.reply_to, "message")
            told.append((events.START, events.start(messages.as_json(question), self.reply_id)))
            if answer["citations"]:
                told.append((events.SOURCES, events.sources(answer["citations"])))
            if answer["content"]:
                told.append((events.DELTA, events.delta(answer["content"])))
        told.append((events.END, events.end(answer)))
        return iter([Event(number, *each) for number, each in enumerate(told, after + 1)])


def _reply(session: Session, reply_id: str) -> Message:
    row = (
        Message.of(session.project_id)
        .where(
            Message.id == reply_id, Message.session_id == session.id, Message.role == "assistant"
        )
        .first()
    )
    if row is None:
        raise NotFound("message")
    return row
