from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from appliance.store.documents import Document, Source
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT
from appliance.web.uploads import plain_name
from tests.web.parts import code_of

SOURCES = "/v1/knowledge-sources"


def upload(asker, content, file="hours.txt", *, method="POST", path=SOURCES, **form):
    values = {"file": FileStorage(BytesIO(content), file), **form}
    boundary, body = encode_multipart(values)
    kind = f"multipart/form-data; boundary={boundary}"
    return asker.ask(method, path, data=body, content_type=kind)


def nothing_stored(parts):
    counts = [row.of(DEFAULT_PROJECT).count() for row in (Document, Source, Job)]
    return counts == [0, 0, 0] and not list(parts.blobs.digests(DEFAULT_PROJECT))


def test_a_file_is_taken_in_and_read_later(program, desk, work):
    taken = upload(program, b"We open at nine.", assistant_id=desk, metadata='{"topic": "hours"}')
    source = taken.json
    assert taken.status_code == 202
    assert (source["status"], source["type"], source["name"]) == ("queued", "file", "hours.txt")
    assert source["metadata"] == source["documents"][0]["metadata"] == {"topic": "hours"}
    assert source["documents"][0]["job"]["id"] == source["job_id"]

    work()
    ready = program.get(f"/v1/knowledge-sources/{source['id']}").json
    assert ready["status"] == "ready"
    assert ready["documents"][0]["passages"] == 1
    assert ready["documents"][0]["report"]["characters"] == 16


def test_a_text_is_taken_in_like_a_file(program, desk, work):
    taken = program.post(
        "/v1/knowledge-sources",
        {"name": "Hours", "type": "text", "content": "We open at nine.", "assistant_id": desk},
    )
    work()

    assert (taken.status_code, taken.json["type"]) == (202, "text")
    document = program.get(f"/v1/documents/{taken.json['documents'][0]['id']}").json
    assert (document["name"], document["status"]) == ("Hours", "ready")


def test_a_collection_can_be_named_instead_of_an_assistant(program, desk):
    collection = program.get(f"/v1/assistants/{desk}").json["collection_id"]
    taken = upload(program, b"We open at nine.", collection_id=collection)

    assert (taken.json["collection_id"], taken.json["assistant_id"]) == (collection, desk)


def test_taking_in_wakes_the_worker(program, desk, parts):
    upload(program, b"We open at nine.", assistant_id=desk)

    assert parts.wake.wait(0)


def test_the_same_bytes_are_one_document(program, desk):
    first = upload(program, b"We open at nine.", assistant_id=desk, metadata='{"a": 1}').json
    again = upload(program, b"We open at nine.", "copy.txt", assistant_id=desk).json

    assert again["documents"][0]["id"] == first["documents"][0]["id"]
    assert again["metadata"] == {"a": 1}


@pytest.mark.parametrize(
    ("content", "name", "form", "told"),
    [
        (b"", "empty.txt", {}, (422, "empty")),
        (b"x" * 1_100_000, "large.txt", {}, (413, "too_large")),
        (b"x" * 3_000_000, "huge.txt", {}, (413, "too_large")),
        (b"MZ", "program.exe", {}, (415, "unsupported_type")),
        (b"x", "sheet.numbers", {}, (415, "unsupported_type")),
        (b"x", "hours.txt", {"metadata": "{"}, (422, "invalid_request")),
        (b"x", "hours.txt", {"metadata": "[]"}, (422, "invalid_request")),
        (b"x", "hours.txt", {"colour": "red"}, (422, "invalid_request")),
        (b"x", "hours.txt", {"collection_id": "col_x"}, (422, "invalid_request")),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_cannot_be_taken_leaves_nothing_behind(
    program, desk, parts, content, name, form, told
):
    refused = upload(program, content, name, assistant_id=desk, **form)

    assert code_of(refused) == told
    assert nothing_stored(parts)


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x"},
        {"name": "x"},
        {"name": "x", "content": ""},
        {"name": "x", "content": " "},
        {"name": "x", "content": "x", "type": "url"},
        {"name": "x", "content": "x", "url": "http://x"},
        {"name": "x", "content": "x" * 1_500_001},
    ],
    ids=lambda body: str(body)[:30],
)
def test_a_text_that_is_not_right_is_refused(program, desk, parts, body):
    refused = program.post("/v1/knowledge-sources", {"assistant_id": desk, **body})

    assert code_of(refused)[0] == 422
    assert nothing_stored(parts)


def test_a_form_without_a_file_says_so(program, desk):
    refused = program.ask(
        "POST",
        "/v1/knowledge-sources",
        data={"assistant_id": desk, "content": "x"},
        content_type="multipart/form-data",
    )

    assert (code_of(refused)[0], refused.json["error"]["param"]) == (422, "file")


def test_a_file_goes_somewhere(program, parts):
    assert upload(program, b"x").json["error"]["param"] == "assistant_id"
    assert code_of(upload(program, b"x", assistant_id="asst_x"))[0] == 404
    assert nothing_stored(parts)


def test_another_kind_of_body_is_not_taken(program):
    refused = program.ask("POST", "/v1/knowledge-sources", data=b"x", content_type="text/plain")

    assert code_of(refused) == (415, "unsupported_type")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\u202egpj.txt", "a gpj.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
        ("Größe 1.txt", "Größe 1.txt"),
    ],
)
def test_a_name_is_never_a_path(program, desk, sent, kept):
    taken = upload(program, b"We open at nine.", sent, assistant_id=desk)

    assert taken.json["documents"][0]["name"] == kept


def test_what_is_left_of_a_windows_path_is_its_end():
    assert plain_name("C:\\Users\\ada\\hours.txt") == "hours.txt"
    assert plain_name("..") == plain_name("a/") == plain_name("") == "document"


def test_a_wished_name_keeps_the_files_ending(program, desk):
    taken = upload(program, b"We open at nine.", "a.TXT", name="Hours 1.2", assistant_id=desk)

    assert taken.json["name"] == "Hours 1.2.TXT"


def test_a_text_is_not_mistaken_for_a_workbook(program, desk):
    body = {"name": "prices.xlsx", "content": "We open at nine.", "assistant_id": desk}

    assert program.post("/v1/knowledge-sources", body).json["name"] == "prices.xlsx.md"


def test_sources_are_listed_by_assistant_in_pages(program, desk):
    for number in range(3):
        upload(program, f"Text {number}".encode(), f"{number}.txt", assistant_id=desk)
    other = program.post("/v1/assistants", {"name": "Other"}).json["id"]
    first = program.get(f"/v1/knowledge-sources?assistant_id={desk}&limit=2").json
    rest = program.get(
        f"/v1/knowledge-sources?assistant_id={desk}&cursor={first['next_cursor']}"
    ).json

    assert [each["name"] for each in first["data"] + rest["data"]] == ["2.txt", "1.txt", "0.txt"]
    assert program.get(f"/v1/knowledge-sources?assistant_id={other}").json["data"] == []


def test_a_source_is_read_anew_when_asked(program, document, work):
    started = program.post(f"/v1/knowledge-sources/{document['source_id']}/sync")
    assert (started.status_code, started.json["status"]) == (202, "queued")
    assert program.get(f"/v1/jobs/{started.json['job_id']}").json["status"] == "waiting"

    work()
    assert program.get(f"/v1/documents/{document['id']}").json["status"] == "ready"


def test_a_deleted_source_takes_its_documents_along(program, document, parts):
    assert program.delete(f"/v1/knowledge-sources/{document['source_id']}").status_code == 204

    assert code_of(program.get(f"/v1/documents/{document['id']}"))[0] == 404
    assert not list(parts.blobs.digests(DEFAULT_PROJECT))
