"""Pure: JSON objects that callers may fill as they like, within bounds."""

from __future__ import annotations

import json
from typing import Any, TypeVar

DEPTH = 32  # deeper ones break whatever walks them by recursion, long after they were stored

Object = TypeVar("Object", bound=dict[str, Any])


def bounded(value: Object, *, limit: int) -> Object:
    """The object itself. Raises ValueError when it is too deep, too long or no plain JSON."""
    if _deeper(value, DEPTH):
        raise ValueError(f"This object is nested deeper than {DEPTH} levels.")
    try:
        written = json.dumps(value, allow_nan=False, ensure_ascii=False)
        written.encode()
    except ValueError:  # NaN, infinity, half a surrogate pair
        raise ValueError("This is not plain JSON.") from None
    if len(written) > limit:
        raise ValueError(f"This object is longer than {limit} characters, written as JSON.")
    return value


def _deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True
