"""Pure: how many threads a model should compute with while others want the processor too.

The threads of llama.cpp wait for each other several hundred times per token, and they
wait busily. When one of them has lost its core to another program, the rest burn theirs:
on two cores beside a two-thread job, two threads write 1–7 tokens/s where one writes 17.
So threads that do not get their cores are given back, and asked for again later.
"""

from __future__ import annotations

_ENOUGH = 0.8  # of the processor time asked for: below this the cores are contested
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds until more threads are tried again
_CALM = 10.0  # seconds without contest after which the next one is a new one
_FRESH = 2.0  # seconds a judgement holds


class Pace:
    """Threads to use next, from how the last steps went. Times are monotonic seconds."""

    def __init__(self, most: int) -> None:
        self.threads = most
        self._most = most
        self._pause = _FIRST_PAUSE
        self._changed_at = float("-inf")
        self._judged_at = float("-inf")

    def begin(self, now: float) -> int:
        """Before a new prompt: after a while of rest, what was contested may be free."""
        if now - self._judged_at > _FRESH and now - self._changed_at > self._pause:
            self._use(self._most, now)
        return self.threads

    def judge(self, *, wall: float, cpu: float, now: float) -> int:
        """After a step that took `wall` seconds and got `cpu` of processor time."""
        self._judged_at = now
        since = now - self._changed_at
        contested = cpu < _ENOUGH * wall * self.threads
        if contested and self.threads > 1:
            self._pause = _FIRST_PAUSE if since > _CALM else min(2 * self._pause, _LONGEST_PAUSE)
            self._use(max(1, self.threads // 2), now)
        elif not contested and self.threads < self._most and since > self._pause:
            self._use(min(2 * self.threads, self._most), now)
            self._judged_at = float("-inf")  # it remains to be seen
        return self.threads

    def unsure(self, now: float) -> bool:
        """Whether several threads would get their cores is not known: a small step first."""
        return self.threads > 1 and now - self._judged_at > _FRESH

    def _use(self, threads: int, now: float) -> None:
        if threads != self.threads:
            self.threads, self._changed_at = threads, now
