import pytest

from appliance.base.errors import Invalid
from appliance.library import intake
from appliance.store.documents import Collection
from appliance.store.projects import DEFAULT_PROJECT, Project

HOURS = "# Hours\n\nWe open at nine and close at five. On Sunday the office stays closed."
PARKING = "# Parking\n\nVisitors park behind the building. Parking costs two euros an hour."
REFUNDS = "# Refunds\n\nYou get your money back within 14 days. Bring the receipt."


@pytest.fixture
def office(library):
    """Three documents, each about one thing."""
    library.hours = library.add(HOURS, "hours.txt", metadata={"team": "desk", "year": 2024})
    library.parking = library.add(PARKING, "parking.txt", metadata={"team": "desk", "year": 2025})
    library.refunds = library.add(REFUNDS, "refunds.txt", metadata={"team": "shop"})
    return library


def names(finding) -> list[str]:
    return [hit.document_name for hit in finding.hits]


def test_the_passage_with_the_answer_comes_first(office):
    first = office.find("Where can visitors park?").hits[0]

    assert (first.document_name, first.heading) == ("parking.txt", "Parking")
    assert first.text == "Visitors park behind the building. Parking costs two euros an hour."


def test_each_sentence_of_a_hit_is_told_how_well_it_fits(office):
    hit = office.find("How much does parking cost?").hits[0]
    best = max(hit.sentences, key=lambda sentence: sentence.score)
    assert hit.text[best.start : best.end] == "Parking costs two euros an hour."


def test_as_many_hits_as_are_wanted(office):
    assert len(office.find("park", k=1).hits) == 1
    assert len(office.find("park", k=50).hits) == 3


def test_hits_are_ordered_by_their_score(office):
    scores = [hit.score for hit in office.find("When do you close on Sunday?").hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_what_the_documents_say_is_more_likely_answered_than_what_they_do_not(office):
    said = office.find("When do you open on Sunday?").confidence
    unsaid = office.find("Which volcano erupted in Iceland?").confidence
    assert said > 0.5 > unsaid


def test_a_misspelt_word_is_understood(office):
    assert names(office.find("reciept"))[0] == "refunds.txt"


def test_what_was_asked_before_helps_a_question_that_leans_on_it(office):
    history = ["Where can visitors park?"]
    assert names(office.find("And how much is it?", history=history))[0] == "parking.txt"


def test_a_question_that_leans_is_told_with_what_it_leans_on(office):
    leaning = office.find("And how much is it?", history=["First?", "Where can visitors park?"])
    standing = office.find("When do you open on Sunday?", history=["Where can visitors park?"])
    assert leaning.rewritten_query == "Where can visitors park? And how much is it?"
    assert standing.rewritten_query == standing.query


def test_a_new_topic_is_not_drowned_by_the_old_one(office):
    history = ["Where can visitors park?", "How much does parking cost?"]
    assert names(office.find("When do you close on Sunday?", history=history))[0] == "hours.txt"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"team": "shop"}, {"refunds.txt"}),
        ({"team": "desk", "year": 2025}, {"parking.txt"}),
        ({"year": [2024, 2025]}, {"hours.txt", "parking.txt"}),
        ({"team": "nobody"}, set()),
        ({"no such field": 1}, set()),
        ({'te"am': "x"}, set()),
    ],
)
def test_a_search_may_be_limited_by_metadata(office, filters, expected):
    assert set(names(office.find("park", filters=filters))) == expected


def test_a_search_may_be_limited_to_a_document_or_a_source(office):
    only = {"document_id": office.hours.id}
    assert names(office.find("Where can visitors park?", filters=only)) == ["hours.txt"]
    only = {"source_id": [office.hours.source_id, office.refunds.source_id]}
    assert set(names(office.find("park", filters=only))) == {"hours.txt", "refunds.txt"}


def test_a_filter_has_plain_values(office):
    with pytest.raises(Invalid):
        office.find("park", filters={"team": {"$ne": "desk"}})


@pytest.mark.parametrize("query", ["", "   ", "?", '" OR "', "NEAR(", "the of and", "日本", "\x00"])
def test_no_question_breaks_the_search(office, query):
    assert 0 <= office.find(query).confidence <= 1


def test_an_empty_collection_answers_nothing(library):
    finding = library.find("Where can visitors park?")
    assert (finding.hits, finding.confidence, finding.answerable) == ((), 0.0, False)


def test_a_disabled_document_is_not_found_until_it_is_enabled(office):
    intake.disable(office.parking, index=office.index)
    assert "parking.txt" not in names(office.find("Where can visitors park?"))
    intake.enable(office.parking, index=office.index)
    assert names(office.find("Where can visitors park?"))[0] == "parking.txt"


def test_several_collections_are_searched_as_one(office):
    other = Collection.create(project_id=DEFAULT_PROJECT, name="Canteen")
    first, office.collection = office.collection, other
    office.add("# Lunch\n\nThe canteen serves soup and bread.", "lunch.txt")

    both = [first.id, other.id, "col_gone"]
    assert names(office.search.find(DEFAULT_PROJECT, both, "soup"))[0] == "lunch.txt"
    assert names(office.search.find(DEFAULT_PROJECT, both, "parking"))[0] == "parking.txt"


def test_a_foreign_collection_is_one_that_is_not_there(office):
    other = Project.create(name="Elsewhere")
    finding = office.search.find(other.id, [office.collection.id], "Where can visitors park?")
    assert finding.hits == ()


def test_a_restart_without_index_files_changes_no_answer(office, vectors):
    before = office.find("When do you open?")
    office.index.save()
    for file in (office.store.folder / "index").rglob("*.faiss"):
        file.unlink()
    office.index = vectors()
    assert office.find("When do you open?") == before
