"""What must never leave the box: known by the collections that a text was drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from appliance.store.documents import Collection, Document

Drawn = Sequence[str] | None  # ids of collections; None: not known


def secluded(project_id: str) -> frozenset[str]:
    """The project's collections of which nothing may leave."""
    rows = Collection.of(project_id).where(Collection.never_leaves_the_box)
    return frozenset(row.id for row in rows)


def collections_of(project_id: str, document_ids: Iterable[str]) -> dict[str, str]:
    """The collection of each document that is still there."""
    wanted = list(dict.fromkeys(document_ids))
    rows = Document.of(project_id).where(Document.id.in_(wanted))
    return {row.id: row.collection_id for row in rows}


def stays(drawn: Drawn, kept: frozenset[str]) -> bool:
    """Whether a text drawn from there must stay. Where that is not known, it must."""
    if not kept:
        return False
    return drawn is None or not kept.isdisjoint(drawn)


def together(drawn: Iterable[Drawn]) -> list[str] | None:
    """Where a text is from that was made of these."""
    found: dict[str, None] = {}
    for each in drawn:
        if each is None:
            return None
        found.update(dict.fromkeys(each))
    return list(found)
