"""Passages that may answer a question, read from the store and made ready to be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appliance.base.errors import Invalid
from appliance.library import rank
from appliance.library.stem import stem
from appliance.store.database import database
from appliance.store.documents import Collection, Document, Passage
from appliance.store.words import words


@dataclass(frozen=True)
class Candidate:
    """A passage and the document it is from."""

    passage: Passage
    document: Document

    def compared(self, vector: NDArray[np.float32]) -> rank.Passage:
        """The passage as `rank` wants it, against a question's vector."""
        row = self.passage
        stems, sentences, heading = _stems(
            row.id, row.text, row.heading or "", tuple(map(tuple, row.sentences))
        )
        vectors = np.frombuffer(row.sentence_vectors, np.float16).reshape(-1, len(vector))
        return rank.Passage(
            stems=stems,
            sentences=sentences,
            heading=heading,
            cosine=float(np.frombuffer(row.vector, np.float32) @ vector),
            cosines=vectors.astype(np.float32) @ vector,
        )


def load(collection: Collection, ids: Iterable[int]) -> list[Candidate]:
    """The passages with these ids that can still be found."""
    rows = list(
        Passage.of(collection.project_id).where(
            Passage.collection_id == collection.id,
            Passage.id.in_(list(ids)),
            Passage.position >= 0,
        )
    )
    documents = {
        each.id: each
        for each in Document.of(collection.project_id).where(
            Document.id.in_({row.document_id for row in rows}), Document.enabled
        )
    }
    return [
        Candidate(row, documents[row.document_id]) for row in rows if row.document_id in documents
    ]


def allowed(collection: Collection, filters: Mapping[str, Any]) -> list[int]:
    """Ids of the passages whose documents pass every filter. Raises Invalid."""
    conditions, values = [], [collection.project_id, collection.id]
    for name, wanted in filters.items():
        options = list(wanted) if isinstance(wanted, list | tuple | set) else [wanted]
        if not all(isinstance(each, str | int | float) for each in options):
            raise Invalid(f"The filter {name} is neither a value nor a list of values.", param=name)
        if name in ("document_id", "source_id"):
            column = "d.id" if name == "document_id" else "d.source_id"
        else:
            column = "json_extract(d.metadata, ?)"
            values.append(f"$.{json.dumps(name)}")
        conditions.append(f"{column} IN (SELECT value FROM json_each(?))")  # noqa: S608
        values.append(json.dumps(options))
    cursor = database.execute_sql(
        "SELECT p.id FROM document d JOIN passage p ON p.document_id = d.id "  # noqa: S608
        "WHERE d.project_id = ? AND d.collection_id = ? AND d.enabled AND p.position >= 0 AND "
        + " AND ".join(conditions),
        values,
    )
    return [row[0] for row in cursor.fetchall()]


@lru_cache(maxsize=2_000)
def _stems(
    passage_id: int,  # what has the same id may be remembered
    text: str,
    heading: str,
    spans: tuple[tuple[int, int], ...],
) -> tuple[list[str], list[frozenset[str]], frozenset[str]]:
    sentences = [[stem(word) for word in words(text[start:end])] for start, end in spans]
    return (
        [each for sentence in sentences for each in sentence],
        [frozenset(sentence) for sentence in sentences],
        frozenset(stem(word) for word in words(heading)),
    )
