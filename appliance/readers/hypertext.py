"""Pure: HTML as blocks, without what stands on every page of a site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from appliance.readers.draft import Draft
from appliance.readers.flow import Flow


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NEVER = _names(
    "script style noscript template svg math iframe object canvas audio video select button "
    "datalist dialog head"
)
_FURNITURE = _names("nav footer aside menu header")
_FURNITURE_ROLES = _names("navigation banner contentinfo search complementary dialog")
_MAIN = frozenset(("main", "article"))
_BLOCKS = _names(
    "p div section article main header footer aside nav form fieldset address figure figcaption "
    "blockquote dl dt dd ul ol li table caption thead tbody tfoot tr pre hr body html h1 h2 h3 h4 "
    "h5 h6 details summary"
)
_VOID = _names("area base br col embed hr img input link meta source track wbr")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# What starting one of these ends, when its author did not, and where to stop looking.
_IMPLIED = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": ({"td", "th"}, {"table", "tr"}),
    "th": ({"td", "th"}, {"table", "tr"}),
    "tr": ({"tr"}, {"table"}),
}
_TABLE_TAG = re.compile(r"<(/?)table\b", re.I)
_SPACE = re.compile(r"\s+")
_ENOUGH = 200  # characters in <main> or <article> from which the rest of a page is left out


def read_page(html: str) -> Draft:
    """The content of a web page: its main part when it says which that is."""
    parser = _Parser(html, skip_furniture=True)
    draft = parser.main.draft
    if sum(len(block.text) for block in draft.blocks) < _ENOUGH:
        draft = parser.whole.draft
    if not draft.blocks:
        draft = read_fragment(html)
    draft.describe(title=parser.title, **parser.facts)
    return draft


def read_fragment(html: str, into: Draft | None = None) -> Draft:
    """Everything that is shown of it: a chapter of a book, the body of a message."""
    return _Parser(html, skip_furniture=False, into=into).whole.draft


class _Parser(HTMLParser):
    """Feeds two flows: all that is shown, and what stands in the main part."""

    def __init__(self, html: str, *, skip_furniture: bool, into: Draft | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.facts: dict[str, str] = {}
        self.whole, self.main = Flow(into), Flow()
        self._skip_furniture = skip_furniture
        self._with_tables = _deepest_table(html) < 2  # tables in tables arrange, they do not list
        self._open: list[str] = []  # elements, outermost first
        self._skipped_from = 0  # depth of the element that is being skipped, 0 for none
        self.feed(html)
        self.close()
        self.whole.finish()
        self.main.finish()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "meta" and attributes.get("name", "").lower() in ("author", "description"):
            self.facts[attributes["name"].lower()] = attributes.get("content", "")
        self._end_implied(tag)
        if tag not in _VOID:
            self._open.append(tag)
            if not self._skipped_from and self._is_skipped(tag, attributes):
                self._skipped_from = len(self._open)
        if not self._skipped_from:
            for flow in self._flows():
                self._start(flow, tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        closed = ""
        while closed != tag:
            closed = self._open[-1]
            if not self._skipped_from:
                for flow in self._flows():
                    self._end(flow, closed)
            self._open.pop()
            if self._skipped_from > len(self._open):
                self._skipped_from = 0

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["title"] and "svg" not in self._open:
            self.title += data
        elif not self._skipped_from:
            text = data if "pre" in self._open else _SPACE.sub(" ", data)
            for flow in self._flows():
                flow.text(text)

    def _flows(self) -> Iterator[Flow]:
        yield self.whole
        if not _MAIN.isdisjoint(self._open):
            yield self.main

    def _end_implied(self, tag: str) -> None:
        if tag in _BLOCKS and "head" in self._open and tag not in ("html", "head"):
            self.handle_endtag("head")
        if tag in _BLOCKS and self._open[-1:] == ["p"]:
            self.handle_endtag("p")
        ended, stop = _IMPLIED.get(tag, (set(), set()))
        for name in reversed(self._open) if ended else ():
            if name in ended:
                self.handle_endtag(name)
                return
            if name in stop:
                return

    def _is_skipped(self, tag: str, attributes: dict[str, str]) -> bool:
        if tag in _NEVER or "hidden" in attributes or attributes.get("aria-hidden") == "true":
            return True
        if "display:none" in attributes.get("style", "").replace(" ", "").lower():
            return True
        if not self._skip_furniture:
            return False
        # The header of an article is its title and author, an aside in it a remark.
        kept = tag in ("header", "aside") and not _MAIN.isdisjoint(self._open)
        return (tag in _FURNITURE and not kept) or attributes.get("role") in _FURNITURE_ROLES

    def _start(self, flow: Flow, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            flow.text("\n")
        elif tag in ("ul", "ol"):
            start = attributes.get("start", "1")
            first = int(start) if start.isdecimal() and len(start) < 7 else 1
            flow.start_list(first if tag == "ol" else None)
        elif tag == "li":
            flow.start_item()
        elif self._with_tables and tag == "table":
            flow.start_table()
        elif self._with_tables and tag == "tr":
            flow.start_row()
        elif tag in _BLOCKS and tag != "dd":
            flow.end_block()

    def _end(self, flow: Flow, tag: str) -> None:
        if tag in _HEADINGS:
            flow.heading(_HEADINGS[tag])
        elif tag in _ENDS:
            _ENDS[tag](flow)
        elif self._with_tables and tag in _TABLE_ENDS:
            _TABLE_ENDS[tag](flow)
        elif tag in _BLOCKS or tag in _TABLE_ENDS:
            flow.end_block()


_ENDS = {
    "pre": Flow.code,
    "dt": Flow.term,
    "ul": Flow.end_list,
    "ol": Flow.end_list,
    "li": Flow.end_item,
}
_TABLE_ENDS = {"td": Flow.end_cell, "th": Flow.end_cell, "table": Flow.end_table}


def _deepest_table(html: str) -> int:
    depth = deepest = 0
    for tag in _TABLE_TAG.finditer(html):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest
