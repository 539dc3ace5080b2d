"""What the library puts in order when the program starts."""

from __future__ import annotations

import logging

from appliance.base import clock
from appliance.engines.contract import Embedder
from appliance.library import intake
from appliance.store import fulltext, jobs
from appliance.store.database import database
from appliance.store.documents import Collection, Document, Passage
from appliance.store.jobs import Job

log = logging.getLogger(__name__)


def renew(embedder: Embedder) -> int:
    """Have collections read anew whose vectors another embedder made. Returns how many.

    Vectors of different models do not compare; until a document is ready again, searches
    do not meet it.
    """
    old = Collection.across_projects().where(
        Collection.embedder != "", Collection.embedder != embedder.fingerprint
    )
    collections = list(old)
    for collection in collections:
        _empty(collection)
        log.warning("collection is read anew", extra={"collection": collection.id})
    return len(collections)


def settle() -> int:
    """Fail documents that wait for a job nobody will do: it was given up. Returns how many."""
    waiting = list(Document.across_projects().where(Document.state.in_(["queued", "processing"])))
    lost = 0
    for document in waiting:
        mine = (Job.subject == document.id) & (Job.project_id == document.project_id)
        with database.writing():
            alive = Job.select().where(mine, Job.state.in_([jobs.WAITING, jobs.RUNNING]))
            if alive.exists():
                continue
            lost += 1
            Document.update(
                state="failed",
                trouble_code="given_up",
                trouble=document.trouble or "Reading this file never came to an end.",
                updated_at=clock.now(),
            ).where(
                Document.project_id == document.project_id, Document.id == document.id
            ).execute()
    return lost


def _empty(collection: Collection) -> None:
    mine = (Document.project_id == collection.project_id) & (
        Document.collection_id == collection.id
    )
    with database.writing():
        fulltext.drop(collection.number)
        Passage.delete().where(
            Passage.project_id == collection.project_id, Passage.collection_id == collection.id
        ).execute()
        collection.embedder, collection.dimensions = "", 0
        collection.revision += 1
        collection.save()
        for document in list(Document.select().where(mine)):
            intake.read_again(document)
