"""The smallest engine there can be: it says again what was asked. For tests and the doctor."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from typing import ClassVar

from appliance.engines.contract import (
    Finish,
    LanguageEngine,
    Piece,
    Prompt,
    PromptTooLong,
    Text,
    Usage,
)
from appliance.engines.writing import Writing


class EchoEngine(LanguageEngine):
    """Streams the last user turn word by word. A word is a token; the same in, the same out."""

    name: ClassVar[str] = "echo"

    def __init__(self, *, delay: float = 0.0, context_tokens: int = 4096) -> None:
        """`delay`: seconds before each word, for tests of what happens meanwhile."""
        self.model = "echo"
        self.context_tokens = context_tokens
        self._delay = delay

    def write(self, prompt: Prompt) -> Iterator[Piece]:
        """As promised by the contract."""
        self.check(prompt)
        asked = [turn.content for turn in prompt.turns if turn.role == "user"]
        words = _words(asked[-1] if asked else "")
        taken = sum(self.count([turn.content for turn in prompt.turns]))
        if taken + prompt.max_tokens > self.context_tokens:
            raise PromptTooLong(tokens=taken, limit=self.context_tokens)
        text, said = Writing(prompt.stop), 0
        for word in words[: prompt.max_tokens]:
            if self._delay:
                time.sleep(self._delay)
            said += 1
            if shown := text.feed(word.encode("utf-8", "replace")):
                yield Text(shown)
            if text.stopped:
                break
        if rest := text.finish():
            yield Text(rest)
        cut = len(words) > prompt.max_tokens and not text.stopped
        yield Finish("length" if cut else "stop", Usage(taken, said))

    def count(self, texts: Sequence[str]) -> list[int]:
        """Words."""
        return [len(_words(text)) for text in texts]


def _words(text: str) -> list[str]:
    """Each with the white space before it, so that together they are the text again."""
    return re.findall(r"\s*\S+", text)
