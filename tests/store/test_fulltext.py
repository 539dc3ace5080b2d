import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.store import fulltext
from appliance.store.database import database
from appliance.store.words import words

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture
def filled(store):
    with database.writing():
        fulltext.add(
            1,
            [
                (11, "Refunds", "You get your money back within 14 days."),
                (12, "Opening hours", "We open at nine and close at five."),
                (13, "Refunds › Exceptions", "Food is not refunded. Neither are opened games."),
            ],
        )


def found(*terms: str, **more) -> list[int]:
    return [passage for passage, _ in fulltext.search(1, terms, 10, **more)]


@pytest.mark.usefixtures("filled")
def test_a_word_is_found_in_any_of_its_forms():
    assert set(found("refund")) == {11, 13}
    assert set(found("opens")) == {12, 13}


@pytest.mark.usefixtures("filled")
def test_the_passage_with_more_of_the_terms_comes_first():
    assert found("games", "refunded")[0] == 13


@pytest.mark.usefixtures("filled")
def test_a_search_may_be_limited_to_some_passages():
    assert found("refund", among=[11, 12]) == [11]
    assert found("refund", among=[]) == []


@pytest.mark.usefixtures("filled")
def test_removed_passages_are_found_no_more():
    fulltext.remove(1, [13])
    assert found("refund") == [11]
    assert fulltext.frequency(1, "refund") == 1


@pytest.mark.usefixtures("filled")
def test_words_and_rows_come_and_go_together():
    with pytest.raises(ZeroDivisionError), database.writing():
        fulltext.add(1, [(14, "", "A refund that never was.")])
        raise ZeroDivisionError
    assert 14 not in found("refund")


@pytest.mark.usefixtures("filled")
def test_collections_do_not_see_each_other():
    assert fulltext.search(2, ["refund"], 10) == []
    with database.writing():
        fulltext.add(2, [(21, "", "refund")])
    assert [passage for passage, _ in fulltext.search(2, ["refund"], 10)] == [21]
    assert 21 not in found("refund")


@pytest.mark.usefixtures("filled")
def test_a_dropped_collection_leaves_no_table():
    fulltext.drop(1)
    left = database.execute_sql("SELECT name FROM sqlite_master WHERE name LIKE 'fulltext%'")
    assert left.fetchall() == []
    assert found("refund") == []


@pytest.mark.usefixtures("filled")
def test_the_vocabulary_is_told_by_first_letters():
    assert ("refund", 2) in fulltext.beginning(1, "re")
    assert fulltext.beginning(1, "zz") == []


def test_a_language_without_spaces_is_searched():
    with database.writing():
        fulltext.add(
            3, [(31, "", "返品は三十日以内に可能です。"), (32, "", "営業時間は九時からです。")]
        )
    terms = words("返品できますか")
    assert fulltext.search(3, terms, 10)[0][0] == 31


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(), max_size=6))
def test_no_text_is_query_syntax(filled, terms):
    fulltext.search(1, terms, 5)
    fulltext.search(1, [word for term in terms for word in words(term)], 5)
