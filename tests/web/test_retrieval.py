import pytest

from tests.web.parts import code_of


def retrieve(asker, desk, **body):
    return asker.post(f"/v1/assistants/{desk}/retrieve", {"query": "When do you open?", **body})


def test_what_is_found_comes_with_its_place_and_its_document(program, desk, document):
    found = retrieve(program, desk).json
    chunk = found["chunks"][0]

    assert (chunk["document_id"], chunk["heading"]) == (document["id"], "Hours")
    assert chunk["metadata"] == {"topic": "hours"}
    assert found["results"] == found["chunks"]
    assert 0 <= found["confidence"] <= 1


def test_the_assistants_own_threshold_says_what_is_answerable(program, desk, document):
    assert retrieve(program, desk).json["answerable"] is True

    program.patch(f"/v1/assistants/{desk}", {"answers": {"min_confidence": 1}})
    assert retrieve(program, desk).json["answerable"] is False


def test_nothing_is_found_where_there_is_nothing(program, desk):
    found = retrieve(program, desk).json

    assert (found["chunks"], found["answerable"]) == ([], False)


def test_filters_narrow_the_search(program, desk, document):
    assert retrieve(program, desk, filters={"topic": "hours"}).json["chunks"]
    assert retrieve(program, desk, filters={"topic": "refunds"}).json["chunks"] == []
    assert code_of(retrieve(program, desk, filters={"topic": {"not": "hours"}}))[0] == 422


def test_a_session_gives_the_question_its_history(program, desk, document):
    session = program.post(f"/v1/assistants/{desk}/sessions", {}).json["id"]
    program.post(f"/v1/sessions/{session}/messages", {"content": "When do you open?"})

    assert retrieve(program, desk, session_id=session).status_code == 200
    assert code_of(retrieve(program, desk, session_id="ses_x"))[0] == 404


@pytest.mark.parametrize(
    "wrong",
    [{"k": -1}, {"k": 0}, {"k": 51}, {"k": 1.5}, {"query": ""}, {"query": " "}, {"top": 3},
     {"query": "x" * 8001}, {"filters": []}],
    ids=str,
)  # fmt: skip
def test_a_question_that_is_not_right_is_refused(program, desk, wrong):
    assert code_of(retrieve(program, desk, **wrong))[0] == 422
