"""Conversations and what is said in them."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from appliance.base import clock, ids
from appliance.base.errors import Invalid, NotFound
from appliance.chat import events, messages
from appliance.store.assistants import Assistant, Message, Session
from appliance.store.database import database
from appliance.web import gate, limits, present, sse
from appliance.web.chapter import Chapter
from appliance.web.context import caller, parts, reply
from appliance.web.policy import EVERYBODY, allow
from appliance.web.schema import sessions as shapes
from appliance.web.schema.assistants import AssistantPath

sessions = Chapter("sessions", "Conversations and what is said in them.")

TOKEN_LIFE = 7 * clock.DAY
STREAM: dict[str, Any] = {
    "description": "The answer; as server-sent events with `Accept: text/event-stream`.",
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Answer"}},
        "text/event-stream": {"schema": {"type": "string"}},
    },
}
EVENTS: dict[str, Any] = {
    "description": "The events of the answer, as they happen.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


@sessions.post(
    "/v1/assistants/<string:assistant_id>/sessions", responses={201: shapes.SessionCreated}
)
@allow(*EVERYBODY, scope="chat", publishable=True, page=True)
def create(path: AssistantPath, body: shapes.SessionBody) -> Response:
    """Begin a conversation. A web page gets a token that opens this one conversation."""
    limits.session_begins(caller())
    if body.user_id is not None and caller().from_page:
        raise Invalid("A page cannot say who its visitor is; a program can.", param="user_id")
    assistant = Assistant.find(caller().project_id, path.assistant_id)
    if assistant.archived_at is not None:
        raise NotFound("assistant")
    token = ids.new_secret("vt") if caller().from_page else None
    with database.writing():
        row = Session.create(
            project_id=assistant.project_id,
            assistant_id=assistant.id,
            kind=_kind(),
            user_id=body.user_id,
            origin=caller().origin,
            digest=ids.digest(token) if token else None,
            token_expires_at=clock.now() + TOKEN_LIFE if token else None,
            metadata=body.metadata,
        )
    shown = present.session(row).model_dump()
    return reply(shapes.SessionCreated(**shown, session_token=token), 201)


@sessions.get("/v1/sessions/<string:session_id>", responses={200: shapes.SessionDetail})
@allow(*EVERYBODY, scope="chat", visitor=True)
def show(path: shapes.SessionPath) -> Response:
    """A conversation and its messages, oldest first."""
    session = _found(path)
    rows = Message.of(session.project_id).where(Message.session_id == session.id)
    said = [_message(row) for row in rows.order_by(Message.seq)]
    return reply(shapes.SessionDetail(**present.session(session).model_dump(), messages=said))


@sessions.post("/v1/sessions/<string:session_id>/messages", responses={200: STREAM})
@allow(*EVERYBODY, scope="chat", visitor=True)
def ask(path: shapes.SessionPath, body: shapes.MessageBody) -> Response:
    """Ask something. With `Last-Event-ID`, go on with an answer instead of asking again."""
    session = _found(path)
    if seen := sse.last_seen():
        return _events(session, *seen)
    limits.message_comes(caller(), session.id)
    assistant = Assistant.find(session.project_id, session.assistant_id)
    if assistant.archived_at is not None:
        raise NotFound("assistant")
    live, seat = sse.seated(
        lambda: parts().chat.ask(
            session, assistant, body.text, metadata=body.metadata, visitor=limits.visitor(caller())
        )
    )
    if sse.wanted():
        return sse.stream(live, seat, _still_holds(), for_page=caller().from_page)
    return _answer(sse.wait(live, seat), live.reply_id, session)


@sessions.get(
    "/v1/sessions/<string:session_id>/messages/<string:message_id>/events",
    responses={200: EVENTS},
)
@allow(*EVERYBODY, scope="chat", visitor=True)
def follow(path: shapes.MessagePath) -> Response:
    """Listen to an answer, from the beginning or from `Last-Event-ID` on."""
    seen = sse.last_seen()
    after = seen[1] if seen and seen[0] == path.message_id else 0
    return _events(_found(path), path.message_id, after)


@sessions.post(
    "/v1/sessions/<string:session_id>/messages/<string:message_id>/stop",
    responses={202: shapes.Stopping},
)
@allow(*EVERYBODY, scope="chat", visitor=True)
def stop(path: shapes.MessagePath) -> Response:
    """Stop an answer. What was written of it stays."""
    session = _found(path)
    parts().chat.stop(session, path.message_id)
    row = Message.find(session.project_id, path.message_id)
    return reply(shapes.Stopping(id=row.id, state=row.state), 202)


def _kind() -> str:
    return {"person": "console", "secret": "api"}.get(caller().kind, "widget")


def _found(path: shapes.SessionPath) -> Session:
    return Session.find(caller().project_id, path.session_id)


def _still_holds() -> Any:
    asking, presented = caller(), g.presented
    return lambda: gate.still_holds(asking, presented, clock.now())


def _events(session: Session, reply_id: str, after: int) -> Response:
    answer, seat = sse.seated(lambda: parts().chat.find(session, reply_id))
    return sse.stream(answer, seat, _still_holds(), after=after, for_page=caller().from_page)


def _message(row: Message) -> shapes.Message:
    """As its reader may see it."""
    said = messages.as_json(row)
    return shapes.Message.model_validate(present.for_page(said) if caller().from_page else said)


def _answer(last: events.Event | None, reply_id: str, session: Session) -> Response:
    if last is None:  # nobody reads this
        return Response(status=204)
    if last.name == events.ERROR:
        raise sse.failed(last)
    row = Message.find(session.project_id, reply_id)
    question = Message.find(session.project_id, row.reply_to or "")
    said = _message(row)
    return reply(
        shapes.Answer(
            session_id=session.id,
            message=_message(question),
            reply=said,
            sources=said.citations,
            usage=shapes.Usage.model_validate(last.data["usage"]),
        )
    )
