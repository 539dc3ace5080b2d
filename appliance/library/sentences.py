"""Pure: where the sentences of a text begin and end, as character ranges."""

from __future__ import annotations

import re

Span = tuple[int, int]

LONGEST = 400  # characters; what has no full stops (tables of words, Thai) is cut here

# A full stop after one of these ends no sentence. Lower case, without the stop itself.
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof st jr sr rev gen col capt lt sgt hon gov sen rep messrs
    no nos vol vols pp p ed eds fig figs art arts sec secs ch par paras cf ca approx est al
    e.g i.e eg ie viz vs etc resp incl excl max min tel ext dept univ assn bros inc ltd co corp
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun
    a.m p.m am pm u.s u.k u.n d.c b.c a.d ph.d m.d b.a m.a
    z.b d.h u.a bzw usw evtl ggf inkl zzgl nr abs str hr fr dipl ing s.o s.u vgl bspw
    mme mlle m p.ex env av bd sra srta dña ud uds pág núm
    """.split()  # noqa: SIM905
)
_MONTHS = tuple(
    """
    jan feb mar apr may jun jul aug sep oct nov dec mär mai okt dez
    janv févr mars avr juin juil août
    """.split()  # noqa: SIM905
)

# After a western stop, white space; after an ideographic one, nothing is needed.
_STOP = re.compile(r"""[.!?…]+["'”’»)\]]*(?=\s|$)|[。！？｡]+[”’」』）]*|[।۔؟]+(?=\s|$)""")
_BREAK = re.compile(r"\n\s*\n\s*|\n(?=\s*(?:[-*•–]|\d+[.)])\s)")
_WORD_BEFORE = re.compile(r"[\w.]+$")
_PAUSE = re.compile(r"[;:,，、；\s]")


def sentences(text: str) -> list[Span]:
    """The sentences of running text, in order, without the white space between them.

    Blank lines and list markers end a sentence as well. Together the ranges hold
    every character that is not white space.
    """
    spans: list[Span] = []
    start = 0
    for paragraph in (*_BREAK.finditer(text), None):
        end = paragraph.start() if paragraph else len(text)
        spans += _in_paragraph(text, start, end)
        start = paragraph.end() if paragraph else end
    return spans


def lines(text: str) -> list[Span]:
    """One range for each line that says something: rows of a table, lines of code."""
    spans: list[Span] = []
    start = 0
    for line in text.splitlines(keepends=True):
        if any(letter.isalnum() for letter in line):
            spans += _pieces(text, start, start + len(line))
        start += len(line)
    return spans


def _in_paragraph(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    for stop in _STOP.finditer(text, start, end):
        if _ends_sentence(text, start, stop, end):
            spans += _pieces(text, start, stop.end())
            start = stop.end()
    return spans + _pieces(text, start, end)


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    following = text[stop.end() : min(stop.end() + 20, end)].lstrip()
    if stop.group() != ".":
        # "Really?" he said … goes on in lower case.
        return not following[:1].islower()
    # No word that matters here is longer; to look further back takes for ever in "a. a. a.".
    word = _WORD_BEFORE.search(text, max(start, stop.start() - 20), stop.start())
    before = word.group().lower() if word else ""
    if following[:1].islower() or before in _ABBREVIATIONS:
        return False
    if len(before) == 1 and before.isalpha():  # an initial: J. R. Smith
        return False
    if before.isdigit() and word:
        numbered = (
            word.start() - start < 10 and not text[start : word.start()].strip()
        )  # "3." at the start of an item
        dated = len(before) <= 2 and following.lower().startswith(_MONTHS)  # "am 3. Mai"
        return not (numbered or dated)
    return True


def _pieces(text: str, start: int, end: int) -> list[Span]:
    """The range without white space at its ends, cut where it is too long for one sentence."""
    spans: list[Span] = []
    while True:
        while start < end and text[start].isspace():
            start += 1
        if end - start <= LONGEST:
            break
        pauses = _PAUSE.finditer(text, start + LONGEST // 2, start + LONGEST)
        cut = max((pause.end() for pause in pauses), default=start + LONGEST)
        spans.append((start, start + len(text[start:cut].rstrip())))
        start = cut
    kept = len(text[start:end].rstrip())
    return [*spans, (start, start + kept)] if kept else spans
