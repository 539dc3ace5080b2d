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
from appliance.library.question import Question
from appliance.library.scale import Scale
from appliance.library.stem import stem
from appliance.store.database import database
from appliance.store.documents import Collection
from appliance.store.words import words


@dataclass(frozen=True)
class Candidate:
    """A passage and the document it is from."""

    id: int
    document_id: str
    document_name: str
    source_id: str
    metadata: str  # of the document, as JSON
    kind: str
    text: str
    page: int | None
    heading: str | None
    sheet: str | None
    cells: str | None
    spans: str  # of the sentences, as JSON
    vector: bytes | None  # None: this embedder has not come to it yet
    sentence_vectors: bytes | None

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """Where the sentences of the text begin and end."""
        return [(start, end) for start, end in json.loads(self.spans)]

    def compared(
        self, stems: AskedStems, vector: NDArray[np.float32], scale: Scale
    ) -> rank.Passage:
        """The passage as `rank` wants it, against a question's stems and its vector."""
        sentences, heading = _words(self.id, self.text, self.heading or "", self.spans)
        found = [[stems[word] for word in sentence] for sentence in sentences]
        cosines = np.zeros(1 + len(sentences), np.float32)
        if self.vector is not None:
            cosines = scale(np.vstack([self._whole(), self.vectors(len(vector))]) @ vector)
        whole = cosines[0]
        return rank.Passage(
            stems=[each for sentence in found for each in sentence],
            sentences=[frozenset(sentence) for sentence in found],
            heading=frozenset(stems[word] for word in heading),
            cosine=float(whole),
            cosines=cosines[1:],
        )

    def _whole(self) -> NDArray[np.float32]:
        return np.frombuffer(self.vector or b"", np.float32)

    def vectors(self, dimensions: int) -> NDArray[np.float32]:
        """Those of the sentences; of no sentence, when there are none."""
        halves = np.frombuffer(self.sentence_vectors or b"", np.float16)
        return halves.reshape(-1, dimensions).astype(np.float32)

    def by_text(self, dimensions: int) -> dict[str, NDArray[np.float32]]:
        """The vectors of the sentences, by what these say."""
        texts = (self.text[start:end] for start, end in self.sentences)
        vectors = self.vectors(dimensions)
        return {
            text: vector / max(float(np.linalg.norm(vector)), 1e-6)
            for text, vector in zip(texts, vectors, strict=False)
        }


class AskedStems(dict[str, str]):
    """The stem of each word that a question asks for; of any other word nothing.

    A dict, because it is asked for every word of every candidate.
    """

    def __init__(self, question: Question) -> None:
        super().__init__()
        self._asked = question.weights
        self._openings = {each[:2] for each in question.weights}

    def __missing__(self, word: str) -> str:
        found = ""
        if word[:2] in self._openings:  # which no stem alters
            sought = stem(word)
            found = sought if sought in self._asked else ""
        self[word] = found
        return found


def load(collection: Collection, ids: Iterable[int], embedder: str) -> list[Candidate]:
    """The passages with these ids that can still be found, and an embedder's vectors of them."""
    rows = database.execute_sql(
        "SELECT p.id, d.id, d.name, d.source_id, d.metadata, p.kind, p.text, p.page, p.heading, "
        "p.sheet, p.cells, p.sentences, e.vector, e.sentence_vectors "
        "FROM passage p JOIN document d ON d.id = p.document_id "
        "LEFT JOIN embedding e ON e.passage_id = p.id AND e.embedder = ? "
        "WHERE p.project_id = ? AND p.collection_id = ? AND d.enabled AND p.position >= 0 "
        "AND p.id IN (SELECT value FROM json_each(?))",
        (embedder, collection.project_id, collection.id, json.dumps(list(ids))),
    )
    return [Candidate(*row) for row in rows.fetchall()]


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
def _words(
    passage_id: int,  # what has the same id may be remembered
    text: str,
    heading: str,
    spans: str,
) -> tuple[list[list[str]], list[str]]:
    return [words(text[start:end]) for start, end in json.loads(spans)], words(heading)
