"""Word documents: paragraphs, headings, lists, tables and footnotes in reading order.

Read here and not by kreuzberg, which glues together what a tab keeps apart and
takes lists made with a style for paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from appliance.readers.contract import Damaged
from appliance.readers.draft import Draft, Item
from appliance.readers.office import describe, main_part
from appliance.readers.package import Package
from appliance.readers.styles import Numbering, Styles
from appliance.readers.xmltree import Node

# Deleted and moved text, field codes, and the copy of a drawing kept for old programs.
_UNSEEN = {"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "sdtPr"}
_CONTENTS = re.compile(r"(?i)(toc|table of (contents|figures)) ?\d*")


def read(package: Package) -> Draft:
    """All that a person sees in the body; headers, footers and comments are left out."""
    part = main_part(package)
    tree = package.xml(part)
    body = tree.first("body") if tree else None
    if body is None:
        raise Damaged("This Word document is damaged: it has no text part.")
    related = dict(package.related(part).values())
    writer = _Writer(
        Styles(_optional(package, related.get("styles"))),
        Numbering(_optional(package, related.get("numbering"))),
        _footnotes(_optional(package, related.get("footnotes"))),
    )
    describe(writer.draft, package)
    writer.body(body)
    return writer.draft


class _Writer:
    def __init__(self, styles: Styles, numbering: Numbering, footnotes: dict[str, str]) -> None:
        self.draft = Draft()
        self._styles = styles
        self._numbering = numbering
        self._footnotes = footnotes
        self._items: list[Item] = []

    def body(self, container: Node) -> None:
        self._blocks(container)
        self._end_list()

    def _blocks(self, container: Node) -> None:
        for node in container.nodes():
            if node.name == "p":
                self._paragraph(node)
            elif node.name == "tbl":
                self._end_list()
                self.draft.table(list(_rows(node)))
            elif node.name not in _UNSEEN:
                self._blocks(node)  # content controls, insertions, custom XML

    def _paragraph(self, node: Node) -> None:
        properties = node.first("pPr")
        style = self._styles.of(properties)
        if _CONTENTS.fullmatch(style.name):
            return
        text = _text(node)
        if style.heading:
            self._end_list()
            self.draft.heading(text, style.heading)
        elif style.list:
            number, depth = style.list
            self._items.append(Item(text, depth, self._numbering.next(number, depth)))
        else:
            self._end_list()
            self.draft.paragraph(text)
        self._asides(node)

    def _asides(self, node: Node) -> None:
        """What hangs on a paragraph: text boxes, what pictures show, footnotes."""
        for child in _seen(node):
            if child.name == "txbxContent":
                self._blocks(child)
            elif child.name == "docPr" and child.get("descr"):
                self.draft.paragraph(f"Picture: {child.get('descr')}")
            elif child.name == "footnoteReference" and child.get("id") in self._footnotes:
                self.draft.paragraph(self._footnotes[child.get("id")])

    def _end_list(self) -> None:
        items, self._items = self._items, []
        self.draft.listing(items)


def _text(node: Node) -> str:
    """A paragraph's words, without those of the text boxes anchored in it."""
    parts: list[str] = []
    for child in node.nodes():
        if child.name in _UNSEEN or child.name == "txbxContent" or _hidden(child):
            continue
        if child.name == "t":
            parts.append(child.text())
        elif child.name == "tab":
            parts.append(" ")
        elif child.name == "noBreakHyphen":
            parts.append("-")
        elif child.name in ("br", "cr"):
            parts.append("\n" if child.get("type") != "page" else "")
        else:
            parts.append(_text(child))
    return "".join(parts)


def _seen(node: Node) -> Iterator[Node]:
    """The elements below that are shown; a text box comes whole."""
    for child in node.nodes():
        if child.name in _UNSEEN:
            continue
        yield child
        if child.name != "txbxContent":
            yield from _seen(child)


def _hidden(run: Node) -> bool:
    vanish = run.first("rPr", "vanish")
    return vanish is not None and vanish.get("val") not in ("0", "false")


def _rows(table: Node) -> Iterator[list[str]]:
    """Cells as text. One merged downwards is repeated, so that each row makes sense alone."""
    above: dict[int, str] = {}
    for row in _direct(table, "tr"):
        cells: list[str] = []
        for cell in _direct(row, "tc"):
            merged = cell.first("tcPr", "vMerge")
            if merged is not None and merged.get("val") != "restart":
                text = above.get(len(cells), "")
            else:
                text = " ".join(_text(paragraph) for paragraph in cell.all("p"))
            above[len(cells)] = text
            span = cell.first("tcPr", "gridSpan")
            width = int(span.get("val", "1")) if span and span.get("val").isdigit() else 1
            cells += [text] + [""] * (min(width, 64) - 1)
        yield cells


def _direct(node: Node, name: str) -> Iterator[Node]:
    """Elements of this name, also inside content controls, but not in a table within."""
    for child in node.nodes():
        if child.name == name:
            yield child
        elif child.name in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _direct(child, name)


def _footnotes(tree: Node | None) -> dict[str, str]:
    notes = tree.all("footnote") if tree else iter(())
    return {
        note.get("id"): " ".join(_text(paragraph) for paragraph in note.all("p"))
        for note in notes
        if not note.get("type")  # the separator line
    }


def _optional(package: Package, part: str | None) -> Node | None:
    return package.xml(part) if part else None
