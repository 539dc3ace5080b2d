import dataclasses
import json
from pathlib import Path

import pytest

from appliance.engines.contract import Source
from appliance.library import evaluate
from appliance.library.ground import Grounding
from appliance.library.sentences import sentences
from tests.library.parts import GramEmbedder

HOURS = Source(1, "Hours", "We open at 9:00 and close at five. The office is closed on Sunday.")
FEES = Source(
    2,
    "Parking",
    "Visitors park behind the building. Parking costs 2 euros an hour. It is not free.",
)


@pytest.fixture
def check():
    grounding = Grounding(GramEmbedder())
    return lambda said, *sources: grounding([said], sources or (HOURS, FEES))[0]


def test_what_a_source_says_is_supported_with_its_words(check):
    verdict = check("Parking costs 2 euros an hour.")
    assert (verdict.supported, verdict.source_number) == (True, 2)
    assert FEES.text[slice(*verdict.quote)] == "Parking costs 2 euros an hour."


@pytest.mark.parametrize(
    "said",
    [
        "Parking costs 3 euros an hour.",
        "Parking costs 2 dollars an hour.",
        "Parking costs two euros a minute, says Mallory.",
        "The office is closed on Monday.",
        "The office is not closed on Sunday.",
        "Penguins live in Antarctica.",
    ],
)
def test_what_no_source_says_is_not_supported(check, said):
    assert not check(said).supported


@pytest.mark.parametrize(
    "said",
    [
        "We open at 9 and close at 5.",
        "Visitors can park behind the building.",
        "On Sunday the office is closed.",
    ],
)
def test_the_same_in_other_words_is_supported(check, said):
    assert check(said).supported


def test_without_sources_nothing_is_supported(check):
    grounding = Grounding(GramEmbedder())
    assert not grounding(["We open at nine."], [])[0].supported
    assert grounding([], [HOURS]) == []
    assert not check("", Source(1, "", "")).supported


def test_sources_are_embedded_once():
    embedder = GramEmbedder()
    grounding = Grounding(embedder)
    grounding(["We open at nine."], [HOURS, FEES])
    seen = len(embedder.seen)
    grounding(["Parking costs 2 euros."], [HOURS, FEES])
    assert len(embedder.seen) == seen + 1


def test_vectors_that_come_with_a_source_are_not_made_again():
    embedder = GramEmbedder()
    spans = [(start, end) for start, end in sentences(FEES.text)]
    brought = dataclasses.replace(FEES, vectors=by_text(FEES, embedder), embedder="grams-1")
    embedder.seen.clear()
    verdict = Grounding(embedder)(["Parking costs 2 euros an hour."], [brought])[0]

    assert verdict.supported
    assert verdict.quote in spans
    assert "Parking costs 2 euros an hour." in embedder.seen  # what was said, and
    assert not {FEES.text[a:b] for a, b in spans} & set(embedder.seen[1:])


def test_vectors_of_another_embedder_are_not_compared():
    embedder = GramEmbedder()
    brought = dataclasses.replace(FEES, vectors=by_text(FEES, embedder), embedder="grams-2")
    embedder.seen.clear()
    Grounding(embedder)(["Parking costs 2 euros an hour."], [brought])
    assert "It is not free." in embedder.seen


def by_text(source, embedder):
    """The vectors of a source's sentences, as the search brings them along."""
    spans = sentences(source.text)
    (embedded,) = embedder.embed([source.text], spans=[spans])
    texts = (source.text[start:end] for start, end in spans)
    return dict(zip(texts, embedded.spans, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("stored", [False, True], ids=["made here", "stored"])
def test_of_labelled_sentences_most_are_told_right(stored):
    """Wrong numbers, wrong names, denials and inventions, against what is only reworded."""
    pairs = json.loads((Path(__file__).parent / "grounding.json").read_text("utf-8"))
    passages = evaluate.QuestionSet.read().passages
    embedder = evaluate.own_embedder()
    grounding = Grounding(embedder)
    told: list[tuple[bool, bool]] = []
    try:
        for pair in pairs:
            numbers = [(pair["passage"] + step) % len(passages) for step in (0, 1, 20)]
            sources = [
                Source(at, passages[n]["title"], passages[n]["text"])
                for at, n in enumerate(numbers, 1)
            ]
            if stored:
                sources = [
                    dataclasses.replace(
                        each, vectors=by_text(each, embedder), embedder=embedder.fingerprint
                    )
                    for each in sources
                ]
            told.append((pair["supported"], grounding([pair["sentence"]], sources)[0].supported))
    finally:
        embedder.close()
    supported = [said for truth, said in told if truth]
    taken = [truth for truth, said in told if said]
    assert len(told) >= 60
    assert sum(supported) / len(supported) >= 0.95
    assert sum(taken) / len(taken) >= 0.87


def test_quotes_are_sentences_of_the_source(check):
    verdict = check("Visitors park behind the building.")
    assert verdict.quote in sentences(FEES.text)
