"""Small documents made from scratch, so that a test shows what is in them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/{}/2006/main"


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these members."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.getvalue()


def pdf(*pages: Sequence[str | tuple[int, str]]) -> bytes:
    """A page for each list of lines; a line may come with its size in points (else 10)."""
    contents = [_page_content(lines) for lines in pages]
    return _pdf(
        [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>"
            for number in range(4 + len(pages), 4 + 2 * len(pages))
        ],
        [(b"<<", content) for content in contents],
    )


def scan(pages: int) -> bytes:
    """A PDF of pictures, with no text on any page."""
    picture = b"<</Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray"
    bits = picture + b"/BitsPerComponent 8"
    first = 4 + pages
    return _pdf(
        [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {first} 0 R"
            f"/Resources<</XObject<</I {first + 1} 0 R>>>>>>"
        ]
        * pages,
        [(b"<<", b"q 500 0 0 700 40 40 cm /I Do Q"), (bits, bytes(range(64)))],
    )


def docx(body: str, **parts: str) -> bytes:
    """A Word document: `body` is what stands in <w:body>; `styles`, `numbering` and `footnotes`
    are what stands in those parts."""
    space = f'xmlns:w="{_MAIN.format("wordprocessingml")}" xmlns:r="{_RELATIONSHIPS}"'
    document = f"<w:document {space}><w:body>{body}</w:body></w:document>"
    return archive(
        {
            "_rels/.rels": relations({"r1": ("officeDocument", "word/document.xml")}),
            "word/_rels/document.xml.rels": relations(
                {name: (name, f"{name}.xml") for name in parts}
            ),
            "word/document.xml": _XML + document,
            **{
                f"word/{name}.xml": f"{_XML}<w:{name} {space}>{content}</w:{name}>"
                for name, content in parts.items()
            },
        }
    )


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of a Word document."""
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"


def pptx(slides: Mapping[str, str], notes: Mapping[str, str] | None = None) -> bytes:
    """A presentation: the shapes of each slide by the name of its file, in the order shown."""
    space = (
        f'xmlns:p="{_MAIN.format("presentationml")}" xmlns:a="{_MAIN.format("drawingml")}" '
        f'xmlns:r="{_RELATIONSHIPS}"'
    )
    listed = "".join(f'<p:sldId id="{256 + i}" r:id="{s}"/>' for i, s in enumerate(slides))
    members = {
        "_rels/.rels": relations({"r1": ("officeDocument", "ppt/presentation.xml")}),
        "ppt/presentation.xml": f"{_XML}<p:presentation {space}><p:sldIdLst>{listed}"
        "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            {name: ("slide", f"slides/{name}.xml") for name in slides}
        ),
    }
    for name, shapes in slides.items():
        hidden = ' show="0"' if "hidden" in name else ""
        members[f"ppt/slides/{name}.xml"] = (
            f"{_XML}<p:sld {space}{hidden}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
        )
    for name, text in (notes or {}).items():
        members[f"ppt/slides/_rels/{name}.xml.rels"] = relations(
            {"n": ("notesSlide", f"../notesSlides/{name}.xml")}
        )
        members[f"ppt/notesSlides/{name}.xml"] = (
            f"{_XML}<p:notes {space}><p:cSld><p:spTree>{shape(text, 'body')}</p:spTree></p:cSld>"
            "</p:notes>"
        )
    return archive(members)


def shape(text: str, placeholder: str | None = None) -> str:
    """A shape of a slide; each line is a paragraph, two blanks before it make it one deeper."""
    holder = f'<p:ph type="{placeholder}"/>' if placeholder else ""
    paragraphs = "".join(
        f'<a:p><a:pPr lvl="{(len(line) - len(line.lstrip())) // 2}"/>'
        f"<a:r><a:t>{escape(line.strip())}</a:t></a:r></a:p>"
        for line in text.split("\n")
    )
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:txBody>{paragraphs}</p:txBody>"
        "</p:sp>"
    )


def xlsx(sheets: Mapping[str, Mapping[str, str | float]], styles: str = "") -> bytes:
    """A workbook: the cells of each sheet by name. A value `0.19%` is 0.19 in a percent style."""
    space = f'xmlns="{_MAIN.format("spreadsheetml")}" xmlns:r="{_RELATIONSHIPS}"'
    listed = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="r{i}" state="{_state(name)}"/>'
        for i, name in enumerate(sheets, 1)
    )
    parts = {f"r{i}": ("worksheet", f"worksheets/s{i}.xml") for i in range(1, len(sheets) + 1)}
    members = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": relations({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f"{_XML}<workbook {space}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(parts | {"s": ("styles", "styles.xml")}),
        "xl/styles.xml": f'{_XML}<styleSheet {space}>{styles}<cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="9"/></cellXfs></styleSheet>',
    }
    for i, cells in enumerate(sheets.values(), 1):
        members[f"xl/worksheets/s{i}.xml"] = (
            f"{_XML}<worksheet {space}><sheetData>{_rows(cells)}</sheetData></worksheet>"
        )
    return archive(members)


def epub(chapters: Mapping[str, str], *, extra: Mapping[str, str] | None = None) -> bytes:
    """A book: the body of each chapter by its (quoted) file name."""
    items = "".join(
        f'<item id="c{i}" href="{name}" media-type="application/xhtml+xml"/>'
        for i, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/book.opf"/>'
            "</rootfiles></container>",
            "OPS/book.opf": '<package><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<dc:title>The handbook</dc:title><dc:creator>Ada</dc:creator></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
            **{
                f"OPS/{name.replace('%20', ' ')}": f"<html><head><title>x</title></head>"
                f"<body>{body}</body></html>"
                for name, body in chapters.items()
            },
            **(extra or {}),
        }
    )


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """A part's references: {id: (kind, target)}."""
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_RELATIONSHIPS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _state(name: str) -> str:
    return "hidden" if "hidden" in name else "visible"


def _rows(cells: Mapping[str, str | float]) -> str:
    rows: dict[str, list[str]] = {}
    for place, value in cells.items():
        row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if isinstance(value, str) and value.endswith("%"):
            cell = f'<c r="{place}" s="1"><v>{value[:-1]}</v></c>'
        elif isinstance(value, str):
            cell = f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        else:
            cell = f'<c r="{place}"><v>{value}</v></c>'
        rows.setdefault(row, []).append(cell)
    return "".join(f'<row r="{row}">{"".join(filled)}</row>' for row, filled in rows.items())


def _page_content(lines: Sequence[str | tuple[int, str]]) -> bytes:
    parts, y = [], 780
    for line in lines:
        size, text = (10, line) if isinstance(line, str) else line
        y -= size + 4
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        parts.append(f"BT /F {size} Tf 72 {y} Td ({escaped}) Tj ET")
    return "\n".join(parts).encode("cp1252")


def _pdf(pages: Sequence[str], streams: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Objects 1–3 are catalogue, page tree and font; then the pages, then the streams."""
    kids = " ".join(f"{4 + i} 0 R" for i in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *(page.encode() for page in pages),
    ]
    for head, content in streams:
        packed = zlib.compress(content)
        length = b"/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
        objects.append(head + length + packed + b"\nendstream")
    file = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n" % (len(objects) + 1, start)
    return bytes(file + b"%%EOF")
