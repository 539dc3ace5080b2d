from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from appliance.parts import Parts
from appliance.store.projects import DEFAULT_PROJECT
from appliance.store.providers import Provider
from tests.engines.remote.servers import KEY, MODELS, Refusal, Server, served
from tests.web.parts import Asker, code_of

BODY: dict[str, Any] = {
    "kind": "openai",
    "name": "OpenAI",
    "key": KEY,
    "models": [{"name": "gpt-4.1-mini", "input_usd_per_million": 0.4}],
}


@pytest.fixture
def server() -> Iterator[Server]:
    with served("compatible") as server:
        yield server


@pytest.fixture
def made(ada: Asker, server: Server) -> dict[str, Any]:
    """A provider that is on and allowed, with a real server behind it."""
    body = {
        "kind": "compatible",
        "name": "Cellar",
        "base_url": server.url,
        "key": KEY,
        "models": [{"name": MODELS["compatible"]}],
        "enabled": True,
    }
    row = ada.post("/v1/providers", body).json
    ada.put(f"/v1/providers/{row['id']}/permission", {"allowed": True})
    return dict(row)


def test_a_new_provider_is_off_and_allowed_nowhere(ada):
    made = ada.post("/v1/providers", BODY)

    assert made.status_code == 201
    assert (made.json["enabled"], made.json["allowed"]) == (False, False)
    assert made.json["health"] == {
        "state": "closed", "failures": 0, "last_error": None, "latency_ms": None,
    }  # fmt: skip


def test_a_key_is_never_told_again(ada, caplog):
    caplog.set_level("DEBUG")
    row = ada.post("/v1/providers", BODY).json
    ada.patch(f"/v1/providers/{row['id']}", {"key": KEY + "2", "name": "Other"})
    told = ada.get("/v1/providers").get_data(as_text=True)

    assert ada.get("/v1/providers").json["data"][0]["key_hint"] == "…xyz2"
    assert KEY not in str(row) + told + caplog.text


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"kind": "mystery"}, "kind"),
        ({"name": " "}, "name"),
        ({"key": "two words"}, "key"),
        ({"key": "line\r\nX-Injected: yes"}, "key"),
        ({"key": "x" * 5000}, "key"),
        ({"base_url": "http://api.example.com"}, "base_url"),
        ({"base_url": "https://169.254.169.254"}, "base_url"),
        ({"base_url": "https://127.0.0.1"}, "base_url"),
        ({"kind": "compatible"}, "base_url"),
        ({"kind": "compatible", "base_url": "http://169.254.169.254/latest"}, "base_url"),
        ({"kind": "compatible", "base_url": "http://[fd00:ec2::254]"}, "base_url"),
        ({"kind": "azure"}, "base_url"),
        ({"models": [{"name": "a"}, {"name": "a"}]}, "models"),
        ({"models": [{"name": ""}]}, "models.0.name"),
        (
            {"models": [{"name": "a", "input_usd_per_million": -1}]},
            "models.0.input_usd_per_million",
        ),
        ({"api_version": "a/../b"}, "api_version"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_makes_no_sense_is_not_made(ada, change, param):
    reply = ada.post("/v1/providers", {**BODY, **change})

    assert (reply.status_code, reply.json["error"]["param"]) == (422, param)
    assert Provider.select().count() == 0


def test_a_new_address_drops_the_key_and_every_permission(ada, made):
    path = f"/v1/providers/{made['id']}"
    moved = ada.patch(path, {"base_url": "http://mallory.example/v1"}).json

    assert (moved["has_key"], moved["key_hint"], moved["allowed"]) == (False, None, False)


def test_a_new_address_with_a_new_key_keeps_that(ada, made):
    path = f"/v1/providers/{made['id']}"
    moved = ada.patch(path, {"base_url": "https://other.example/v1", "key": "sk-new-0123456789"})

    assert (moved.json["has_key"], moved.json["key_hint"]) == (True, "…6789")


def test_the_same_address_again_changes_nothing(ada, made, server):
    path = f"/v1/providers/{made['id']}"
    same = ada.patch(path, {"base_url": f"{server.url}/", "name": "Attic"}).json

    assert (same["has_key"], same["allowed"], same["name"]) == (True, True, "Attic")


def test_a_key_is_taken_away_with_null(ada, made):
    changed = ada.patch(f"/v1/providers/{made['id']}", {"key": None}).json

    assert changed["has_key"] is False
    assert changed["allowed"] is True


def test_a_provider_goes_with_its_key_and_permissions(ada, made):
    assert ada.delete(f"/v1/providers/{made['id']}").status_code == 204
    assert ada.get("/v1/providers").json["data"] == []
    assert code_of(ada.delete(f"/v1/providers/{made['id']}")) == (404, "not_found")


class TestTheTestButton:
    def test_it_lists_models_and_sends_one_tiny_request(self, ada, made, server):
        told = ada.post(f"/v1/providers/{made['id']}/test").json

        assert (told["ok"], told["models"], told["error"]) == (True, [MODELS["compatible"]], None)
        assert told["latency_ms"] >= 0
        [question] = server.questions()
        assert question["max_tokens"] <= 8

    def test_it_says_what_is_wrong_in_our_words(self, ada, made, server):
        server.refuse_always = Refusal(401, {"error": {"message": f"bad key {KEY} <script>"}})
        told = ada.post(f"/v1/providers/{made['id']}/test").json

        assert (told["ok"], told["error"]["code"]) == (False, "provider_key_refused")
        assert KEY not in str(told)
        assert "script" not in str(told)

    def test_it_also_tries_one_that_is_off(self, ada, made):
        ada.patch(f"/v1/providers/{made['id']}", {"enabled": False})

        assert ada.post(f"/v1/providers/{made['id']}/test").json["ok"]

    def test_only_an_operator_may_reach_into_the_network_with_it(self, member, made, server):
        admin = member("admin")

        assert code_of(admin.post(f"/v1/providers/{made['id']}/test"))[0] == 403
        assert server.asked == []


class TestWhoMayWhat:
    def test_an_admin_who_is_no_operator_changes_nothing(self, member, made):
        admin, path = member("admin"), f"/v1/providers/{made['id']}"

        assert code_of(admin.post("/v1/providers", BODY))[0] == 403
        assert code_of(admin.patch(path, {"enabled": False}))[0] == 403
        assert code_of(admin.delete(path))[0] == 403

    def test_nor_does_any_key(self, with_key, made):
        program, path = with_key(scopes=["admin"]), f"/v1/providers/{made['id']}"

        assert code_of(program.post("/v1/providers", BODY))[0] == 403
        assert code_of(program.patch(path, {"base_url": "https://x.example"}))[0] == 403
        assert code_of(program.post(f"{path}/test"))[0] == 403

    def test_but_an_admin_sees_them_and_decides_for_the_project(self, member, made):
        admin = member("admin")
        [seen] = admin.get("/v1/providers").json["data"]
        path = f"/v1/providers/{made['id']}/permission"

        assert (seen["base_url"], seen["key_hint"], seen["has_key"]) == (None, None, True)
        assert admin.put(path, {"allowed": False}).json["allowed"] is False
        assert code_of(admin.put(path, {"allowed": "perhaps"}))[0] == 422

    def test_one_project_s_permission_is_not_another_s(self, stranger, made):
        [seen] = stranger.get("/v1/providers").json["data"]

        assert seen["allowed"] is False


class TestChoices:
    def names(self, asker: Asker) -> list[str]:
        return [each["name"] for each in asker.get("/v1/models/choices").json["data"]]

    def test_models_here_and_there_may_be_chosen(self, ada, made):
        here, there = ada.get("/v1/models/choices").json["data"]

        assert (here["name"], here["engine"], here["leaves_the_box"]) == ("story", "local", False)
        assert there == {
            "name": f"{made['id']}/{MODELS['compatible']}",
            "title": f"{MODELS['compatible']} (Cellar)",
            "engine": "compatible",
            "leaves_the_box": True,
            "available": True,
        }

    def test_not_those_of_a_provider_that_is_off(self, ada, made):
        ada.patch(f"/v1/providers/{made['id']}", {"enabled": False})

        assert self.names(ada) == ["story"]

    def test_nor_those_the_project_does_not_allow(self, stranger, made):
        assert self.names(stranger) == ["story"]

    def test_nor_those_that_need_a_key_and_have_none(self, ada):
        body = {**BODY, "key": None, "enabled": True}
        row = ada.post("/v1/providers", body).json
        ada.put(f"/v1/providers/{row['id']}/permission", {"allowed": True})

        assert self.names(ada) == ["story"]


def test_a_provider_answers_and_is_named_on_the_message(ada, desk, document, made, server):
    server.say = ["The office opens ", "at nine in the morning."]
    ada.patch(f"/v1/assistants/{desk}", {"llm": {"model": f"{made['id']}/{MODELS['compatible']}"}})
    session = ada.post(f"/v1/assistants/{desk}/sessions", {}).json["id"]
    ada.post(f"/v1/sessions/{session}/messages", {"content": "When does the office open?"})
    answer = ada.get(f"/v1/sessions/{session}").json["messages"][-1]

    assert (answer["engine"], answer["model"]) == ("compatible", MODELS["compatible"])
    assert answer["metadata"]["provider"] == "Cellar"
    assert "nine in the morning" in answer["content"]


def test_what_is_switched_off_is_not_asked_from_then_on(parts: Parts, ada, made):
    name = f"{made['id']}/{MODELS['compatible']}"
    assert parts.providers.language(DEFAULT_PROJECT, name)

    ada.patch(f"/v1/providers/{made['id']}", {"enabled": False})
    assert parts.providers.language(DEFAULT_PROJECT, name) is None
