from hypothesis import given
from hypothesis import strategies as st

from appliance.store.words import is_word, words


def test_words_have_neither_case_nor_accents():
    assert words("Élan, NAÏVE über_all!") == ["elan", "naive", "uber", "all"]


def test_a_script_without_spaces_becomes_pairs_of_letters():
    assert words("東京都は3月") == ["東京", "京都", "都は", "3", "月"]
    assert words("ภาษา ok")[-1] == "ok"


def test_japanese_keeps_its_voiced_letters():
    assert words("がぎ") == ["がぎ"]


@given(st.text())
def test_every_word_is_a_word(text):
    assert all(is_word(word) for word in words(text))


def test_query_syntax_is_no_word():
    assert not any(is_word(text) for text in ('a"b', "a b", "a*", "NEAR(a)", "", "a_b", "-a"))
