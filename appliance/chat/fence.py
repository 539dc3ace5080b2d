"""Pure: text from outside, made unable to pose as part of a prompt.

Documents, questions and earlier answers are data. What could be taken for a chat
template's control token (`<|im_end|>`, `[INST]`), for the tags around our sources, or
for a citation of ours, is written so that it reads the same and is none of these.
"""

from __future__ import annotations

import re

from appliance.chat import cite

_TAG = re.compile(r"<(?=[^\s=])")
_CONTROL = re.compile(r"\[(?=/?[A-Z][A-Z_ ]{1,30}\])")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def fenced(text: str) -> str:
    """The text without anything that a chat template or our own tags are made of."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
    return _CONTROL.sub("[ ", _TAG.sub("< ", text))


def passage(text: str) -> str:
    """A passage for the prompt. Its own references, `[7]`, become `(7)`: they are not ours."""
    return fenced(cite.renamed(text))


def title(text: str) -> str:
    """A document's name for the prompt: one line, and nothing that ends an attribute."""
    return " ".join(passage(text).replace('"', "'").split())[:200]
