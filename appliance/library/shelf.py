"""What can be found of a document: its passages' words and vectors, on the shelf or off it.

Words change inside the caller's transaction, together with the rows. Vectors live in
memory and are told after it: `Change.tell`. Whoever forgets, or dies in between, costs
the next search a moment, for the collection's revision says that something changed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.store import fulltext
from appliance.store.database import database
from appliance.store.documents import Collection, Document, Passage
from appliance.store.vectors import Vectors


@dataclass(frozen=True)
class Change:
    """What a transaction did to a collection's shelf."""

    collection: Collection  # as it is now
    before: int  # the revision it had
    add: Sequence[int] = ()
    remove: Sequence[int] = ()

    def tell(self, index: Vectors) -> None:
        """Let the vector index follow. Call it once the transaction is committed."""
        if self.collection.revision != self.before:
            index.changed(self.collection, before=self.before, add=self.add, remove=self.remove)


def passages_on(document: Document) -> list[int]:
    """Ids of the document's passages that searches can meet."""
    if not document.enabled:
        return []
    rows = Passage.select(Passage.id).where(
        Passage.project_id == document.project_id,
        Passage.document_id == document.id,
        Passage.position >= 0,
    )
    return [row.id for row in rows]


def change(document: Document, *, add: Sequence[int] = (), remove: Sequence[int] = ()) -> Change:
    """Put passages of a document on the shelf and take others off. Inside a transaction."""
    collection = Collection.find(document.project_id, document.collection_id)
    before = collection.revision
    if not add and not remove:
        return Change(collection, before)
    fulltext.remove(collection.number, remove)
    rows = _rows(document, add)
    fulltext.add(collection.number, ((id_, heading or "", text) for id_, heading, text in rows))
    collection.revision += 1
    collection.save(only=[Collection.revision])
    return Change(collection, before, [row[0] for row in rows], remove)


def _rows(document: Document, ids: Sequence[int]) -> list[tuple[int, str | None, str]]:
    cursor = database.execute_sql(
        "SELECT id, heading, text FROM passage WHERE project_id = ? AND document_id = ? "
        "AND id IN (SELECT value FROM json_each(?))",
        (document.project_id, document.id, json.dumps(list(ids))),
    )
    return list(cursor.fetchall())
