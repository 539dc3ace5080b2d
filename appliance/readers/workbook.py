"""What kreuzberg does not tell of an .xlsx file: where a sheet's cells begin, which numbers are
percentages, and which sheets are hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from appliance.readers.office import main_part
from appliance.readers.package import Package
from appliance.readers.xmltree import Node, scan

_ROW = re.compile(r"[0-9]{1,7}")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BUILT_IN_PERCENTS = {"9": 0, "10": 2}


@dataclass
class Sheet:
    """`origin` is the row and column of the first cell with a value, from 0."""

    name: str
    hidden: bool
    origin: tuple[int, int] | None = None
    percents: dict[tuple[int, int], int] = field(default_factory=dict)  # cell: decimals

    def shown(self, rows: list[list[str]]) -> list[list[str]]:
        """The values with percentages written as such: `0.19` as `19%`."""
        if self.origin is None:
            return rows
        for (row, column), decimals in self.percents.items():
            row, column = row - self.origin[0], column - self.origin[1]
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = _percent(rows[row][column], decimals)
        return rows


def sheets(package: Package) -> list[Sheet]:
    """The sheets in the order of their tabs."""
    main = main_part(package)
    tree = package.xml(main)
    if tree is None:
        return []
    parts = package.related(main)
    styles = next((name for kind, name in parts.values() if kind == "styles"), "")
    percents = _percent_styles(package.xml(styles))
    found = []
    for node in tree.all("sheet"):
        sheet = Sheet(node.get("name"), node.get("state", "visible") != "visible")
        _, part = parts.get(node.get("r:id"), ("", ""))
        if content := package.read(part):
            scan(content, _Look(sheet, percents).start)
        found.append(sheet)
    return found


class _Look:
    """Goes over a sheet's cells without keeping them: there may be a million."""

    def __init__(self, sheet: Sheet, percents: dict[str, int]) -> None:
        self._sheet = sheet
        self._percents = percents
        self._row = self._column = -1
        self._cell: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """The beginning of an element. Rows and cells may leave out where they are."""
        if name == "row":
            number = attributes.get("r", "")
            self._row = int(number) - 1 if _ROW.fullmatch(number) else self._row + 1
            self._column = -1
        elif name == "c":
            self._cell = attributes
            if place := _CELL.fullmatch(attributes.get("r", "")):
                self._row, self._column = int(place[2]) - 1, _column(place[1])
            else:
                self._column += 1
        elif name in ("v", "is"):
            self._value()

    def _value(self) -> None:
        top, left = self._sheet.origin or (self._row, self._column)
        self._sheet.origin = (min(top, self._row), min(left, self._column))
        decimals = self._percents.get(self._cell.get("s", ""))
        if decimals is not None and self._cell.get("t", "n") == "n":
            self._sheet.percents[self._row, self._column] = decimals


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _percent_styles(tree: Node | None) -> dict[str, int]:
    """The decimals of each cell style that shows percentages, by the style's number."""
    if tree is None:
        return {}
    own = {
        node.get("numFmtId"): len(code.partition("%")[0].rpartition(".")[2]) if "." in code else 0
        for node in tree.all("numFmt")
        if "%" in (code := node.get("formatCode"))
    }
    percents = _BUILT_IN_PERCENTS | own
    styles = tree.first("cellXfs")
    return {
        str(index): percents[style.get("numFmtId")]
        for index, style in enumerate(styles.nodes() if styles else ())
        if style.get("numFmtId") in percents
    }


def _percent(value: str, decimals: int) -> str:
    try:
        return f"{float(value) * 100:.{min(decimals, 6)}f}%"
    except ValueError:
        return value
