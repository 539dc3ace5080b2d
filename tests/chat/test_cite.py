import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.chat import cite
from appliance.chat.cite import Citations, Quote
from tests.chat.parts import hit

HITS = [hit(number, f"{number}.txt", f"Text of passage {number}.") for number in range(1, 8)]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Within 14 days. [1] Then not. [?]", "Within 14 days. Then not."),
        ("Both [1][2] and [1, 2].", "Both and."),
        ("See [note] and (1).", "See [note] and (1)."),
    ],
)
def test_an_answer_can_be_read_without_its_marks(text, plain):
    assert cite.unmarked(text) == plain


def test_a_citation_says_where_and_in_which_words():
    citations = Citations(HITS)
    assert citations.mark(Quote(3, 8, 15)) == " [1]"

    [citation] = citations.as_json()
    assert citation["number"] == 1
    assert (citation["document_id"], citation["passage_id"]) == ("doc_3", "psg_3")
    assert (citation["document_name"], citation["page"]) == ("3.txt", 3)
    assert (citation["quote"], citation["text"]) == ("passage", "Text of passage 3.")


def test_the_quote_holds_all_that_is_cited_of_a_passage():
    citations = Citations(HITS)
    marks = [citations.mark(quote) for quote in (Quote(2, 8, 15), Quote(5, 0, 4), Quote(2, 0, 4))]

    assert marks == [" [1]", " [2]", " [1]"]
    assert [each["quote"] for each in citations.as_json()] == ["Text of passage", "Text"]


@given(st.lists(st.integers(1, 7)))
def test_numbers_follow_first_appearance_and_mean_one_passage_each(cited):
    citations = Citations(HITS)
    marks = [citations.mark(Quote(source, 0, 4)) for source in cited]

    order = list(dict.fromkeys(cited))
    assert marks == [f" [{order.index(source) + 1}]" for source in cited]
    assert [each["number"] for each in citations.as_json()] == list(range(1, len(order) + 1))
    assert [each["passage_id"] for each in citations.as_json()] == [f"psg_{n}" for n in order]


@pytest.mark.parametrize("own", ["[7]", "[**7**]", "[_7_]", "[`7`]", "[1, 2]", "【3】"])
def test_a_documents_own_brackets_are_nobodys_citation(own):
    shown = cite.renamed(f"See {own} there.")
    assert "[" not in shown
    assert "【" not in shown
