"""Pure: how much of the waiting prompts to read between two tokens of the running answers.

A step writes one token of each running answer and reads a piece of the prompts that
wait. Reading in large pieces is faster; but a running answer stands still meanwhile. So
a step may take a little under three times as long as it would without reading, and
longer when several visitors wait for their first word. How long things take is learnt
from the steps themselves: it depends on the machine, the model, and who else wants the
processor.
"""

from __future__ import annotations

STRETCH = 2.7  # times the length of a step without reading
CROWD = 4.0  # how much more a first word counts than the next one, when several wait for theirs
UNIT = 8  # tokens; whole units are computed alike however a prompt is cut
LARGEST = 256  # tokens read in one step
PATIENCE = 0.4  # seconds of reading after which to look up, when nobody's answer runs
_LEARN = 0.2  # weight of the newest step
_LONG = 64  # tokens; from here on a piece's fixed costs do not matter


class Stride:
    """Learns what steps cost and says how much to read in the next one."""

    def __init__(self) -> None:
        self._token = 0.0  # seconds for one token of a long piece
        self._piece = 0.0  # seconds that a piece costs beyond its tokens
        self._writing = 0.0  # seconds for a token of each running answer

    @property
    def tokens_per_second(self) -> float:
        """The speed of reading; 0: not known yet."""
        return 1 / self._token if self._token else 0.0

    def tokens(self, *, running: int, waiting: int) -> int:
        """Tokens to read in the next step, with so many answers running and prompts waiting."""
        if not self._token:
            return 4 * UNIT
        if not running:
            return self._bounded(PATIENCE / self._token)
        crowd = CROWD * waiting / running if waiting > 1 else 1.0
        spare = self._writing * (STRETCH * max(1.0, crowd) - 1) - self._piece
        return self._bounded(spare / self._token)

    def wrote(self, seconds: float) -> None:
        """A token of each running answer took so long."""
        self._writing = _nearer(self._writing, seconds)

    def read(self, tokens: int, seconds: float) -> None:
        """A piece of a prompt took so long."""
        if tokens >= _LONG or not self._token:
            self._token = _nearer(self._token, seconds / tokens)
        else:
            self._piece = _nearer(self._piece, max(seconds - tokens * self._token, 0.001))

    def _bounded(self, tokens: float) -> int:
        return max(UNIT, min(int(tokens), LARGEST) // UNIT * UNIT)


def _nearer(known: float, seen: float) -> float:
    """What is known, moved towards what was seen; a hiccup does not count for more than double."""
    return known + _LEARN * (min(seen, 2 * known) - known) if known else seen
