from __future__ import annotations

from appliance.readers.draft import Draft, Item


def test_a_heading_stands_over_all_until_the_next_of_its_level():
    draft = Draft()
    draft.heading("Refunds", 1)
    draft.heading("Exceptions", 2)
    draft.paragraph("Not on sale items.")
    draft.heading("Delivery", 1)
    draft.paragraph("On weekdays.")

    assert [(block.text, block.place.heading) for block in draft.blocks] == [
        ("Refunds", None),
        ("Exceptions", "Refunds"),
        ("Not on sale items.", "Refunds › Exceptions"),
        ("Delivery", None),
        ("On weekdays.", "Delivery"),
    ]


def test_what_nobody_could_read_is_no_block():
    draft = Draft()
    draft.paragraph(" \n\t")
    draft.paragraph("* * *")
    draft.heading("—", 1)
    draft.listing([Item(""), Item(" ")])
    draft.table([["", ""], [" ", ""]])

    assert draft.blocks == []


def test_a_list_is_one_block_with_its_inner_lists():
    draft = Draft()
    draft.listing([Item("Open the app", 0, "1."), Item("on the phone", 1), Item("Pay", 0, "2.")])

    assert [block.text for block in draft.blocks] == ["1. Open the app\n  - on the phone\n2. Pay"]


def test_a_long_table_comes_in_pieces_that_repeat_its_header():
    draft = Draft()
    draft.table([["Name", "Number"], *([f"Customer {n}", str(n)] for n in range(100))])

    assert draft.tables == 1
    assert len(draft.blocks) > 3
    assert all(block.text.startswith("| Name | Number |\n| --- |") for block in draft.blocks)


def test_a_table_of_one_column_is_a_box_of_text():
    draft = Draft()
    draft.table([["Please note:"], ["We close early in August."]])

    assert [block.kind for block in draft.blocks] == ["paragraph", "paragraph"]


def test_a_paragraph_marked_as_a_heading_is_a_paragraph():
    draft = Draft()
    draft.heading("word " * 60, 1)

    assert draft.blocks[0].kind == "paragraph"


def test_fields_nobody_filled_in_describe_nothing():
    draft = Draft()
    draft.describe(title="(anonymous)", author=["Ada", "Vera"], subject="untitled", created=None)

    assert (draft.title, draft.metadata) == (None, {"author": "Ada, Vera"})
