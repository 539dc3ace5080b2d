"""What must never leave the box: known by the collections that a text was drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from appliance.store.documents import Collection, Document

Drawn = Sequence[str] | None  # ids of collections; None: not known


class Rules(NamedTuple):
    """Of a project, at this moment."""

    kept: frozenset[str]  # collections of which nothing may leave
    free: frozenset[str]  # the others that are there

    def stays(self, drawn: Drawn) -> bool:
        """Whether a text drawn from there must stay.

        What is from a collection that is gone stays too: it may have been one of those.
        Where it is from is not known of answers older than the rule; they stay while
        anything must.
        """
        if drawn is None:
            return bool(self.kept)
        return not self.free.issuperset(drawn)


def rules(project_id: str) -> Rules:
    """What may leave and what must stay."""
    rows = list(Collection.of(project_id))
    kept = frozenset(row.id for row in rows if row.never_leaves_the_box)
    return Rules(kept, frozenset(row.id for row in rows) - kept)


def collections_of(project_id: str, document_ids: Iterable[str]) -> dict[str, str]:
    """The collection of each document that is still there."""
    wanted = list(dict.fromkeys(document_ids))
    rows = Document.of(project_id).where(Document.id.in_(wanted))
    return {row.id: row.collection_id for row in rows}


def together(drawn: Iterable[Drawn]) -> list[str] | None:
    """Where a text is from that was made of these."""
    found: dict[str, None] = {}
    for each in drawn:
        if each is None:
            return None
        found.update(dict.fromkeys(each))
    return list(found)
