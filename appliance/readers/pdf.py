"""PDF: every block with its page.

kreuzberg's page texts are complete; its structure has the headings (by size of
type) and where paragraphs start, but leaves out some of the text. So the text is
taken from the one and the hints from the other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from appliance.readers import native
from appliance.readers.contract import FileTooLarge, Limits, NoText
from appliance.readers.draft import Draft
from appliance.readers.lines import Heading, Hints, LineWriter, could_be_heading, usual_width
from appliance.readers.pages import Vocabulary, split_lines, without_running_lines
from appliance.readers.tidy import has_words

# With more headings than this among its lines, a page's "headings" are bold text.
MOST_HEADINGS = 0.35


def read(content: bytes, limits: Limits) -> Draft:
    """All pages. Raises Locked, Damaged, FileTooLarge, and NoText for a scan."""
    result = native.extract(content, "application/pdf", pages=True)
    pages = sorted(result.pages or [], key=lambda page: page["page_number"])
    if len(pages) > limits.pages:
        raise FileTooLarge(f"This PDF has more than {limits.pages} pages.")
    numbers = [page["page_number"] for page in pages]
    texts = [split_lines(page["content"]) for page in pages]
    draft = Draft()
    _describe(draft, result.metadata)
    _count(draft, numbers, texts)
    structures = _structures(result.document)
    texts = without_running_lines(texts)
    vocabulary = Vocabulary(line for lines in texts for line in lines)
    width = usual_width(line for lines in texts for line in lines)
    for number, lines in zip(numbers, texts, strict=True):
        LineWriter(
            draft,
            page=number,
            width=width,
            hints=structures[number].hints(lines),
            join=vocabulary.join,
        ).write(lines)
    return draft


def _count(draft: Draft, numbers: list[int], texts: list[list[str]]) -> None:
    empty = [
        number
        for number, lines in zip(numbers, texts, strict=True)
        if not any(map(has_words, lines))
    ]
    draft.pages = len(numbers)
    draft.pages_with_text = len(numbers) - len(empty)
    if not draft.pages_with_text:
        pages = "1 page" if len(numbers) == 1 else f"{len(numbers)} pages"
        raise NoText(
            f"This PDF has {pages} and no text; it looks like a scan. Run text recognition (OCR) "
            "on it and upload the result.",
            pages=len(numbers),
        )
    if empty:
        plural = len(empty) > 1
        draft.warnings.append(
            f"{'Pages' if plural else 'Page'} {ranges(empty)} {'hold' if plural else 'holds'} "
            f"no text; {'they' if plural else 'it'} may be {'scans' if plural else 'a scan'}."
        )


def ranges(numbers: list[int]) -> str:
    """`[3, 4, 5, 8]` as `3–5, 8`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _describe(draft: Draft, metadata: dict[str, Any]) -> None:
    draft.describe(
        title=metadata.get("title"),
        author=metadata.get("authors"),
        subject=metadata.get("subject"),
        created=metadata.get("created_at"),
        modified=metadata.get("modified_at"),
    )


@dataclass
class _Structure:
    """What kreuzberg says of one page: the lines of its headings, and where paragraphs start."""

    headings: list[tuple[int, list[str]]] = field(default_factory=list)
    starts: set[str] = field(default_factory=set)

    def hints(self, lines: list[str]) -> Hints:
        """The part of it that fits the page's lines and looks true."""
        there, headings = set(lines), {}
        for level, marked in self.headings:
            kept = [line for line in marked if line in there]
            if kept and len(kept) <= 2 and could_be_heading(" ".join(kept)):
                headings[kept[0]] = Heading(level, tuple(kept))
        believable = len(headings) <= max(2, MOST_HEADINGS * len(lines))
        return Hints(headings if believable else {}, frozenset(self.starts))


def _structures(document: Any) -> dict[int, _Structure]:
    structures: dict[int, _Structure] = defaultdict(_Structure)
    for node in document["nodes"] if document else ():
        inside, page = node["content"], node.get("page")
        lines = split_lines(inside.get("text") or "")
        if page is None or not lines:
            continue
        structures[page].starts.add(lines[0])
        if inside["node_type"] == "heading":
            structures[page].headings.append((inside["level"], lines))
    return structures
