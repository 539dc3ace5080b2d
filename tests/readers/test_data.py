from __future__ import annotations

import pytest

from appliance.readers.contract import Damaged


@pytest.mark.parametrize(
    "content",
    [
        "Item,Price\nPen,1.20\n",
        "Item;Price\nPen;1.20\n",
        "Item|Price\nPen|1.20",
        "Item\tPrice\nPen\t1.20",
    ],
)
def test_the_delimiter_is_found(here, content):
    (table,) = here(content, "prices.csv").blocks

    assert table.text == "| Item | Price |\n| --- | --- |\n| Pen | 1.20 |"
    assert table.place.cells == "A1:B2"


def test_a_quoted_cell_may_hold_anything(here):
    (table,) = here('Item,Note\nPen,"blue, ""dark""\nor black"\n', "a.csv").blocks

    assert table.text.endswith('| Pen | blue, "dark" or black |')


def test_a_tab_separated_file_is_a_table(here):
    assert here("Item\tPrice\nPen\t1,20\n", "a.tsv").report.tables == 1


def test_like_objects_are_a_table(here):
    (table,) = here('[{"item":"Pen","fee":1.2},{"item":"Book","fee":null}]', "a.json").blocks

    assert table.text == "| item | fee |\n| --- | --- |\n| Pen | 1.2 |\n| Book |  |"


def test_other_json_is_read_path_by_path(here):
    (hours,) = here('{"hours":{"monday":{"open":"9:00"},"closed":["Sunday"]}}', "a.json").blocks

    assert hours.text == "- hours › monday › open: 9:00\n- hours › closed: Sunday"


def test_json_that_is_nested_without_end_is_damaged(here):
    with pytest.raises(Damaged):
        here("[" * 100_000, "a.json")
