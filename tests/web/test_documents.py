import pytest

from appliance.store.documents import Document
from appliance.store.projects import DEFAULT_PROJECT
from tests.web.parts import code_of
from tests.web.test_knowledge import upload


def test_a_document_tells_how_it_was_read(document):
    assert document["status"] == "ready"
    assert document["error"] is None
    assert document["metadata"] == {"topic": "hours"}
    assert document["job"]["status"] == "done"


def test_documents_are_found_by_where_they_are_and_what_they_are_called(program, desk, document):
    for query in (
        {"assistant_id": desk},
        {"collection_id": document["collection_id"]},
        {"source_id": document["source_id"]},
        {"status": "ready"},
        {"q": "OPENING"},
    ):
        assert len(program.get("/v1/documents", query_string=query).json["data"]) == 1, query
    for query in ({"status": "failed"}, {"q": "refunds"}, {"source_id": "src_x"}):
        assert program.get("/v1/documents", query_string=query).json["data"] == [], query


def test_a_list_of_nothing_that_exists_is_not_found(program):
    assert code_of(program.get("/v1/documents?assistant_id=asst_x"))[0] == 404
    assert code_of(program.get("/v1/documents?status=lost"))[0] == 422


def test_passages_come_in_reading_order_with_their_places(program, document):
    path = f"/v1/documents/{document['id']}/passages"
    found = program.get(path).json["data"]

    assert [each["position"] for each in found] == list(range(document["passages"]))
    assert found[0]["heading"] == "Hours"
    assert found[0]["id"].startswith("psg_")


def test_passages_come_in_pages(program, desk, work):
    text = "\n\n".join(f"# Part {n}\n\n" + f"Sentence number {n} is here. " * 20 for n in range(4))
    document = upload(program, text.encode(), assistant_id=desk).json["documents"][0]["id"]
    work()
    seen, cursor = [], ""
    while cursor is not None:
        query = {"limit": 1, **({"cursor": cursor} if cursor else {})}
        page = program.get(f"/v1/documents/{document}/passages", query_string=query).json
        seen += [each["position"] for each in page["data"]]
        cursor = page["next_cursor"]

    assert seen == list(range(len(seen)))
    assert len(seen) >= 4


def test_the_original_is_handed_out_to_be_saved_only(program, desk):
    content = b"<script>alert(1)</script>"
    document = upload(program, content, "Größe.html", assistant_id=desk).json["documents"][0]
    reply = program.get(f"/v1/documents/{document['id']}/original")

    assert reply.get_data() == content
    assert reply.content_type == "application/octet-stream"
    assert reply.content_length == len(content)
    assert (
        reply.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe.html"
    )
    assert reply.headers["Content-Security-Policy"].startswith("sandbox;")


def test_a_damaged_original_is_an_error_and_no_half_file(program, document, parts):
    path = next(path for path in parts.blobs.root.rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    assert code_of(program.get(f"/v1/documents/{document['id']}/original"))[0] == 500


def test_a_switched_off_document_is_kept_and_not_found(program, desk, document):
    def found():
        body = {"query": "When does the office open?"}
        return program.post(f"/v1/assistants/{desk}/retrieve", body).json["chunks"]

    path = f"/v1/documents/{document['id']}"
    assert found()
    assert program.patch(path, {"enabled": False}).json["enabled"] is False
    assert found() == []
    program.patch(path, {"enabled": True})
    assert found()


def test_a_document_can_be_renamed_and_described(program, document):
    path = f"/v1/documents/{document['id']}"
    changed = program.patch(path, {"name": "../Hours.txt", "metadata": {"year": 2026}}).json

    assert (changed["name"], changed["metadata"]) == ("Hours.txt", {"year": 2026})
    assert changed["updated_at"] >= document["updated_at"]


@pytest.mark.parametrize("body", [{"status": "ready"}, {"enabled": "maybe"}, {"name": ""}])
def test_nothing_else_of_a_document_can_be_set(program, document, body):
    assert code_of(program.patch(f"/v1/documents/{document['id']}", body))[0] == 422


def test_a_document_gets_new_content(program, document, work):
    path = f"/v1/documents/{document['id']}"
    replaced = upload(program, b"We open at eight.", "new.txt", method="PUT", path=path)
    assert (replaced.status_code, replaced.json["status"]) == (202, "queued")
    assert program.get(path + "/passages").json["data"]  # the old ones, for now

    work()
    texts = [each["text"] for each in program.get(path + "/passages").json["data"]]
    assert texts == ["We open at eight."]
    assert program.get(path + "/original").get_data() == b"We open at eight."


def test_new_content_may_be_a_text(program, document, work):
    path = f"/v1/documents/{document['id']}"
    assert program.put(path, {"content": "We open at seven."}).status_code == 202
    work()

    shown = program.get(path).json
    assert (shown["name"], shown["status"]) == ("Opening hours", "ready")


def test_an_empty_file_replaces_nothing(program, document):
    path = f"/v1/documents/{document['id']}"

    assert code_of(upload(program, b"", method="PUT", path=path)) == (422, "empty")
    assert program.get(path).json["status"] == "ready"


def test_a_document_that_cannot_be_read_says_why(program, desk):
    made = upload(program, b"x", assistant_id=desk).json["documents"][0]
    Document.update(state="failed", trouble_code="no_text", trouble="A scan.").where(
        Document.project_id == DEFAULT_PROJECT
    ).execute()
    shown = program.get(f"/v1/documents/{made['id']}").json

    assert shown["error"] == {"code": "no_text", "message": "A scan."}
    assert program.get(f"/v1/knowledge-sources/{made['source_id']}").json["status"] == "failed"


def test_a_deleted_document_is_gone(program, document):
    path = f"/v1/documents/{document['id']}"
    assert program.delete(path).status_code == 204

    assert code_of(program.delete(path))[0] == 404
