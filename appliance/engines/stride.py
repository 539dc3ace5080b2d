"""Pure: how much of the waiting prompts to read in one step, so that nobody's answer stutters.

A step writes one token of each running answer and reads a piece of the prompts that
wait. Reading in large pieces is faster; but a running answer stands still meanwhile. So
a step may take a little under three times as long as it would without reading, and
longer when more visitors wait for their first word than read along. How long steps take
is learnt from the steps themselves: it depends on the machine, the model, and who else
wants the processor.
"""

from __future__ import annotations

STRETCH = 2.7  # times the length of a step without reading
CROWD = 4.0  # how much more a first word counts than the next one, when several wait for theirs
SMALLEST, LARGEST = 8, 256  # tokens read in one step
PATIENCE = 0.4  # seconds of reading after which to look up, when nobody's answer runs
_LEARN = 0.2  # weight of the newest step
_STALE = 40  # steps after which the length of a step without reading is taken anew


class Stride:
    """Learns the cost of steps and says how much to read in the next one."""

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._alone = 0.0  # seconds for one token of a prompt, when nothing is written
        self._extra = 0.0  # seconds that reading costs beside writing, however little is read
        self._writing: dict[int, float] = {}  # seconds of a step, by the answers running
        self._age: dict[int, int] = {}  # steps since that was measured

    @property
    def tokens_per_second(self) -> float:
        """The speed of reading; 0: not known yet."""
        return 1 / self._alone if self._alone else 0.0

    def tokens(self, *, running: int, waiting: int) -> int:
        """Tokens of prompts to read in the next step; 0 now and then, for comparison."""
        if not running:
            return self._bounded(PATIENCE / self._alone) if self._alone else 4 * SMALLEST
        if self._age.get(running, _STALE) >= _STALE:
            return 0
        if not self._alone:
            return 2 * SMALLEST
        crowd = CROWD * waiting / running if waiting > 1 else 1.0
        spare = self._writing[running] * (STRETCH * max(1.0, crowd) - 1) - self._extra
        return self._bounded(spare / self._alone)

    def learn(self, *, running: int, read: int, seconds: float) -> None:
        """A step with so many answers running, that read so many tokens, took so long."""
        if running and read < SMALLEST:
            self._writing[running] = _nearer(self._writing.get(running, 0.0), seconds)
            self._age[running] = 0
        elif running:
            self._age[running] = self._age.get(running, _STALE) + 1
            extra = seconds - self._writing.get(running, 0.0) - read * self._alone
            self._extra = _nearer(self._extra, max(extra, 0.0))
        else:
            self._alone = _nearer(self._alone, seconds / read)

    def _bounded(self, tokens: float) -> int:
        return max(SMALLEST, min(int(tokens), self._largest) // SMALLEST * SMALLEST)


def _nearer(known: float, seen: float) -> float:
    """What is known, moved towards what was seen; a hiccup does not count for more than double."""
    return known + _LEARN * (min(seen, 2 * known) - known) if known else seen
