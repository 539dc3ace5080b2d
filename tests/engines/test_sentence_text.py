"""Texts cut into tokens, and which of these a span has."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from appliance.engines.sentence_text import padded, read

from .parts import starter

TEXT = "We open at nine. The café opens at ten."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    _, folder = starter("all-minilm-l6-v2")
    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.enable_truncation(16)
    found.no_padding()
    return found


def words(tokenizer: Tokenizer, text: str, span: tuple[int, int]) -> list[str]:
    encoding = tokenizer.encode(text)
    ((first, count),) = read(encoding, [span]).spans
    return encoding.tokens[first : first + count]


def test_a_span_has_the_tokens_that_begin_in_it(tokenizer: Tokenizer) -> None:
    assert words(tokenizer, TEXT, (0, 16)) == ["we", "open", "at", "nine", "."]
    assert words(tokenizer, TEXT, (17, len(TEXT)))[:2] == ["the", "cafe"]


@pytest.mark.parametrize("span", [(2, 3), (5, 5), (9, 3), (900, 999), (-5, -1)])
def test_a_span_without_a_token_has_none(tokenizer: Tokenizer, span: tuple[int, int]) -> None:
    assert words(tokenizer, TEXT, span) == []


def test_special_tokens_belong_to_no_span(tokenizer: Tokenizer) -> None:
    everything = words(tokenizer, TEXT, (0, 999))
    assert "[CLS]" not in everything
    assert "[SEP]" not in everything


def test_what_is_beyond_the_window_has_no_tokens(tokenizer: Tokenizer) -> None:
    text = "word " * 30
    assert read(tokenizer.encode(text), []).tokens == 16
    assert words(tokenizer, text, (100, 150)) == []


def test_an_empty_text_has_its_special_tokens_only(tokenizer: Tokenizer) -> None:
    found = read(tokenizer.encode(""), [(0, 5)])
    assert (found.tokens, list(found.spans)) == (2, [(0, 0)])


def test_rows_are_filled_up_to_one_length() -> None:
    assert padded([[1, 2, 3], [4]], 9).tolist() == [[1, 2, 3], [4, 9, 9]]
