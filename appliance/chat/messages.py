"""The rows of a conversation: numbered without gaps, and never left half said."""

from __future__ import annotations

from typing import Any

from appliance.base import clock
from appliance.base.errors import NotFound
from appliance.chat import cite, discretion
from appliance.chat.prompt import Exchange
from appliance.store.assistants import Message, Session
from appliance.store.database import database

HISTORY = 6  # earlier exchanges that a question is understood with

# What a history needs of a message; the other columns take longer to read than it takes.
_SAID = (
    Message.id, Message.role, Message.content, Message.state, Message.mode, Message.reply_to,
    Message.drawn_on,
)  # fmt: skip


def begin(
    session: Session, content: str, *, metadata: dict[str, Any] | None = None, at: int
) -> tuple[Message, Message]:
    """Keep a question and the place of its answer, in one transaction.

    What follows may fail; the question is there. Raises NotFound when the session is gone.
    """
    row = {"project_id": session.project_id, "session_id": session.id, "created_at": at}
    with database.writing():
        last = _take_numbers(session, 2, at)
        question = Message.create(
            **row, seq=last - 1, role="user", content=content, metadata=metadata or {}
        )
        reply = Message.create(
            **row, seq=last, role="assistant", content="", state="writing", reply_to=question.id
        )
    return question, reply


def _take_numbers(session: Session, many: int, at: int) -> int:
    taken = (
        Session.update(last_seq=Session.last_seq + many, updated_at=at)
        .where(Session.project_id == session.project_id, Session.id == session.id)
        .returning(Session.last_seq)
    )
    row = next(iter(taken.execute()), None)
    if row is None:
        raise NotFound("session")
    return int(row.last_seq)


def keep(reply: Message) -> None:
    """Save an answer as it is now."""
    with database.writing():
        reply.save()


def keep_so_far(reply: Message, content: str) -> None:
    """Save the beginning of an answer, for the case that the rest is never written."""
    with database.writing():
        reply.content = content
        reply.save(only=[Message.content])


def history(session: Session, *, before: int | None = None, last: int = HISTORY) -> list[Exchange]:
    """The latest exchanges of a session, oldest first, without citations.

    Failed answers and their questions are left out. A refusal counts as no answer:
    its question helps to understand the next one, its text would only be imitated.
    """
    rows = Message.select(*_SAID).where(
        Message.project_id == session.project_id, Message.session_id == session.id
    )
    if before is not None:
        rows = rows.where(Message.seq < before)
    latest = list(rows.order_by(Message.seq.desc()).limit(2 * last).namedtuples())
    questions = {row.id: row for row in latest if row.role == "user"}
    rules = discretion.rules(session.project_id)
    return [
        Exchange(
            questions[reply.reply_to].content,
            _replayed(reply),
            None if reply.drawn_on is None else tuple(reply.drawn_on),
            rules.stays(reply.drawn_on),
        )
        for reply in reversed(latest)
        if reply.reply_to in questions and reply.state in ("complete", "partial")
    ]


def _replayed(reply: Any) -> str:
    return "" if reply.mode == "refuse" else cite.unmarked(reply.content)


def recover(at: int | None = None) -> int:
    """At start, alone: answers that a crash cut off are what they got to. Returns how many.

    Across projects, for this is upkeep and on behalf of nobody.
    """
    cut_off = Message.update(state="partial", reason="interrupted").where(
        Message.state == "writing", Message.created_at <= (at or clock.now())
    )
    cut_off.across_projects = True
    with database.writing():
        return int(cut_off.execute())


def as_json(message: Message) -> dict[str, Any]:
    """The message object of the API."""
    return {
        "id": message.id,
        "session_id": message.session_id,
        "seq": message.seq,
        "role": message.role,
        "content": message.content,
        "state": message.state,
        "reason": message.reason,
        "mode": message.mode,
        "confidence": message.confidence,
        "citations": message.citations,
        "model": message.model,
        "engine": message.engine,
        "prompt_tokens": message.prompt_tokens,
        "completion_tokens": message.completion_tokens,
        "first_token_ms": message.first_token_ms,
        "latency_ms": message.latency_ms,
        "created_at": clock.spoken(message.created_at),
        "metadata": message.metadata,
    }
