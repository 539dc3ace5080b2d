"""Time, in the two forms the product uses: stored milliseconds and spoken RFC 3339."""

from __future__ import annotations

import time
from datetime import UTC, datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    """Milliseconds since 1970, UTC. Every time in the store has this form."""
    return time.time_ns() // 1_000_000


def spoken(at: int) -> str:
    """RFC 3339 with milliseconds: `2026-11-20T18:05:16.123Z`."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
