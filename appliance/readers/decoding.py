"""Bytes to text: Unicode first, then the encodings of older programs."""

from __future__ import annotations

import codecs

from appliance.readers.contract import Damaged
from appliance.readers.draft import Draft

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = """
    cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp932 euc_jp iso2022_jp
    gb18030 big5 big5hkscs cp949 koi8_r koi8_u cp866 iso8859_2 iso8859_5 iso8859_6 iso8859_7
    iso8859_8 iso8859_4 iso8859_13 cp874 macroman
"""
# Named by programs that mean the encoding of Windows, as browsers know.
_REALLY_WINDOWS = ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii")
_SAMPLE = 64 * 1024
# What a table reader would take for a border: none of these is part of another
# character in any of the encodings above.
_FLATTENED = bytes.maketrans(b',;"\r\n\t', b"      ")


def decode(content: bytes, draft: Draft, *, declared: str = "") -> str:
    """The text, and a warning in the draft when some of it was lost.

    `declared` is the encoding that the file itself names. Raises Damaged for
    bytes that are text in no encoding known here.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _lenient(content, encoding, draft)
    if declared.lower() in _REALLY_WINDOWS:
        declared = "cp1252"
    for encoding in ("utf-8", _half_empty(content), declared):
        if encoding and (text := _strict(content, encoding)) is not None:
            return text
    if _mostly_unicode(content):
        return _lenient(content, "utf-8", draft)
    return _legacy(content)


def _strict(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _lenient(content: bytes, encoding: str, draft: Draft) -> str:
    text = content.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if lost > 0.01 * len(text) + 1:
        raise Damaged("This text is damaged: too much of it cannot be read. Save it as UTF-8.")
    if lost:
        draft.warnings.append(
            f"{lost} {'characters' if lost > 1 else 'character'} could not be read."
        )
    return text.replace("\ufffd", "")


def _half_empty(content: bytes) -> str:
    """UTF-16 without its mark: every other byte of plain text is NUL."""
    sample = content[:_SAMPLE]
    if len(sample) % 2 or not sample.count(0):
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) > 0.05 * max(even, odd) or max(even, odd) < 0.2 * len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _mostly_unicode(content: bytes) -> bool:
    """UTF-8 with a few bad bytes in it, and not another encoding with a few good ones."""
    text = content.decode("utf-8", "replace")
    good = sum(character > "\x7f" and character != "\ufffd" for character in text)
    return good >= 10 * text.count("\ufffd")


def _legacy(content: bytes) -> str:
    """kreuzberg's table reader detects encodings well, but does not say which it was:
    it is the one in which Python reads the same characters."""
    from appliance.readers import native

    sample = content[:_SAMPLE]
    if len(content) > _SAMPLE:
        sample = sample[: sample.rfind(b"\n") + 1 or _SAMPLE - 4]
    sample = b"x" + sample.translate(_FLATTENED) + b"x"
    seen = _characters(native.extract(sample, "text/csv", structure=False).content)
    for encoding in _LEGACY.split():
        text = _strict(sample, encoding)
        if text is None or _characters(text) != seen:
            continue
        if (whole := _strict(content, encoding)) is not None:
            return whole
    raise Damaged("The encoding of this text is not known. Save it as UTF-8 and upload that.")


def _characters(text: str) -> list[str]:
    return [character for character in text if character > "\x7f"]
