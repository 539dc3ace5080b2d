from __future__ import annotations

from appliance.readers.draft import Draft
from appliance.readers.lines import Heading, Hints, LineWriter, could_be_heading, usual_width

FULL = "The office is open to the public from nine in the morning until five in the"


def written(text: str, **options: object) -> list[tuple[str, str]]:
    draft = Draft()
    lines = text.strip("\n").split("\n")
    LineWriter(draft, width=usual_width(lines), **options).write(lines)
    return [(block.kind, block.text) for block in draft.blocks]


def test_wrapped_lines_are_one_paragraph_and_short_ones_end_it():
    text = f"{FULL}\nafternoon.\n{FULL}\nwinter."

    assert written(text) == [
        ("paragraph", f"{FULL} afternoon."),
        ("paragraph", f"{FULL} winter."),
    ]


def test_rows_of_numbers_stay_lines():
    rows = (
        "Holiday Spectacular 12/20/24 12/25/24 7:00 PM $250 12 $3,000\n"
        "Winter Wonderland at noon 12/20/24 12/31/24 4:30 PM $150 24 $3,600"
    )

    assert written(rows) == [("paragraph", rows)]


def test_bullets_of_any_shape_are_a_list_with_their_wrapped_lines():
    text = f"• {FULL}\nafternoon\n• Closed on Sundays\n▪ Parking is free"

    assert written(text) == [
        ("list", f"- {FULL} afternoon\n- Closed on Sundays\n- Parking is free")
    ]


def test_a_numbered_list_keeps_its_numbers():
    assert written("1. Open the app\n2. Choose a form\n3. Send it") == [
        ("list", "1. Open the app\n2. Choose a form\n3. Send it")
    ]


def test_a_phone_number_is_no_entry_of_a_list():
    assert written("Ring us:\n(415) 555-0199") == [("paragraph", "Ring us:\n(415) 555-0199")]


def test_a_numbered_line_over_prose_is_a_heading():
    text = f"2.1 Opening hours\n{FULL}\nafternoon.\nExceptions\n{FULL}\nwinter."
    draft = Draft()
    LineWriter(draft, width=75).write(text.split("\n"))

    assert [(block.level, block.text) for block in draft.blocks if block.level] == [
        (2, "2.1 Opening hours"),
        (3, "Exceptions"),
    ]


def test_a_line_in_capitals_is_a_heading():
    assert written("RETURN POLICY\nReceipt required\nElectronics unopened")[0] == (
        "heading",
        "RETURN POLICY",
    )


def test_a_hint_makes_a_heading_of_two_lines():
    lines = ("Enabling Next-Generation", "Applications")
    hints = Hints({lines[0]: Heading(1, lines)})

    assert written("\n".join([*lines, "By Ada"]), hints=hints) == [
        ("heading", "Enabling Next-Generation Applications"),
        ("paragraph", "By Ada"),
    ]


def test_sentences_prices_and_labels_are_no_headings():
    assert could_be_heading("Opening hours")
    assert could_be_heading("How do I get a refund?")
    assert could_be_heading("Chapter 3: Refunds")
    for text in ("We open at nine.", "TOTAL $821.14", "Region: NORTHEAST", "and so on", "12/20/24"):
        assert not could_be_heading(text)


def test_rules_and_blank_lines_separate():
    assert written("One thing\n-----\nAnother\n\nThird") == [
        ("paragraph", "One thing"),
        ("paragraph", "Another"),
        ("paragraph", "Third"),
    ]
