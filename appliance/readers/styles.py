"""Pure: what a Word paragraph is by its style and numbering: heading, list entry or text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from appliance.readers.xmltree import Node

_HEADING = re.compile(r"heading ([1-9])")
_DEEPEST = 50  # styles that are based on each other; more is a circle


@dataclass(frozen=True)
class Style:
    """`heading` 1–6 or 0; `list` is (numbering id, depth) or None."""

    name: str = ""
    heading: int = 0
    list: tuple[str, int] | None = None


class Styles:
    """The styles of one document. Names are the built-in English ones in every language."""

    def __init__(self, tree: Node | None) -> None:
        styles = list(tree.all("style")) if tree else []
        self._nodes = {style.get("styleId"): style for style in styles}

    def of(self, properties: Node | None) -> Style:
        """What a paragraph with these properties is. Its own settings go before its style's."""
        named = properties.first("pStyle") if properties else None
        chain = self._chain(named.get("val") if named else "")
        sources = [properties] if properties else []
        sources += [node for style in chain if (node := style.first("pPr"))]
        name = _name(chain[0]) if chain else ""
        heading = _outline(sources) or next(
            (level for style in chain if (level := _level(style))), 0
        )
        return Style(name, min(heading, 6), None if heading else _list(sources))

    def _chain(self, name: str) -> list[Node]:
        chain: list[Node] = []
        while (style := self._nodes.get(name)) and len(chain) < _DEEPEST:
            chain.append(style)
            based = style.first("basedOn")
            name = based.get("val") if based else ""
        return chain


class Numbering:
    """The markers of list entries: `-` for bullets, running numbers for the rest."""

    def __init__(self, tree: Node | None) -> None:
        self._numbered: set[tuple[str, int]] = set()
        self._counts: dict[tuple[str, int], int] = {}
        abstract = {
            node.get("abstractNumId"): node
            for node in (tree.nodes() if tree else ())
            if node.name == "abstractNum"
        }
        for number in tree.nodes() if tree else ():
            reference = number.first("abstractNumId") if number.name == "num" else None
            levels = abstract.get(reference.get("val")) if reference else None
            for level in levels.all("lvl") if levels else ():
                form = level.first("numFmt")
                if form is not None and form.get("val") not in ("bullet", "none"):
                    self._numbered.add((number.get("numId"), _digits(level.get("ilvl"))))

    def next(self, number: str, depth: int) -> str:
        """The marker of the next entry of this list; deeper ones start again."""
        if (number, depth) not in self._numbered:
            return "-"
        for key in [key for key in self._counts if key[0] == number and key[1] > depth]:
            del self._counts[key]
        self._counts[number, depth] = self._counts.get((number, depth), 0) + 1
        return f"{self._counts[number, depth]}."


def _name(style: Node) -> str:
    node = style.first("name")
    return node.get("val").lower() if node else ""


def _level(style: Node) -> int:
    name = _name(style)
    match = _HEADING.fullmatch(name)
    return 1 if name == "title" else int(match[1]) if match else 0


def _outline(sources: list[Node]) -> int:
    """Outline levels are 0–8; 9 is body text."""
    for source in sources:
        if level := source.first("outlineLvl"):
            return (_digits(level.get("val", "9")) + 1) % 10
    return 0


def _list(sources: list[Node]) -> tuple[str, int] | None:
    """The numbering a paragraph takes part in. Number 0 takes it out of its style's list."""
    for source in sources:
        number = source.first("numPr", "numId")
        if number is not None:
            depth = source.first("numPr", "ilvl")
            deep = min(_digits(depth.get("val")), 8) if depth else 0
            return None if number.get("val") == "0" else (number.get("val"), deep)
    return None


def _digits(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0
