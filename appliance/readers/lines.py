"""Pure: lines of running text as headings, paragraphs and lists.

PDF pages and plain text files have lines and nothing else. A line that reaches
the usual width was wrapped and goes on in the next; a shorter one was ended on
purpose. Where type size is known (PDF), hints say which lines are headings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from appliance.readers.draft import Draft, Item

_ITEM = re.compile(
    r"(?P<bullet>[•‣▪▫◦●○■□➢➤✓✔·∙\uf0b7\uf0a7]|[-–—*+o](?=\s))\s*(?P<text>\S.*)"
    r"|(?P<number>\(?(?:\d{1,2}|[a-zA-Z])[.)])\s+(?P<rest>[^\d\s].*)"
)
_RULE = re.compile(r"\s*([-=_*#~–—.]\s?){3,}\s*")
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(\.\d{1,2}){0,4})\.?\s+[^\W\d_]")
_MONEY = re.compile(r"[$€£¥]\s?\d|\d[.,]\d\d\b|\d\s?%")
_LABELLED = re.compile(r"^(?!(?:chapter|part|section|appendix|kapitel|teil)\b)[^:]+:\s+\S", re.I)

_NUMBER = re.compile(r"\d+")

NARROW = 40  # lines of a column narrower than this are left as they are
PROSE = 60  # from this width on, a short line before a full one may be a heading
FULL = 0.75  # of the usual width: such a line was wrapped


@dataclass(frozen=True)
class Heading:
    """A heading, printed on one or two lines."""

    level: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Hints:
    """What is known of a page beside its lines: headings by their first line, and the first
    lines of paragraphs."""

    headings: Mapping[str, Heading] = field(default_factory=dict)
    starts: frozenset[str] = frozenset()


def usual_width(lines: Iterable[str]) -> int:
    """Characters in a line that is as long as lines get: nine in ten are not longer."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def could_be_heading(text: str) -> bool:
    """Short, begins like a title, and is no sentence, price or `label: value`."""
    return (
        2 <= len(text) <= 120
        and len(text.split()) <= 16
        and (text[0].isupper() or text[0].isdigit() or text[0] in "§¿")
        and sum(map(str.isalpha, text)) >= len(text) / 2
        and text[-1] not in ".,;!"
        and not _MONEY.search(text)
        and not _LABELLED.match(text)
    )


def _is_row(line: str) -> bool:
    """Rather a row of a table than a line of prose: several numbers, and many digits."""
    digits = sum(map(str.isdigit, line))
    return digits > 0.15 * len(line) and len(_NUMBER.findall(line)) >= 3


def joined(line: str, following: str) -> str:
    """Two lines of one paragraph, where nothing is known about hyphens."""
    return f"{line} {following}"


class LineWriter:
    """Writes the lines of one page, or of one text, into a draft."""

    def __init__(
        self,
        draft: Draft,
        *,
        width: int,
        page: int | None = None,
        hints: Hints | None = None,
        join: Callable[[str, str], str] = joined,
    ) -> None:
        self._draft = draft
        self._width = width
        self._page = page
        self._hints = hints or Hints()
        self._join = join
        self._level = 0  # of the last heading that is sure
        self._open: list[str] = []  # lines of the paragraph being collected
        self._items: list[Item] = []
        self._last = ""  # the line before, "" after a blank one

    def write(self, lines: Sequence[str]) -> None:
        """All of them; blank lines and printed rules separate."""
        index = 0
        while index < len(lines):
            line = lines[index]
            following = next((other for other in lines[index + 1 :][:2] if other.strip()), "")
            used = 1
            if not line.strip() or _RULE.fullmatch(line):
                self._flush()
                self._last = ""
            elif heading := self._heading(line.strip(), following, lines[index : index + 2]):
                self._flush()
                self._draft.heading(" ".join(heading.lines), heading.level, page=self._page)
                self._last, used = "", len(heading.lines)
            else:
                self._text(line)
                self._last = line.strip()
            index += used
        self._flush()

    def _heading(self, line: str, following: str, here: Sequence[str]) -> Heading | None:
        hinted = self._hints.headings.get(line)
        if hinted and tuple(here[: len(hinted.lines)]) == hinted.lines:
            self._level = hinted.level
            return hinted
        if not could_be_heading(line) or self._wrapped(self._last):
            return None
        if (match := _NUMBERED.match(line)) and self._stands_over(line, following):
            self._level = match["number"].count(".") + 1
            return Heading(self._level, (line,))
        if self._shouts(line, following) or (
            self._ended() and self._stands_over(line, following) and not _ITEM.fullmatch(line)
        ):
            return Heading(self._level + 1, (line,))
        return None

    def _stands_over(self, line: str, following: str) -> bool:
        """A short line, and under it one that fills the width and begins anew."""
        return (
            self._width >= PROSE
            and len(line) <= PROSE
            and not self._wrapped(line)
            and self._wrapped(following)
            and not following[0].islower()
            and not _ITEM.fullmatch(following)
        )

    def _shouts(self, line: str, following: str) -> bool:
        """`RETURN POLICY` over text that does not shout."""
        return (
            line.isupper()
            and len(line) >= 5
            and not any(map(str.isdigit, line))
            and len(line.split()) <= 8
            and bool(following)
            and not following.isupper()
            and not _RULE.fullmatch(following)
        )

    def _ended(self) -> bool:
        return not self._last or self._last[-1] in ".!?:"

    def _wrapped(self, line: str) -> bool:
        """Does it go on in the next line?"""
        return self._width >= NARROW and len(line) >= FULL * self._width

    def _text(self, line: str) -> None:
        depth = min((len(line) - len(line.lstrip())) // 2, 6)
        line = line.strip()
        if match := _ITEM.fullmatch(line):
            self._end_paragraph()
            number = match["number"]
            text = match["text"] or match["rest"]
            self._items.append(Item(text, depth, number if number else "-"))
        elif self._items and self._goes_on(line, depth):
            last = self._items[-1]
            self._items[-1] = Item(self._join(last.text, line), last.depth, last.marker)
        else:
            self._end_list()
            self._continue_paragraph(line)

    def _goes_on(self, line: str, depth: int) -> bool:
        """Is this line the rest of the list entry above it?"""
        if line in self._hints.starts:
            return False
        return depth > 0 or self._wrapped(self._last) or self._last.endswith(("-", "\x02"))

    def _continue_paragraph(self, line: str) -> None:
        if self._open and self._wrapped(self._last) and not self._stands_alone(line):
            self._open[-1] = self._join(self._open[-1], line)
            return
        if self._open and self._begins_anew(line):
            self._end_paragraph()
        self._open.append(line)

    def _stands_alone(self, line: str) -> bool:
        return line in self._hints.starts or _is_row(line) or _is_row(self._last)

    def _begins_anew(self, line: str) -> bool:
        """After a line that was ended on purpose: a new paragraph, or one more row of it?"""
        if line in self._hints.starts:
            return True
        return self._width >= PROSE and self._last[-1:] in (".", "!", "?")

    def _flush(self) -> None:
        self._end_paragraph()
        self._end_list()

    def _end_paragraph(self) -> None:
        lines, self._open = self._open, []
        self._draft.paragraph("\n".join(line.rstrip("\x02") for line in lines), page=self._page)

    def _end_list(self) -> None:
        items, self._items = self._items, []
        self._draft.listing(items, page=self._page)
