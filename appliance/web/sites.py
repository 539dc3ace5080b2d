"""Web pages of other sites: which may show which assistant, and which were turned away."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Request, Response

from appliance.people import keys, origins
from appliance.store.assistants import Assistant, Session

ASSISTANTS_REMEMBERED, ORIGINS_REMEMBERED = 500, 20


@dataclass(frozen=True)
class Refusal:
    """A site that asked and is on no list."""

    origin: str
    count: int
    last_at: int


class Refusals:
    """The refused sites of each assistant, the last few, in memory only."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, OrderedDict[str, Refusal]] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, assistant_id: str, origin: str, now: int) -> None:
        """Remember a refusal; forget the oldest when there are too many."""
        with self._lock:
            seen = self._of.setdefault(assistant_id, OrderedDict())
            before = seen.pop(origin, Refusal(origin, 0, now))
            seen[origin] = replace(before, count=before.count + 1, last_at=now)
            self._of.move_to_end(assistant_id)
            if len(seen) > ORIGINS_REMEMBERED:
                seen.popitem(last=False)
            if len(self._of) > ASSISTANTS_REMEMBERED:
                self._of.popitem(last=False)

    def of(self, assistant_id: str) -> list[Refusal]:
        """The refused sites, the latest first."""
        with self._lock:
            return list(reversed(self._of.get(assistant_id, {}).values()))


def assistant_of(request: Request, args: Mapping[str, Any]) -> Assistant | None:
    """The assistant a request is about: of its path, of its session, or of its query."""
    assistant_id = args.get("assistant_id") or request.args.get("assistant_id")
    if session_id := args.get("session_id"):
        session = Session.across_projects().where(Session.id == session_id).first()
        assistant_id = session and session.assistant_id
    found = Assistant.across_projects().where(Assistant.id == assistant_id).first()
    return found if found and found.archived_at is None else None


def may_show(assistant: Assistant | None, origin: str, now: int) -> bool:
    """Whether pages of this origin may show the assistant: its own list, or a key's.

    Of a session or assistant that is gone: whether the origin may show any at all.
    Its pages may learn that it is gone.
    """
    if assistant is None:
        rows = Assistant.across_projects().where(Assistant.archived_at.is_null())
        return any(may_show(row, origin, now) for row in rows)
    if origins.matches(origin, assistant.config["security"]["allowed_origins"]):
        return True
    holding = keys.holding(assistant.project_id, assistant.id, now)
    return any(origins.matches(origin, key.origins.split()) for key in holding)


def key_holds(key_origins: str, assistant: Assistant, origin: str) -> bool:
    """Whether one key, or the assistant itself, names this origin."""
    listed = [*key_origins.split(), *assistant.config["security"]["allowed_origins"]]
    return origins.matches(origin, listed)


def let_read(response: Response, origin: str) -> Response:
    """Let a page of this origin read the response. Never with credentials."""
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = "X-Request-Id, Retry-After, ETag"
    return response


def preflight(origin: str, method: str) -> Response:
    """The answer to a browser that asks before it sends."""
    response = let_read(Response(status=204), origin)
    response.headers["Access-Control-Allow-Methods"] = method
    response.headers["Access-Control-Allow-Headers"] = (
        "Authorization, X-Api-Key, Content-Type, Accept, Last-Event-ID, X-Request-Id, If-None-Match"
    )
    response.headers["Access-Control-Max-Age"] = "300"
    return response
