"""XML that cannot reach out: entities are refused, and nothing outside is ever fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.parsers import expat

from appliance.readers.contract import Damaged


class Node:
    """An element: local name, attributes by local name, text and elements in order."""

    __slots__ = ("attributes", "children", "name")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node | str] = []

    def get(self, attribute: str, default: str = "") -> str:
        return self.attributes.get(attribute, default)

    def nodes(self) -> Iterator[Node]:
        """The elements directly in it."""
        return (child for child in self.children if isinstance(child, Node))

    def first(self, *path: str) -> Node | None:
        """The element reached by taking the first of each name in turn."""
        here = self
        for name in path:
            found = next((node for node in here.nodes() if node.name == name), None)
            if found is None:
                return None
            here = found
        return here

    def all(self, *names: str) -> Iterator[Node]:
        """Every element of these names below it, in document order."""
        for node in self.nodes():
            if node.name in names:
                yield node
            yield from node.all(*names)

    def text(self) -> str:
        """All text in it."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


def parse(content: bytes) -> Node:
    """The root element. Raises Damaged when it is not well-formed or declares an entity.

    Names lose their namespace: in the formats read here they do not clash, but for
    references to other parts (`r:id`), which keep their prefix.
    """
    root = Node("", {})
    path = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        node = Node(name, attributes)
        path[-1].children.append(node)
        path.append(node)

    def end(_name: str) -> None:
        path.pop()

    _run(content, start, end, lambda text: path[-1].children.append(text))
    return next(root.nodes())


def scan(content: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    """Call `start` with each element's name and attributes, and keep nothing. Raises Damaged."""
    _run(content, start, lambda _name: None, lambda _text: None)


def _run(
    content: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    def begin(name: str, attributes: dict[str, str]) -> None:
        start(_local(name), {_attribute(key): value for key, value in attributes.items()})

    def refuse(*_: object) -> None:
        raise Damaged("This file is not opened: it declares XML entities, as attacks do.")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Damaged("This file is damaged: a part of it is not well-formed.") from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _attribute(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return f"r:{local}" if namespace.endswith("/relationships") else local
