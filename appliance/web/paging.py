"""Lists in pages. A cursor says where the last page ended; what it looks like is our own affair."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from peewee import Expression, Field, IntegerField, ModelSelect, fn

from appliance.base.errors import Invalid


def page(
    rows: ModelSelect, by: Field, *, limit: int, cursor: str | None, newest_first: bool = True
) -> tuple[list[Any], str | None]:
    """One page of rows, ordered by a unique field, and the cursor of the next. Raises Invalid."""
    if cursor is not None:
        after = _read(by, cursor)
        rows = rows.where(by < after if newest_first else by > after)
    found = list(rows.order_by(by.desc() if newest_first else by).limit(limit + 1))
    if len(found) <= limit:
        return found, None
    return found[:limit], _write(getattr(found[limit - 1], by.name))


def contains(field: Field, text: str) -> Expression:
    """Whether a column has `text` in it, in any case; `%` and `_` stand for themselves."""
    # SQLite lowers ASCII only, so other letters are found as they were typed.
    return (fn.INSTR(fn.LOWER(field), text.lower()) > 0) | (fn.INSTR(field, text) > 0)


def _write(value: object) -> str:
    return base64.urlsafe_b64encode(f"1 {value}".encode()).decode().rstrip("=")


def _read(by: Field, cursor: str) -> int | str:
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        version, _, value = plain.decode().partition(" ")
        after = int(value) if isinstance(by, IntegerField) else value
        known = version == "1" and value and not (isinstance(after, int) and abs(after) >= 2**63)
    except (binascii.Error, ValueError):
        known = False
    if not known:
        raise Invalid("This cursor is not one of ours.", param="cursor")
    return after
