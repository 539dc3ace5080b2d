"""A question becomes the passages that answer it, and how sure that is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appliance.base.errors import Invalid
from appliance.engines.contract import Embedder, Sentence
from appliance.library import rank
from appliance.store import fulltext
from appliance.store.database import database
from appliance.store.documents import Collection, Document, Passage
from appliance.store.vectors import Vectors

CANDIDATES = 50  # of each kind of search
ANSWERABLE = 0.5  # under this confidence the documents do not answer the question

Filters = Mapping[str, Any]


@dataclass(frozen=True)
class Hit:
    """A passage that was found, where it stands, and how well it fits."""

    passage_id: int
    document_id: str
    document_name: str
    source_id: str
    text: str
    score: float  # 0 … 1, comparable within one finding
    page: int | None
    heading: str | None
    sheet: str | None
    cells: str | None
    kind: str
    metadata: dict[str, Any]  # of the document
    sentences: tuple[Sentence, ...]  # in reading order, each with its cosine to the question


@dataclass(frozen=True)
class Finding:
    """What a search came to."""

    query: str
    rewritten_query: str  # what was searched for, the history considered
    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0  # how likely it is, 0 … 1, that the first hits answer the question

    @property
    def answerable(self) -> bool:
        """Whether the documents seem to answer the question at all."""
        return self.confidence >= ANSWERABLE


@dataclass
class _Candidate:
    passage: Passage
    document: Document
    words: float = 0.0
    cosine: float = 0.0
    sentences: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))


class Search:
    """Hybrid search: vectors of passages and of sentences, and words."""

    def __init__(self, index: Vectors, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder

    def find(
        self,
        project_id: str,
        collection_ids: Sequence[str],
        query: str,
        *,
        history: Sequence[str] = (),
        k: int = 6,
        filters: Filters | None = None,
    ) -> Finding:
        """The `k` passages of these collections that answer a question best, best first.

        `history`: what the visitor asked before in this session, oldest first.
        `filters`: `document_id`, `source_id`, or a field of the documents' metadata, each
        with the value or a list of values wanted. Collections that are gone are passed over.
        Raises Invalid, EngineFailed, Busy.
        """
        rewritten = query
        if not query.strip():
            return Finding(query, rewritten)
        vector = self._embedder.embed([rewritten], urgent=True)[0].vector
        found: list[_Candidate] = []
        for collection in self._collections(project_id, collection_ids):
            chosen = _chosen(collection, filters) if filters else None
            found += self._candidates(collection, rewritten, vector, chosen)
        signals = [
            rank.Signals(each.cosine, each.words, float(max(each.sentences, default=each.cosine)))
            for each in found
        ]
        scores = rank.scores(signals)
        order = sorted(range(len(found)), key=lambda at: -scores[at])
        hits = tuple(_hit(found[at], float(scores[at])) for at in order[:k])
        return Finding(query, rewritten, hits, rank.confidence([signals[at] for at in order]))

    def _collections(self, project_id: str, ids: Iterable[str]) -> list[Collection]:
        wanted = Collection.of(project_id).where(
            Collection.id.in_(list(ids)), Collection.embedder == self._embedder.fingerprint
        )
        return list(wanted)

    def _candidates(
        self,
        collection: Collection,
        query: str,
        vector: NDArray[np.float32],
        among: list[int] | None,
    ) -> list[_Candidate]:
        near = self._index.search(collection, vector, CANDIDATES, among=among)
        terms = set(fulltext.words(query))
        worded = dict(fulltext.search(collection.number, terms, CANDIDATES, among=among))
        wanted = {*worded, *(passage_id for passage_id, _ in near)}
        if late := [each for each in wanted if each not in worded]:
            worded |= dict(fulltext.search(collection.number, terms, len(late), among=late))
        found = _load(collection, wanted)
        for each in found:
            each.words = worded.get(each.passage.id, 0.0)
            each.cosine = float(np.frombuffer(each.passage.vector, np.float32) @ vector)
            sentences = np.frombuffer(each.passage.sentence_vectors, np.float16)
            each.sentences = sentences.astype(np.float32).reshape(-1, len(vector)) @ vector
        return found


def _load(collection: Collection, ids: Iterable[int]) -> list[_Candidate]:
    """The passages that are still to be found."""
    rows = list(
        Passage.of(collection.project_id).where(Passage.id.in_(list(ids)), Passage.position >= 0)
    )
    documents = {
        each.id: each
        for each in Document.of(collection.project_id).where(
            Document.id.in_({row.document_id for row in rows}), Document.enabled
        )
    }
    return [
        _Candidate(row, documents[row.document_id]) for row in rows if row.document_id in documents
    ]


def _chosen(collection: Collection, filters: Filters) -> list[int]:
    """Ids of the passages whose documents pass the filters."""
    conditions, values = [], [collection.project_id, collection.id]
    for name, wanted in filters.items():
        options = list(wanted) if isinstance(wanted, list | tuple | set) else [wanted]
        if not all(isinstance(each, str | int | float) for each in options):
            raise Invalid(f"The filter {name} is neither a value nor a list of values.", param=name)
        column = {"document_id": "d.id", "source_id": "d.source_id"}.get(name)
        conditions.append(
            f"{column or 'json_extract(d.metadata, ?)'} IN (SELECT value FROM json_each(?))"  # noqa: S608
        )
        values += [] if column else [f"$.{json.dumps(name)}"]
        values.append(json.dumps(options))
    cursor = database.execute_sql(
        "SELECT p.id FROM document d JOIN passage p ON p.document_id = d.id "  # noqa: S608
        "WHERE d.project_id = ? AND d.collection_id = ? AND d.enabled AND p.position >= 0 AND "
        + " AND ".join(conditions),
        values,
    )
    return [row[0] for row in cursor.fetchall()]


def _hit(candidate: _Candidate, score: float) -> Hit:
    passage, document = candidate.passage, candidate.document
    return Hit(
        passage_id=passage.id,
        document_id=document.id,
        document_name=document.name,
        source_id=document.source_id,
        text=passage.text,
        score=score,
        page=passage.page,
        heading=passage.heading,
        sheet=passage.sheet,
        cells=passage.cells,
        kind=passage.kind,
        metadata=document.metadata or {},
        sentences=tuple(
            Sentence(start, end, float(cosine))
            for (start, end), cosine in zip(passage.sentences, candidate.sentences, strict=False)
        ),
    )
