"""Pure: rows of cells as markdown, in pieces that each make sense alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from appliance.readers.tidy import one_line

Row = Sequence[str]

# About what an embedding model sees of a table at once. Digits take more tokens
# than letters, so it is less than a passage of prose may have.
PIECE_CHARS = 600


def markdown(header: Row, rows: Sequence[Row]) -> str:
    """A table in GitHub's form; cells are one line each, `|` is escaped."""
    lines = [_line(header), "|" + " --- |" * len(header)]
    return "\n".join(lines + [_line(row) for row in rows])


def square(rows: Sequence[Row]) -> list[list[str]]:
    """Tidy cells, rows of equal length, and no row or column that is empty."""
    width = max((len(row) for row in rows), default=0)
    cells = [[one_line(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    kept = [column for column in range(width) if any(row[column] for row in cells)]
    return [[row[column] for column in kept] for row in cells if any(row)]


def pieces(header: Row, rows: Sequence[Row], limit: int = PIECE_CHARS) -> Iterator[range]:
    """Ranges of rows whose markdown, header repeated, is `limit` characters or one row."""
    start, size = 0, 0
    head = len(_line(header)) * 2
    for number, row in enumerate(rows):
        length = len(_line(row)) + 1
        if number > start and head + size + length > limit:
            yield range(start, number)
            start, size = number, 0
        size += length
    if start < len(rows):
        yield range(start, len(rows))


def _line(row: Row) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
