"""Documents made to do harm."""

from __future__ import annotations

import pytest

from appliance.readers.contract import Damaged
from appliance.readers.xmltree import parse
from tests.readers import making

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY out SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE])
def test_xml_entities_are_refused(declaration):
    with pytest.raises(Damaged, match="declares XML entities"):
        parse(f"{declaration}<x>&c;&out;</x>".encode())


def with_entities(declaration: str, entity: str) -> dict[str, bytes]:
    """Documents of several kinds whose text is an entity."""
    body = making.paragraph("We open.").replace("We open.", f"We open. &{entity};")
    slide = making.shape("We open.").replace("We open.", f"We open. &{entity};")
    declared = {
        "a.docx": making.docx(body),
        "a.pptx": making.pptx({"s": slide}),
        "a.xlsx": making.xlsx({"S": {"A1": "x"}}),
    }
    return {name: declare(content, declaration) for name, content in declared.items()}


def declare(content: bytes, declaration: str) -> bytes:
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(content)) as packed:
        members = {info.filename: packed.read(info) for info in packed.infolist()}
    return making.archive(
        {
            name: part.replace(b"?>", b"?>" + declaration.encode(), 1)
            for name, part in members.items()
        }
    )


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx"])
@pytest.mark.parametrize(("declaration", "entity"), [(LAUGHS, "c"), (OUTSIDE, "out")])
def test_an_office_document_with_entities_is_not_opened(fenced, name, declaration, entity):
    with pytest.raises(Damaged):
        fenced(with_entities(declaration, entity)[name], name)


@pytest.mark.parametrize(("declaration", "entity"), [(LAUGHS, "c"), (OUTSIDE, "out")])
def test_an_opendocument_text_with_entities_gives_nothing_away(
    fenced, samples, declaration, entity
):
    from appliance.base.errors import Unreadable

    original = (samples / "handbook.odt").read_bytes()
    content = declare(original, declaration)
    try:
        text = "\n".join(block.text for block in fenced(content, "a.odt").blocks)
    except Unreadable:
        return
    assert "root:" not in text
    assert "hahaha" not in text


def test_a_part_that_leads_out_of_the_archive_leads_nowhere(here):
    content = making.archive(
        {
            "_rels/.rels": making.relations({"r": ("officeDocument", "../../../etc/passwd")}),
            "word/document.xml": "<w:document/>",
        }
    )

    with pytest.raises(Damaged):
        here(content, "a.docx")


def test_elements_nested_without_end_are_damaged(fenced):
    deep = making.docx("<w:sdt>" * 50_000 + making.paragraph("x") + "</w:sdt>" * 50_000)

    with pytest.raises(Damaged):
        fenced(deep, "deep.docx")


def test_a_page_of_unclosed_elements_is_still_read(here):
    assert here("<div>" * 2000 + "We open.", "a.html").blocks[0].text == "We open."
