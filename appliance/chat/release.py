"""Pure: what of a model's text may be shown, and when.

A model's own citations are taken out of the text as it comes. When a sentence is
finished it is checked, and what follows it is decided by the check: the passages that
say so as ` [n]`, or ` [?]` when none does. With `withhold` nothing is shown before its
check, and what no passage supports is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from appliance.chat import cite
from appliance.library.sentences import sentences

Check = Callable[[str, Sequence[int]], Sequence[cite.Quote]]

# White space, and what may yet become the sign of a list item.
_LIST_SIGN = re.compile(r"\s*\n[ \t]*(?:[-*•–]|\d{1,3}[.)])[ \t]*$")
_UNDECIDED = re.compile(r"(?:\s*\n[ \t]*(?:[-*•–]|\d{1,3}[.)]?)[ \t]*|\s+)$")
_CERTAIN = 4  # characters of the next sentence, until an end is surely one
_FRAGMENT = 3  # words; shorter ones ("Yes.") are checked with the sentence that follows
_ASTRAY = 6  # sentences in a row that no source supports: the model has left the documents
_INTRODUCTION = 12  # words a heading, a question or a line before a colon may have unchecked


class Release:
    """One answer on its way from the model to the reader."""

    def __init__(
        self, check: Check, citations: cite.Citations, *, withhold: bool, refusal: str
    ) -> None:
        self._check, self._citations = check, citations
        self._withhold, self._refusal = withhold, _bare(refusal)
        self._undecided = ""
        self._buffer = ""  # the unfinished sentence, without marks
        self._marks: list[tuple[int, list[int]]] = []  # where in the buffer, which sources
        self._shown = 0  # characters of the buffer that are out already
        self._waiting = ""  # introductions, until something follows that holds
        self.text = ""  # all that was released
        self.supported = self.doubted = self.withheld = 0  # sentences
        self.lost: str | None = None  # why the model should be stopped: repeating, astray
        self._said: set[str] = set()
        self._astray = 0
        self._settled = 0  # characters of `text`: whole sentences, checked

    def feed(self, text: str) -> str:
        """Take the next piece; return what may be shown now, perhaps nothing."""
        if self.lost:
            return ""
        self._take(self._undecided + text)
        groups = _groups(self._buffer)
        certain = bool(groups) and groups[-1][1] - groups[-1][0] >= _CERTAIN
        finished, open_ones = _part(groups, 1 if certain else 2)
        until = open_ones[0][1] if open_ones else 0
        return self._out(self._finish(finished), until - (finished[-1][1] if finished else 0))

    def close(self) -> str:
        """The model has finished; return what is left to show."""
        if self.lost:
            return ""
        rest = cite.HALF_MARK.sub("", self._undecided).rstrip()
        rest = _LIST_SIGN.sub("", rest) if self._buffer else rest
        self._undecided = ""
        self._add(rest)
        return self._out(self._finish(_groups(self._buffer)), 0)

    @property
    def kept(self) -> str:
        """Of a model that was lost: the text up to where it lost its way."""
        return self.text[: self._settled]

    @property
    def only_refused(self) -> bool:
        """Whether all the model said is that it does not know."""
        return _bare(self.text) == self._refusal

    def _take(self, text: str) -> None:
        """Move text to the buffer, its marks to their list, and keep back what is undecided."""
        while mark := cite.MARK.search(text):
            # With this mark gone, an open bracket before it may belong to another one.
            before, after = text[: mark.start()], text[mark.end() :]
            half = cite.HALF_MARK.search(before)
            at = half.start() if half else len(before)
            self._add(before[:at])
            self._marks.append((len(self._buffer), cite.numbers(mark[1])))
            text = before[at:] + after
        half = cite.HALF_MARK.search(text)
        certain = text[: half.start()] if half else text
        undecided = _UNDECIDED.search(certain)
        end = undecided.start() if undecided else len(certain)
        self._add(text[:end])
        self._undecided = text[end:]

    def _add(self, text: str) -> None:
        marked = bool(self._marks) and self._marks[-1][0] == len(self._buffer)
        if marked and text[:1].isalnum() and self._buffer[-1:].isalnum():
            text = " " + text  # the mark was all that stood between two words
        self._buffer += text

    def _finish(self, groups: Sequence[tuple[int, int]]) -> str:
        out, at = "", 0
        for start, end in groups:
            if self._repeats(self._buffer[start:end]):
                self.lost = "repeating"
                break
            # A mark in the white space after a sentence belongs to that sentence.
            behind = end + len(self._buffer[end:]) - len(self._buffer[end:].lstrip())
            claimed = [n for where, each in self._marks if where <= behind for n in each]
            self._marks = [mark for mark in self._marks if mark[0] > behind]
            out += self._judged(at, start, end, claimed)
            at = end
            self._settled = len(self.text) + len(out if self.text else out.lstrip())
            if self._astray == _ASTRAY:
                self.lost = "astray"
                break
        self._buffer = self._buffer[at:]
        self._marks = [(where - at, each) for where, each in self._marks]
        self._shown = max(self._shown - at, 0)
        return out

    def _repeats(self, sentence: str) -> bool:
        said = _bare(sentence)
        known = said in self._said and len(re.findall(r"\w+", sentence)) > _FRAGMENT
        self._said.add(said)
        return known

    def _judged(self, at: int, start: int, end: int, claimed: Sequence[int]) -> str:
        """What of one finished sentence, and after it, is still to be shown."""
        sentence = self._buffer[start:end]
        unseen = self._buffer[max(at, self._shown) : end]
        if not self._is_claim(sentence):
            if self._withhold:
                self._waiting += unseen
                return ""
            return unseen
        quotes = self._check(sentence, claimed)
        self._astray = 0 if quotes else self._astray + 1
        if quotes:
            self.supported += 1
            told, self._waiting = self._waiting + unseen, ""
            return told + "".join(map(self._citations.mark, quotes))
        if self._withhold:
            self.withheld += 1
            return ""
        self.doubted += 1
        return unseen + cite.DOUBT

    def _is_claim(self, sentence: str) -> bool:
        words = re.findall(r"\w+", sentence)
        if not words or _bare(sentence) == self._refusal:
            return False
        leads_in = sentence[-1] in ":?？：" or (sentence[0] == "#" and "\n" not in sentence)
        return not (leads_in and len(words) <= _INTRODUCTION)

    def _out(self, text: str, until: int) -> str:
        """Add the open sentence's beginning, where that may be shown, and keep account."""
        if not self._withhold and until > self._shown:
            text += self._buffer[self._shown : until]
            self._shown = until
        text = text if self.text else text.lstrip()
        self.text += text
        return text


def _groups(text: str) -> list[tuple[int, int]]:
    """The sentences, each fragment together with the sentence after it."""
    groups: list[tuple[int, int]] = []
    start: int | None = None
    for first, end in sentences(text):
        start = first if start is None else start
        if len(re.findall(r"\w+", text[start:end])) >= _FRAGMENT:
            groups.append((start, end))
            start = None
    return groups if start is None else [*groups, (start, len(text.rstrip()))]


def _part(
    groups: Sequence[tuple[int, int]], keep: int
) -> tuple[Sequence[tuple[int, int]], Sequence[tuple[int, int]]]:
    at = max(len(groups) - keep, 0)
    return groups[:at], groups[at:]


def _bare(text: str) -> str:
    return "".join(letter for letter in cite.unmarked(text).casefold() if letter.isalnum())
