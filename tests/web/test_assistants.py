import base64

import pytest

from appliance.store.assistants import Assistant, Session
from appliance.store.documents import Collection, Document
from appliance.store.projects import DEFAULT_PROJECT
from tests.web.parts import code_of


def names(reply):
    return [each["name"] for each in reply.json["data"]]


def test_an_assistant_comes_with_sensible_settings_and_a_collection_of_its_own(program):
    made = program.post("/v1/assistants", {"name": "Front desk"})

    assert made.status_code == 201
    assert made.json["answers"]["refusal_text"] == "I don't know"
    assert made.json["security"]["allowed_origins"] == []
    assert Collection.find(DEFAULT_PROJECT, made.json["collection_id"]).name == "Front desk"


def test_a_change_merges_objects_by_key(program, desk):
    changed = program.patch(f"/v1/assistants/{desk}", {"llm": {"temperature": 1}, "tone": "kind"})

    assert changed.json["llm"] == {
        "model": None, "temperature": 1.0, "top_p": 0.95, "max_tokens": 400,
        "fallback": [],
        "uses": {"draft": None, "summary": None, "title": None},
    }  # fmt: skip
    assert (changed.json["tone"], changed.json["name"]) == ("kind", "Front desk")


def test_null_sets_a_field_back_to_its_default(program, desk):
    program.patch(f"/v1/assistants/{desk}", {"llm": {"temperature": 1}, "tone": "kind"})
    changed = program.patch(f"/v1/assistants/{desk}", {"llm": {"temperature": None}, "tone": None})

    assert (changed.json["llm"]["temperature"], changed.json["tone"]) == (0.2, "")


def test_null_is_the_default_for_a_new_assistant_too(program):
    made = program.post("/v1/assistants", {"name": "x", "llm": None, "widget": {"title": None}})

    assert made.json["llm"]["max_tokens"] == 400
    assert made.json["widget"]["title"] == ""


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "x", "colour": "red"}, "colour"),
        ({"name": "x", "llm": {"temperature": 3}}, "llm.temperature"),
        ({"name": "x", "llm": {"temperature": "hot"}}, "llm.temperature"),
        ({"name": "x", "knowledge": {"k": -1}}, "knowledge.k"),
        ({"name": "x", "knowledge": {"collection_ids": ["col_x"]}}, "knowledge.collection_ids"),
        ({"name": "x", "security": {"allowed_origins": ["shop"]}}, "security.allowed_origins.0"),
        ({"name": "x", "metadata": {"a": "b" * 20_000}}, "metadata"),
        ({"name": "x", "id": "asst_mine"}, "id"),
        ({"name": "x", "llm": {"model": "gpt-9"}}, "llm.model"),
        ({"name": "x", "llm": {"model": "prv_none/gpt-9"}}, "llm.model"),
        ({"name": "x", "llm": {"fallback": ["story", "gpt-9"]}}, "llm.fallback"),
        ({"name": "x", "llm": {"uses": {"title": "gpt-9"}}}, "llm.uses.title"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(program, body, param):
    refused = program.post("/v1/assistants", body)

    assert code_of(refused)[0] == 422
    assert refused.json["error"]["param"] == param
    assert Assistant.of(DEFAULT_PROJECT).count() == 0


def test_every_change_is_a_version_that_can_be_restored(program, desk):
    program.patch(f"/v1/assistants/{desk}", {"instructions": "Be brief."})
    program.patch(f"/v1/assistants/{desk}", {"instructions": "Be thorough."})
    restored = program.post(f"/v1/assistants/{desk}/versions/2/restore")
    versions = program.get(f"/v1/assistants/{desk}/versions").json["data"]

    assert (restored.json["version"], restored.json["instructions"]) == (4, "Be brief.")
    assert [version["number"] for version in versions] == [4, 3, 2, 1]
    assert versions[0]["author"] == "key test"


def test_a_change_that_changes_nothing_makes_no_version(program, desk):
    assert program.patch(f"/v1/assistants/{desk}", {"tone": ""}).json["version"] == 1


def test_a_version_that_never_was_cannot_be_restored(program, desk):
    assert code_of(program.post(f"/v1/assistants/{desk}/versions/9/restore"))[0] == 404


def test_a_list_comes_in_pages_newest_first(program):
    for number in range(5):
        program.post("/v1/assistants", {"name": f"Desk {number}"})
    first = program.get("/v1/assistants?limit=2")
    second = program.get(f"/v1/assistants?limit=2&cursor={first.json['next_cursor']}")
    third = program.get(f"/v1/assistants?limit=2&cursor={second.json['next_cursor']}")

    assert names(first) + names(second) + names(third) == [f"Desk {n}" for n in (4, 3, 2, 1, 0)]
    assert third.json["next_cursor"] is None


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=%00", "cursor=YWJj", "colour=red"]
)
def test_a_wrong_query_is_refused(program, query):
    assert code_of(program.get(f"/v1/assistants?{query}"))[0] == 422


@pytest.mark.parametrize("value", ["x", "", "9" * 30, "-1e9", "1"])
def test_a_made_up_cursor_is_refused_or_finds_nothing_strange(program, desk, value):
    cursor = base64.urlsafe_b64encode(f"1 {value}".encode()).decode().rstrip("=")
    reply = program.get(f"/v1/assistants/{desk}/versions?cursor={cursor}")

    assert reply.status_code == (200 if value == "1" else 422)


@pytest.mark.parametrize("id", ["x" * 500, "%00", "%ff", "a%20b", "‮"])
def test_an_id_that_is_none_is_not_found(program, id):
    assert code_of(program.get(f"/v1/assistants/{id}")) == (404, "not_found")


@pytest.mark.parametrize("q", ["front", "FRONT", "nt de", "100%"])
def test_a_list_can_be_searched_by_name(program, desk, q):
    program.post("/v1/assistants", {"name": "Front of 100% house"})
    program.post("/v1/assistants", {"name": "Back office"})

    assert "Back office" not in names(program.get("/v1/assistants", query_string={"q": q}))


def test_an_assistant_is_put_away_and_taken_out_again(program, desk):
    assert program.delete(f"/v1/assistants/{desk}").status_code == 204
    assert names(program.get("/v1/assistants")) == []
    assert names(program.get("/v1/assistants?archived=true")) == ["Front desk"]

    program.patch(f"/v1/assistants/{desk}", {"archived": False})
    assert names(program.get("/v1/assistants")) == ["Front desk"]


def test_nobody_talks_to_an_assistant_that_is_put_away(program, vera, desk):
    program.delete(f"/v1/assistants/{desk}")

    assert code_of(program.post(f"/v1/assistants/{desk}/sessions", {}))[0] == 404
    assert vera.post(f"/v1/sessions/{vera.session}/messages", {"content": "Hi"}).status_code == 401


def test_a_purge_takes_documents_and_conversations_along(program, desk, document, vera):
    assert program.delete(f"/v1/assistants/{desk}?purge=true").status_code == 204

    assert code_of(program.get(f"/v1/assistants/{desk}"))[0] == 404
    assert code_of(program.get(f"/v1/documents/{document['id']}"))[0] == 404
    assert Session.of(DEFAULT_PROJECT).count() == 0


def test_a_purge_leaves_documents_that_another_assistant_uses(program, desk, document):
    collection = program.get(f"/v1/assistants/{desk}").json["collection_id"]
    program.post("/v1/assistants", {"name": "x", "knowledge": {"collection_ids": [collection]}})
    program.delete(f"/v1/assistants/{desk}?purge=true")

    assert Document.of(DEFAULT_PROJECT).count() == 1
