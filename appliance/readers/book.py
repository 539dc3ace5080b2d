"""EPUB books: the chapters in the order of the book's spine.

Read here and not by kreuzberg, which leaves out chapters whose file name is quoted
(`a%20file.xhtml`).
"""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from appliance.readers import hypertext
from appliance.readers.contract import Damaged, Locked
from appliance.readers.decoding import decode
from appliance.readers.draft import Draft
from appliance.readers.package import Package
from appliance.readers.xmltree import Node


def read(package: Package) -> Draft:
    """Every chapter. Raises Locked for a book with copy protection, Damaged."""
    protection = package.read("META-INF/encryption.xml") or b""
    if b"html" in protection or "META-INF/rights.xml" in package.names:
        raise Locked("This book is copy-protected, so its text cannot be read.")
    place, tree = _content_list(package)
    draft = Draft()
    _describe(draft, tree)
    for name in _chapters(tree, posixpath.dirname(place)):
        content = package.read(name)
        if content is None:
            draft.warnings.append(f"The chapter {posixpath.basename(name)} is missing in the file.")
            continue
        hypertext.read_fragment(decode(content, draft), draft)
    return draft


def _content_list(package: Package) -> tuple[str, Node]:
    container = package.xml("META-INF/container.xml")
    root = next(container.all("rootfile"), None) if container else None
    name = root.get("full-path") if root else ""
    if tree := package.xml(name):
        return name, tree
    raise Damaged("This book is damaged: its list of chapters is missing.")


def _chapters(tree: Node, folder: str) -> list[str]:
    files = {
        item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href"))))
        for item in tree.all("item")
        if "html" in item.get("media-type") and "nav" not in item.get("properties").split()
    }
    spine = [item.get("idref") for item in tree.all("itemref")]
    return [files[chapter] for chapter in spine if chapter in files]


def _describe(draft: Draft, tree: Node) -> None:
    facts = tree.first("metadata")
    for node in facts.nodes() if facts else ():
        if node.name in ("title", "creator", "language", "date"):
            name = "author" if node.name == "creator" else node.name
            draft.describe(**{name: node.text()})
