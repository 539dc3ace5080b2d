"""PowerPoint presentations: one page per slide, in the order they are shown.

Read here and not by kreuzberg, which takes slides in the order of their file names
and so gives wrong slide numbers once somebody moved a slide.
"""

from __future__ import annotations

from collections.abc import Iterator

from appliance.readers.contract import Damaged, FileTooLarge, Limits
from appliance.readers.draft import Draft, Item
from appliance.readers.office import describe, main_part
from appliance.readers.package import Package
from appliance.readers.tidy import has_words, one_line
from appliance.readers.xmltree import Node

_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "sldNum", "hdr", "sldImg")
_LIST_HOLDERS = ("body", "obj", "")  # placeholders that set their paragraphs as a list


def read(package: Package, limits: Limits) -> Draft:
    """Titles, text, tables, charts, drawings and the speaker's notes."""
    main = main_part(package)
    tree = package.xml(main)
    if tree is None:
        raise Damaged("This presentation is damaged: its main part is missing.")
    parts = package.related(main)
    wanted = [node.get("r:id") for node in tree.all("sldId")]
    order = [parts[slide][1] for slide in wanted if slide in parts]
    if len(order) > limits.pages:
        raise FileTooLarge(f"This presentation has more than {limits.pages} slides.")
    draft = Draft()
    describe(draft, package)
    draft.pages, draft.pages_with_text = len(order), 0
    hidden = []
    for page, part in enumerate(order, 1):
        slide = package.xml(part)
        if slide is None:
            raise Damaged(f"This presentation is damaged: slide {page} is missing.")
        before = len(draft.blocks)
        _Slide(draft, package, part, page).write(slide)
        draft.pages_with_text += len(draft.blocks) > before
        if slide.get("show") == "0":
            hidden.append(str(page))
    if hidden:
        draft.warnings.append(f"Hidden slides were read too: {', '.join(hidden)}.")
    return draft


class _Slide:
    def __init__(self, draft: Draft, package: Package, part: str, page: int) -> None:
        self._draft = draft
        self._package = package
        self._parts = package.related(part)
        self._page = page

    def write(self, slide: Node) -> None:
        self._draft.start_part()
        shapes = list(_shapes(slide))
        # The title may stand anywhere in the file; it is over everything on the slide.
        shapes.sort(key=lambda shape: _place(shape) not in _TITLES)
        for shape in shapes:
            self._shape(shape)
        for kind, name in self._parts.values():
            if kind == "notesSlide" and (notes := self._package.xml(name)):
                self._notes(notes)

    def _shape(self, shape: Node) -> None:
        place = _place(shape)
        if place in _FURNITURE:
            return
        body = shape.first("txBody")
        if body and place in _TITLES:
            self._draft.heading(body_text(body), 1, page=self._page)
        elif body:
            self._text(body, place in _LIST_HOLDERS)
        for table in shape.all("tbl"):
            rows = [[body_text(cell) for cell in row.all("tc")] for row in table.all("tr")]
            self._draft.table(rows, page=self._page)
        for chart in shape.all("chart"):
            self._chart(self._related(chart.get("r:id")))
        for drawing in shape.all("relIds"):
            self._drawing(self._related(drawing.get("r:dm")))
        for picture in shape.all("cNvPr") if shape.name == "pic" else ():
            if picture.get("descr"):
                self._draft.paragraph(f"Picture: {picture.get('descr')}", page=self._page)

    def _text(self, body: Node, is_list: bool) -> None:
        items: list[Item] = []
        for paragraph in body.all("p"):
            text, properties = paragraph_text(paragraph), paragraph.first("pPr")
            depth = int(properties.get("lvl", "0")[:1] or 0) if properties else 0
            plain = bool(properties and properties.first("buNone"))
            marked = bool(
                properties and (properties.first("buChar") or properties.first("buAutoNum"))
            )
            if marked or (is_list and not plain):
                items.append(Item(text, depth))
            else:
                self._end(items)
                self._draft.paragraph(text, page=self._page)
        self._end(items)

    def _end(self, items: list[Item]) -> None:
        """One entry alone is a paragraph, though the layout gave it a bullet."""
        filled = [item for item in items if has_words(item.text)]
        items.clear()
        if len(filled) == 1 and not filled[0].depth:
            self._draft.paragraph(filled[0].text, page=self._page)
        else:
            self._draft.listing(filled, page=self._page)

    def _chart(self, chart: Node | None) -> None:
        """Its title, and the numbers behind it as a table: one column a series."""
        if chart is None:
            return
        title = chart.first("chart", "title")
        if title:
            self._draft.paragraph(
                " ".join(paragraph_text(p) for p in title.all("p")), page=self._page
            )
        columns: list[list[str]] = []
        labels: list[str] = []
        for series in chart.all("ser"):
            labels = labels or _points(series, "cat", "xVal")
            columns.append(_points(series, "tx")[:1] + _points(series, "val", "yVal"))
        width = max((len(column) for column in [*columns, ["", *labels]]), default=0)
        table = [["", *labels], *columns]
        rows = [
            [column[row] if row < len(column) else "" for column in table] for row in range(width)
        ]
        if columns:
            self._draft.table(rows, page=self._page)

    def _drawing(self, data: Node | None) -> None:
        """The words of a SmartArt drawing."""
        points = data.all("pt") if data else iter(())
        self._draft.listing([Item(body_text(point)) for point in points], page=self._page)

    def _notes(self, notes: Node) -> None:
        for shape in _shapes(notes):
            body = shape.first("txBody")
            if body and _place(shape) == "body" and has_words(text := body_text(body)):
                self._draft.paragraph(f"Notes: {one_line(text)}", page=self._page)

    def _related(self, id: str) -> Node | None:
        return self._package.xml(self._parts[id][1]) if id in self._parts else None


def body_text(body: Node) -> str:
    """The paragraphs of a text body, one a line."""
    return "\n".join(paragraph_text(paragraph) for paragraph in body.all("p"))


def paragraph_text(paragraph: Node) -> str:
    """The words of one paragraph of a drawing."""
    return "".join("\n" if node.name == "br" else node.text() for node in paragraph.all("t", "br"))


def _shapes(node: Node) -> Iterator[Node]:
    """Shapes in file order, those inside groups too."""
    for child in node.nodes():
        if child.name in ("sp", "pic", "graphicFrame", "cxnSp"):
            yield child
        elif child.name != "Fallback":
            yield from _shapes(child)


def _place(shape: Node) -> str | None:
    """The kind of placeholder a shape fills; None for a shape of its own."""
    holder = next(shape.all("ph"), None)
    return holder.get("type") if holder else None


def _points(series: Node, *names: str) -> list[str]:
    """The values kept of the first of these that is there; a chart leaves out empty ones."""
    for name in names:
        if node := series.first(name):
            values = {
                int(index): " ".join(value.text() for value in point.all("v"))
                for point in node.all("pt")
                if (index := point.get("idx")).isdecimal() and len(index) < 5
            }
            return [values.get(index, "") for index in range(max(values, default=-1) + 1)]
    return []
