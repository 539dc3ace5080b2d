"""Pure: a sheet of cells as tables, each piece with the range it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.readers import tables
from appliance.readers.draft import Draft
from appliance.readers.tidy import one_line

_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d) 00:00:00")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{9,}")
_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,\s]*\s?[%€$£)]?|\d{4}-\d\d-\d\d.*")


@dataclass(frozen=True)
class Region:
    """Rows without a blank one between them. `top` and `left` are where they start, from 0."""

    top: int
    left: int
    rows: list[list[str]]


def write_sheet(
    draft: Draft,
    rows: Sequence[Sequence[str]],
    *,
    sheet: str | None = None,
    origin: tuple[int, int] | None = (0, 0),
) -> None:
    """Every region as a table. `origin` is the row and column of the first cell, from 0; when it
    is not known, no cells are named rather than wrong ones."""
    draft.start_part()
    for region in _regions([[_shown(cell) for cell in row] for row in rows]):
        _write_region(draft, region, sheet, origin)


def cell_name(row: int, column: int) -> str:
    """`(0, 0)` is A1."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _write_region(
    draft: Draft, region: Region, sheet: str | None, origin: tuple[int, int] | None
) -> None:
    def cells(first: int, last: int, column: int | None = None) -> str | None:
        """The range of these rows: all columns of the region, or one."""
        if origin is None:
            return None
        top, left = origin[0] + region.top, origin[1] + region.left
        start = cell_name(top + first, left + (column or 0))
        widest = len(region.rows[0]) - 1
        end = cell_name(top + last, left + (widest if column is None else column))
        return start if start == end else f"{start}:{end}"

    rows, first = region.rows, 0
    while first + 1 < len(rows) and _is_caption(rows, first):
        column, text = next((place, cell) for place, cell in enumerate(rows[first]) if cell)
        draft.add("paragraph", text, sheet=sheet, cells=cells(first, first, column))
        first += 1
    if len(rows[0]) == 1:
        text = "\n".join(row[0] for row in rows[first:])
        draft.add("paragraph", text, sheet=sheet, cells=cells(first, len(rows) - 1))
        return
    has_header = _is_header(rows[first]) and first + 1 < len(rows)
    header = rows[first] if has_header else [""] * len(rows[0])
    body = first + has_header
    draft.tables += 1
    for piece in tables.pieces(header, rows[body:]):
        start, end = body + piece.start, body + piece.stop
        whole = first if piece.start == 0 else start
        draft.add(
            "table",
            tables.markdown(header, rows[start:end]),
            sheet=sheet,
            cells=cells(whole, end - 1),
        )


def _regions(rows: list[list[str]]) -> Iterator[Region]:
    start = 0
    for index in range(len(rows) + 1):
        if index < len(rows) and any(rows[index]):
            continue
        if index > start:
            yield _trimmed(rows[start:index], start)
        start = index + 1


def _trimmed(rows: list[list[str]], top: int) -> Region:
    """Without the blank columns at its sides; those within it keep the cells' names true."""
    width = max(map(len, rows))
    square = [row + [""] * (width - len(row)) for row in rows]
    used = [column for column in range(width) if any(row[column] for row in square)]
    return Region(top, used[0], [row[used[0] : used[-1] + 1] for row in square])


def _is_caption(rows: list[list[str]], index: int) -> bool:
    """One cell over rows of more: what the table is called."""
    return sum(map(bool, rows[index])) == 1 and sum(map(bool, rows[index + 1])) > 1


def _is_header(row: list[str]) -> bool:
    return not any(_NUMBER.fullmatch(cell) for cell in row)


def _shown(cell: str) -> str:
    """A value as the program shows it: a date without midnight, a number without noise."""
    cell = one_line(cell)
    if match := _MIDNIGHT.fullmatch(cell):
        return match[1]
    return f"{float(cell):.15g}" if _LONG_NUMBER.fullmatch(cell) else cell
