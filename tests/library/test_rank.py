import numpy as np
import pytest

from appliance.library import rank
from appliance.library.question import Question

QUESTION = Question({"refund": 3.0, "game": 3.0}, pairs=(("refund", "game"),))


def passage(*sentences: str, cosine: float = 0.3, heading: str = "", cosines=None) -> rank.Passage:
    stems = [sentence.split() for sentence in sentences]
    return rank.Passage(
        stems=[stem for sentence in stems for stem in sentence],
        sentences=[frozenset(sentence) for sentence in stems],
        heading=frozenset(heading.split()),
        cosine=cosine,
        cosines=np.array(cosines or [cosine] * len(sentences), np.float32),
    )


def score(*sentences: str, **more) -> float:
    return rank.match(QUESTION, passage(*sentences, **more)).score


def test_a_sentence_with_all_words_beats_two_with_one_each():
    assert score("refund of game", "hello") > score("refund", "x", "y", "game")


def test_words_side_by_side_beat_words_apart():
    assert score("refund game a b c d") > score("refund a b c d game")


def test_words_in_the_heading_count_but_less_than_in_the_text():
    assert score("it") < score("it", heading="refund game") < score("refund game")


def test_meaning_decides_where_no_word_is_shared():
    assert score("a", cosine=0.7) > score("a", cosine=0.2)


def test_one_good_sentence_is_enough():
    assert score("a", "b", "c", cosines=[0.1, 0.9, 0.1]) > score("a", "b", "c", cosines=[0.4] * 3)


def test_a_passage_without_sentences_is_compared_as_a_whole():
    assert score(cosine=0.5) > 0.5


def test_the_score_has_a_highest():
    perfect = rank.match(QUESTION, passage("refund game", cosine=1.0))
    assert perfect.score == pytest.approx(rank.HIGHEST)
    assert perfect.sentences == pytest.approx((1.0,))


def test_each_sentence_is_told_how_well_it_fits():
    match = rank.match(QUESTION, passage("refund game", "hello", cosines=[0.5, 0.5]))
    assert match.sentences[0] > match.sentences[1]


def sure(score: float, count: int = 100, unknown: float = 0.0) -> float:
    best = rank.Match(score, 0.4, 0.5, ())
    return rank.confidence(Question({}, unknown=unknown), best, count)


def test_a_better_match_makes_more_confident():
    assert sure(0.2) < 0.1 < sure(0.7) < 0.99 < sure(1.5)


def test_among_many_passages_a_fair_match_is_more_likely_chance():
    assert sure(0.6, count=10) > sure(0.6, count=1_000)
    assert sure(0.6, count=1_000_000) == sure(0.6, count=1_000)


def test_nothing_found_is_no_confidence():
    assert rank.confidence(QUESTION, None, 0) == 0.0
