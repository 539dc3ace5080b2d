"""Where the documents come from."""

from __future__ import annotations

from typing import Any

from flask import Response

from appliance.base import clock
from appliance.base.errors import Invalid
from appliance.chat import assistants as desk
from appliance.library import intake
from appliance.store.assistants import Assistant
from appliance.store.database import database
from appliance.store.documents import Collection, Document, Source
from appliance.web import paging, present, uploads
from appliance.web.chapter import Chapter
from appliance.web.context import NOTHING, caller, parts, reply
from appliance.web.policy import EDITORS, EVERYBODY, allow
from appliance.web.schema import knowledge as shapes
from appliance.web.uploads import FileSent

knowledge = Chapter("knowledge", "Knowledge sources: files and texts to learn from.")

READ, WRITE = "knowledge:read", "knowledge:write"


@knowledge.post("/v1/knowledge-sources", responses={202: shapes.Source})
@allow(*EDITORS, scope=WRITE)
@uploads.takes(shapes.TextSourceBody, shapes.FileSourceForm)
def add() -> Response:
    """Take in a file or a text. Reading it happens later; watch `status`.

    The same bytes twice in a collection are one document.
    """
    began = clock.now()
    given = uploads.sent(shapes.TextSourceBody, shapes.FileSourceForm)
    if isinstance(given, FileSent):
        fields, media_type = given.fields, given.media_type
        document = _accept(given.stream, _into(fields), given.name, media_type, fields.metadata)
    else:
        name = uploads.text_name(given.name)
        stream = uploads.text_stream(given.content)
        document = _accept(stream, _into(given), name, uploads.MARKDOWN, given.metadata)
        _remember(document, began, type="text")
    _remember(document, began, metadata=document.metadata)
    parts().wake.ring()
    return _shown(document.source_id, 202)


@knowledge.get("/v1/knowledge-sources", responses={200: shapes.SourcePage})
@allow(*EVERYBODY, scope=READ)
def listed(query: shapes.SourceQuery) -> Response:
    """The sources, newest first; of one assistant, or of one collection."""
    rows = Source.of(caller().project_id)
    if query.assistant_id or query.collection_id:
        rows = rows.where(Source.collection_id.in_(collections_of(query)))
    found, cursor = paging.page(rows, Source.id, limit=query.limit, cursor=query.cursor)
    data = present.sources(caller().project_id, found)
    return reply(shapes.SourcePage(data=data, next_cursor=cursor))


@knowledge.get("/v1/knowledge-sources/<string:source_id>", responses={200: shapes.Source})
@allow(*EVERYBODY, scope=READ)
def show(path: shapes.SourcePath) -> Response:
    """One source, with its documents and how far along they are."""
    return _shown(path.source_id)


@knowledge.post(
    "/v1/knowledge-sources/<string:source_id>/sync", responses={202: shapes.SyncStarted}
)
@allow(*EDITORS, scope=WRITE)
def sync(path: shapes.SourcePath) -> Response:
    """Read the source's documents anew. Passages that have not changed cost nothing."""
    started = intake.resync(_found(path.source_id))
    parts().wake.ring()
    job_id = started[-1].id if started else None
    return reply(shapes.SyncStarted(job_id=job_id, status="queued" if job_id else "ready"), 202)


@knowledge.delete("/v1/knowledge-sources/<string:source_id>", responses={204: None})
@allow(*EDITORS, scope=WRITE)
def remove(path: shapes.SourcePath) -> tuple[str, int]:
    """Delete a source with its documents and everything made from them."""
    intake.delete_source(_found(path.source_id), blobs=parts().blobs, index=parts().index)
    return NOTHING


def _found(source_id: str) -> Source:
    return Source.find(caller().project_id, source_id)


def _shown(source_id: str, status: int = 200) -> Response:
    return reply(present.sources(caller().project_id, [_found(source_id)])[0], status)


def _into(given: shapes.TextSourceBody | shapes.FileSourceForm) -> str:
    """The collection that is meant."""
    if (given.assistant_id is None) == (given.collection_id is None):
        raise Invalid("Name either an assistant_id or a collection_id.", param="assistant_id")
    if given.assistant_id:
        return str(Assistant.find(caller().project_id, given.assistant_id).collection_id)
    return str(Collection.find(caller().project_id, given.collection_id or "").id)


def collections_of(query: shapes.SourceQuery | shapes.DocumentQuery) -> list[str]:
    """Ids of the collections a list is about. Raises NotFound."""
    if query.collection_id:
        return [str(Collection.find(caller().project_id, query.collection_id).id)]
    return desk.collections(Assistant.find(caller().project_id, query.assistant_id or ""))


def _accept(
    stream: Any, collection_id: str, name: str, media_type: str, metadata: dict[str, Any]
) -> Document:
    return intake.accept(
        stream,
        project_id=caller().project_id,
        collection_id=collection_id,
        name=name,
        media_type=media_type,
        metadata=metadata,
        blobs=parts().blobs,
        limit=uploads.limit(),
    )


def _remember(document: Document, began: int, **facts: Any) -> None:
    """Note what a source is; not of one that was there before."""
    with database.writing():
        Source.update(**facts).where(
            Source.project_id == document.project_id,
            Source.id == document.source_id,
            Source.created_at >= began,
        ).execute()
