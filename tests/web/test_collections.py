import pytest

from tests.web.parts import code_of


@pytest.fixture
def collection(program, document) -> str:
    return str(document["collection_id"])


def test_collections_are_listed_with_what_they_hold(program, collection):
    [seen] = program.get("/v1/collections").json["data"]

    assert seen == {
        "id": collection, "name": "Front desk", "never_leaves_the_box": False, "documents": 1,
    }  # fmt: skip


def test_one_is_renamed_and_kept_in_the_box(ada, collection):
    path = f"/v1/collections/{collection}"
    changed = ada.patch(path, {"name": "Personnel", "never_leaves_the_box": True}).json

    assert (changed["name"], changed["never_leaves_the_box"]) == ("Personnel", True)
    assert ada.patch(path, {}).json == changed


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"never_leaves_the_box": "sometimes"}, {"documents": 3}]
)
def test_what_makes_no_sense_changes_nothing(ada, collection, body):
    assert code_of(ada.patch(f"/v1/collections/{collection}", body))[0] == 422


def test_an_editor_may_not_let_it_out(member, collection):
    editor = member("editor")

    assert editor.get("/v1/collections").status_code == 200
    assert code_of(editor.patch(f"/v1/collections/{collection}", {"name": "x"}))[0] == 403


def test_another_project_s_is_not_there(stranger, collection):
    assert stranger.get("/v1/collections").json["data"] == []
    assert code_of(stranger.patch(f"/v1/collections/{collection}", {"name": "x"}))[0] == 404


def test_none_is_kept_in_the_box_while_a_provider_reads_every_document(
    ada, collection, parts, monkeypatch
):
    monkeypatch.setattr(type(parts.embedder), "leaves_the_box", True)

    assert code_of(ada.patch(f"/v1/collections/{collection}", {"never_leaves_the_box": True})) == (
        409,
        "conflict",
    )
