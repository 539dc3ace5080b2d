from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from appliance.readers import tidy


def test_letters_are_composed_and_control_characters_gone():
    assert tidy.clean("Cafe\u0301\x00\x07 \u202eolé\ufeff") == "Café olé"


def test_every_line_end_becomes_one():
    assert tidy.clean("a\r\nb\rc\u2028d\x0ce") == "a\nb\nc\nd\ne"


def test_joiners_of_persian_and_emoji_stay():
    assert tidy.clean("می\u200cخواهم 👩\u200d💻") == "می\u200cخواهم 👩\u200d💻"


@given(st.text())
def test_whatever_comes_in_can_be_stored_and_sent(text):
    cleaned = tidy.clean(text)

    cleaned.encode("utf-8")
    assert "\0" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


def test_a_lone_surrogate_is_dropped():
    assert tidy.clean("a\ud800b") == "ab"
