import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.base import errors
from appliance.base.errors import ApplianceError
from appliance.web.errors import status_of
from tests.web.parts import code_of


def test_every_error_says_the_same_five_things(nobody):
    error = nobody.get("/v1/assistants").json["error"]

    assert set(error) == {"message", "type", "param", "code", "request_id"}
    assert error["type"] == "authentication_error"


def test_a_request_keeps_its_id(nobody):
    reply = nobody.get("/v1/nowhere", headers={"X-Request-Id": "order-4711"})

    assert reply.headers["X-Request-Id"] == reply.json["error"]["request_id"] == "order-4711"


@pytest.mark.parametrize("given", ["", "a", "x" * 65, "<script>", "a b c d e f"])
def test_an_id_that_is_not_sane_is_replaced(nobody, given):
    assert nobody.get("/health", headers={"X-Request-Id": given}).headers["X-Request-Id"] != given


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (b"{", "application/json", (400, "invalid_json")),
        (b'{"name": "\xff"}', "application/json", (400, "invalid_json")),
        (b'{"name": "\\ud800"}', "application/json", (400, "invalid_json")),
        (b'{"name": NaN}', "application/json", (400, "invalid_json")),
        (b"[" * 100_000, "application/json", (400, "invalid_json")),
        (b'{"name": ' + b"1" * 5_000 + b"}", "application/json", (400, "invalid_json")),
        (b"[]", "application/json", (422, "invalid_request")),
        (b'"text"', "application/json", (422, "invalid_request")),
        (b"null", "application/json", (422, "invalid_request")),
        (b"name=x", "application/x-www-form-urlencoded", (415, "unsupported_type")),
        (b"{}", "text/plain", (415, "unsupported_type")),
        (b'{"name":"' + b"x" * 3_000_000 + b'"}', "application/json", (413, "too_large")),
        (b"", "application/json", (400, "invalid_json")),
    ],
    ids=str,
)
def test_a_body_that_is_wrong_is_told_how(program, body, kind, told):
    reply = program.ask("POST", "/v1/assistants", data=body, content_type=kind)

    assert code_of(reply) == told


def test_no_body_is_an_empty_one(program, desk):
    assert program.ask("POST", f"/v1/assistants/{desk}/sessions").status_code == 201
    assert program.ask("POST", "/v1/assistants").json["error"]["param"] == "name"


def test_a_refused_value_is_never_repeated(nobody):
    secret = "correct horse battery staple"
    body = {"email": "a@b", "password": secret, "code": 5, "pin": secret}

    assert secret not in nobody.post("/v1/auth/setup", body).get_data(as_text=True)


def test_an_unknown_address_is_json_under_v1(nobody):
    assert code_of(nobody.get("/v1/nowhere")) == (404, "not_found")
    assert code_of(nobody.ask("TRACE", "/v1/health")) == (405, "method_not_allowed")
    assert "GET" in nobody.ask("DELETE", "/v1/health").headers["Allow"]


def test_a_defect_of_ours_tells_nothing_but_its_id(app, program, monkeypatch, caplog):
    def broken():
        raise RuntimeError("the password is hunter2")

    monkeypatch.setitem(app.view_functions, "assistants.show", allow_all(broken))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    reply = program.get("/v1/assistants/asst_1")

    assert code_of(reply) == (500, "internal_error")
    assert "hunter2" not in reply.get_data(as_text=True)
    assert reply.json["error"]["request_id"] in str([vars(each) for each in caplog.records])


def allow_all(view):
    from appliance.web.policy import anyone

    return anyone()(lambda **_: view())


def test_every_planned_error_has_a_status():
    def family(cls):
        return [cls, *(each for child in cls.__subclasses__() for each in family(child))]

    made = {cls: cls.__new__(cls) for cls in family(ApplianceError)}
    statuses = {cls: status_of(error)[0] for cls, error in made.items()}

    assert statuses[errors.NotFound] == 404
    assert statuses[errors.OriginRefused] == 403
    assert {status for cls, status in statuses.items() if status >= 500} == {500, 503}


def test_a_limit_says_when_to_come_back(nobody, desk):
    path, headers = f"/v1/assistants/{desk}/sessions", {"Origin": "http://localhost"}
    replies = [nobody.post(path, {}, headers=headers) for _ in range(31)]

    assert code_of(replies[-1]) == (429, "rate_limit_exceeded")
    assert int(replies[-1].headers["Retry-After"]) >= 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        ["name", "content", "message", "metadata", "llm", "security", "knowledge", "query", "k",
         "filters", "kind", "scopes", "origins", "expires_at", "assistant_id", "enabled", "email",
         "password", "code", "session_id", "archived", "user_id"]
    ),
    JSON,
    max_size=5,
)  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=FIELDS, number=st.integers(0, 9))
def test_no_body_brings_the_server_down(ada, desk, document, body, number):
    method, path = [
        ("POST", "/v1/assistants"),
        ("PATCH", f"/v1/assistants/{desk}"),
        ("POST", f"/v1/assistants/{desk}/sessions"),
        ("POST", f"/v1/assistants/{desk}/retrieve"),
        ("POST", "/v1/knowledge-sources"),
        ("PATCH", f"/v1/documents/{document['id']}"),
        ("PUT", f"/v1/documents/{document['id']}"),
        ("POST", "/v1/keys"),
        ("POST", "/v1/auth/setup"),
        ("POST", "/v1/auth/sign-in"),
    ][number]
    sent = json.dumps(body).encode()
    reply = ada.ask(method, path, data=sent, content_type="application/json")

    assert reply.status_code < 500
