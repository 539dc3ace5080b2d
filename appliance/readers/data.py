"""CSV, TSV and JSON."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import Any

from appliance.readers.contract import Damaged
from appliance.readers.decoding import decode
from appliance.readers.draft import Draft, Item
from appliance.readers.grids import write_sheet
from appliance.readers.tidy import clean

_DELIMITERS = ",;\t|"
_LOOKED_AT = 50  # lines
_DEEPEST = 50
_TOGETHER = 20  # values in one block


def read_table(content: bytes) -> Draft:
    """Rows with the cells they have in a spreadsheet. Raises Damaged."""
    draft = Draft()
    text = clean(decode(content, draft))
    csv.field_size_limit(len(text) + 1)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise Damaged("This table is damaged: a quotation mark is missing.") from error
    write_sheet(draft, rows)
    return draft


def read_json(content: bytes) -> Draft:
    """A list of like objects is a table; anything else is read path by path."""
    draft = Draft()
    try:
        value = json.loads(clean(decode(content, draft)))
    except (ValueError, RecursionError) as error:
        raise Damaged("This file is not valid JSON.") from error
    if rows := _as_rows(value):
        draft.table(rows)
        return draft
    parts = value.items() if isinstance(value, dict) else [("", value)]
    for name, part in parts:
        leaves = _leaves(part, str(name))
        while some := list(islice(leaves, _TOGETHER)):
            draft.listing([Item(f"{path}: {leaf}" if path else leaf) for path, leaf in some])
    return draft


def _delimiter(text: str) -> str:
    """The one that most lines have equally often."""
    lines = [line for line in text.split("\n")[:_LOOKED_AT] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = Counter(count for line in lines if (count := line.count(delimiter)))
        (columns, agreeing), *_ = counts.most_common(1) or [(0, 0)]
        return agreeing, columns

    return max(_DELIMITERS, key=agreement)


def _as_rows(value: Any) -> list[list[str]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        return []
    if any(isinstance(cell, dict | list) for entry in value for cell in entry.values()):
        return []
    names = list(dict.fromkeys(name for entry in value for name in entry))
    return [names, *([_leaf(entry.get(name)) for name in names] for entry in value)]


def _leaves(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth < _DEEPEST and isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path} › {name}" if path else str(name), depth + 1)
    elif depth < _DEEPEST and isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path, depth + 1)
    elif value is not None:
        yield path, _leaf(value)


def _leaf(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
