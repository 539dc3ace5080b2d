"""Pure: a document's blocks become passages, the pieces that are searched and cited.

A passage is as much as the embedder reads well. It never spans two headings, pages or
sheets; a paragraph, list or table stays whole where it fits, and is cut between
sentences, items or rows where it does not.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from appliance.library.sentences import Span, lines, sentences
from appliance.readers.contract import Block, Place

Offsets = Callable[[str], list[tuple[int, int]]]

TARGET = 200  # tokens that small blocks are gathered up to
_SPECIALS = 2  # tokens the model adds
_CONTEXT_SHARE = 4  # headings take at most this part of the window, as 1/n


@dataclass(frozen=True)
class Piece:
    """A passage before it has vectors."""

    kind: str  # text | table | list | code
    text: str
    sentences: tuple[Span, ...]  # characters of `text`
    tokens: int
    place: Place
    context: str = ""  # the headings above, read by the embedder before the text

    @property
    def embedded(self) -> str:
        """What the embedder reads."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    @property
    def spans(self) -> list[Span]:
        """The sentences, as characters of `embedded`."""
        shift = len(self.context) + 1 if self.context else 0
        return [(start + shift, end + shift) for start, end in self.sentences]

    def digest(self, fingerprint: str) -> str:
        """The same when, and only when, the vectors would be the same."""
        facts = "\0".join((fingerprint, repr(self.spans), self.embedded))
        return hashlib.sha256(facts.encode()).hexdigest()


@dataclass(frozen=True)
class _Unit:
    """A block, or as much of one as fits into a passage."""

    kind: str
    text: str
    tokens: int


def split(blocks: Sequence[Block], offsets: Offsets, *, window: int) -> Iterator[Piece]:
    """Cut a document into passages, in reading order, losing no text.

    `window` is what the embedder reads of one text, in tokens.
    """
    for section in _sections(blocks):
        place = section[0].place
        context, left = context_of(place.heading, offsets, window)
        for group in _gathered(section, offsets, left):
            yield _piece(group, place, context)


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Runs of blocks under one heading, on one page, of one range of cells."""
    section: list[Block] = []
    titles: list[Block] = []  # headings nothing has followed yet
    for block in blocks:
        if section and (block.kind == "heading" or block.place != section[0].place):
            yield section
            section = []
        if block.kind == "heading":
            titles.append(block)
            continue
        yield from ([title] for title in titles if not _stands_above(title, block))
        titles = []
        section.append(block)
    if section:
        yield section
    yield from ([title] for title in titles)


def _stands_above(title: Block, block: Block) -> bool:
    """Whether a heading is among those the block's own place names."""
    return title.text.strip().lstrip("# ") in (block.place.heading or "")


def context_of(heading: str | None, offsets: Offsets, window: int) -> tuple[str, int]:
    """The headings to put before a passage, and the tokens left for its text."""
    room = window - _SPECIALS
    if not heading:
        return "", room
    tokens = offsets(heading)
    most = window // _CONTEXT_SHARE
    if len(tokens) > most:  # the last heading says the most
        heading, tokens = heading[tokens[-most][0] :], tokens[-most:]
    return heading, room - len(tokens)


def _gathered(section: Sequence[Block], offsets: Offsets, limit: int) -> Iterator[list[_Unit]]:
    """Units that go into one passage together."""
    group: list[_Unit] = []
    for block in section:
        for unit in _units(block, offsets, limit):
            size = sum(each.tokens for each in group)
            if group and size + unit.tokens > min(TARGET, limit):
                carried = group[-1:] if _introduces(group, unit, limit) else []
                yield group[: len(group) - len(carried)]
                group = carried
            group.append(unit)
    if group:
        yield group


def _introduces(group: Sequence[_Unit], unit: _Unit, limit: int) -> bool:
    """Whether the last unit is the "as follows:" of a list or table, and can go with it."""
    last = group[-1]
    announced = unit.kind in ("list", "table") and last.text.rstrip().endswith((":", "："))
    return len(group) > 1 and announced and last.tokens + unit.tokens <= limit


def _units(block: Block, offsets: Offsets, limit: int) -> Iterator[_Unit]:
    """The block whole, or cut into parts of like size."""
    tokens = [start for start, _ in offsets(block.text)]
    if len(tokens) <= limit:
        yield _Unit(block.kind, block.text, len(tokens))
        return
    head = _table_head(block)
    used = bisect_left(tokens, len(head))
    if used > limit // 2:  # a head as long as this would leave nothing for the rows
        head, used = "", 0
    spans = [span for span in _spans(block.kind, block.text) if span[0] >= len(head)]
    pieces = [cut for span in spans for cut in _cut(span, tokens, limit - used)]
    for start, end in _packed(pieces, tokens, limit - used):
        count = bisect_left(tokens, end) - bisect_left(tokens, start)
        yield _Unit(block.kind, head + block.text[start:end], used + count)


def _table_head(block: Block) -> str:
    """The first row of a markdown table and the line under it, repeated on each part."""
    rows = block.text.splitlines(keepends=True)
    if block.kind != "table" or len(rows) < 3 or not set(rows[1].strip()) <= set("|-: "):
        return ""
    return rows[0] + rows[1]


def _cut(span: Span, tokens: Sequence[int], limit: int) -> list[Span]:
    """A sentence, or parts of one that is too long for a passage of its own."""
    first, last = bisect_left(tokens, span[0]), bisect_left(tokens, span[1])
    starts = [span[0], *(tokens[at] for at in range(first + limit, last, limit))]
    return list(zip(starts, [*starts[1:], span[1]], strict=True))


def _packed(spans: Sequence[Span], tokens: Sequence[int], limit: int) -> Iterator[Span]:
    """Put neighbouring sentences together, into as few parts as fit, of like size."""
    if not spans:
        return
    sizes = [bisect_left(tokens, end) - bisect_left(tokens, start) for start, end in spans]
    parts = -(-sum(sizes) // min(TARGET, limit))
    aim = sum(sizes) / parts
    start, size, done, part = spans[0][0], 0, 0, 0
    for number, ((begin, _), more) in enumerate(zip(spans, sizes, strict=True)):
        due = int((done + more / 2) / aim)  # the part in which its middle falls
        if size and (due > part or size + more > limit):
            yield start, spans[number - 1][1]
            start, size, part = begin, 0, due
        size += more
        done += more
    yield start, spans[-1][1]


def _spans(kind: str, text: str) -> list[Span]:
    return lines(text) if kind in ("table", "code") else sentences(text)


def _piece(group: Sequence[_Unit], place: Place, context: str) -> Piece:
    text, spans = "", []
    for unit in group:
        text += "\n\n" if text else ""
        found = _spans(unit.kind, unit.text)
        spans += [(start + len(text), end + len(text)) for start, end in found]
        text += unit.text
    kinds = {unit.kind for unit in group}
    kind = kinds.pop() if len(kinds) == 1 else "text"
    kind = kind if kind in ("list", "table", "code") else "text"
    return Piece(kind, text, tuple(spans), sum(u.tokens for u in group), replace(place), context)
