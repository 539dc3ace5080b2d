"""Assistants: what they are told, what they know, how they look."""

from __future__ import annotations

from typing import Any

from flask import Response

from appliance.base import clock
from appliance.base.errors import Invalid
from appliance.chat import assistants as desk
from appliance.store.assistants import Assistant, AssistantVersion
from appliance.web import gate, paging, present
from appliance.web.chapter import Chapter
from appliance.web.context import NOTHING, caller, parts, reply
from appliance.web.policy import ADMINS, EDITORS, EVERYBODY, allow
from appliance.web.schema import assistants as shapes

assistants = Chapter("assistants", "Assistants: what they are told, what they know, how they look.")

READ, WRITE = "assistants:read", "assistants:write"


@assistants.post("/v1/assistants", responses={201: shapes.Assistant})
@allow(*EDITORS, scope=WRITE)
def create(body: shapes.AssistantBody) -> Response:
    """Make an assistant. It gets a collection of its own for its documents."""
    _check_model(body.given())
    made = desk.create(caller().project_id, body.given(), author=caller().name)
    return reply(present.assistant(made), 201)


@assistants.get("/v1/assistants", responses={200: shapes.AssistantPage})
@allow(*EVERYBODY, scope=READ)
def listed(query: shapes.AssistantQuery) -> Response:
    """The assistants, newest first; those put away only with `archived=true`."""
    rows = Assistant.of(caller().project_id).where(
        Assistant.archived_at.is_null(not query.archived)
    )
    if query.q:
        rows = rows.where(paging.contains(Assistant.name, query.q))
    found, cursor = paging.page(rows, Assistant.id, limit=query.limit, cursor=query.cursor)
    return reply(
        shapes.AssistantPage(data=[present.assistant(row) for row in found], next_cursor=cursor)
    )


@assistants.get("/v1/assistants/<string:assistant_id>", responses={200: shapes.Assistant})
@allow(*EVERYBODY, scope=READ)
def show(path: shapes.AssistantPath) -> Response:
    """One assistant."""
    return reply(present.assistant(_found(path)))


@assistants.patch("/v1/assistants/<string:assistant_id>", responses={200: shapes.Assistant})
@allow(*EDITORS, scope=WRITE)
def change(path: shapes.AssistantPath, body: shapes.AssistantPatch) -> Response:
    """Change what is named: objects are merged by key, lists replaced, null is the default."""
    row = _found(path)
    if given := body.given():
        _check_model(given)
        row = desk.change(row, given, author=caller().name)
    if body.archived is not None:
        row = desk.archive(row, archived=body.archived)
    return reply(present.assistant(row))


@assistants.delete("/v1/assistants/<string:assistant_id>", responses={204: None})
@allow(*ADMINS, scope=WRITE)
def remove(path: shapes.AssistantPath, query: shapes.DeleteQuery) -> tuple[str, int]:
    """Put an assistant away; with `purge=true` delete it, its conversations and documents."""
    if query.purge:
        desk.purge(_found(path), blobs=parts().blobs, index=parts().index)
    else:
        desk.archive(_found(path))
    return NOTHING


@assistants.get(
    "/v1/assistants/<string:assistant_id>/versions", responses={200: shapes.VersionPage}
)
@allow(*EVERYBODY, scope=READ)
def versions(path: shapes.AssistantPath, query: shapes.VersionQuery) -> Response:
    """What the assistant was configured to be, the latest first."""
    rows, by = desk.versions(_found(path)), AssistantVersion.number
    found, cursor = paging.page(rows, by, limit=query.limit, cursor=query.cursor)
    return reply(
        shapes.VersionPage(data=[present.version(row) for row in found], next_cursor=cursor)
    )


@assistants.post(
    "/v1/assistants/<string:assistant_id>/versions/<int:number>/restore",
    responses={200: shapes.Assistant},
)
@allow(*EDITORS, scope=WRITE)
def restore(path: shapes.VersionPath) -> Response:
    """Make an earlier version the current one again."""
    return reply(present.assistant(desk.restore(_found(path), path.number, author=caller().name)))


@assistants.get(
    "/v1/assistants/<string:assistant_id>/refused-origins",
    responses={200: shapes.RefusedOriginPage},
)
@allow(*EDITORS, scope=READ)
def refused_origins(path: shapes.AssistantPath) -> Response:
    """Sites that tried to show the assistant and were turned away, since the last start."""
    seen = gate.refusals().of(_found(path).id)
    return reply(
        shapes.RefusedOriginPage(
            data=[
                shapes.RefusedOrigin(
                    origin=each.origin, count=each.count, last_at=clock.spoken(each.last_at)
                )
                for each in seen
            ]
        )
    )


def _check_model(given: dict[str, Any]) -> None:
    """Models that are named must be this machine's or a provider's. Raises Invalid.

    Whether a provider is allowed is asked with every answer; it may change at any time.
    """
    llm = given.get("llm") or {}
    named = [("llm.model", llm.get("model"))]
    named += [("llm.fallback", name) for name in llm.get("fallback") or ()]
    named += [(f"llm.uses.{use}", name) for use, name in (llm.get("uses") or {}).items()]
    known = {each.name for each in parts().catalogue.models() if each.role == "language"}
    for param, name in named:
        if name is None or name in known or name in parts().engines:
            continue
        if not parts().providers.knows(name):
            raise Invalid("There is no such model here.", param=param)


def _found(path: shapes.AssistantPath) -> Assistant:
    return Assistant.find(caller().project_id, path.assistant_id)
