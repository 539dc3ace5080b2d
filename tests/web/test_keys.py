import pytest

from tests.web.parts import SHOP, Asker, code_of


def test_a_key_is_shown_once(ada):
    made = ada.post("/v1/keys", {"name": "Till", "kind": "secret"})
    listed = ada.get("/v1/keys").json["data"]

    assert made.status_code == 201
    assert made.json["key"].startswith(made.json["prefix"])
    assert [each["name"] for each in listed] == ["Till"]
    assert made.json["key"] not in str(listed)


def test_a_new_key_works_until_it_is_revoked(ada, app):
    made = ada.post("/v1/keys", {"name": "Till", "kind": "secret"}).json
    program = Asker(app, {"X-Api-Key": made["key"]})
    assert program.get("/v1/assistants").status_code == 200

    assert ada.delete(f"/v1/keys/{made['id']}").status_code == 204
    assert code_of(program.get("/v1/assistants"))[0] == 401
    assert ada.get("/v1/keys").json["data"][0]["revoked_at"]


def test_a_key_for_pages_names_its_sites(ada, desk):
    body = {"name": "Shop", "kind": "publishable", "origins": [SHOP + "/"], "assistant_id": desk}
    made = ada.post("/v1/keys", body).json

    assert made["key"].startswith("pk_")
    assert (made["origins"], made["scopes"], made["assistant_id"]) == ([SHOP], ["chat"], desk)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "secret"}, 422),
        ({"name": "x", "kind": "golden"}, 422),
        ({"name": "x", "kind": "secret", "scopes": ["everything"]}, 422),
        ({"name": "x", "kind": "secret", "origins": [SHOP]}, 422),
        ({"name": "x", "kind": "publishable", "origins": ["shop"]}, 422),
        ({"name": "x", "kind": "secret", "expires_at": "2020-01-01T00:00:00Z"}, 422),
        ({"name": "x", "kind": "secret", "expires_at": "2099-01-01T00:00:00"}, 422),
        ({"name": "x", "kind": "secret", "assistant_id": "asst_x"}, 404),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(ada, body, status):
    assert code_of(ada.post("/v1/keys", body))[0] == status
    assert ada.get("/v1/keys").json["data"] == []


def test_a_key_may_end_by_itself(ada):
    body = {"name": "x", "kind": "secret", "expires_at": "2099-01-01T02:00:00+02:00"}

    assert ada.post("/v1/keys", body).json["expires_at"] == "2099-01-01T00:00:00.000Z"


def test_an_admins_key_can_make_keys(with_key):
    admin = with_key(scopes=["admin"])

    assert admin.post("/v1/keys", {"name": "x", "kind": "secret"}).status_code == 201
