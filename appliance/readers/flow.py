"""Pure: marked-up text as it comes, element by element, into blocks."""

from __future__ import annotations

from appliance.readers.draft import Draft, Item
from appliance.readers.tidy import has_words, one_line

_LONGEST_CELL = 400  # with more in a cell, a table only arranges text on the page
_DEEPEST_LIST = 8


class Flow:
    """Takes text, and the beginnings and ends of what it stands in; writes to a draft."""

    def __init__(self, draft: Draft | None = None) -> None:
        self.draft = draft or Draft()
        self._text: list[str] = []
        self._lists: list[int | None] = []  # per open list: entries so far, or None for bullets
        self._items: list[Item] = []
        self._item: Item | None = None  # the entry that text belongs to now
        self._rows: list[list[str]] | None = None  # of the open table

    def text(self, text: str) -> None:
        """More text of the block that is open."""
        self._text.append(text)

    def end_block(self) -> None:
        """What came since the last block is a paragraph, an entry of a list, or still a cell."""
        if self._rows is not None:
            self._text.append(" ")
            return
        text = self._take()
        if not has_words(text):
            return
        if not self._lists and not self._item:
            self.draft.paragraph(text)
            return
        item = self._item or Item("", len(self._lists) - 1)
        self._items.append(Item(text, item.depth, item.marker))
        # Further blocks of the same entry stand under it.
        self._item = Item("", min(item.depth + 1, _DEEPEST_LIST))

    def heading(self, level: int) -> None:
        """What came since the last block is a heading; in a list or table it is plain text."""
        if self._lists or self._rows is not None:
            self.end_block()
        else:
            self.draft.heading(self._take(), level)

    def code(self) -> None:
        """What came since the last block is code; in a list or table it is plain text."""
        if self._lists or self._rows is not None:
            self.end_block()
        else:
            self.draft.code(self._take())

    def term(self) -> None:
        """What came since the last block is explained by what follows."""
        if has_words("".join(self._text)):
            self._text.append(": ")

    def start_list(self, first: int | None) -> None:
        """`first` is the number of the first entry, None for bullets."""
        self.end_block()
        if self._rows is None:
            self._lists.append(None if first is None else first - 1)

    def start_item(self) -> None:
        self.end_block()
        if self._rows is not None:
            return
        marker = "-"
        if self._lists and (count := self._lists[-1]) is not None:
            self._lists[-1] = count + 1
            marker = f"{count + 1}."
        self._item = Item("", min(max(len(self._lists) - 1, 0), _DEEPEST_LIST), marker)

    def end_item(self) -> None:
        self.end_block()
        if self._rows is None:
            self._item = None

    def end_list(self) -> None:
        self.end_block()
        if self._rows is None and self._lists:
            self._lists.pop()
            self._item = None
            if not self._lists:
                self._write_list()

    def start_table(self) -> None:
        self.end_block()
        self._lists.clear()
        self._write_list()
        self._rows = []

    def start_row(self) -> None:
        if self._rows is not None:
            self._text.clear()
            self._rows.append([])

    def end_cell(self) -> None:
        if self._rows is not None:
            self._rows = self._rows or [[]]
            self._rows[-1].append(one_line(self._take()))

    def end_table(self) -> None:
        rows, self._rows = self._rows or [], None
        self._text.clear()
        if any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
            for row in rows:
                for cell in row:
                    self.draft.paragraph(cell)
        else:
            self.draft.table(rows)

    def finish(self) -> Draft:
        """Close what is still open."""
        if self._rows is not None:
            self.end_cell()
            self.end_table()
        self.end_block()
        self._write_list()
        return self.draft

    def _write_list(self) -> None:
        items, self._items, self._item = self._items, [], None
        self.draft.listing(items)

    def _take(self) -> str:
        text = "".join(self._text)
        self._text.clear()
        return text
