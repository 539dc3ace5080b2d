"""How well two embedders find the same passages again, asked mechanically.

A question is made of a passage without anybody's help: its heading, where no other
passage has it, or every other word of its first sentence that has a meaning. Such questions are
easier than people's; what they tell is the difference between the two.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.engines.contract import Embedder
from appliance.library.question import content
from appliance.library.search import Search
from appliance.store.database import database
from appliance.store.vectors import Vectors

QUESTIONS = 150  # in all, spread over the collections by their size
_WORDS = 8  # of a first sentence


@dataclass(frozen=True)
class Asked:
    """A question and the passage it was made of."""

    project_id: str
    collection_id: str
    passage_id: int
    question: str


def questions(most: int = QUESTIONS, *, seed: int = 1) -> list[Asked]:
    """Questions about passages of every collection; the same ones while nothing changes."""
    rows = database.execute_sql(
        "SELECT p.id FROM passage p JOIN document d ON d.id = p.document_id "
        "WHERE p.position >= 0 AND d.enabled ORDER BY p.id"
    ).fetchall()
    ids = [row[0] for row in rows]
    chosen = random.Random(seed).sample(ids, min(most, len(ids)))  # noqa: S311
    found = database.execute_sql(
        "SELECT project_id, collection_id, id, heading, text, sentences FROM passage "
        "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(chosen),),
    ).fetchall()
    unique = _unique({row[3] for row in found if row[3]})
    asked = [
        Asked(project_id, collection_id, id_, _question(heading, text, spans, unique))
        for project_id, collection_id, id_, heading, text, spans in found
    ]
    return [each for each in asked if each.question]


def recall(
    asked: Sequence[Asked],
    index: Vectors,
    embedder: Embedder,
    check: Callable[[], None] = lambda: None,
) -> dict[int, float]:
    """How often the passage a question was made of is the first, and among the first five.

    `check` is called before each question and may raise. Raises EngineFailed.
    """
    search, ranks = Search(index, embedder.now()), []
    for each in asked:
        check()
        finding = search.find(each.project_id, [each.collection_id], each.question, k=5)
        ids = [hit.passage_id for hit in finding.hits]
        ranks.append(ids.index(each.passage_id) + 1 if each.passage_id in ids else 0)
    return {k: sum(0 < rank <= k for rank in ranks) / max(len(ranks), 1) for k in (1, 5)}


def _unique(headings: set[str]) -> set[str]:
    """Those of these headings that one passage has."""
    rows = database.execute_sql(
        "SELECT heading FROM passage WHERE position >= 0 "
        "AND heading IN (SELECT value FROM json_each(?)) GROUP BY heading HAVING count(*) = 1",
        (json.dumps(sorted(headings)),),
    )
    return {row[0] for row in rows.fetchall()}


def _question(heading: str | None, text: str, sentences: str, unique: set[str]) -> str:
    if heading in unique and heading and len(heading.split()) > 1:
        return heading
    spans = json.loads(sentences)
    first = text[spans[0][0] : spans[0][1]] if spans else text
    # Every other word: what is asked literally is found by words alone, whoever embeds.
    return " ".join(content(first)[::2][:_WORDS])
