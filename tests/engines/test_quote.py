"""Quoting: the documents' own words, with their numbers."""

from __future__ import annotations

from appliance.engines.contract import Finish, Prompt, Sentence, Source, Text
from appliance.engines.quote import QuoteEngine


def source(number: int, *sentences: tuple[str, float]) -> Source:
    """A source of these sentences, each with its score, one space apart."""
    text, spans = "", []
    for words, score in sentences:
        spans.append(Sentence(len(text), len(text) + len(words), score))
        text += words + " "
    return Source(number, f"document {number}", text, tuple(spans))


def quoted(*sources: Source, max_tokens: int = 400) -> str:
    pieces = QuoteEngine().write(Prompt(turns=(), sources=sources, max_tokens=max_tokens))
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))


def test_the_best_sentence_is_quoted_with_its_number() -> None:
    hours = source(2, ("We are a shop.", 0.2), ("We open at nine.", 0.8))

    assert quoted(hours) == "We open at nine. [2]"


def test_sentences_nearly_as_good_follow_best_first() -> None:
    first = source(1, ("We open at nine.", 0.70))
    second = source(2, ("Sundays we are closed.", 0.75), ("We sell nails.", 0.3))

    assert quoted(first, second) == "Sundays we are closed. [2] We open at nine. [1]"


def test_sentences_of_one_source_stay_in_their_order() -> None:
    hours = source(1, ("We open at nine.", 0.70), ("On Sundays at ten.", 0.75))

    assert quoted(hours) == "We open at nine. [1] On Sundays at ten. [1]"


def test_a_question_in_the_document_is_answered_with_what_follows_it() -> None:
    faq = source(1, ("When do you open?", 0.9), ("At nine.", 0.3), ("We sell nails.", 0.4))

    assert quoted(faq) == "At nine. [1]"


def test_a_sentence_that_announces_is_quoted_with_what_it_announces() -> None:
    hours = source(1, ("Our opening hours:", 0.9), ("Nine to five.", 0.2))

    assert quoted(hours) == "Our opening hours: [1] Nine to five. [1]"


def test_the_same_sentence_in_two_sources_is_quoted_once() -> None:
    assert quoted(source(1, ("At nine.", 0.8)), source(2, ("At nine.", 0.8))) == "At nine. [1]"


def test_at_most_three_sentences_are_quoted() -> None:
    many = source(1, *((f"Fact {n}.", 0.8) for n in range(9)))

    assert quoted(many).count("[1]") == 3


def test_a_source_without_marked_sentences_is_quoted_from_its_beginning() -> None:
    assert quoted(Source(3, "note", "\nCall Ada.\nOr Vera.")) == "Call Ada. [3]"


def test_without_sources_nothing_is_written() -> None:
    pieces = list(QuoteEngine().write(Prompt(turns=())))

    assert pieces == [Finish("stop")]


def test_what_does_not_fit_is_left_out_whole() -> None:
    hours = source(1, ("We open at nine.", 0.8), ("On Sundays at ten.", 0.79))
    pieces = list(QuoteEngine().write(Prompt(turns=(), sources=(hours,), max_tokens=8)))

    assert pieces == [Text("We open at nine. [1]"), Finish("length")]
