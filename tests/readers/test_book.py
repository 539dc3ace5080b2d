from __future__ import annotations

from tests.readers.making import epub


def test_chapters_come_in_the_order_of_the_book_with_quoted_names_too(here):
    book = epub(
        {
            "b.xhtml": "<h1>Refunds</h1><p>Within 14&nbsp;days.</p>",
            "a%20file.xhtml": "<h2>Exceptions</h2><p>Sale items.</p>",
        }
    )
    reading = here(book, "handbook.epub")

    assert [(block.text, block.place.heading) for block in reading.blocks] == [
        ("Refunds", None),
        ("Within 14 days.", "Refunds"),
        ("Exceptions", "Refunds"),
        ("Sale items.", "Refunds › Exceptions"),
    ]
    assert (reading.title, reading.metadata) == ("The handbook", {"author": "Ada"})


def test_a_missing_chapter_is_told(here):
    book = epub({"a.xhtml": "<p>Here.</p>", "gone.xhtml": ""})
    reading = here(book.replace(b"OPS/gone.xhtml", b"OPS/lost.xhtml"), "handbook.epub")

    assert reading.report.warnings == ("The chapter gone.xhtml is missing in the file.",)
