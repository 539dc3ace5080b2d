"""Plain text, Markdown and web pages."""

from __future__ import annotations

import re

from appliance.readers import hypertext
from appliance.readers.decoding import decode
from appliance.readers.draft import Draft
from appliance.readers.lines import LineWriter, usual_width
from appliance.readers.markdown import MarkdownWriter
from appliance.readers.tidy import clean

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([a-zA-Z0-9_-]{2,20})", re.I)


def read_plain(content: bytes) -> Draft:
    """Paragraphs, lists and what looks like a heading. Raises Damaged."""
    draft = Draft()
    write_plain(clean(decode(content, draft)), draft)
    return draft


def write_plain(text: str, draft: Draft) -> None:
    """Write text that is already decoded and cleaned."""
    lines = [line.expandtabs(4).rstrip() for line in text.split("\n")]
    LineWriter(draft, width=usual_width(lines)).write(lines)


def read_html(content: bytes) -> Draft:
    """The main part of a web page. Raises Damaged."""
    warned = Draft()
    declared = _CHARSET.search(content[:4096])
    text = decode(content, warned, declared=declared[1].decode() if declared else "")
    draft = hypertext.read_page(text)
    draft.warnings += warned.warnings
    return draft


def read_markdown(content: bytes) -> Draft:
    """Headings, paragraphs, lists, tables and code as they are marked. Raises Damaged."""
    draft = Draft()
    MarkdownWriter(draft).write(clean(decode(content, draft)))
    return draft
