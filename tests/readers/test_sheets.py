from __future__ import annotations

from appliance.readers.draft import Draft
from appliance.readers.grids import cell_name, write_sheet
from tests.readers.making import xlsx


def test_a_table_anywhere_on_a_sheet_is_named_by_its_true_cells(here):
    cells = {"C5": "Item", "D5": "Price", "C6": "Pen", "D6": 1.2, "C9": "Ring us."}
    reading = here(xlsx({"Prices": cells}), "prices.xlsx")

    assert [(block.place.sheet, block.place.cells) for block in reading.blocks] == [
        ("Prices", "C5:D6"),
        ("Prices", "C9"),
    ]
    assert reading.blocks[0].text == "| Item | Price |\n| --- | --- |\n| Pen | 1.2 |"


def test_percentages_are_written_as_the_program_shows_them(here):
    cells = {"B2": "Item", "C2": "VAT", "B3": "Pen", "C3": "0.19%", "B4": "Book", "C4": "0.07%"}
    (table,) = here(xlsx({"Tax": cells}), "tax.xlsx").blocks

    assert table.text.split("\n")[2:] == ["| Pen | 19% |", "| Book | 7% |"]


def test_hidden_sheets_are_read_and_told(here):
    reading = here(xlsx({"Open": {"A1": "a"}, "hidden one": {"A1": "b"}}), "a.xlsx")

    assert [block.place.sheet for block in reading.blocks] == ["Open", "hidden one"]
    assert reading.report.warnings == ("Hidden sheets were read too: hidden one.",)


def test_a_long_table_repeats_its_header_and_counts_its_rows(here):
    cells = {"A1": "Name", "B1": "Number"}
    for row in range(2, 102):
        cells |= {f"A{row}": f"Customer {row}", f"B{row}": row}
    reading = here(xlsx({"Big": cells}), "big.xlsx")

    first, second, *_ = reading.blocks
    assert first.place.cells == "A1:B" + str(int(second.place.cells[1:].split(":")[0]) - 1)
    assert all(block.text.startswith("| Name | Number |") for block in reading.blocks)
    assert reading.blocks[-1].place.cells.endswith(":B101")


def test_a_caption_is_read_before_its_table():
    draft = Draft()
    write_sheet(draft, [["Prices 2026", ""], ["Item", "Price"], ["Pen", "1.20"]], sheet="S")

    assert [(block.kind, block.place.cells) for block in draft.blocks] == [
        ("paragraph", "A1"),
        ("table", "A2:B3"),
    ]


def test_numbers_in_the_first_row_are_no_header():
    draft = Draft()
    write_sheet(draft, [["1", "2"], ["3", "4"]])

    assert draft.blocks[0].text == "|  |  |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"


def test_dates_lose_midnight_and_numbers_their_noise():
    draft = Draft()
    write_sheet(draft, [["Day", "Sum"], ["2026-03-01 00:00:00", "0.30000000000000004"]])

    assert "| 2026-03-01 | 0.3 |" in draft.blocks[0].text


def test_columns_are_named_as_spreadsheets_name_them():
    assert [cell_name(0, column) for column in (0, 25, 26, 701, 702)] == [
        "A1",
        "Z1",
        "AA1",
        "ZZ1",
        "AAA1",
    ]
