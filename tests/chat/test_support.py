import pytest

from appliance.chat.cite import Quote
from appliance.chat.support import MOST, Support, quoted
from appliance.engines.contract import Source
from tests.chat.parts import HOURS, REFUNDS, ground

SAID = "The office opens at nine in the morning."
SOURCES = [
    Source(1, "Refunds.pdf", REFUNDS),
    *(Source(n, "Hours.txt", HOURS) for n in (2, 3, 4, 5)),
]


def test_the_source_that_says_so_is_cited_with_its_place():
    [quote] = Support(ground, SOURCES)(SAID, [])
    assert quote == Quote(2, 0, len(SAID))


def test_a_source_the_model_named_is_cited_only_if_it_says_so_too():
    assert [q.source for q in Support(ground, SOURCES)(SAID, [1, 3, 99, 0])] == [2, 3]


def test_a_sentence_has_only_so_many_citations():
    assert len(Support(ground, SOURCES)(SAID, [3, 4, 5])) == MOST


@pytest.mark.parametrize("written", [f"- **{SAID}**", f"2. {SAID}", f"# `{SAID}`"])
def test_formatting_does_not_hide_what_is_said(written):
    assert Support(ground, SOURCES)(written, [])


def test_what_no_source_says_has_no_citation():
    assert Support(ground, SOURCES)("Owls receive triple refunds.", [1, 2]) == []


@pytest.mark.parametrize(
    "piece", [f"{SAID} [1]", f"{SAID} [9]", f"{SAID} [x]", SAID, "Owls fly. [2]", " [2]", ""]
)
def test_only_what_stands_there_word_for_word_is_a_quotation(piece):
    assert quoted(piece, SOURCES) is None


def test_a_quotation_knows_its_place():
    said = "On Sunday it stays closed."
    start = HOURS.index(said)
    assert quoted(f" {said} [3]", SOURCES) == (f" {said}", Quote(3, start, start + len(said)))
