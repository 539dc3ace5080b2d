"""Pure: text in the one form the appliance keeps: composed, printable, evenly spaced."""

from __future__ import annotations

import re
import unicodedata

# Control characters, and the invisible ones that reorder text or split words unseen.
# U+200C and U+200D stay: Persian, Indic scripts and emoji need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")


def clean(text: str) -> str:
    """Unicode NFC, `\\n` as the only line end, no control characters. Spacing is kept."""
    if text.isascii() and text.isprintable():
        return text  # nearly every cell and line
    text = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))


def even(text: str) -> str:
    """Cleaned, with single blanks, no blanks at line ends, and no blank lines."""
    lines = (_BLANKS.sub(" ", line).strip() for line in clean(text).split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """Cleaned, everything on one line."""
    return " ".join(clean(text).split())


def has_words(text: str) -> bool:
    """Is there anything in it that a person could read out?"""
    return any(character.isalnum() for character in text)
