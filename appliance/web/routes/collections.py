"""Collections: documents that are searched together, and whether they may leave the box."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from peewee import fn

from appliance.base.errors import Conflict
from appliance.store.database import database
from appliance.store.documents import Collection, Document
from appliance.web import paging
from appliance.web.chapter import Chapter
from appliance.web.context import caller, parts, reply
from appliance.web.policy import ADMINS, EVERYBODY, allow
from appliance.web.schema import providers as shapes

collections = Chapter("collections", "Documents that are searched together.")


@collections.get("/v1/collections", responses={200: shapes.CollectionPage})
@allow(*EVERYBODY, scope="knowledge:read")
def listed(query: shapes.CollectionQuery) -> Response:
    """The collections, newest first."""
    rows = Collection.of(caller().project_id)
    found, cursor = paging.page(rows, Collection.id, limit=query.limit, cursor=query.cursor)
    return reply(shapes.CollectionPage(data=_shown(found), next_cursor=cursor))


@collections.patch("/v1/collections/<string:collection_id>", responses={200: shapes.Collection})
@allow(*ADMINS, scope="admin")
def change(path: shapes.CollectionPath, body: shapes.CollectionPatch) -> Response:
    """Rename it, or say that nothing of it may ever leave the box.

    That also holds for answers already given from it.
    """
    changes = body.model_dump(exclude_unset=True, exclude_none=True)
    row = Collection.find(caller().project_id, path.collection_id)
    if changes.get("never_leaves_the_box") and parts().embedder.leaves_the_box:
        raise Conflict(
            "The search model is a provider's and reads every document. Change it first."
        )
    if changes:
        with database.writing():
            Collection.update(**changes).where(
                Collection.project_id == row.project_id, Collection.id == row.id
            ).execute()
    return reply(_shown([Collection.find(row.project_id, row.id)])[0])


def _shown(rows: Sequence[Collection]) -> list[shapes.Collection]:
    counted = (
        Document.select(Document.collection_id, fn.COUNT(Document.id).alias("many"))
        .where(
            Document.project_id == caller().project_id,
            Document.collection_id.in_([row.id for row in rows]),
        )
        .group_by(Document.collection_id)
    )
    many = {row.collection_id: row.many for row in counted}
    return [
        shapes.Collection(
            id=row.id,
            name=row.name,
            never_leaves_the_box=row.never_leaves_the_box,
            documents=many.get(row.id, 0),
        )
        for row in rows
    ]
