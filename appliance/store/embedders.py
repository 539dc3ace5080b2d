"""Vectors of passages, by the embedder that made them, and which embedder searches.

A passage may have vectors of several embedders: of the one that searches, of the one
before it, of one that is being tried. Which one searches is one row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from peewee import AutoField, BlobField, IntegerField, TextField

from appliance.base import clock
from appliance.base.ids import new_id
from appliance.store.database import database
from appliance.store.projects import Preference
from appliance.store.record import JsonField, Record, TenantRecord

_ROW = "embedder"  # of the preferences

# States of a change. OPEN ones are under way or wait for somebody to decide.
BUILDING, COMPARING, READY = "building", "comparing", "ready"
SWITCHED, FAILED, CANCELLED = "switched", "failed", "cancelled"
OPEN = (BUILDING, COMPARING, READY)


class Embedding(TenantRecord):
    """What one embedder made of one passage. The truth behind the vector index."""

    id = AutoField()
    passage_id = IntegerField()
    embedder = TextField()  # fingerprint
    vector = BlobField()  # float32
    sentence_vectors = BlobField()  # float16, one row per sentence

    class Meta:
        indexes = ((("passage_id", "embedder"), True),)


class EmbedderChange(Record):
    """The search's way from one embedder to another. There is one at most that is open."""

    id = TextField(primary_key=True, default=lambda: new_id("emc"))
    project_id = TextField()  # where its job is listed
    model = TextField()
    fingerprint = TextField()
    state = TextField(default=BUILDING)
    comparison = JsonField(null=True)  # what the test questions said of both
    trouble = TextField(default="")
    automatic = IntegerField(default=0)  # 1: switches by itself once it is complete
    job_id = TextField(default="")
    updated_at = IntegerField(default=clock.now)


@dataclass(frozen=True)
class Chosen:
    """An embedding model, as it was when it was chosen."""

    model: str
    fingerprint: str


@dataclass(frozen=True)
class Choice:
    """Which embedder searches, which one did before, and what the settings said then."""

    active: Chosen
    previous: Chosen | None = None
    setting: str = ""


def choice() -> Choice | None:
    """The one row; None before anything was chosen."""
    row = Preference.select().where(Preference.name == _ROW).first()
    if row is None:
        return None
    told: dict[str, Any] = json.loads(row.value)
    previous = told["previous"]
    return Choice(
        Chosen(**told["active"]), Chosen(**previous) if previous else None, told["setting"]
    )


def choose(wanted: Choice) -> None:
    """Write the one row. From this moment every question is asked of that embedder."""
    value = json.dumps(asdict(wanted))
    Preference.insert(name=_ROW, value=value).on_conflict_replace().execute()


def change() -> EmbedderChange | None:
    """The change that is open, or the last one."""
    found: EmbedderChange | None = (
        EmbedderChange.select().order_by(EmbedderChange.created_at.desc()).first()
    )
    return found


def keep(rows: Iterable[tuple[int, str, str, bytes, bytes]]) -> None:
    """Save vectors: passage, project, fingerprint, its own, its sentences'. Inside a transaction.

    Passages that are gone are passed over, and what is there already stays.
    """
    for passage_id, project_id, fingerprint, vector, sentences in rows:
        database.execute_sql(
            "INSERT INTO embedding (created_at, project_id, passage_id, embedder, vector, "
            "sentence_vectors) SELECT ?, project_id, id, ?, ?, ? FROM passage "
            "WHERE project_id = ? AND id = ? ON CONFLICT DO NOTHING",
            (clock.now(), fingerprint, vector, sentences, project_id, passage_id),
        )


def lacking(fingerprint: str, *, document_id: str | None = None) -> int:
    """How many passages in sight have no vector of this embedder: of all, or of a document."""
    only = "AND p.document_id = ?" if document_id else ""
    found = database.execute_sql(
        "SELECT count(*) FROM passage p LEFT JOIN embedding e "  # noqa: S608
        "ON e.passage_id = p.id AND e.embedder = ? "
        f"WHERE p.position >= 0 AND e.id IS NULL {only}",
        (fingerprint, document_id) if document_id else (fingerprint,),
    )
    return int(found.fetchone()[0])


def strays(kept: Sequence[str]) -> bool:
    """Whether there are vectors of embedders that are not kept."""
    found = database.execute_sql(
        "SELECT 1 FROM embedding WHERE embedder NOT IN (SELECT value FROM json_each(?)) LIMIT 1",
        (json.dumps(list(kept)),),
    )
    return found.fetchone() is not None


def sweep(kept: Sequence[str], *, most: int) -> int:
    """Remove up to so many vectors of embedders that are not kept. Returns how many."""
    cursor = database.execute_sql(
        "DELETE FROM embedding WHERE id IN (SELECT id FROM embedding "
        "WHERE embedder NOT IN (SELECT value FROM json_each(?)) LIMIT ?)",
        (json.dumps(list(kept)), most),
    )
    return int(cursor.rowcount)
