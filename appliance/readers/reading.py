"""One file's bytes to a Reading, in this process. Files from elsewhere go through read.py."""

from __future__ import annotations

from collections.abc import Callable

from appliance.readers.contract import (
    EmptyFile,
    FileTooLarge,
    Limits,
    NoText,
    Reading,
    Report,
)
from appliance.readers.draft import Draft
from appliance.readers.formats import READERS
from appliance.readers.kinds import Kind, choose, is_archive, sniff
from appliance.readers.package import Package
from appliance.readers.wire import MOST_BLOCKS


def read_bytes(
    content: bytes,
    *,
    name: str,
    media_type: str,
    limits: Limits,
    before_parsing: Callable[[Kind], None] = lambda _kind: None,
) -> Reading:
    """Find out what the content is, check it, and read it. Raises Unreadable.

    `before_parsing` is called with the kind found, when all that was done is to
    look at the file from outside.
    """
    if not content:
        raise EmptyFile("This file is empty.")
    package = Package(content) if is_archive(content) else None
    members = package.names if package else frozenset()
    mimetype = package.start_of("mimetype") if package else b""
    kind = choose(name, media_type, sniff(content, members, mimetype))
    if package:
        package.check(limits)
    before_parsing(kind)
    return _reading(kind, READERS[kind.name](content, limits))


def _reading(kind: Kind, draft: Draft) -> Reading:
    if not draft.blocks:
        if kind.is_text:
            raise EmptyFile("There is no text in this file.")
        raise NoText(f"This is {kind.title} without any text in it.")
    if len(draft.blocks) > MOST_BLOCKS:
        raise FileTooLarge(f"This file has more than {MOST_BLOCKS} paragraphs and tables.")
    first = next((block for block in draft.blocks if block.kind == "heading"), None)
    report = Report(
        media_type=kind.media_type,
        pages=draft.pages,
        pages_with_text=draft.pages_with_text,
        tables=draft.tables,
        characters=sum(len(block.text) for block in draft.blocks),
        warnings=tuple(draft.warnings),
    )
    title = draft.title or (first.text if first else None)
    return Reading(tuple(draft.blocks), report, title, draft.metadata)
