"""Pure: from the lines printed on pages to the lines that belong to the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from appliance.readers.tidy import clean, even

HYPHEN = "\x02"  # PDFium's mark for a hyphen at the end of a line
_EDGE = 3  # lines at the top and at the bottom where a running line may stand
_LONGEST_RUNNING = 120
_PAGE_NUMBER = re.compile(
    r"(?i)[-–—|\s]*(page|seite|página|pagina|sida|side|p\.)\s*\d{1,4}"
    r"(\s*(of|von|de|di|sur|av|af|/)\s*\d{1,4})?[-–—|\s]*"
)
_BARE_NUMBER = re.compile(r"[-–—|\s]*\d{1,4}[-–—|\s]*")
_NUMBER = re.compile(r"\d{1,5}")
_WORD = re.compile(r"[^\W\d_]{2,}")
# First halves of words that are words themselves: "over-|come" is no compound.
_PREFIXES = """
    after back counter down ever every extra fore hand here high home hyper infra inter into life
    macro make mega meta micro mini multi over part post some super their there through time
    trans under well what when where with work über unter zurück
"""


def split_lines(text: str) -> list[str]:
    """The lines of a page, evened; a hyphen mark ends its line."""
    marked = text.replace(f"{HYPHEN}\r\n", HYPHEN).replace(HYPHEN, "\ue000\n")
    lines = even(clean(marked)).split("\n")
    return [line.replace("\ue000", HYPHEN) for line in lines if line]


def without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Without headers and footers: what stands at the edge of many pages.

    What only repeats stays on the first page that has it; what counts pages goes.
    """
    counts: Counter[str] = Counter()
    for page, lines in enumerate(pages):
        counts.update({key for i in _edges(lines) for key in _keys(lines[i], page)})
    often = max(3, 0.4 * sum(bool(lines) for lines in pages))
    seen: set[str] = set()
    cleared = []
    for page, lines in enumerate(pages):
        gone = set()
        for index in _edges(lines):
            line = lines[index]
            exact, *counting = _keys(line, page)
            if counts[exact] >= often:
                if exact in seen:
                    gone.add(index)
                seen.add(exact)
            elif any(counts[key] >= often for key in counting) or _is_number(lines, index):
                gone.add(index)
        cleared.append([line for index, line in enumerate(lines) if index not in gone])
    return cleared


class Vocabulary:
    """The words of a document, to tell a hyphen that was printed from one that is meant."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: set[str] = set()
        for line in lines:
            whole = line.rpartition(" ")[0] if line.endswith((HYPHEN, "-")) else line
            self._words.update(word.lower() for word in _WORD.findall(whole))

    def join(self, line: str, following: str) -> str:
        """Two lines of one paragraph as one; a word divided between them is put together."""
        if not line.endswith((HYPHEN, "-")) or not following[:1].isalpha():
            return f"{line.rstrip(HYPHEN)} {following}"
        stem = line[:-1]
        first = re.split(r"[^\w]", stem)[-1].lower()
        second = re.split(r"[^\w]", following)[0].lower()
        if not first or following[0].isupper() or self._is_compound(first, second):
            return f"{stem}-{following}"
        return stem + following

    def _is_compound(self, first: str, second: str) -> bool:
        if first + second in self._words:
            return False
        return first in self._words and len(first) >= 4 and first not in _PREFIXES.split()


def _edges(lines: list[str]) -> list[int]:
    """Indexes of the lines near the top and the bottom that are short enough."""
    top = range(min(_EDGE, len(lines)))
    bottom = range(max(0, len(lines) - _EDGE), len(lines))
    return [i for i in sorted({*top, *bottom}) if len(lines[i]) <= _LONGEST_RUNNING]


def _keys(line: str, page: int) -> list[str]:
    """The line itself; then, for each number in it, the line with its distance to the page.

    "Page 3 of 9" is "Page <0> of 9" on page 3, and "Page <0> of 9" again on page 4.
    """
    keys = [line]
    for number in _NUMBER.finditer(line):
        distance = int(number[0]) - page
        keys.append(f"{line[: number.start()]}<{distance}>{line[number.end() :]}")
    return keys


def _is_number(lines: list[str], index: int) -> bool:
    """A page number all by itself at the very top or bottom, or "Page 3 of 9"."""
    alone = index in (0, len(lines) - 1) and _BARE_NUMBER.fullmatch(lines[index])
    return bool(alone or _PAGE_NUMBER.fullmatch(lines[index])) and len(lines) > 1
