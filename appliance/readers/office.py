"""What Word, PowerPoint and Excel files have in common."""

from __future__ import annotations

from appliance.readers.contract import Damaged
from appliance.readers.draft import Draft
from appliance.readers.package import Package

_PROPERTIES = "docProps/core.xml"


def main_part(package: Package) -> str:
    """The name of the part that holds the document itself. Raises Damaged without one."""
    for kind, name in package.related("").values():
        if kind == "officeDocument":
            return name
    raise Damaged("This file is damaged: its main part is missing.")


def describe(draft: Draft, package: Package) -> None:
    """Title, author and dates, as the program that wrote the file kept them."""
    tree = package.xml(_PROPERTIES)
    if tree is None:
        return
    facts = {node.name: node.text() for node in tree.nodes()}
    draft.describe(
        title=facts.get("title"),
        author=facts.get("creator"),
        subject=facts.get("subject"),
        created=facts.get("created"),
        modified=facts.get("modified"),
    )
