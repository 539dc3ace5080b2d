"""The keys of programs and of web pages."""

from __future__ import annotations

from flask import Response

from appliance.base import clock
from appliance.people import keys as people_keys
from appliance.store.projects import ApiKey
from appliance.web import paging, present
from appliance.web.chapter import Chapter
from appliance.web.context import NOTHING, caller, reply
from appliance.web.policy import ADMINS, allow
from appliance.web.schema import keys as shapes

keys = Chapter("keys", "The keys of programs and of web pages.")


@keys.post("/v1/keys", responses={201: shapes.KeyCreated})
@allow(*ADMINS, scope="admin")
def create(body: shapes.KeyBody) -> Response:
    """Make a key. It is shown in this reply and never again."""
    row, secret = people_keys.create(
        caller().project_id,
        name=body.name,
        kind=body.kind,
        scopes=body.scopes,
        origins=body.origins,
        assistant_id=body.assistant_id,
        expires_at=body.expiry(),
        created_by=caller().name,
        now=clock.now(),
    )
    return reply(shapes.KeyCreated(**present.key(row).model_dump(), key=secret), 201)


@keys.get("/v1/keys", responses={200: shapes.KeyPage})
@allow(*ADMINS, scope="admin")
def listed(query: shapes.KeyQuery) -> Response:
    """The keys, newest first, revoked ones too."""
    rows = ApiKey.of(caller().project_id)
    found, cursor = paging.page(rows, ApiKey.id, limit=query.limit, cursor=query.cursor)
    return reply(shapes.KeyPage(data=[present.key(row) for row in found], next_cursor=cursor))


@keys.delete("/v1/keys/<string:key_id>", responses={204: None})
@allow(*ADMINS, scope="admin")
def revoke(path: shapes.KeyPath) -> tuple[str, int]:
    """End a key, at once and for good."""
    people_keys.revoke(caller().project_id, path.key_id, clock.now())
    return NOTHING
