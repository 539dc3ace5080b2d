"""Made-up prompts of a wanted length, the same in every run and never the same twice in one."""

from __future__ import annotations

import random
from collections.abc import Callable

from appliance.engines.contract import Turn

_WHO = ("the clerk", "a gardener", "our pilot", "the old baker", "a quiet painter", "the nurse")
_DID = ("carried", "repaired", "painted", "lost", "found", "measured", "sold", "described")
_WHAT = ("a lantern", "the wooden boat", "nine parcels", "a map of the valley", "the red door")
_WHERE = ("near the harbour", "behind the mill", "in the market", "on the hill", "at the station")
_WHEN = ("at dawn", "before the storm", "on a Tuesday", "when nobody looked", "after lunch")


class Scribe:
    """Writes prompts from one seed."""

    def __init__(self, seed: int, count: Callable[[str], int]) -> None:
        self._dice = random.Random(seed)
        self._count = count

    def sentence(self) -> str:
        pick = self._dice.choice
        words = f"{pick(_WHO)} {pick(_DID)} {pick(_WHAT)} {pick(_WHERE)} {pick(_WHEN)}"
        return f"{words[0].upper()}{words[1:]}, for the {self._dice.randrange(2, 999)}th time."

    def text(self, tokens: int) -> str:
        """About so many tokens, at most."""
        sentences: list[str] = []
        while self._count(" ".join([*sentences, "x " * 24])) <= tokens:
            sentences.append(self.sentence())
        text = " ".join(sentences)
        while self._count(text + " so") <= tokens:
            text += " so"
        return text

    def question(self, tokens: int) -> Turn:
        """A user's turn that asks for a long answer, with so many tokens."""
        asks = "Continue this story with many more sentences, in great detail.\n\n"
        return Turn("user", asks + self.text(tokens - self._count(asks)))

    def system(self, tokens: int) -> Turn:
        """An assistant's instructions, with so many tokens."""
        asks = f"You are assistant {self._dice.randrange(10**6)}. You know this:\n"
        return Turn("system", asks + self.text(tokens - self._count(asks)))
