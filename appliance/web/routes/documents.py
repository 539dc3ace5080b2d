"""Documents, the passages cut from them, and their originals."""

from __future__ import annotations

from itertools import chain
from urllib.parse import quote

from flask import Response

from appliance.base import clock
from appliance.library import intake
from appliance.store.database import database
from appliance.store.documents import Document, Passage
from appliance.web import headers, paging, present, uploads
from appliance.web.chapter import Chapter
from appliance.web.context import NOTHING, caller, parts, reply
from appliance.web.policy import EDITORS, EVERYBODY, allow
from appliance.web.routes.knowledge import READ, WRITE, collections_of
from appliance.web.schema import knowledge as shapes
from appliance.web.uploads import FileSent

documents = Chapter("documents", "Documents, the passages cut from them, and their originals.")


@documents.get("/v1/documents", responses={200: shapes.DocumentPage})
@allow(*EVERYBODY, scope=READ)
def listed(query: shapes.DocumentQuery) -> Response:
    """The documents, newest first."""
    rows = Document.of(caller().project_id)
    if query.assistant_id or query.collection_id:
        rows = rows.where(Document.collection_id.in_(collections_of(query)))
    if query.source_id:
        rows = rows.where(Document.source_id == query.source_id)
    if query.status:
        rows = rows.where(Document.state == query.status)
    if query.q:
        rows = rows.where(paging.contains(Document.name, query.q))
    found, cursor = paging.page(rows, Document.id, limit=query.limit, cursor=query.cursor)
    data = present.documents(caller().project_id, found)
    return reply(shapes.DocumentPage(data=data, next_cursor=cursor))


@documents.get("/v1/documents/<string:document_id>", responses={200: shapes.Document})
@allow(*EVERYBODY, scope=READ)
def show(path: shapes.DocumentPath) -> Response:
    """One document, what was found in it, and how far along it is."""
    return _shown(_found(path))


@documents.put("/v1/documents/<string:document_id>", responses={202: shapes.Document})
@allow(*EDITORS, scope=WRITE)
@uploads.takes(shapes.TextDocumentBody, shapes.FileDocumentForm)
def replace(path: shapes.DocumentPath) -> Response:
    """Give a document new content. The old is found until the new is ready."""
    row = _found(path)
    given = uploads.sent(shapes.TextDocumentBody, shapes.FileDocumentForm)
    if isinstance(given, FileSent):
        stream, media_type, name = given.stream, given.media_type, given.name
    else:
        stream, media_type = uploads.text_stream(given.content), uploads.MARKDOWN
        name = uploads.text_name(given.name or str(row.name))
    row = intake.replace(
        row,
        stream,
        blobs=parts().blobs,
        limit=uploads.limit(),
        name=name,
        media_type=media_type,
    )
    parts().wake.ring()
    return _shown(row, 202)


@documents.patch("/v1/documents/<string:document_id>", responses={200: shapes.Document})
@allow(*EDITORS, scope=WRITE)
def change(path: shapes.DocumentPath, body: shapes.DocumentPatch) -> Response:
    """Rename a document, describe it, or switch it off and on."""
    row = _found(path)
    changes = body.model_dump(exclude_unset=True, exclude_none=True, exclude={"enabled"})
    if "name" in changes:
        changes["name"] = uploads.plain_name(changes["name"])
    if changes:
        with database.writing():
            Document.update(**changes, updated_at=clock.now()).where(
                Document.project_id == row.project_id, Document.id == row.id
            ).execute()
    if body.enabled is not None:
        switch = intake.enable if body.enabled else intake.disable
        switch(row, index=parts().index)
    return _shown(_found(path))


@documents.delete("/v1/documents/<string:document_id>", responses={204: None})
@allow(*EDITORS, scope=WRITE)
def remove(path: shapes.DocumentPath) -> tuple[str, int]:
    """Delete a document and everything made from it."""
    intake.delete(_found(path), blobs=parts().blobs, index=parts().index)
    return NOTHING


@documents.get("/v1/documents/<string:document_id>/passages", responses={200: shapes.PassagePage})
@allow(*EVERYBODY, scope=READ)
def passages(path: shapes.DocumentPath, query: shapes.PassageQuery) -> Response:
    """The pieces it was cut into, in reading order."""
    rows = Passage.of(caller().project_id).where(
        Passage.document_id == _found(path).id, Passage.position >= 0
    )
    found, cursor = paging.page(
        rows, Passage.position, limit=query.limit, cursor=query.cursor, newest_first=False
    )
    return reply(
        shapes.PassagePage(data=[present.passage(row) for row in found], next_cursor=cursor)
    )


@documents.get(
    "/v1/documents/<string:document_id>/original",
    responses={
        200: {
            "description": "The file as it was handed in.",
            "content": {"application/octet-stream": {"schema": {"type": "string"}}},
        }
    },
)
@allow(*EVERYBODY, scope=READ)
def original(path: shapes.DocumentPath) -> Response:
    """The file as it was handed in, to be saved; never to be shown by the browser itself."""
    row = _found(path)
    pieces = parts().blobs.open(row.project_id, row.digest)
    begun = next(pieces, b"")  # before any header is sent: a damaged file is an error
    response = Response(chain((begun,), pieces), content_type="application/octet-stream")
    response.content_length = row.size
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.name)}"
    response.headers["Content-Security-Policy"] = headers.DOWNLOAD_CSP
    return response


def _found(path: shapes.DocumentPath) -> Document:
    return Document.find(caller().project_id, path.document_id)


def _shown(row: Document, status: int = 200) -> Response:
    return reply(present.documents(caller().project_id, [row])[0], status)
