"""Answers as server-sent events, and as one reply."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from flask import Response, request

from appliance.base.errors import ApplianceError, Busy, EngineFailed, Invalid
from appliance.chat import events as chat_events
from appliance.chat.events import Event
from appliance.chat.live import Answer
from appliance.web import present
from appliance.web.limits import limits

# Some proxies and old browsers hand nothing on before they have two kilobytes.
PRELUDE = b":" + b" " * 2048 + b"\n\n"
HEARTBEAT = b": still here\n\n"
Found = TypeVar("Found", bound=Answer)
GiveBack = Callable[[], None]

RECHECK = 2.0  # seconds; a revoked key or token loses its streams within that


def wanted() -> bool:
    """Whether the caller asked for a stream."""
    best = request.accept_mimetypes.best_match(["application/json", "text/event-stream"])
    return best == "text/event-stream"


def last_seen() -> tuple[str, int] | None:
    """The answer and the event of `Last-Event-ID`. Raises Invalid."""
    header = request.headers.get("Last-Event-ID")
    if not header:
        return None
    reply_id, _, number = header.rpartition(":")
    if not reply_id or not number.isascii() or not number.isdigit() or len(number) > 9:
        raise Invalid("This is not the id of one of our events.", param="Last-Event-ID")
    return reply_id, int(number)


def seated(find: Callable[[], Found]) -> tuple[Found, GiveBack]:
    """Take a place, then begin or find an answer. Raises Busy before anything was begun."""
    give_back = limits().seats.take()
    try:
        return find(), give_back
    except BaseException:
        give_back()
        raise


def stream(
    answer: Answer,
    give_back: GiveBack,
    still_holds: Callable[[], bool],
    *,
    after: int = 0,
    for_page: bool = False,
) -> Response:
    """The events after a number, as they happen; `for_page`: as a page's visitor sees them.

    When the client leaves, the server closes the iterator, and with it the
    subscription; an answer nobody listens to is given up by the room behind it.
    """
    response = Response(
        _frames(answer, after, still_holds, for_page),
        content_type="text/event-stream; charset=utf-8",
    )
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(give_back)
    return response


def wait(answer: Answer, give_back: GiveBack) -> Event | None:
    """The last event, once it has happened. None when the client did not wait for it."""
    client_left: Callable[[], bool] = request.environ.get(
        "waitress.client_disconnected", lambda: False
    )
    last = None
    events = answer.events()
    try:
        for event in events:
            last = event or last
            if client_left():
                return None
    finally:
        _close(events)
        give_back()
    return last


def failed(last: Event) -> ApplianceError:
    """What a last event of the kind `error` is as an error of the request."""
    told = last.data["error"]
    error = (Busy if told["code"] == "busy" else EngineFailed)(told["message"])
    error.code = told["code"]  # type: ignore[misc]
    return error


def _frames(
    answer: Answer, after: int, still_holds: Callable[[], bool], for_page: bool
) -> Iterator[bytes]:
    events = answer.events(after)
    checked = time.monotonic()
    try:
        yield PRELUDE
        for event in events:
            yield _frame(answer.reply_id, event, for_page) if event else HEARTBEAT
            if time.monotonic() - checked >= RECHECK:
                if not still_holds():
                    yield _end_of_access(answer.reply_id)
                    return
                checked = time.monotonic()
    finally:
        _close(events)


def _frame(reply_id: str, event: Event, for_page: bool) -> bytes:
    told = event.data
    if for_page and "message" in told:
        told = told | {"message": present.for_page(told["message"])}
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"id: {reply_id}:{event.number}\nevent: {event.name}\ndata: {data}\n\n".encode()


def _end_of_access(reply_id: str) -> bytes:
    told = chat_events.error("invalid_api_key", "Your access has ended.")
    return f"event: {chat_events.ERROR}\ndata: {json.dumps(told)}\n\n".encode()


def _close(events: Iterator[Event | None]) -> None:
    if close := getattr(events, "close", None):
        close()
