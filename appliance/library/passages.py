"""A document's passages on the disk: saved out of sight, brought into sight all at once.

A passage with a negative position belongs to no reading: it was saved by one that is not
finished, or set aside for one to come. Whatever has the same digest is used again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from peewee import Expression, ModelSelect

from appliance.base import clock
from appliance.engines.contract import Embedded
from appliance.library import shelf
from appliance.library.shelf import Change
from appliance.library.split import Piece
from appliance.store import embedders
from appliance.store.database import database
from appliance.store.documents import Document, Passage


def known(document: Document, digests: Sequence[str]) -> list[int | None]:
    """For each digest the id of a saved passage that has it, each passage once."""
    spare: defaultdict[str, list[int]] = defaultdict(list)
    for row in _of(document, Passage.id, Passage.digest).order_by(Passage.id.desc()):
        spare[row.digest].append(row.id)
    return [spare[digest].pop() if spare[digest] else None for digest in digests]


def save(
    document: Document,
    pieces: Sequence[Piece],
    embedded: Sequence[Embedded],
    digests: Sequence[str],
    *,
    embedder: str,
) -> list[int]:
    """Keep passages, out of sight, and return their ids. Inside a transaction.

    `embedder` is the fingerprint of the one that made the vectors.
    """
    floor = _floor(document)
    ids = [
        _insert(document, floor - 1 - number, piece, digest)
        for number, (piece, digest) in enumerate(zip(pieces, digests, strict=True))
    ]
    embedders.keep(
        (id_, document.project_id, embedder, *packed(vectors))
        for id_, vectors in zip(ids, embedded, strict=True)
    )
    return ids


def packed(embedded: Embedded) -> tuple[bytes, bytes]:
    """A passage's vector and its sentences', as they are stored."""
    return (
        embedded.vector.astype(np.float32).tobytes(),
        embedded.spans.astype(np.float16).tobytes(),
    )


def publish(document: Document, pieces: Sequence[Piece], ids: Sequence[int]) -> Change:
    """Make these the document's passages, in this order. Inside a transaction.

    Those it had before and that are not among them are removed for good.
    """
    former = shelf.passages_on(document)
    if not _in_place(document, pieces, ids):
        set_aside(document)
        move = (
            "UPDATE passage SET position = ?, kind = ?, page = ?, heading = ?, sheet = ?, "
            "cells = ? WHERE project_id = ? AND id = ?"
        )
        for (position, *facts), id_ in zip(_facts(pieces), ids, strict=True):
            database.execute_sql(move, (position, *facts, document.project_id, id_))
    Passage.delete().where(_mine(document), Passage.position < 0).execute()
    now = shelf.passages_on(document)
    added, removed = set(now) - set(former), set(former) - set(now)
    return shelf.change(document, add=sorted(added), remove=sorted(removed))


def set_aside(document: Document) -> None:
    """Take every passage out of sight. Inside a transaction; the shelf is told separately."""
    aside = Passage.update(position=_floor(document) - 1 - Passage.position)
    aside.where(_mine(document), Passage.position >= 0).execute()


def _insert(document: Document, position: int, piece: Piece, digest: str) -> int:
    row = {
        "created_at": clock.now(),
        "project_id": document.project_id,
        "collection_id": document.collection_id,
        "document_id": document.id,
        "position": position,
        "kind": piece.kind,
        "text": piece.text,
        "digest": digest,
        "tokens": piece.tokens,
        "sentences": json.dumps(piece.sentences),
        **asdict(piece.place),
    }
    # By hand: peewee takes longer to put such a statement together than SQLite to run it.
    cursor = database.execute_sql(
        f"INSERT INTO passage ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608
        tuple(row.values()),
    )
    return int(cursor.lastrowid)


def _in_place(document: Document, pieces: Sequence[Piece], ids: Sequence[int]) -> bool:
    columns = (
        Passage.id,
        Passage.position,
        Passage.kind,
        Passage.page,
        Passage.heading,
        Passage.sheet,
        Passage.cells,
    )
    rows = _of(document, *columns).where(Passage.position >= 0).order_by(Passage.position)
    wanted = [(id_, *facts) for id_, facts in zip(ids, _facts(pieces), strict=True)]
    return list(rows.tuples()) == wanted


def _facts(pieces: Sequence[Piece]) -> list[tuple[object, ...]]:
    return [(at, piece.kind, *asdict(piece.place).values()) for at, piece in enumerate(pieces)]


def _floor(document: Document) -> int:
    """The lowest position in use, 0 at most."""
    lowest = _of(document, Passage.position).order_by(Passage.position).first()
    return min(lowest.position, 0) if lowest else 0


def _of(document: Document, *columns: object) -> ModelSelect:
    return Passage.select(*columns).where(_mine(document))


def _mine(document: Document) -> Expression:
    return (Passage.project_id == document.project_id) & (Passage.document_id == document.id)
