"""Pure: what reading a file gives, and the ways it can fail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from appliance.base.errors import Unreadable

BlockKind = Literal["heading", "paragraph", "list", "table", "code"]


@dataclass(frozen=True)
class Place:
    """Where in the document a piece stands. None where the format has no such thing."""

    page: int | None = None  # from 1; a slide counts as a page
    heading: str | None = None  # the headings above it: "Refunds › Exceptions"
    sheet: str | None = None
    cells: str | None = None  # "A2:D17"


@dataclass(frozen=True)
class Block:
    """A piece of a document that should stay whole where it fits."""

    kind: BlockKind
    text: str  # markdown for lists and tables; never empty, never with NUL
    place: Place = Place()
    level: int = 0  # of a heading, 1–6


@dataclass(frozen=True)
class Report:
    """What was found in a file, for the person who uploaded it."""

    media_type: str
    pages: int | None = None
    pages_with_text: int | None = None
    tables: int = 0
    characters: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A file's text in reading order, and the report on it."""

    blocks: tuple[Block, ...]
    report: Report
    title: str | None = None  # from the file's own metadata or first heading
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Enforced by the operating system where it can."""

    file_bytes: int = 50 * 2**20
    unpacked_bytes: int = 500 * 2**20  # of an archive format (docx, xlsx, epub, …)
    unpack_ratio: int = 200
    pages: int = 5_000
    output_bytes: int = 50 * 2**20
    cpu_seconds: int = 120
    wall_seconds: int = 180
    memory_bytes: int = 2 * 2**30


class EmptyFile(Unreadable):
    """No bytes, or nothing but blanks."""

    code = "empty_file"


class FileTooLarge(Unreadable):
    """More bytes or pages than one file may have."""

    code = "too_large"


class UnknownKind(Unreadable):
    """A kind of file that is not read at all; the message lists those that are."""

    code = "unsupported_type"


class NoText(Unreadable):
    """A scan or picture: pages, but no text on them."""

    code = "no_text"


class Locked(Unreadable):
    """Protected by a password."""

    code = "password_protected"


class NotWhatItSays(Unreadable):
    """Content that does not fit the name's ending."""

    code = "wrong_content"


class UnpacksTooLarge(Unreadable):
    """An archive built to fill the disk or memory."""

    code = "unpacks_too_large"


class Damaged(Unreadable):
    """The format's own reader gave up on it."""

    code = "damaged_file"


class TookTooLong(Unreadable):
    """Reading hit the limit of time, memory or output; the process was ended."""

    code = "reading_limit"
