from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.readers import tables

CELLS = st.lists(st.lists(st.text(max_size=40), min_size=2, max_size=2), max_size=40)


def test_a_cell_cannot_break_out_of_its_table():
    text = tables.markdown(["Item"], tables.square([["blue | black\nor grey"]]))

    assert text == "| Item |\n| --- |\n| blue \\| black or grey |"


def test_empty_rows_and_columns_are_left_out():
    assert tables.square([["a", "", "b"], ["", " "], ["c"]]) == [["a", "b"], ["c", ""]]


def test_pieces_are_as_long_as_asked_for():
    rows = [["x" * 50, "y"]] * 20

    for piece in tables.pieces(["Name", "Letter"], rows, limit=300):
        assert len(tables.markdown(["Name", "Letter"], rows[piece.start : piece.stop])) <= 330


@given(CELLS)
def test_every_row_is_in_exactly_one_piece(rows):
    pieces = list(tables.pieces(["a", "b"], rows, limit=100))

    assert [row for piece in pieces for row in piece] == list(range(len(rows)))
