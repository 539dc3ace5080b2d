"""Pure: the words of a text, in the form in which they are indexed and asked for."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
# Scripts written without spaces. A whole phrase would be taken for one word,
# so these become overlapping pairs of letters.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff]+"
)


def words(text: str) -> list[str]:
    """Words in reading order, in lower case and without accents; not stemmed."""
    if not text.isascii():
        bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
        text = _UNSPACED.sub(_pairs, unicodedata.normalize("NFC", bare))
    return _WORD.findall(text.casefold())


def is_word(text: str) -> bool:
    """Whether a text is one word and nothing else."""
    return _WORD.fullmatch(text) is not None


def _pairs(run: re.Match[str]) -> str:
    letters = run.group()
    pairs = [letters[at : at + 2] for at in range(max(len(letters) - 1, 1))]
    return f" {' '.join(pairs)} "
