"""Pure: which kinds of file there are, by name, by media type and by content."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from appliance.readers.contract import Locked, NotWhatItSays, UnknownKind


@dataclass(frozen=True)
class Kind:
    """A kind of file that can be read. `title` fits into "This is …"."""

    name: str
    title: str
    media_type: str
    endings: tuple[str, ...]
    is_text: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."

KINDS = (
    Kind("pdf", "a PDF", "application/pdf", ("pdf",)),
    Kind("docx", "a Word document", _OFFICE + "wordprocessingml.document", ("docx", "docm")),
    Kind(
        "pptx",
        "a PowerPoint presentation",
        _OFFICE + "presentationml.presentation",
        ("pptx", "pptm", "ppsx"),
    ),
    Kind("xlsx", "an Excel workbook", _OFFICE + "spreadsheetml.sheet", ("xlsx", "xlsm")),
    Kind("xls", "an Excel workbook of the old kind", "application/vnd.ms-excel", ("xls",)),
    Kind("odt", "an OpenDocument text", "application/vnd.oasis.opendocument.text", ("odt",)),
    Kind("rtf", "an RTF document", "application/rtf", ("rtf",)),
    Kind("epub", "an EPUB book", "application/epub+zip", ("epub",)),
    Kind("msg", "an Outlook message", "application/vnd.ms-outlook", ("msg",)),
    Kind("eml", "an e-mail message", "message/rfc822", ("eml",), is_text=True),
    Kind("html", "a web page", "text/html", ("html", "htm", "xhtml"), is_text=True),
    Kind("md", "a Markdown text", "text/markdown", ("md", "markdown"), is_text=True),
    Kind("txt", "a plain text", "text/plain", ("txt", "text", "log"), is_text=True),
    Kind("csv", "a CSV table", "text/csv", ("csv",), is_text=True),
    Kind("tsv", "a TSV table", "text/tab-separated-values", ("tsv", "tab"), is_text=True),
    Kind("json", "a JSON file", "application/json", ("json",), is_text=True),
)
BY_NAME = {kind.name: kind for kind in KINDS}
_BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}
_BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS} | {
    "text/rtf": BY_NAME["rtf"],
    "text/x-markdown": BY_NAME["md"],
    "application/xhtml+xml": BY_NAME["html"],
}

READABLE = (
    "PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx, .xls), OpenDocument text (.odt), RTF, "
    "EPUB, web pages, Markdown, plain text, CSV, TSV, JSON and mail (.eml, .msg) can be read."
)
_ADVICE = {
    "doc": "This is a Word document of the old kind. Save it as .docx and upload that.",
    "ppt": "This is a PowerPoint presentation of the old kind. Save it as .pptx and upload that.",
    "ods": "OpenDocument spreadsheets cannot be read. Save it as .xlsx and upload that.",
    "zip": "Archives are not unpacked. Upload the files in it one by one.",
}


@dataclass(frozen=True)
class Seen:
    """What content looks like: `kind` when it can be read, else only a name for it."""

    title: str
    kind: Kind | None = None


_TEXT = Seen("a plain text", BY_NAME["txt"])
_NOT_TEXT = Seen("something that is not text")
_MAGIC: tuple[tuple[bytes, Seen], ...] = (
    (b"{\\rtf", Seen("an RTF document", BY_NAME["rtf"])),
    (b"\x7fELF", Seen("a Linux program")),
    (b"MZ", Seen("a Windows program")),
    (b"\xcf\xfa\xed\xfe", Seen("a macOS program")),
    (b"\xca\xfe\xba\xbe", Seen("a compiled program")),
    (b"\x89PNG\r\n\x1a\n", Seen("a PNG picture")),
    (b"\xff\xd8\xff", Seen("a JPEG picture")),
    (b"GIF8", Seen("a GIF picture")),
    (b"II*\x00", Seen("a TIFF picture")),
    (b"MM\x00*", Seen("a TIFF picture")),
    (b"BM", Seen("a BMP picture")),
    (b"RIFF", Seen("a picture, sound or video")),
    (b"ID3", Seen("a sound recording")),
    (b"\x1f\x8b", Seen("a packed archive (gzip)")),
    (b"BZh", Seen("a packed archive (bzip2)")),
    (b"7z\xbc\xaf\x27\x1c", Seen("a packed archive (7z)")),
    (b"Rar!", Seen("a packed archive (RAR)")),
    (b"\xfd7zXZ", Seen("a packed archive (xz)")),
    (b"SQLite format 3\x00", Seen("a database")),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sniff(content: bytes, members: Collection[str] = (), mimetype: bytes = b"") -> Seen:
    """What the content is, whatever its name. `members` and `mimetype` are of a zip archive.

    Raises Locked for an Office file that is encrypted as a whole.
    """
    if is_archive(content):
        return _in_archive(members, mimetype)
    if content.startswith(_COMPOUND):
        return _in_compound(content)
    if b"%PDF-" in content[:1024]:
        return Seen("a PDF", BY_NAME["pdf"])
    text = looks_like_text(content)
    for magic, seen in _MAGIC:
        # "MZ" and "BM" begin words too.
        if content.startswith(magic) and (seen.kind or not text):
            return seen
    if not text:
        return Seen("a video") if content[4:8] == b"ftyp" else _NOT_TEXT
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Seen("a web page", BY_NAME["html"])
    return _TEXT


def is_archive(content: bytes) -> bool:
    """A zip archive, as the newer office formats are."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def looks_like_text(content: bytes) -> bool:
    """Hardly any control characters; UTF-16, which is full of NULs, counts as text."""
    sample = content[:65536]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if sample[1::2].count(0) > 0.4 * len(sample) / 2 or sample[::2].count(0) > 0.2 * len(sample):
        # UTF-16 has its NULs on one side only.
        return min(sample[::2].count(0), sample[1::2].count(0)) < 0.05 * len(sample)
    controls = sum(sample.count(code) for code in (*range(9), *range(14, 27), *range(28, 32), 127))
    return controls <= 4 + 0.01 * len(sample)


def choose(name: str, media_type: str, seen: Seen) -> Kind:
    """The kind to read the file as. Its name decides, and the content has to fit it.

    Raises UnknownKind for what is not read at all, NotWhatItSays for content of
    another kind than the name's.
    """
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower().removeprefix(".")
    stated = _BY_ENDING.get(ending) or _BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip())
    if stated is None:
        if not ending and seen.kind:
            return seen.kind
        what = f"Files ending in .{ending[:12]}" if ending else f"Files like this ({seen.title})"
        raise UnknownKind(_ADVICE.get(ending, f"{what} cannot be read. {READABLE}"))
    if fitting := _fitting(stated, seen):
        return fitting
    raise NotWhatItSays(
        f"The name says that this is {stated.title}, but what is in it looks like {seen.title}."
    )


def _fitting(stated: Kind, seen: Seen) -> Kind | None:
    if seen.kind is None:
        return None
    if stated.is_text and seen.kind.is_text:
        return stated
    # Programs write new workbooks under the old ending, and the other way round.
    both_workbooks = {stated.name, seen.kind.name} == {"xls", "xlsx"}
    return seen.kind if both_workbooks or stated is seen.kind else None


def _in_archive(members: Collection[str], mimetype: bytes) -> Seen:
    if mimetype.startswith(b"application/epub"):
        return Seen("an EPUB book", BY_NAME["epub"])
    if mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        return Seen("an OpenDocument text", BY_NAME["odt"])
    for folder, name in (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")):
        if any(member.startswith(folder) for member in members):
            if f"{folder}workbook.bin" in members:
                return Seen("a binary Excel workbook (.xlsb)")
            return Seen(BY_NAME[name].title, BY_NAME[name])
    return Seen("a zip archive")


def _in_compound(content: bytes) -> Seen:
    """Names in a compound file's directory are UTF-16 and never compressed."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        raise Locked("This file is protected by a password. Remove the password and upload it.")
    if has("__properties_version1.0") or has("__substg1.0_"):
        return Seen("an Outlook message", BY_NAME["msg"])
    if has("Workbook"):
        return Seen("an Excel workbook of the old kind", BY_NAME["xls"])
    if has("WordDocument"):
        return Seen("a Word document of the old kind (.doc)")
    if has("PowerPoint Document"):
        return Seen("a PowerPoint presentation of the old kind (.ppt)")
    return Seen("a file of an old Office program")
