from dataclasses import replace

import pytest

from appliance.store.projects import Project
from appliance.web import hosts, sites
from appliance.web.app import create_app
from appliance.web.sites import Refusals
from tests.web.parts import MALLORYS, SHOP, Asker, code_of

ACAO = "Access-Control-Allow-Origin"


def preflight(asker, path, method="POST", origin=SHOP):
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    return asker.ask("OPTIONS", path, headers=headers)


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:5000", "127.0.0.1:5000", "192.168.1.9", "[::1]:5000", "LOCALHOST"],
)
def test_the_server_answers_to_its_own_names_and_addresses(nobody, host):
    assert nobody.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["mallory.example", "127.0.0.1.mallory.example", "localhost.x"])
def test_a_name_that_was_rebound_to_us_is_turned_away(nobody, host):
    refused = nobody.get("/v1/auth/state", headers={"Host": host})

    assert code_of(refused) == (421, "host_not_allowed")


@pytest.mark.parametrize("host", ["", "a b", "x/y", "@", "localhost:port"])
def test_a_host_that_is_none_is_not_well_formed(nobody, host):
    assert nobody.get("/health", headers={"Host": host}).status_code in (400, 421, 422)


def test_further_names_can_be_allowed(parts):
    settings = replace(
        parts.settings, allowed_hosts="ai.corp.local, chat", public_url="https://help.corp.local"
    )
    asker = Asker(create_app(replace(parts, settings=settings)))
    for host in ("ai.corp.local", "chat:5000", "help.corp.local"):
        assert asker.get("/health", headers={"Host": host}).status_code == 200


def test_the_machines_own_name_is_among_the_names(settings, monkeypatch):
    monkeypatch.setattr(hosts.socket, "gethostname", lambda: "Appliance-7")
    hosts.names.cache_clear()

    assert {"appliance-7", "appliance-7.local", "localhost"} <= hosts.names(settings)
    hosts.names.cache_clear()


def test_a_page_of_an_allowed_site_gets_a_conversation(nobody, desk):
    made = nobody.post(f"/v1/assistants/{desk}/sessions", {}, headers={"Origin": SHOP})

    assert made.status_code == 201
    assert made.headers[ACAO] == SHOP
    assert "Origin" in made.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in made.headers
    assert made.json["session_token"].startswith("vt_")


def test_a_page_of_another_site_is_told_why_not(nobody, desk):
    refused = nobody.post(f"/v1/assistants/{desk}/sessions", {}, headers={"Origin": MALLORYS})

    assert code_of(refused) == (403, "origin_not_allowed")
    assert MALLORYS in refused.json["error"]["message"]
    assert ACAO not in refused.headers


def test_an_assistant_without_sites_is_on_no_page(program, nobody):
    bare = program.post("/v1/assistants", {"name": "Bare"}).json["id"]
    refused = nobody.post(f"/v1/assistants/{bare}/sessions", {}, headers={"Origin": SHOP})

    assert code_of(refused) == (403, "origin_not_allowed")


def test_our_own_pages_need_no_entry(program, nobody):
    bare = program.post("/v1/assistants", {"name": "Bare"}).json["id"]
    made = nobody.post(
        f"/v1/assistants/{bare}/sessions", {}, headers={"Origin": "http://localhost"}
    )

    assert made.status_code == 201
    assert ACAO not in made.headers


def test_the_refused_sites_are_shown_so_that_they_can_be_allowed(program, nobody, desk):
    for _ in range(2):
        preflight(nobody, f"/v1/assistants/{desk}/sessions", origin=MALLORYS)
    nobody.get(f"/v1/widget/config?assistant_id={desk}", headers={"Origin": "https://x.example"})
    seen = program.get(f"/v1/assistants/{desk}/refused-origins").json["data"]

    assert [(each["origin"], each["count"]) for each in seen] == [
        ("https://x.example", 1),
        (MALLORYS, 2),
    ]


def test_the_memory_of_refused_sites_is_bounded():
    refusals = Refusals()
    for number in range(100):
        refusals.note("asst_1", f"https://{number}.example", number)
    for number in range(1_000):
        refusals.note(f"asst_{number}", MALLORYS, number)

    assert len(refusals.of("asst_999")) == 1
    assert len(refusals._of) == sites.ASSISTANTS_REMEMBERED
    refusals.note("asst_x", "https://last.example", 1)
    for number in range(50):
        refusals.note("asst_x", f"https://{number}.example", number)
    assert len(refusals.of("asst_x")) == sites.ORIGINS_REMEMBERED


def test_a_preflight_is_answered_for_the_allowed_sites_of_the_path(nobody, desk, vera):
    for path, method in (
        (f"/v1/assistants/{desk}/sessions", "POST"),
        (f"/v1/sessions/{vera.session}", "GET"),
        (f"/v1/sessions/{vera.session}/messages", "POST"),
        (f"/v1/sessions/{vera.session}/messages/msg_1/events", "GET"),
        (f"/v1/sessions/{vera.session}/messages/msg_1/stop", "POST"),
        (f"/v1/widget/config?assistant_id={desk}", "GET"),
    ):
        allowed = preflight(nobody, path, method)
        assert (allowed.status_code, allowed.headers[ACAO]) == (204, SHOP), path
        assert allowed.headers["Access-Control-Allow-Methods"] == method
        assert code_of(preflight(nobody, path, method, MALLORYS)) == (403, "origin_not_allowed")


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/v1/assistants", "POST"),
        ("/v1/documents", "GET"),
        ("/v1/auth/sign-in", "POST"),
        ("/v1/keys", "GET"),
    ],
)
def test_the_rest_of_the_interface_is_for_no_page_of_another_site(nobody, desk, path, method):
    refused = preflight(nobody, path, method)

    assert code_of(refused) == (403, "origin_not_allowed")
    assert ACAO not in refused.headers


def test_a_preflight_for_nothing_is_answered_as_nothing(nobody, desk):
    assert code_of(preflight(nobody, "/v1/nowhere"))[0] == 404


def test_an_allowed_page_may_read_why_it_was_refused(app, vera, program, desk):
    expired = Asker(app, {**vera.headers, "Authorization": "Bearer vt_expired"})
    refused = expired.get(f"/v1/sessions/{vera.session}")
    assert (refused.status_code, refused.headers[ACAO]) == (401, SHOP)

    gone = vera.get("/v1/sessions/ses_gone")
    assert (gone.status_code, gone.headers[ACAO]) == (404, SHOP)


def test_a_publishable_key_works_on_its_sites(program, with_key):
    bare = program.post("/v1/assistants", {"name": "Bare"}).json["id"]
    path = f"/v1/assistants/{bare}/sessions"
    for headers, status in (
        ({"Origin": SHOP}, 201),
        ({"Origin": MALLORYS}, 403),
        ({}, 403),  # a program has no origin, and should have a secret key
    ):
        page = with_key(kind="publishable", origins=[SHOP], headers=headers)
        assert page.post(path, {}).status_code == status, headers


def test_a_publishable_keys_visitor_is_served_on_its_sites(program, with_key, app):
    bare = program.post("/v1/assistants", {"name": "Bare"}).json["id"]
    page = with_key(kind="publishable", origins=[SHOP], headers={"Origin": SHOP})
    made = page.post(f"/v1/assistants/{bare}/sessions", {}).json
    token = {"Authorization": f"Bearer {made['session_token']}"}
    path = f"/v1/sessions/{made['id']}"

    assert Asker(app, {**token, "Origin": SHOP}).get(path).headers[ACAO] == SHOP
    assert code_of(Asker(app, {**token, "Origin": MALLORYS}).get(path))[0] == 403


def test_a_publishable_key_may_be_bound_to_one_assistant(program, with_key, desk):
    other = program.post("/v1/assistants", {"name": "Other"}).json["id"]
    page = with_key(
        kind="publishable", origins=[SHOP], assistant_id=other, headers={"Origin": SHOP}
    )

    assert page.post(f"/v1/assistants/{other}/sessions", {}).status_code == 201
    assert code_of(page.post(f"/v1/assistants/{desk}/sessions", {})) == (404, "not_found")


def test_a_widget_may_send_its_key_beside_the_visitors_token(vera, key):
    page_key = key(kind="publishable", origins=[SHOP])
    with_both = vera.get(f"/v1/sessions/{vera.session}", headers={"X-Api-Key": page_key})
    with_secret = vera.get(f"/v1/sessions/{vera.session}", headers={"X-Api-Key": key()})

    assert with_both.status_code == 200
    assert code_of(with_secret) == (401, "invalid_api_key")


def test_a_visitors_token_is_for_pages_that_are_still_allowed(program, vera, desk):
    program.patch(f"/v1/assistants/{desk}", {"security": {"allowed_origins": []}})

    assert code_of(vera.get(f"/v1/sessions/{vera.session}")) == (403, "origin_not_allowed")


def test_a_secret_key_in_a_page_can_only_chat(with_key, desk):
    leaked = with_key(headers={"Origin": SHOP})

    assert code_of(leaked.get("/v1/assistants")) == (403, "permission_denied")
    assert leaked.post(f"/v1/assistants/{desk}/sessions", {}).status_code == 201


def test_the_key_may_come_in_either_header(app, key):
    secret = key()
    for headers in ({"Authorization": f"bearer {secret}"}, {"X-Api-Key": secret}):
        assert Asker(app, headers).get("/v1/assistants").status_code == 200


def test_the_cookie_does_not_speak_for_a_page_of_another_site(ada):
    foreign = {"Origin": MALLORYS}

    assert code_of(ada.get("/v1/assistants", headers=foreign)) == (401, "invalid_api_key")
    assert code_of(ada.post("/v1/assistants", {"name": "x"}, headers=foreign))[0] == 401
    assert ada.get("/v1/auth/state", headers=foreign).json["signed_in"] is False


def test_nobody_signs_a_browser_in_from_another_site(nobody):
    body = {"email": "mallory@office.example", "password": "x"}
    refused = nobody.post("/v1/auth/sign-in", body, headers={"Origin": MALLORYS})

    assert code_of(refused) == (403, "origin_not_allowed")


def test_our_own_pages_are_ours_behind_a_proxy_too(parts, desk):
    settings = replace(parts.settings, public_url="https://help.corp.local")
    asker = Asker(create_app(replace(parts, settings=settings)))
    reply = asker.post(
        "/v1/auth/sign-in",
        {"email": "x@y", "password": "x"},
        headers={"Origin": "https://help.corp.local", "Host": "help.corp.local"},
    )

    assert code_of(reply) == (401, "invalid_credentials")


def test_a_parameter_nobody_knows_is_refused_where_none_is_taken(program, desk):
    refused = program.get(f"/v1/assistants/{desk}?fields=name")

    assert (code_of(refused)[0], refused.json["error"]["param"]) == (422, "fields")


def test_another_projects_key_does_not_open_our_assistant_to_pages(with_key, desk):
    other = Project.create(name="Other")
    page = with_key(
        project_id=other.id, kind="publishable", origins=[MALLORYS], headers={"Origin": MALLORYS}
    )

    assert code_of(page.post(f"/v1/assistants/{desk}/sessions", {})) == (404, "not_found")
