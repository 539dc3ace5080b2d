"""Pure: from a model's tokens to text a person may see."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

# How models think aloud: where it begins, and where it is over.
_FINAL = "<|channel|>final<|message|>"
THOUGHTS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reason>": "</reason>",
    "<reasoning>": "</reasoning>",
    "<seed:think>": "</seed:think>",
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<|channel|>analysis": _FINAL,
    "<|channel|>commentary": _FINAL,
    "<|channel>thought": "<channel|>",
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
}
_CLOSES = frozenset(THOUGHTS.values())
# A model's control tokens are not text, but these have to be fed, or thoughts are not found.
SPOKEN = frozenset(
    {*THOUGHTS, *THOUGHTS.values(), "<|channel|>", "<|message|>", "<|start|>", "<|channel>"}
) - {_FINAL, "<|channel|>analysis", "<|channel|>commentary", "<|channel>thought"}


def opened_in(prompt: str) -> str:
    """The last mark that begins a thought in a prompt's end and is not followed by its end."""
    at, mark = max(((prompt.rfind(mark), mark) for mark in THOUGHTS), default=(-1, ""))
    return mark if at >= 0 and THOUGHTS[mark] not in prompt[at:] else ""


class Writing:
    """Turns the bytes of tokens into text, piece by piece, up to the first stop string.

    A character whose bytes are spread over tokens comes out whole or not at all, and
    what could be the beginning of a stop string or of a mark is held back until that is
    decided. What the model thinks aloud is left out; a thought that never ends is lost,
    but a mark in the middle of a line was a word if nothing ends it.
    """

    def __init__(
        self, stop: Sequence[str] = (), *, ends: Sequence[str] = (), thought: str = ""
    ) -> None:
        """`stop` counts in what is shown, `ends` also in thoughts. `thought` is the mark of
        one that the prompt has begun already."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ends = tuple(string for string in ends if string)
        self._stop = tuple(string for string in stop if string) + self._ends
        self._marks = (*self._stop, *THOUGHTS, *_CLOSES)
        self._held = ""
        self._close = THOUGHTS.get(thought, "")  # ends the thought that is going on
        self._aside = ""  # the thought so far, when it may turn out to be none
        self._inline = False  # this line has words already
        self._strip = bool(thought)  # nothing but a thought so far: its blank lines go too
        self._shown = False
        self.stopped = False  # a stop string came

    @property
    def thinking(self) -> bool:
        """The model is thinking; nothing of it is shown."""
        return bool(self._close)

    def feed(self, piece: bytes) -> str:
        """What can be shown after one more token; often nothing."""
        if self.stopped:
            return ""
        self._held += self._decoder.decode(piece)
        text = self._next(final=False)
        return text + self._mention() if self.stopped else text

    def finish(self) -> str:
        """What was held back, now that nothing follows. Half a character is dropped."""
        if self.stopped:
            return ""
        text = self._next(final=True)
        return text + self._mention()

    def _next(self, *, final: bool) -> str:
        text, more = "", True
        while more and not self.stopped:
            if self._close:
                more = self._think(final=final)
            else:
                shown, more = self._show(final=final)
                text += shown
        return text

    def _think(self, *, final: bool) -> bool:
        """Pass over a thought. Whether it is over."""
        at, mark = _first(self._held, (self._close, *self._ends), final=final)
        self._drop(at)
        if mark == self._close:
            self._held = self._held[len(mark) :]
            self._close = self._aside = ""
            self._strip = not self._shown
            return True
        self.stopped = bool(mark)
        return False

    def _drop(self, end: int) -> None:
        if self._aside:
            self._aside += self._held[:end]
        self._held = self._held[end:]

    def _show(self, *, final: bool) -> tuple[str, bool]:
        """Text up to the next mark, and whether there was one."""
        at, mark = _first(self._held, self._marks, final=final)
        text = self._release(at)
        if not mark:
            return text, False
        if mark in self._stop:
            self.stopped = True
        elif mark in THOUGHTS:
            self._held = self._held[len(mark) :]
            self._close, self._aside = THOUGHTS[mark], mark if self._inline else ""
        elif self._inline:  # the end of no thought: a word
            text += self._release(len(mark))
        else:
            self._held = self._held[len(mark) :]
            self._strip = not self._shown
        return text, True

    def _release(self, end: int) -> str:
        text, self._held = self._held[:end], self._held[end:]
        if self._strip:
            text = text.lstrip()
        if text:
            _, newline, line = text.rpartition("\n")
            self._inline = bool(line.strip()) or (self._inline and not newline)
            self._shown = self._shown or bool(text.strip())
            self._strip = False
        return text

    def _mention(self) -> str:
        """The thought that turned out to be none, up to a stop string."""
        text, self._aside = (self._aside + self._held) if self._aside else "", ""
        return text[: _first(text, self._stop, final=True)[0]]


def _first(text: str, strings: Sequence[str], *, final: bool) -> tuple[int, str]:
    """Where the first of the strings begins, and which it is (the shortest there).

    None, and the end of what is decided, when another may begin before it, or none is
    there: so it does not matter how the text was cut into pieces.
    """
    found = [(at, len(string), string) for string in strings if (at := text.find(string)) >= 0]
    at, _, string = min(found, default=(len(text), 0, ""))
    if not final and (begun := _begun(text, strings)) < at:
        return begun, ""
    return at, string


def _begun(text: str, strings: Sequence[str]) -> int:
    """From where on the text may be the beginning of one of the strings; its length: nowhere."""
    heads = {string[0] for string in strings}
    longest = max(map(len, strings), default=1) - 1
    for at in range(max(0, len(text) - longest), len(text)):
        if text[at] in heads and any(string.startswith(text[at:]) for string in strings):
            return at
    return len(text)
