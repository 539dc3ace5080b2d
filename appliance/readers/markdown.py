"""Pure: Markdown as blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from appliance.readers.draft import Draft, Item
from appliance.readers.tidy import has_words

_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*[\w+#.-]*.*")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])(?:\s+(?:\[[ xX]\]\s+)?(.*))?")
_TABLE_LINE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_RULE = re.compile(r" {0,3}([-*_]\s*){3,}")
_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.S)
_FRONT = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)(?:\n|\Z)", re.S)
# Escaped characters wait in a range for private use until the marks are off.
_ASIDE = 0xF000
_LONGEST = 20_000
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_PUT_ASIDE = re.compile("[\uf021-\uf07e]")
_INLINE = (
    (re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"\[([^\]\n]+)\]\[[^\]\n]*\]"), r"\1"),
    (re.compile(r"<(https?://[^>\s]+|[^>\s@]+@[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>\n]*>"), ""),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]*?\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]*[^\s_])_(?![\w_])"), r"\1"),
    (re.compile(r"(`+)([^`\n]+?)\1"), r"\2"),
)


def inline(text: str) -> str:
    """A line of Markdown as a reader sees it: no marks, no targets of links."""
    if len(text) > _LONGEST:
        return text  # no paragraph that somebody wrote; some of the patterns would take long
    text = _ESCAPED.sub(lambda match: chr(_ASIDE + ord(match[1])), text)
    for pattern, shown in _INLINE:
        text = pattern.sub(shown, text)
    return _PUT_ASIDE.sub(lambda match: chr(ord(match[0]) - _ASIDE), text)


class MarkdownWriter:
    """Writes one Markdown text into a draft."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._open: list[str] = []
        self._items: list[Item] = []
        self._indents: list[int] = []
        self._blank = False

    def write(self, text: str) -> None:
        """`text` is cleaned already."""
        if front := _FRONT.match(text):
            self._front(front[1])
            text = text[front.end() :]
        lines = iter(_COMMENT.sub("", text).split("\n"))
        for line in lines:
            if fence := _FENCE.fullmatch(line):
                self._flush()
                self._draft.code("\n".join(_until_fence(lines, fence[1])))
            else:
                self._line(line, lines)
        self._flush()

    def _front(self, text: str) -> None:
        for line in text.split("\n"):
            name, _, value = line.partition(":")
            if name in ("title", "author", "date"):
                self._draft.describe(**{name: value.strip().strip("'\"")})

    def _line(self, line: str, rest: Iterator[str]) -> None:
        if not line.strip():
            self._end_paragraph()
            self._blank = True
            return
        if heading := _HEADING.fullmatch(line):
            self._flush()
            self._draft.heading(inline(heading[2] or ""), len(heading[1]))
        elif self._open and (underline := _UNDERLINE.fullmatch(line)):
            title = " ".join(self._open)
            self._open.clear()
            self._flush()
            self._draft.heading(inline(title), 1 if underline[1][0] == "=" else 2)
        elif self._open and "|" in self._open[-1] and "|" in line and _TABLE_LINE.fullmatch(line):
            self._table(rest)
        elif _RULE.fullmatch(line):
            self._flush()
        else:
            self._text(line)
        self._blank = False

    def _text(self, line: str) -> None:
        indent = len(line) - len(line.lstrip())
        item = _ITEM.fullmatch(line)
        if item and (not self._open or item[2] in "-*+"):
            self._end_paragraph()
            self._item(item)
        elif self._items and not self._open and (not self._blank or indent >= 2):
            last = self._items[-1]
            self._items[-1] = Item(f"{last.text} {inline(line.strip())}", last.depth, last.marker)
        else:
            self._end_list()
            self._open.append(re.sub(r"^\s*(>\s?)+", "", line).strip())

    def _item(self, item: re.Match[str]) -> None:
        """Depth is how many entries with less indent stand open above this one."""
        indent = len(item[1].expandtabs(4))
        while self._indents and self._indents[-1] >= indent:
            self._indents.pop()
        marker = item[2] if item[2][0].isdigit() else "-"
        self._items.append(Item(inline(item[3] or ""), len(self._indents), marker))
        self._indents.append(indent)

    def _table(self, rest: Iterator[str]) -> None:
        rows = [_cells(self._open.pop())]
        self._flush()
        for line in rest:
            if "|" not in line:
                self._draft.table(rows)
                self._line(line, rest)
                return
            rows.append(_cells(line))
        self._draft.table(rows)

    def _flush(self) -> None:
        self._end_paragraph()
        self._end_list()

    def _end_paragraph(self) -> None:
        text = inline(" ".join(self._open))
        self._open.clear()
        if has_words(text):
            self._end_list()
            self._draft.paragraph(text)

    def _end_list(self) -> None:
        items, self._items = self._items, []
        self._indents.clear()
        self._draft.listing(items)


def _until_fence(lines: Iterator[str], fence: str) -> Iterator[str]:
    for line in lines:
        if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            return
        yield line


def _cells(line: str) -> list[str]:
    text = line.strip().removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return [inline(cell.replace("\\|", "|").strip()) for cell in re.split(r"(?<!\\)\|", text)]
