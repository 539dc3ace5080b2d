"""Changing the model that searches, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from appliance.base import clock
from appliance.library.build import Build
from appliance.parts import Parts
from appliance.people import keys
from appliance.store.jobs import Job
from appliance.worker.loop import run
from tests.web.parts import Asker, code_of


@pytest.fixture
def build(parts: Parts) -> Callable[[], None]:
    """Do the jobs that build, as the worker does."""

    def build() -> None:
        while job := Job.claim(clock.now()):
            run(job, {"embed": Build(parts.index, parts.embedder)})

    return build


def begun(ada: Asker) -> str:
    return str(ada.post("/v1/embedder/changes", {"model": "grams-2"}).json["change"]["id"])


def test_the_model_that_searches_is_shown(ada):
    assert ada.get("/v1/embedder").json == {
        "active": {"model": "grams-1", "fingerprint": "grams-1"},
        "previous": None,
        "change": None,
    }


def test_a_change_is_built_switched_and_taken_back(ada, document, build):
    made = ada.post("/v1/embedder/changes", {"model": "grams-2"})
    assert (made.status_code, made.json["change"]["state"]) == (202, "building")
    build()
    change = ada.get("/v1/embedder").json["change"]
    assert (change["state"], change["progress"]) == ("ready", 1.0)
    assert change["comparison"]["questions"] > 0

    switched = ada.post(f"/v1/embedder/changes/{change['id']}/switch").json
    assert switched["active"]["model"] == "grams-2"
    assert switched["previous"]["model"] == "grams-1"
    assert ada.post("/v1/embedder/back").json["active"]["model"] == "grams-1"


def test_a_change_can_be_discarded(ada, document, build):
    change = begun(ada)
    assert ada.delete(f"/v1/embedder/changes/{change}").status_code == 204
    build()
    assert ada.get("/v1/embedder").json["change"] is None


def test_its_job_can_be_cancelled(ada, document):
    begun(ada)
    job = ada.get("/v1/embedder").json["change"]["job_id"]
    ada.post(f"/v1/jobs/{job}/cancel")
    assert ada.get("/v1/embedder").json["change"]["state"] == "cancelled"


@pytest.mark.parametrize("body", [{}, {"model": ""}, {"model": 3}, {"model": "a", "x": 1}])
def test_a_wrong_body_is_refused(ada, body):
    assert ada.post("/v1/embedder/changes", body).status_code == 422


def test_what_cannot_be_done_says_why(ada):
    assert code_of(ada.post("/v1/embedder/changes", {"model": "grams-9"}))[0] == 404
    assert code_of(ada.post("/v1/embedder/changes", {"model": "grams-1"}))[0] == 409
    assert code_of(ada.post("/v1/embedder/back"))[0] == 409
    assert code_of(ada.post("/v1/embedder/changes/emc_no/switch"))[0] == 404
    change = begun(ada)
    assert code_of(ada.post(f"/v1/embedder/changes/{change}/switch"))[0] == 409
    assert code_of(ada.post("/v1/embedder/changes", {"model": "grams-2"}))[0] == 409


def test_only_an_operator_changes_it(ada, member, with_key):
    change = begun(ada)
    program = with_key(scopes=list(keys.SCOPES))
    for asker in (member("admin"), program):
        assert asker.get("/v1/embedder").status_code == 200
        refused = [
            asker.post("/v1/embedder/changes", {"model": "grams-2"}),
            asker.post(f"/v1/embedder/changes/{change}/switch"),
            asker.post("/v1/embedder/back"),
            asker.delete(f"/v1/embedder/changes/{change}"),
        ]
        assert {code_of(reply)[0] for reply in refused} == {403}
