"""Pure: from a model's tokens to text a person may see."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class Writing:
    """Turns the bytes of tokens into text, piece by piece, up to the first stop string.

    A character whose bytes are spread over tokens comes out whole or not at all, and
    what could be the beginning of a stop string is held back until that is decided.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = [string for string in stop if string]
        self._held = ""
        self.stopped = False  # a stop string came

    def feed(self, piece: bytes) -> str:
        """What can be shown after one more token; often nothing."""
        if self.stopped:
            return ""
        self._held += self._decoder.decode(piece)
        ends = [at for string in self._stop if (at := self._held.find(string)) >= 0]
        if ends:
            self.stopped = True
            return self._release(min(ends))
        return self._release(len(self._held) - self._undecided())

    def finish(self) -> str:
        """What was held back, now that nothing follows. Half a character is dropped."""
        return "" if self.stopped else self._release(len(self._held))

    def _release(self, end: int) -> str:
        shown, self._held = self._held[:end], self._held[end:]
        return shown

    def _undecided(self) -> int:
        longest = min(max(map(len, self._stop), default=1) - 1, len(self._held))
        for size in range(longest, 0, -1):
            if any(string.startswith(self._held[-size:]) for string in self._stop):
                return size
        return 0
