"""Documents come in, are replaced, switched on and off, and go.

Whatever is promised here is on the disk when the call returns: the bytes before the
row, and the row and its job in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import IO, Any

from appliance.base import clock
from appliance.library import shelf
from appliance.library.originals import EmptyUpload as EmptyUpload
from appliance.library.originals import arriving, release
from appliance.library.originals import sweep as sweep
from appliance.store import fulltext, jobs
from appliance.store.blobs import Blobs
from appliance.store.database import database
from appliance.store.documents import Collection, Document, Passage, Source
from appliance.store.jobs import Job
from appliance.store.vectors import Vectors

log = logging.getLogger(__name__)

INGEST = "ingest"  # the kind of job that reads a document


def accept(
    stream: IO[bytes],
    *,
    project_id: str,
    collection_id: str,
    name: str,
    media_type: str = "",
    metadata: Mapping[str, Any] | None = None,
    source_id: str | None = None,
    blobs: Blobs,
    limit: int,
) -> Document:
    """Keep a file and line it up to be read; for a text, a file of that text.

    The same bytes twice in a collection are one document: the first is returned (and
    lined up again if it failed). A power cut can leave a file without a row, swept
    later, and never a row without its file or job. Without `source_id` the document
    gets a source of its own. Raises EmptyUpload, TooLarge, NotFound; then nothing stays.
    """
    Collection.find(project_id, collection_id)
    if source_id:
        Source.find(project_id, source_id)
    with arriving(blobs, project_id, stream, limit=limit) as blob, database.writing():
        known = Document.of(project_id).where(
            Document.collection_id == collection_id, Document.digest == blob.digest
        )
        if twin := known.order_by(Document.id).first():
            return read_again(twin) if twin.state == "failed" else twin
        document = Document.create(
            project_id=project_id,
            collection_id=collection_id,
            source_id=source_id or _source(project_id, collection_id, name).id,
            name=name,
            digest=blob.digest,
            size=blob.size,
            media_type=media_type,
            metadata=dict(metadata or {}),
        )
        _line_up(document)
    log.info("document accepted", extra={"document": document.id, "size": blob.size})
    return document


def replace(
    document: Document,
    stream: IO[bytes],
    *,
    blobs: Blobs,
    limit: int,
    name: str | None = None,
    media_type: str | None = None,
) -> Document:
    """Give a document new content. Its former passages are found until the new ones are ready.

    Raises EmptyUpload, TooLarge, NotFound; then it stays as it was.
    """
    with arriving(blobs, document.project_id, stream, limit=limit) as blob, database.writing():
        document = Document.find(document.project_id, document.id)
        former, document.digest, document.size = document.digest, blob.digest, blob.size
        document.name = name or document.name
        document.media_type = document.media_type if media_type is None else media_type
        if former == blob.digest and document.state != "failed":
            document.save()
        else:
            read_again(document)
    release(blobs, document.project_id, former)
    return document


def resync(source: Source) -> list[Job]:
    """Read a source's documents anew. Passages that have not changed are not embedded again."""
    with database.writing():
        documents = Document.of(source.project_id).where(Document.source_id == source.id)
        return [_line_up(read_again(document)) for document in list(documents)]


def enable(document: Document, *, index: Vectors) -> None:
    """Let searches find a document again."""
    _switch(document, True, index)


def disable(document: Document, *, index: Vectors) -> None:
    """Keep a document, but let no search find it."""
    _switch(document, False, index)


def delete(document: Document, *, blobs: Blobs, index: Vectors) -> None:
    """Remove a document: rows, words, vectors, its file when nobody else has it.

    A reading under way notices and stops. A source that has lost its last document goes too.
    """
    project_id = document.project_id
    with database.writing():
        document = Document.find(project_id, document.id)
        gone = shelf.change(document, remove=shelf.passages_on(document))
        _call_off(document)
        mine = (Passage.project_id == project_id) & (Passage.document_id == document.id)
        Passage.delete().where(mine).execute()
        document.delete_instance()
        if not Document.of(project_id).where(Document.source_id == document.source_id).exists():
            Source.delete().where(
                Source.project_id == project_id, Source.id == document.source_id
            ).execute()
    gone.tell(index)
    release(blobs, project_id, document.digest)
    log.info("document deleted", extra={"document": document.id})


def delete_source(source: Source, *, blobs: Blobs, index: Vectors) -> None:
    """Remove a source and all of its documents."""
    for document in list(Document.of(source.project_id).where(Document.source_id == source.id)):
        delete(document, blobs=blobs, index=index)
    with database.writing():
        Source.delete().where(
            Source.project_id == source.project_id, Source.id == source.id
        ).execute()


def delete_collection(collection: Collection, *, blobs: Blobs, index: Vectors) -> None:
    """Remove a collection and everything in it."""
    project_id = collection.project_id
    for source in list(Source.of(project_id).where(Source.collection_id == collection.id)):
        delete_source(source, blobs=blobs, index=index)
    with database.writing():
        fulltext.drop(collection.number)
        Collection.delete().where(
            Collection.project_id == project_id, Collection.id == collection.id
        ).execute()
    index.drop(collection)


def _source(project_id: str, collection_id: str, name: str) -> Source:
    return Source.create(project_id=project_id, collection_id=collection_id, name=name, type="file")


def read_again(document: Document) -> Document:
    """Line a document up to be read anew."""
    document.state, document.trouble, document.trouble_code = "queued", "", ""
    document.updated_at = clock.now()
    document.save()
    _line_up(document)
    return document


def _line_up(document: Document) -> Job:
    """The job that will read a document: the one that waits already, or a new one."""
    waiting = Job.of(document.project_id).where(
        Job.kind == INGEST, Job.subject == document.id, Job.state == jobs.WAITING
    )
    found: Job | None = waiting.first()
    if found and not found.cancel:
        return found
    return Job.create(project_id=document.project_id, kind=INGEST, subject=document.id)


def _call_off(document: Document) -> None:
    mine = (Job.project_id == document.project_id) & (Job.subject == document.id)
    Job.update(cancel=True).where(mine, Job.state == jobs.RUNNING).execute()
    Job.update(state=jobs.CANCELLED, finished_at=clock.now()).where(
        mine, Job.state == jobs.WAITING
    ).execute()


def _switch(document: Document, enabled: bool, index: Vectors) -> None:
    with database.writing():
        document = Document.find(document.project_id, document.id)
        if document.enabled == enabled:
            return
        off = [] if enabled else shelf.passages_on(document)
        document.enabled, document.updated_at = enabled, clock.now()
        document.save()
        on = shelf.passages_on(document) if enabled else []
        moved = shelf.change(document, add=on, remove=off)
    moved.tell(index)
