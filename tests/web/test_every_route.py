"""Each route against each kind of credential: none lets through what is not declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from werkzeug.test import TestResponse

from appliance.base import clock
from appliance.people import keys
from appliance.store.assistants import Message
from appliance.store.projects import DEFAULT_PROJECT, ApiKey
from appliance.web.app import routes_only
from appliance.web.policy import EVERYBODY, Policy, allow, policy_of
from tests.web.parts import SHOP, Asker, code_of

APP = routes_only()
BODIES: dict[str, Any] = {
    "assistants.create": {"name": "x"},
    "assistants.change": {"tone": "kind"},
    "sessions.create": {},
    "sessions.ask": {"content": "Hello"},
    "knowledge.add": {"name": "x", "content": "x", "assistant_id": "{assistant_id}"},
    "documents.replace": {"content": "x"},
    "documents.change": {"enabled": True},
    "retrieval.retrieve": {"query": "x"},
    "embedder.begin": {"model": "grams-2"},
    "keys.create": {"name": "x", "kind": "secret"},
    "providers.create": {"kind": "openai", "name": "x"},
    "providers.change": {"enabled": True},
    "providers.permit": {"allowed": True},
    "collections.change": {"name": "x"},
    "models.take_in": {"path": "/nowhere"},
    "models.default": {"role": "language", "name": "no-such-model"},
}


class Route(NamedTuple):
    endpoint: str
    method: str
    rule: str
    policy: Policy


def routes() -> Iterator[Route]:
    for rule in APP.url_map.iter_rules():
        policy = policy_of(APP, rule.endpoint)
        assert policy is not None, f"{rule} does not say who may use it"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule.endpoint, method, str(rule), policy)


CLOSED = [route for route in routes() if not route.policy.public]
# They tell of the machine itself, which belongs to none of the projects.
OPERATORS = ("models.machine", "models.incoming")
WITH_ID = [route for route in CLOSED if "<" in route.rule or route.endpoint == "knowledge.add"]


@pytest.fixture
def things(program: Asker, desk: str, document: dict[str, Any]) -> dict[str, Any]:
    """Something for every id in a path."""
    session = program.post(f"/v1/assistants/{desk}/sessions", {}).json["id"]
    reply = Message.create(
        project_id=DEFAULT_PROJECT, session_id=session, seq=9, role="assistant", content="Hi"
    )
    return {
        "assistant_id": desk,
        "session_id": session,
        "message_id": reply.id,
        "document_id": document["id"],
        "source_id": document["source_id"],
        "job_id": document["job"]["id"],
        "key_id": ApiKey.of(DEFAULT_PROJECT).first().id,
        "change_id": "emc_none",
        "provider_id": "prv_none",
        "collection_id": document["collection_id"],
        "number": 1,
        "name": "no-such-model",
    }


def send(asker: Asker, route: Route, things: dict[str, Any]) -> TestResponse:
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(things[found[1]]), route.rule)
    body = BODIES.get(route.endpoint)
    if body and "assistant_id" in body:
        body = {**body, "assistant_id": things["assistant_id"]}
    query = {"assistant_id": things["assistant_id"]} if route.endpoint == "widget.config" else None
    return asker.ask(route.method, path, body, query_string=query)


Told = dict[str, tuple[int, str]]  # status and code, by route


def refusals(asker: Asker, found: list[Route], things: dict[str, Any]) -> Told:
    """What each of these routes answered: always an error."""
    return {route.endpoint: code_of(send(asker, route, things)) for route in found}


def all_refuse(found: list[Route], status: int, code: str) -> Told:
    return {route.endpoint: (status, code) for route in found}


def test_a_route_that_declares_nothing_is_closed(app, nobody):
    app.add_url_rule("/v1/forgotten", "forgotten", lambda: "secret", methods=["GET"])

    assert code_of(nobody.get("/v1/forgotten")) == (403, "permission_denied")


def test_a_declaration_is_what_the_gate_reads(app, nobody):
    app.add_url_rule("/v1/listed", "listed", allow("owner")(lambda: "secret"), methods=["GET"])

    assert code_of(nobody.get("/v1/listed"))[0] == 401


def test_nobody_gets_in_without_a_credential(nobody, things):
    closed = [route for route in CLOSED if route.endpoint != "widget.config"]

    assert refusals(nobody, closed, things) == all_refuse(closed, 401, "invalid_api_key")


BAD_CREDENTIALS = (
    "Bearer sk_wrong",
    "Bearer pk_wrong",
    "Bearer vt_wrong",
    "Bearer hello",
    "Bearer ",
    "Basic YWRhOnBhc3N3b3Jk",
)


@pytest.fixture
def ended(key) -> list[str]:
    """Keys that were good once: one is revoked, one has expired."""
    secrets = [key(scopes=keys.SCOPES), key(scopes=keys.SCOPES)]
    for secret, change in zip(secrets, ("revoked_at", "expires_at"), strict=True):
        ApiKey.update(**{change: clock.now() - 1}).where(
            ApiKey.project_id == DEFAULT_PROJECT, ApiKey.id == keys.check(secret, 0).id
        ).execute()
    return secrets


def test_a_credential_that_does_not_hold_is_refused_even_beside_a_good_cookie(ada, things, ended):
    wrong = [("Authorization", each) for each in BAD_CREDENTIALS]
    wrong += [("Authorization", f"Bearer {each}") for each in ended]
    wrong += [("X-Api-Key", each) for each in ("sk_wrong", "hello", *ended)]
    for name, value in wrong:
        asker = Asker(ada.app, {**ada.headers, name: value})
        asker.client = ada.client
        assert refusals(asker, CLOSED, things) == all_refuse(CLOSED, 401, "invalid_api_key"), value


def test_a_publishable_key_does_not_do_where_a_secret_one_is_needed(with_key, things):
    page = with_key(kind="publishable", origins=[SHOP], headers={"Origin": SHOP})
    closed = [route for route in CLOSED if not route.policy.publishable]

    assert refusals(page, closed, things) == all_refuse(closed, 403, "permission_denied")


def test_a_visitor_opens_their_own_conversation_only(vera, things):
    theirs = [route for route in CLOSED if route.policy.visitor and "<" in route.rule]

    assert refusals(vera, theirs, things) == all_refuse(theirs, 404, "not_found")


def test_a_visitor_does_nothing_else(vera, things):
    closed = [route for route in CLOSED if not route.policy.visitor]

    assert refusals(vera, closed, things) == all_refuse(closed, 403, "permission_denied")


def test_a_secret_key_needs_the_scope(with_key, things):
    for scope in keys.SCOPES:
        limited = with_key(scopes=[each for each in keys.SCOPES if each != scope])
        closed = [route for route in CLOSED if route.policy.scope == scope]
        assert refusals(limited, closed, things) == all_refuse(closed, 403, "permission_denied")


def test_every_route_with_a_scope_has_one_that_exists():
    assert {route.policy.scope for route in CLOSED} - {None} <= set(keys.SCOPES)


@pytest.mark.parametrize("role", EVERYBODY)
def test_people_do_what_their_role_allows_and_nothing_else(member, ada, things, role):
    asker = ada if role == "owner" else member(role)
    closed = [route for route in CLOSED if role not in route.policy.roles]

    assert refusals(asker, closed, things) == all_refuse(closed, 403, "permission_denied")


def test_a_write_with_the_cookie_needs_the_token(ada, things):
    writes = [route for route in CLOSED if route.method != "GET" and not route.policy.page]
    for token in ("", "cs_wrong"):
        ada.headers["X-CSRF-Token"] = token
        assert refusals(ada, writes, things) == all_refuse(writes, 403, "csrf_failed")


def test_where_a_page_may_ask_the_bare_cookie_does_not_count(ada, things):
    del ada.headers["X-CSRF-Token"]
    writes = [route for route in CLOSED if route.method != "GET" and route.policy.page]

    assert refusals(ada, writes, things) == all_refuse(writes, 401, "invalid_api_key")


def test_what_is_another_projects_is_as_if_it_were_not_there(stranger, things):
    absent = {name: f"{str(value)[:4]}_absent" for name, value in things.items()} | {"number": 1}

    def told(ids: dict[str, Any]) -> dict[str, Any]:
        replies = {route.endpoint: send(stranger, route, ids) for route in WITH_ID}
        return {
            endpoint: (reply.status_code, {**reply.json["error"], "request_id": ""})
            for endpoint, reply in replies.items()
        }

    assert told(things) == told(absent)
    assert {status for status, _ in told(things).values()} == {404}


def test_lists_hold_nothing_of_another_project(stranger, things):
    lists = [route for route in CLOSED if route.method == "GET" and "<" not in route.rule]
    apart = ("widget.config", *OPERATORS)
    replies = [send(stranger, route, things) for route in lists if route.endpoint not in apart]
    told = " ".join(reply.get_data(as_text=True) for reply in replies)

    assert {reply.status_code for reply in replies} == {200}
    assert not [
        each for name, each in things.items() if name not in ("number", "name") and each in told
    ]
