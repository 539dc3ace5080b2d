from __future__ import annotations

from appliance.readers.pdf import ranges
from tests.readers import making

PROSE = "The office is open to the public from nine in the morning until five in the day,"


def test_every_block_has_its_page(here):
    reading = here(making.pdf(["We open at nine."], ["We close at five."]), "hours.pdf")

    assert [(block.text, block.place.page) for block in reading.blocks] == [
        ("We open at nine.", 1),
        ("We close at five.", 2),
    ]
    assert (reading.report.pages, reading.report.pages_with_text) == (2, 2)


def test_large_type_is_a_heading(here):
    body = [PROSE] * 6 + ["and never later."]
    page = [(18, "Opening hours"), *body, (14, "Exceptions"), *body]

    reading = here(making.pdf(page), "hours.pdf")

    assert [block.text for block in reading.blocks if block.kind == "heading"] == [
        "Opening hours",
        "Exceptions",
    ]
    assert reading.blocks[-1].place.heading == "Opening hours › Exceptions"
    assert reading.title == "Opening hours"


def test_pages_without_text_are_told(here):
    content = making.pdf(["We open at nine."], [], [], [], ["We close."], [])

    report = here(content, "half.pdf").report

    assert (report.pages, report.pages_with_text) == (6, 2)
    assert report.warnings == ("Pages 2–4, 6 hold no text; they may be scans.",)


def test_one_page_without_text_is_told_in_the_singular(here):
    (warning,) = here(making.pdf(["We open at nine."], []), "half.pdf").report.warnings

    assert warning == "Page 2 holds no text; it may be a scan."


def test_page_numbers_are_written_as_ranges():
    assert ranges([1, 3, 4, 5, 8, 9]) == "1, 3–5, 8–9"


def test_special_characters_survive(here):
    assert (
        here(making.pdf(["Grüße – 5 € (netto)"]), "a.pdf").blocks[0].text == "Grüße – 5 € (netto)"
    )
