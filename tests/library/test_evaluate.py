import json

import pytest

from appliance.base.errors import Invalid
from appliance.library.evaluate import Outcome, QuestionSet, evaluate, own_embedder
from tests.library.parts import GramEmbedder

SMALL = {
    "passages": [
        {"id": 1, "title": "Hours", "text": "We open at nine and close at five."},
        {"id": 2, "title": "Parking", "text": "Visitors park behind the building."},
    ],
    "questions": [
        {"question": "When do you open?", "passage": 1},
        {"question": "Where do visitors park?", "passage": 2, "answerable": True},
        {"question": "Who built the building?", "passage": 2, "answerable": False},
    ],
    "follow_ups": [
        {"history": ["Where do visitors park?"], "question": "And behind what?", "passage": 2}
    ],
    "off_topic": ["Which volcano erupted?"],
}


@pytest.fixture
def question_set(tmp_path):
    def write(content) -> object:
        path = tmp_path / "set.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return write


def test_a_set_is_judged_through_the_real_library(question_set):
    report = evaluate(question_set(SMALL), embedder=GramEmbedder())

    assert report.passages == 2
    assert report.answerable.ranks == [1, 1]
    assert report.with_history.ranks == [1]
    assert len(report.near.seconds) == len(report.off_topic.seconds) == 1
    assert any("recall@1 1.000" in line for line in report.lines())


def test_a_set_without_off_topic_questions_gets_those_that_ship(question_set):
    chosen = QuestionSet.read(question_set({**SMALL, "off_topic": []}))
    assert chosen.off_topic == QuestionSet.read().off_topic


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"passages": []}', "\x00"])
def test_what_is_no_set_is_refused(question_set, content):
    with pytest.raises(Invalid):
        QuestionSet.read(question_set(content))


def test_an_outcome_counts_ranks_and_refusals():
    outcome = Outcome(ranks=[1, 3, 0, 1], refused=1, seconds=[0.1, 0.2, 0.3, 0.4])
    assert (outcome.recall(1), outcome.recall(5), outcome.refusals) == (0.5, 0.75, 0.25)
    assert outcome.milliseconds(50) == pytest.approx(300)


def test_the_set_that_ships_is_whole():
    chosen = QuestionSet.read()
    ids = set(chosen.titles())
    asked = [*chosen.answerable, *chosen.follow_ups]
    assert len(ids) >= 40
    assert len(set(chosen.titles().values())) >= 8
    assert len(chosen.answerable) >= 120
    assert len(chosen.off_topic) >= 60
    assert len(chosen.follow_ups) >= 40
    assert {question["passage"] for question in asked} <= ids


@pytest.mark.slow
def test_the_shipped_set_is_answered_well():
    embedder = own_embedder()
    try:
        report = evaluate(embedder=embedder)
    finally:
        embedder.close()
    assert report.answerable.recall(1) >= 0.84
    assert report.answerable.recall(5) >= 0.97
    assert report.answerable.refusals <= 0.12
    assert report.off_topic.refusals >= 0.95
    assert report.with_history.recall(5) >= report.without_history.recall(5) + 0.1
    assert report.switched.recall(5) >= report.unswitched.recall(5) - 0.03
