"""Passages that have no vectors of an embedder yet get them, batch by batch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.engines.contract import Embedded, Embedder
from appliance.library.passages import packed
from appliance.library.split import Piece, context_of
from appliance.readers.contract import Place
from appliance.store import embedders
from appliance.store.database import database

BATCH = 128  # passages embedded and saved at a time


@dataclass(frozen=True)
class Bare:
    """A passage without vectors."""

    id: int
    project_id: str
    collection_id: str
    piece: Piece


def bare(embedder: Embedder, *, after: int, most: int = BATCH) -> list[Bare]:
    """The next passages in sight that have no vector of this embedder, by their ids."""
    rows = database.execute_sql(
        "SELECT p.id, p.project_id, p.collection_id, p.kind, p.text, p.sentences, p.tokens, "
        "p.heading FROM passage p LEFT JOIN embedding e "
        "ON e.passage_id = p.id AND e.embedder = ? "
        "WHERE p.id > ? AND p.position >= 0 AND e.id IS NULL ORDER BY p.id LIMIT ?",
        (embedder.fingerprint, after, most),
    ).fetchall()
    return [
        Bare(id_, project_id, collection_id, _piece(embedder, *facts))
        for id_, project_id, collection_id, *facts in rows
    ]


def embed(embedder: Embedder, some: Sequence[Bare]) -> list[Embedded]:
    """The vectors of passages, as the ingest would make them. Raises EngineFailed."""
    return embedder.embed(
        [each.piece.embedded for each in some], spans=[each.piece.spans for each in some]
    )


def keep(
    embedder: Embedder, some: Sequence[Bare], embedded: Sequence[Embedded], *, shown: bool
) -> None:
    """Save them. Inside a transaction.

    `shown`: searches may use this embedder already, so that its index has to look again.
    """
    embedders.keep(
        (each.id, each.project_id, embedder.fingerprint, *packed(vectors))
        for each, vectors in zip(some, embedded, strict=True)
    )
    if shown:
        for project_id, collection_id in {(each.project_id, each.collection_id) for each in some}:
            database.execute_sql(
                "UPDATE collection SET revision = revision + 1 WHERE project_id = ? AND id = ?",
                (project_id, collection_id),
            )


def _piece(
    embedder: Embedder, kind: str, text: str, spans: str, tokens: int, heading: str | None
) -> Piece:
    context, _ = context_of(heading, embedder.offsets, embedder.window)
    found = tuple((start, end) for start, end in json.loads(spans))
    return Piece(kind, text, found, tokens, Place(heading=heading), context)
