import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.library.sentences import LONGEST, lines, sentences


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We open at 9. We close at 5.", ["We open at 9.", "We close at 5."]),
        (
            "It costs $3.50 or 4.00 euros. Cash only.",
            ["It costs $3.50 or 4.00 euros.", "Cash only."],
        ),
        ("Ask Dr. Osei, e.g. by mail. She knows.", ["Ask Dr. Osei, e.g. by mail.", "She knows."]),
        ("Written by J. R. Smith. Read it!", ["Written by J. R. Smith.", "Read it!"]),
        ('"Really?" he said. "Yes."', ['"Really?" he said.', '"Yes."']),
        ("Am 3. Mai öffnen wir. Danach nicht.", ["Am 3. Mai öffnen wir.", "Danach nicht."]),
        ("Siehe Abs. 2, z.B. hier. Ende.", ["Siehe Abs. 2, z.B. hier.", "Ende."]),
        ("今日は晴れです。明日は雨？はい！", ["今日は晴れです。", "明日は雨？", "はい！"]),
        ("No stop at the end", ["No stop at the end"]),
        ("One paragraph\n\nAnother one", ["One paragraph", "Another one"]),
        ("A line that is\nbroken. Next.", ["A line that is\nbroken.", "Next."]),
        ("- first item\n- second item", ["- first item", "- second item"]),
        ("1. Sign here. 2. Send it.", ["1. Sign here.", "2. Send it."]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert parts(text) == expected


@given(st.text())
def test_together_they_hold_every_letter_in_order(text):
    spans = sentences(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_what_has_no_stops_is_cut_at_its_pauses():
    pieces = parts("word " * 500)
    assert all(len(piece) <= LONGEST for piece in pieces)
    assert all(piece.startswith("word") and piece.endswith("word") for piece in pieces)


def test_a_table_has_a_sentence_for_each_row_that_says_something():
    table = "| Name | Days |\n|---|---|\n| Ada | 5 |\n"
    assert [table[a:b] for a, b in lines(table)] == ["| Name | Days |", "| Ada | 5 |"]


@pytest.mark.parametrize("text", ["a" * 2_000_000, "a. " * 500_000, ". " * 500_000])
def test_a_hostile_text_takes_no_longer_than_its_length_explains(text):
    began = time.monotonic()
    sentences(text)
    assert time.monotonic() - began < 15
