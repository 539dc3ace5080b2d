"""Pure: what the reading process answers, as JSON; the parent believes nothing in it unseen."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple
from typing import Any, TypeVar, get_args

from appliance.base.errors import Unreadable
from appliance.readers.contract import Block, BlockKind, Damaged, Place, Reading, Report

T = TypeVar("T")
READY = b"ready\n"  # the first thing the reading process says, before it has seen the file
NO_PDF_LIBRARY = 3  # its exit code when the installation, and not the file, is at fault
MOST_BLOCKS = 200_000

_ERRORS = {kind.code: kind for kind in Unreadable.__subclasses__()}


def pack(answer: Reading | Unreadable) -> bytes:
    """One JSON document in UTF-8."""
    if isinstance(answer, Unreadable):
        return _dump({"error": [answer.code, answer.message, answer.facts]})
    return _dump(
        {
            "blocks": [
                [block.kind, block.text, *astuple(block.place), block.level]
                for block in answer.blocks
            ],
            "report": asdict(answer.report),
            "title": answer.title,
            "metadata": answer.metadata,
        }
    )


def unpack(content: bytes) -> Reading:
    """The reading. Raises the Unreadable that was packed, and Damaged for anything else than an
    answer: the process that wrote it may have been taken over by the document."""
    try:
        answer = json.loads(content)
        if "error" in answer:
            raise _error(*answer["error"])
        if len(answer["blocks"]) > MOST_BLOCKS:
            raise ValueError("too many blocks")
        return Reading(
            blocks=tuple(_block(*block) for block in answer["blocks"]),
            report=_report(**answer["report"]),
            title=_maybe(str, answer["title"]),
            metadata={_a(str, name): _a(str, value) for name, value in answer["metadata"].items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Damaged("Reading this file gave no usable answer.") from error


def _block(
    kind: Any, text: Any, page: Any, heading: Any, sheet: Any, cells: Any, level: Any
) -> Block:
    if kind not in get_args(BlockKind) or not _a(str, text):
        raise ValueError("not a block")
    place = Place(_maybe(int, page), _maybe(str, heading), _maybe(str, sheet), _maybe(str, cells))
    return Block(kind, text, place, _a(int, level))


def _report(**facts: Any) -> Report:
    return Report(
        media_type=_a(str, facts["media_type"]),
        pages=_maybe(int, facts["pages"]),
        pages_with_text=_maybe(int, facts["pages_with_text"]),
        tables=_a(int, facts["tables"]),
        characters=_a(int, facts["characters"]),
        warnings=tuple(_a(str, warning) for warning in facts["warnings"]),
    )


def _error(code: Any, message: Any, facts: Any) -> Unreadable:
    kept = {
        _a(str, name): value
        for name, value in facts.items()
        if isinstance(value, str | int | float)
    }
    return _ERRORS.get(code, Damaged)(_a(str, message)[:500], **kept)


def _a(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise TypeError("not what was agreed")
    if isinstance(value, str) and b"\0" in value.encode("utf-8"):  # refuses half characters
        raise ValueError("not a text")
    if isinstance(value, int) and not 0 <= value < 2**53:
        raise ValueError("not a count")
    return value


def _maybe(kind: type[T], value: Any) -> T | None:
    return None if value is None else _a(kind, value)


def _dump(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
