"""Real files of every kind, read as the product reads them."""

from __future__ import annotations

import pytest


@pytest.fixture
def sample(fenced, samples):
    return lambda name: fenced((samples / name).read_bytes(), name)


def test_a_paper_keeps_its_page_and_its_divided_words_together(sample):
    reading = sample("test.pdf")

    text = " ".join(block.text for block in reading.blocks)
    assert "confirming its general feasibility" in text
    assert "because chat-optimized LLMs" in text
    assert {block.place.page for block in reading.blocks} == {1}


def test_a_receipt_is_read_whole(sample):
    reading = sample("RECEIPT-2024-TXN-98765_retail_purchase.pdf")

    text = "\n".join(block.text for block in reading.blocks)
    assert "TECHMART ELECTRONICS" in text  # kreuzberg's own Markdown leaves it out
    assert "TOTAL $821.14" in text
    returns = next(b for b in reading.blocks if "Returns within 30 days" in b.text)
    assert returns.place.heading == "RETURN POLICY"


def test_a_booking_keeps_its_rows_apart(sample):
    reading = sample("movie-theater-booking-2024.pdf")

    totals = next(b for b in reading.blocks if "December 2024" in b.text)
    assert totals.text.split("\n")[1] == "December 2024 48 $12,500.00 $11,250.00 85%"
    assert totals.place.heading == "Totals"


def test_a_word_document_has_headings_and_its_table(sample):
    reading = sample("test.docx")

    assert reading.report.tables == 1
    assert any(block.place.heading == "Abstract" for block in reading.blocks)
    table = next(block for block in reading.blocks if block.kind == "table")
    assert table.text.startswith("| 1 | 2 | 3 | 4 | 5 | 6 |\n| --- |")


def test_a_presentation_has_slides_for_pages(sample):
    reading = sample("test.pptx")

    assert reading.report.pages == 6
    assert next(b.place.page for b in reading.blocks if "Comment 1" in b.text) == 5
    chart = next(b for b in reading.blocks if b.place.page == 4 and b.kind == "table")
    assert "| 2001 | 2001 |" in chart.text


def test_a_workbook_has_sheets_and_cells(sample):
    reading = sample("test.xlsx")

    places = [(block.place.sheet, block.place.cells) for block in reading.blocks]
    assert places == [("Sheet1", "A1:D24"), ("09060124-b5e7-4717-9d07-3c046eb", "A1:D5")]


def test_an_old_workbook_names_no_cells_rather_than_wrong_ones(sample):
    (table,) = sample("prices.xls").blocks

    assert (table.place.sheet, table.place.cells) == ("Prices", None)
    assert "| Book | 9.99 |" in table.text


def test_a_book_has_chapters(sample):
    reading = sample("test.epub")

    assert reading.title == "Test EPUB Document"
    bullets = next(block for block in reading.blocks if block.kind == "list")
    assert bullets.text == "- A bullet point\n- Another point"
    assert bullets.place.heading == "Chapter 1: Test Content"


def test_a_web_page_loses_what_is_around_its_article(sample):
    reading = sample("test_blog.html")

    text = "\n".join(block.text for block in reading.blocks)
    assert "we will explore how model and inference parameter matter" in text
    assert "Skip to main content" not in text
    assert reading.metadata["description"] == "level 2 algebra"


def test_a_japanese_table_in_shift_jis_is_read(sample):
    (table,) = sample("test_mskanji.csv").blocks

    assert "| 髙橋淳 | 35 | 名古屋 |" in table.text
    assert table.place.cells == "A1:C4"


def test_an_outlook_message_says_who_wrote_what(sample):
    reading = sample("test_outlook_msg.msg")

    assert reading.title == "Test Email Message"
    assert reading.blocks[0].text.startswith("Subject: Test Email Message\nFrom: ")
    assert reading.blocks[-1].text == "This is the body of the test email message"


def test_an_opendocument_text_has_headings_lists_and_tables(sample):
    reading = sample("handbook.odt")

    kinds = {block.kind: block for block in reading.blocks}
    assert kinds["list"].text == "- bullet a\n- bullet b\n  - nested"
    assert kinds["table"].text.endswith("| x | y \\| z |")
    assert kinds["table"].place.heading == "Refunds › Exceptions"


def test_a_pdf_that_forbids_copying_can_still_be_read(sample):
    assert sample("no_copying.pdf").blocks[0].text == "The safe is behind the mirror."
