"""Pure: a document while it is being read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.readers import tables
from appliance.readers.contract import Block, BlockKind, Place
from appliance.readers.tidy import clean, even, has_words, one_line

LONGEST_HEADING = 200  # what is longer is a paragraph, whatever it was marked as


@dataclass(frozen=True)
class Item:
    """One entry of a list. `depth` 0 is the outermost; `marker` is `-` or `3.`."""

    text: str
    depth: int = 0
    marker: str = "-"


class Draft:
    """Collects blocks in reading order and knows which headings stand above the next one."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.title: str | None = None
        self.metadata: dict[str, str] = {}
        self.pages: int | None = None
        self.pages_with_text: int | None = None
        self.tables = 0
        self.warnings: list[str] = []
        self._above: list[tuple[int, str]] = []

    def heading(self, text: str, level: int, *, page: int | None = None) -> None:
        """A heading; everything until the next of its level or above stands under it."""
        text = one_line(text)
        if not has_words(text):
            return
        if len(text) > LONGEST_HEADING:
            self.paragraph(text, page=page)
            return
        level = min(max(level, 1), 6)
        while self._above and self._above[-1][0] >= level:
            self._above.pop()
        self.add("heading", text, page=page, level=level)
        self._above.append((level, text))

    def paragraph(self, text: str, *, page: int | None = None) -> None:
        """Running text. Line breaks in it are kept, blank lines are not."""
        self.add("paragraph", even(text), page=page)

    def code(self, text: str, *, page: int | None = None) -> None:
        """Text whose spacing matters."""
        self.add("code", clean(text).strip("\n").rstrip(), page=page)

    def listing(self, items: Sequence[Item], *, page: int | None = None) -> None:
        """A whole list, nested ones included. Bullets after numbers, or the other way round,
        are the next list."""
        lines: list[str] = []
        bullets: bool | None = None
        for item in items:
            if not (text := one_line(item.text)):
                continue
            if not item.depth:
                if bullets not in (None, item.marker == "-"):
                    self.add("list", "\n".join(lines), page=page)
                    lines.clear()
                bullets = item.marker == "-"
            lines.append(f"{'  ' * item.depth}{item.marker} {text}")
        self.add("list", "\n".join(lines), page=page)

    def table(self, rows: Sequence[Sequence[str]], *, page: int | None = None) -> None:
        """A table, its first row the header. One column is no table but a box of text."""
        cells = tables.square(rows)
        if not cells:
            return
        if len(cells[0]) == 1:
            for (text,) in cells:
                self.paragraph(text, page=page)
            return
        self.tables += 1
        header, *body = cells
        if not body:
            self.add("table", tables.markdown(header, []), page=page)
        for piece in tables.pieces(header, body):
            text = tables.markdown(header, body[piece.start : piece.stop])
            self.add("table", text, page=page)

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        page: int | None = None,
        sheet: str | None = None,
        cells: str | None = None,
        level: int = 0,
    ) -> None:
        """A block as it is, unless there is nothing to read in it."""
        if has_words(text):
            heading = " › ".join(words for _, words in self._above) or None
            self.blocks.append(Block(kind, text, Place(page, heading, sheet, cells), level))

    def start_part(self) -> None:
        """What follows (a slide, a sheet, a chapter's file) is under no heading so far."""
        self._above.clear()

    def describe(self, **facts: object) -> None:
        """Keep what the file says of itself; its title becomes the document's."""
        for name, value in facts.items():
            text = one_line(", ".join(map(str, value)) if isinstance(value, list) else str(value))
            if value is None or not has_words(text) or text.strip("()").lower() in _NOTHING:
                continue
            if name == "title":
                self.title = self.title or text[:LONGEST_HEADING]
            else:
                self.metadata[name] = text[:LONGEST_HEADING]


# What programs write into fields nobody filled in.
_NOTHING = {"untitled", "anonymous", "unspecified", "unknown", "none"}
