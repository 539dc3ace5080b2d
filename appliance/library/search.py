"""A question becomes the passages that answer it, and how sure that is."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appliance.engines.contract import Embedder, Sentence
from appliance.library import question as questions
from appliance.library import rank
from appliance.library.candidates import AskedStems, Candidate, allowed, load
from appliance.library.lexicon import Lexicon
from appliance.library.question import Question
from appliance.library.rerank import Reranking
from appliance.library.scale import Scales
from appliance.store import fulltext
from appliance.store.documents import Collection
from appliance.store.vectors import Vectors

CANDIDATES = 32  # of each kind of search; then they are compared more closely
ANSWERABLE = 0.42  # under this confidence the documents do not answer the question

# What earlier questions weigh against the present one, the last first: when it leans on
# them ("And how much is that?") and when it seems to stand by itself.
LEANING = (0.5, 0.25)
STANDING = (0.25,)

# Passages looked at for common words. Full-text search takes time for every passage that
# has a word, so of a question's words the rarest are searched for, as far as this goes.
LOOKS = 6_000

Filters = Mapping[str, Any]
Found = tuple[float, int, Collection]  # score, passage, and where it is
_AT_ONCE = 64  # questions that wait for the model's process


@dataclass(frozen=True)
class Hit:
    """A passage that was found, where it stands, and how well it fits."""

    passage_id: int
    document_id: str
    document_name: str
    source_id: str
    text: str
    score: float  # 0 … 1, comparable from question to question
    page: int | None
    heading: str | None
    sheet: str | None
    cells: str | None
    kind: str
    metadata: dict[str, Any]  # of the document
    sentences: tuple[Sentence, ...]  # in reading order, with how well each fits
    cosine: float = 0.0  # of the whole passage with the question
    words: float = 0.0  # the share of the question's words, by what they tell, that stand here
    # Vectors of sentences by their text, and the fingerprint of the embedder that made them.
    vectors: Mapping[str, NDArray[np.float32]] = field(
        default_factory=dict, compare=False, repr=False
    )
    embedder: str = ""


@dataclass(frozen=True)
class Finding:
    """What a search came to."""

    query: str
    rewritten_query: str  # what was searched for, what was asked before considered
    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0  # how likely it is, 0 … 1, that the first hits answer the question
    unknown: float = 0.0  # the share of the question, 0 … 1, in words that stand nowhere

    @property
    def answerable(self) -> bool:
        """Whether the documents seem to answer the question at all."""
        return self.confidence >= ANSWERABLE


class Search:
    """Hybrid search: vectors of passages and of sentences, and words."""

    def __init__(
        self, index: Vectors, embedder: Embedder, *, reranking: Reranking | None = None
    ) -> None:
        """`reranking` puts the best passages in an order of its own; see there."""
        self._reranking = reranking
        self._ahead = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="question")
        self._index = index
        self._embedder = embedder
        self._scales = Scales()
        self._lexicon = Lexicon()

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
        collections = self._collections(project_id, collection_ids)
        if not query.strip() or not collections:
            return Finding(query, query)
        leans = questions.leans(query)
        earlier = [each for each in history if each.strip()][::-1]
        before = list(zip(earlier, LEANING if leans else STANDING, strict=False))
        embedder = self._embedder.now()  # the same one to the end
        # The model's process reads the question while its words are looked up here.
        coming = self._ahead.submit(_vector, embedder, query, before)
        count = sum(self._index.count(each, embedder.fingerprint) for each in collections)
        question = self._question(collections, query, before, count)
        most = max(k, CANDIDATES)
        among = [allowed(each, filters) if filters else None for each in collections]
        worded = self._worded(collections, among, question, most)
        vector = coming.result()
        sought = (embedder.fingerprint, vector)
        found = self._candidates(collections, among, worded, sought, most)
        stems, scale = AskedStems(question), self._scales.of(embedder)
        ranked = sorted(
            ((rank.match(question, each.compared(stems, vector, scale)), each) for each in found),
            key=lambda pair: (-pair[0].score, pair[1].id),
        )
        return Finding(
            query,
            f"{earlier[0]} {query}" if leans and earlier else query,
            tuple(_hit(each, match, embedder) for match, each in self._ordered(query, ranked)[:k]),
            rank.confidence(question, ranked[0][0] if ranked else None, count),
            question.unknown,
        )

    def _ordered(
        self, query: str, ranked: list[tuple[rank.Match, Candidate]]
    ) -> list[tuple[rank.Match, Candidate]]:
        if self._reranking is None:
            return ranked
        order = self._reranking.order(query, [each.text for _, each in ranked])
        return [ranked[at] for at in order]

    def _collections(self, project_id: str, ids: Iterable[str]) -> list[Collection]:
        return list(Collection.of(project_id).where(Collection.id.in_(list(ids))))

    def _question(
        self,
        collections: Sequence[Collection],
        query: str,
        before: Sequence[tuple[str, float]],
        count: int,
    ) -> Question:
        def weighed(text: str) -> Question:
            return questions.weigh(
                text,
                lambda stem: self._lexicon.frequency(collections, stem),
                count,
                stand_ins=self._lexicon.stand_ins(collections, questions.asked(text)),
            )

        return questions.carry(weighed(query), [(weighed(text), share) for text, share in before])

    def _worded(
        self,
        collections: Sequence[Collection],
        among: Sequence[list[int] | None],
        question: Question,
        most: int,
    ) -> list[Found]:
        """The best by words, of each collection."""
        return [
            (score, passage_id, each)
            for each, chosen in zip(collections, among, strict=True)
            for passage_id, score in fulltext.search(
                each.number, self._affordable(each, question), most, among=chosen
            )
        ]

    def _candidates(
        self,
        collections: Sequence[Collection],
        among: Sequence[list[int] | None],
        worded: Sequence[Found],
        sought: tuple[str, NDArray[np.float32]],  # whose vector it is, and the vector
        most: int,
    ) -> list[Candidate]:
        """The nearest by meaning and the best by words, of all collections together."""
        near: list[Found] = [
            (score, passage_id, each)
            for each, chosen in zip(collections, among, strict=True)
            for passage_id, score in self._index.search(each, *sought, most, among=chosen)
        ]
        kept = [
            *heapq.nlargest(most, near, key=itemgetter(0)),
            *heapq.nlargest(most, worded, key=itemgetter(0)),
        ]
        return [
            candidate
            for collection in collections
            for candidate in load(
                collection, {found for _, found, where in kept if where is collection}, sought[0]
            )
        ]

    def _affordable(self, collection: Collection, question: Question) -> list[str]:
        """The rarest words asked for, and the more common ones while they cost little."""
        terms: list[str] = []
        looks = 0
        for stem in sorted(question.weights, key=lambda each: -question.weights[each]):
            looks += self._lexicon.frequency([collection], stem)
            if terms and looks > LOOKS:
                break
            terms.append(question.forms[stem])
        return terms


def _vector(
    embedder: Embedder, query: str, before: Sequence[tuple[str, float]]
) -> NDArray[np.float32]:
    texts = [query, *(text for text, _ in before)]
    vectors = [each.vector for each in embedder.embed(texts, urgent=True)]
    folded = vectors[0].astype(np.float32)
    for earlier, (_, share) in zip(vectors[1:], before, strict=True):
        folded = folded + share * earlier
    return (folded / np.linalg.norm(folded)).astype(np.float32)


def _hit(candidate: Candidate, match: rank.Match, embedder: Embedder) -> Hit:
    return Hit(
        passage_id=candidate.id,
        document_id=candidate.document_id,
        document_name=candidate.document_name,
        source_id=candidate.source_id,
        text=candidate.text,
        score=min(match.score / rank.HIGHEST, 1.0),
        page=candidate.page,
        heading=candidate.heading,
        sheet=candidate.sheet,
        cells=candidate.cells,
        kind=candidate.kind,
        metadata=json.loads(candidate.metadata),
        sentences=tuple(
            Sentence(start, end, fit)
            for (start, end), fit in zip(candidate.sentences, match.sentences, strict=False)
        ),
        cosine=match.cosine,
        words=match.words,
        vectors=candidate.by_text(embedder.dimensions),
        embedder=embedder.fingerprint,
    )
