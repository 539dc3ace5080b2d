"""Full-text search: one FTS5 table per collection, named by the collection's number.

The tables keep no text of their own (`content=''`); a row's id is its passage's.
Everything here joins the caller's transaction, so that the words of a passage and
its row come and go together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from appliance.store.database import database
from appliance.store.words import is_word, words


def add(number: int, rows: Iterable[tuple[int, str, str]]) -> None:
    """Take in passages: id, headings above it, text. Makes the table when there is none."""
    table = _table(number)
    if not exists(number):
        database.execute_sql(
            f"CREATE VIRTUAL TABLE {table} USING fts5(heading, body, content='', "
            "contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2')"
        )
        database.execute_sql(f"CREATE VIRTUAL TABLE {table}_words USING fts5vocab({table}, row)")
    insert = f"INSERT INTO {table} (rowid, heading, body) VALUES (?, ?, ?)"  # noqa: S608
    for passage_id, heading, text in rows:
        database.execute_sql(insert, (passage_id, " ".join(words(heading)), " ".join(words(text))))


def remove(number: int, ids: Sequence[int]) -> None:
    """Forget passages."""
    if ids and exists(number):
        database.execute_sql(
            f"DELETE FROM {_table(number)} "  # noqa: S608
            "WHERE rowid IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )


def drop(number: int) -> None:
    """Forget a collection."""
    database.execute_sql(f"DROP TABLE IF EXISTS {_table(number)}_words")
    database.execute_sql(f"DROP TABLE IF EXISTS {_table(number)}")


def exists(number: int) -> bool:
    """Whether anything was ever added."""
    found = database.execute_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (_table(number),))
    return found.fetchone() is not None


def search(
    number: int, terms: Iterable[str], k: int, *, among: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """The `k` passages that fit any of the terms best by BM25: ids and scores, best first.

    Terms are words as `words` gives them; nothing in them is query syntax.
    """
    query = " OR ".join(f'"{term}"' for term in terms if is_word(term))
    if not query or not exists(number):
        return []
    table, chosen = _table(number), json.dumps(list(among)) if among is not None else None
    cursor = database.execute_sql(
        f"SELECT rowid, -rank FROM {table} WHERE {table} MATCH ? "  # noqa: S608
        "AND (? IS NULL OR rowid IN (SELECT value FROM json_each(?))) ORDER BY rank LIMIT ?",
        (query, chosen, chosen, k),
    )
    return [(int(row), float(score)) for row, score in cursor.fetchall()]


def frequency(number: int, stem: str) -> int:
    """In how many passages a word stands, in any of its forms."""
    if not exists(number):
        return 0
    vocabulary = f"{_table(number)}_words"
    found = database.execute_sql(f"SELECT doc FROM {vocabulary} WHERE term = ?", (stem,))  # noqa: S608
    row = found.fetchone()
    return int(row[0]) if row else 0


def beginning(number: int, letters: str) -> list[tuple[str, int]]:
    """Every stem that begins with these letters, and in how many passages it stands."""
    if not exists(number):
        return []
    cursor = database.execute_sql(
        f"SELECT term, doc FROM {_table(number)}_words WHERE term >= ? AND term < ?",  # noqa: S608
        (letters, letters + "\U0010ffff"),
    )
    return [(str(term), int(count)) for term, count in cursor.fetchall()]


def _table(number: int) -> str:
    return f"fulltext_{int(number)}"
