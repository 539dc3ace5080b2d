"""Formats whose structure kreuzberg gives well: OpenDocument text, RTF, Outlook messages."""

from __future__ import annotations

from typing import Any

from appliance.readers import native
from appliance.readers.contract import Damaged, Locked
from appliance.readers.draft import Draft, Item
from appliance.readers.kinds import BY_NAME
from appliance.readers.package import Package
from appliance.readers.tidy import has_words, one_line

_LISTED = ("list", "list_item")
_DEEPEST = 8


def read_odt(content: bytes) -> Draft:
    """An OpenDocument text. Raises Locked when it is encrypted, Damaged."""
    if b"encryption-data" in (Package(content).read("META-INF/manifest.xml") or b""):
        raise Locked("This file is protected by a password. Remove the password and upload it.")
    return read(content, "odt")


def read_rtf(content: bytes) -> Draft:
    """An RTF document. Raises Damaged."""
    return read(content, "rtf")


def read(content: bytes, kind: str) -> Draft:
    """Headings, paragraphs, lists and tables in reading order. Raises Locked, Damaged."""
    result = native.extract(content, BY_NAME[kind].media_type)
    draft = Draft()
    metadata = result.metadata
    draft.describe(
        title=metadata.get("title"),
        author=metadata.get("authors"),
        created=metadata.get("created_at"),
        modified=metadata.get("modified_at"),
    )
    warn_of_attachments(draft, metadata.get("attachments") or [])
    write_nodes(result.document["nodes"] if result.document else [], draft)
    return draft


def warn_of_attachments(draft: Draft, names: list[str]) -> None:
    """Files in a message are documents of their own."""
    if names:
        listed = ", ".join(one_line(name)[:100] or "unnamed" for name in names[:10])
        draft.warnings.append(f"Attachments were not read; upload them by themselves: {listed}.")


def write_nodes(nodes: list[dict[str, Any]], draft: Draft) -> None:
    """Write kreuzberg's nodes, without headers and footers."""
    furniture = {_key(node) for node in nodes if _layer(node) in ("header", "footer")}
    items: list[Item] = []
    for index, node in enumerate(nodes):
        inside = node["content"]
        kind, text = inside["node_type"], inside.get("text") or ""
        if _layer(node) in ("header", "footer") or (
            kind == "paragraph" and _key(node) in furniture
        ):
            continue
        if kind == "list_item":
            items.append(_item(index, nodes, text))
        elif kind not in _LISTED:
            draft.listing(items)
            items = []
            _write(draft, kind, text, inside)
    draft.listing(items)


def table_rows(grid: dict[str, Any]) -> list[list[str]]:
    """A grid's cells as rows of text. Raises Damaged for one too large to be true."""
    if grid["rows"] * grid["cols"] > 10 * len(grid["cells"]) + 10_000:
        raise Damaged("This file is damaged: a table in it has an impossible size.")
    rows = [[""] * grid["cols"] for _ in range(grid["rows"])]
    for cell in grid["cells"]:
        rows[cell["row"]][cell["col"]] = cell["content"]
    return rows


def _write(draft: Draft, kind: str, text: str, inside: dict[str, Any]) -> None:
    if kind in ("heading", "title"):
        draft.heading(text, inside.get("level") or 1)
    elif kind == "table":
        draft.table(table_rows(inside["grid"]))
    elif kind == "code":
        draft.code(text)
    elif kind == "metadata_block":
        draft.paragraph(
            "\n".join(f"{name}: {one_line(value)}" for name, value in inside["entries"])
        )
    elif kind != "group":  # repeats the heading it begins with
        for paragraph in text.replace("\r\n", "\n").split("\n\n"):
            draft.paragraph(paragraph)


def _item(index: int, nodes: list[dict[str, Any]], text: str) -> Item:
    """An entry with its number, as deep as there are lists around the one it is in."""
    parent, depth, marker = nodes[index].get("parent"), -1, "-"
    if parent is not None and nodes[parent]["content"].get("ordered"):
        marker = f"{nodes[parent]['children'].index(index) + 1}."
    while parent is not None and depth < _DEEPEST:
        depth += nodes[parent]["content"]["node_type"] == "list"
        parent = nodes[parent].get("parent")
    return Item(text, max(depth, 0), marker)


def _layer(node: dict[str, Any]) -> str:
    return node.get("content_layer") or "body"


def _key(node: dict[str, Any]) -> str:
    """kreuzberg loses blanks in RTF headers, so they are compared without."""
    text = node["content"].get("text") or ""
    return "".join(text.split()) if has_words(text) else ""
