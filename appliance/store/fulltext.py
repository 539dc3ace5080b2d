"""Full-text search: one FTS5 table per collection, named by the collection's number.

The tables keep no text of their own (`content=''`); a row's id is its passage's.
Everything here joins the caller's transaction, so that the words of a passage and
its row come and go together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from appliance.store.database import database

_WORD = re.compile(r"[^\W_]+")
# Scripts written without spaces. FTS5 would take a whole phrase for one word,
# so these go in, and are asked for, as overlapping pairs of letters.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff]+"
)
HEADING_WEIGHT = 1.0


def words(text: str) -> list[str]:
    """The words of a text as the index knows them, before stemming."""
    return _WORD.findall(_UNSPACED.sub(_pairs, text).casefold())


def _pairs(run: re.Match[str]) -> str:
    letters = run.group()
    pairs = [letters[at : at + 2] for at in range(max(len(letters) - 1, 1))]
    return f" {' '.join(pairs)} "


def add(number: int, rows: Iterable[tuple[int, str, str]]) -> None:
    """Take in passages: id, headings above it, text. Makes the table when there is none."""
    table = _table(number)
    database.execute_sql(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5(heading, body, content='', "
        "contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2')"
    )
    insert = f"INSERT INTO {table} (rowid, heading, body) VALUES (?, ?, ?)"  # noqa: S608
    for passage_id, heading, text in rows:
        database.execute_sql(insert, (passage_id, " ".join(words(heading)), " ".join(words(text))))


def remove(number: int, ids: Sequence[int]) -> None:
    """Forget passages."""
    if ids and exists(number):
        database.execute_sql(
            f"DELETE FROM {_table(number)} "  # noqa: S608
            "WHERE rowid IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )


def drop(number: int) -> None:
    """Forget a collection."""
    database.execute_sql(f"DROP TABLE IF EXISTS {_table(number)}")


def exists(number: int) -> bool:
    """Whether anything was ever added."""
    found = database.execute_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (_table(number),))
    return found.fetchone() is not None


def search(
    number: int, terms: Iterable[str], k: int, *, among: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """The `k` passages that fit any of the terms best by BM25: ids and scores, best first.

    Terms are plain words (see `words`); nothing in them is query syntax.
    """
    query = " OR ".join(f'"{term}"' for term in terms if _WORD.fullmatch(term))
    if not query or not exists(number):
        return []
    table, chosen = _table(number), json.dumps(among) if among is not None else None
    cursor = database.execute_sql(
        f"SELECT rowid, -bm25({table}, {HEADING_WEIGHT}, 1.0) AS score FROM {table} "  # noqa: S608
        f"WHERE {table} MATCH ? AND (? IS NULL OR rowid IN (SELECT value FROM json_each(?))) "
        "ORDER BY score DESC LIMIT ?",
        (query, chosen, chosen, k),
    )
    return [(int(row), float(score)) for row, score in cursor.fetchall()]


def frequency(number: int, term: str, *, most: int = 10_000) -> int:
    """In how many passages a word stands, in any of its forms; counted up to `most`."""
    if not _WORD.fullmatch(term) or not exists(number):
        return 0
    table = _table(number)
    counted = database.execute_sql(
        f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {table} MATCH ? LIMIT ?)",  # noqa: S608
        (f'"{term}"', most),
    )
    return int(counted.fetchone()[0])


def _table(number: int) -> str:
    return f"fulltext_{int(number)}"
