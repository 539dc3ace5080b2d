import pytest

from appliance.library.question import (
    LONGEST,
    Question,
    asked,
    carry,
    closest,
    content,
    leans,
    weigh,
)


def ask(text: str, *, count: int = 100, stand_ins: dict[str, str] | None = None, **known: int):
    return weigh(text, lambda stem: known.get(stem, 0), count, stand_ins=stand_ins or {})


def test_small_words_ask_for_nothing():
    assert content("How do I get to the parking?") == ["get", "parking"]


def test_a_question_of_small_words_only_is_taken_whole():
    assert content("Who are you?") == ["who", "are", "you"]


def test_a_rare_word_tells_more_than_a_common_one():
    question = ask("parking costs", park=2, cost=60)
    assert question.weights["park"] > 3 * question.weights["cost"]


def test_words_of_the_asking_tell_half():
    known = {"kind": 5, "visa": 5}
    question = ask("kind visa", **known)
    assert question.weights["kind"] == question.weights["visa"] / 2


def test_a_word_in_every_passage_of_a_tiny_collection_still_tells_something():
    question = ask("refund helicopter", count=1, refund=1)
    assert question.weights["refund"] > question.weights["helicopt"] / 2


def test_words_nobody_wrote_are_counted_as_unknown():
    assert ask("parking", park=3).unknown == 0
    assert ask("helicopter").unknown == 1
    assert 0.3 < ask("helicopter parking", park=3).unknown < 0.9


def test_a_misspelt_word_is_looked_for_as_it_should_be():
    question = ask("parkign place", stand_ins={"parkign": "park"}, park=3, place=9)
    assert set(question.weights) == {"park", "place"}
    assert question.pairs == (("park", "place"),)


def test_a_very_long_question_is_looked_at_from_both_ends():
    words = [f"w{n}" for n in range(1000)]
    looked_at = asked(" ".join(words))
    assert len(looked_at) == LONGEST
    assert (looked_at[0], looked_at[-1]) == ("w0", "w999")


def test_earlier_words_weigh_less_than_those_of_the_question():
    now, before = (
        Question({"cost": 2.0}, forms={"cost": "cost"}),
        Question({"park": 4.0, "cost": 2.0}, forms={"park": "parking", "cost": "costs"}),
    )
    carried = carry(now, [(before, 0.5)])
    assert carried.weights == {"cost": 2.0, "park": 2.0}
    assert carried.forms == {"cost": "cost", "park": "parking"}


@pytest.mark.parametrize(
    "text",
    [
        "And how much is it?", "What about Sundays?", "How long?", "Is that the same for guests?",
        "Who approves them?", "But why?",
    ],
)  # fmt: skip
def test_a_question_may_lean_on_what_was_said_before(text):
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "How many days of leave do employees have?", "Where can visitors park?",
        "opening hours reception", "", "?",
    ],
)  # fmt: skip
def test_a_question_may_stand_by_itself(text):
    assert not leans(text)


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("refudn", ["refund", "reform"], "refund"),
        ("goverment", ["govern", "government"], "government"),
        ("parkin", ["park", "parking"], "parking"),
        ("helicopter", ["help", "helium"], None),
        ("cats", ["cat"], None),
        ("xyz", [], None),
    ],
)
def test_a_misspelt_word_stands_for_the_nearest_that_is_known(word, known, expected):
    assert closest(word, [(each, 1) for each in known]) == expected


def test_of_two_words_as_near_the_more_common_is_meant():
    assert closest("leavo", [("leave", 9), ("leaves", 2), ("leavn", 1)]) == "leave"
