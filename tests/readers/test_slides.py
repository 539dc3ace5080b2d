from __future__ import annotations

from tests.readers.making import pptx, shape


def test_slides_are_numbered_as_they_are_shown_and_not_as_their_files(here):
    deck = pptx(
        {"slide2": shape("First", "title"), "slide1": shape("Second", "title")},
        notes={"slide1": "Say hello."},
    )
    reading = here(deck, "deck.pptx")

    assert [(block.text, block.place.page) for block in reading.blocks] == [
        ("First", 1),
        ("Second", 2),
        ("Notes: Say hello.", 2),
    ]
    assert reading.blocks[2].place.heading == "Second"


def test_the_title_stands_over_the_slide_wherever_its_shape_is(here):
    shapes = shape("Pens\n  blue\nBooks", "body") + shape("Prices", "ctrTitle")
    title, bullets = here(pptx({"slide1": shapes}), "deck.pptx").blocks

    assert title.text == "Prices"
    assert bullets.text == "- Pens\n  - blue\n- Books"
    assert bullets.place.heading == "Prices"


def test_a_slide_without_title_is_not_under_the_one_before(here):
    reading = here(pptx({"a": shape("Prices", "title"), "b": shape("Ring us.")}), "deck.pptx")

    assert reading.blocks[1].place.heading is None


def test_dates_and_slide_numbers_are_left_out(here):
    shapes = shape("7", "sldNum") + shape("March", "dt") + shape("Ring us.")

    assert [block.text for block in here(pptx({"a": shapes}), "d.pptx").blocks] == ["Ring us."]


def test_hidden_slides_are_read_and_told(here):
    reading = here(pptx({"a": shape("Shown."), "hidden": shape("Spare.")}), "deck.pptx")

    assert reading.report.warnings == ("Hidden slides were read too: 2.",)
    assert (reading.report.pages, reading.report.pages_with_text) == (2, 2)


def test_tables_and_groups_are_read(here):
    def cell(text: str) -> str:
        return f"<a:tc><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    rows = "".join(f"<a:tr>{cell(a)}{cell(b)}</a:tr>" for a, b in (("Item", "Fee"), ("Pen", "1")))
    table = f"<p:graphicFrame><a:tbl>{rows}</a:tbl></p:graphicFrame>"
    shapes = f"<p:grpSp>{shape('In a group.')}</p:grpSp>{table}"

    reading = here(pptx({"a": shapes}), "deck.pptx")

    assert [block.text for block in reading.blocks] == [
        "In a group.",
        "| Item | Fee |\n| --- | --- |\n| Pen | 1 |",
    ]
    assert reading.report.tables == 1
