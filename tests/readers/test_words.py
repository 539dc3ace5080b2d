from __future__ import annotations

from tests.readers.making import docx, paragraph

STYLES = (
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Mine"/>'
    '<w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Circle"><w:basedOn w:val="Circle"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Bullets"><w:name w:val="List Bullet"/><w:pPr><w:numPr>'
    '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
    '<w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)


def style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def number(list_: int, depth: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_}"/></w:numPr>'


def run(inside: str) -> str:
    return f"<w:p><w:r><w:t>Price is</w:t></w:r>{inside}<w:r><w:t>euro</w:t></w:r></w:p>"


def texts(reading) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in reading.blocks]


def test_headings_are_known_in_every_language_and_by_inheritance(here):
    body = (
        paragraph("Erstattungen", style("berschrift1"))
        + paragraph("Ausnahmen", '<w:outlineLvl w:val="1"/>')
        + paragraph("Nicht im Ausverkauf.")
        + paragraph("Lieferung", style("Mine"))
    )
    reading = here(docx(body, styles=STYLES), "handbuch.docx")

    assert [block.level for block in reading.blocks] == [1, 2, 0, 1]
    assert reading.blocks[2].place.heading == "Erstattungen › Ausnahmen"
    assert reading.title == "Erstattungen"


def test_lists_stay_whole_whether_by_style_or_by_button(here):
    body = "".join(
        (
            paragraph("Pens", style("Bullets")),
            paragraph("blue", number(1, 1)),
            paragraph("Books", style("Bullets")),
            paragraph("Order", number(2)),
            paragraph("Pay", number(2)),
            paragraph("Done."),
        )
    )
    reading = here(docx(body, styles=STYLES, numbering=NUMBERING), "a.docx")

    assert texts(reading) == [
        ("list", "- Pens\n  - blue\n- Books"),
        ("list", "1. Order\n2. Pay"),
        ("paragraph", "Done."),
    ]


def test_a_tab_keeps_words_apart(here):
    body = run("<w:r><w:tab/><w:t>20</w:t></w:r><w:r><w:tab/></w:r>")

    assert texts(here(docx(body), "a.docx")) == [("paragraph", "Price is 20 euro")]


def test_deleted_and_hidden_text_is_not_read(here):
    body = run(
        "<w:del><w:r><w:delText> 10 </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t xml:space='preserve'> 20 </w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
        "<w:r><w:instrText>PAGEREF _1</w:instrText></w:r>"
    )

    assert texts(here(docx(body), "a.docx")) == [("paragraph", "Price is 20 euro")]


def test_merged_cells_say_their_text_in_each_row(here):
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    wide, start, more = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        cell("Plan", wide) + cell("Fee"),
        cell("Office", start) + cell("small") + cell("5"),
        cell("", more) + cell("large") + cell("9"),
    )
    body = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    (table,) = here(docx(body), "a.docx").blocks

    assert table.text.split("\n")[2:] == ["| Office | small | 5 |", "| Office | large | 9 |"]


def test_footnotes_and_text_boxes_follow_their_paragraph(here):
    body = run(
        '<w:r><w:footnoteReference w:id="2"/></w:r>'
        f"<w:r><w:txbxContent>{paragraph('In the box.')}</w:txbxContent></w:r>"
    )
    notes = f'<w:footnote w:id="2">{paragraph("Plus tax.")}</w:footnote>'

    reading = here(docx(body, footnotes=notes), "a.docx")

    assert [text for _, text in texts(reading)] == ["Price iseuro", "Plus tax.", "In the box."]


def test_the_table_of_contents_is_not_text(here):
    body = paragraph("Refunds 3", style("Verzeichnis1")) + paragraph("Refunds are paid.")

    assert texts(here(docx(body, styles=STYLES), "a.docx")) == [("paragraph", "Refunds are paid.")]


def test_styles_that_are_based_on_themselves_do_no_harm(here):
    body = paragraph("Text.", style("Circle"))

    assert texts(here(docx(body, styles=STYLES), "a.docx")) == [("paragraph", "Text.")]
