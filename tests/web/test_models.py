"""The models of the machine over HTTP: what an operator does, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from appliance.base import clock
from appliance.base.settings import Settings, models_beside_the_program
from appliance.engines import benchmark
from appliance.engines.benchmark import Benchmark, Conversion
from appliance.engines.workshop import Workshop
from appliance.parts import Parts
from appliance.people import keys
from appliance.store.jobs import Job
from appliance.upkeep import models as work
from appliance.upkeep.models import ModelWork
from appliance.web.app import create_app
from appliance.worker.loop import run
from tests.engines.parts import sentence_folder, small_llama
from tests.web.conftest import local_models
from tests.web.parts import Asker, code_of

FOUND = Benchmark(400.0, 50.0, 120.0, 2, 1_700_000_000_000, Conversion("Q4_0", 5, 2.1))


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The same appliance with a models folder of its own."""
    (tmp_path / "models").mkdir()
    return replace(settings, models_dir=tmp_path / "models", given=frozenset())


@pytest.fixture
def parts(parts: Parts, settings: Settings) -> Iterator[Parts]:
    """The parts with the models of that folder, where Grace is the default."""
    local = local_models(settings)
    local.catalogue.import_file(small_llama(settings.models_dir.parent / "grace.gguf"))
    local.default = "grace"
    yield replace(parts, settings=settings, catalogue=local.catalogue, local=local)
    local.close()


@pytest.fixture
def stick(settings: Settings) -> Path:
    """A model's file on a USB stick."""
    return small_llama(settings.models_dir.parent / "ada.gguf")


@pytest.fixture
def work_on(parts: Parts) -> Callable[[], list[str]]:
    """Do the jobs that wait, as the worker does. Returns their kinds."""
    tasks = ModelWork(parts.local, Workshop(parts.catalogue)).tasks()

    def work_on() -> list[str]:
        done = []
        while job := Job.claim(clock.now(), tasks):
            done.append(str(job.kind))
            run(job, tasks)
        return done

    return work_on


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measuring takes no time."""
    plain = replace(FOUND, conversion=None)
    monkeypatch.setattr(benchmark, "measure", lambda path, **_: plain)
    monkeypatch.setattr(Workshop, "_convertible", lambda self, model: False)


def shown(asker: Asker, name: str) -> dict[str, object]:
    found = asker.get("/v1/models/local").json["data"]
    return dict(next(each for each in found if each["name"] == name))


@pytest.mark.usefixtures("measured")
def test_a_model_is_imported_measured_made_the_default_and_removed(ada, stick, work_on):
    begun = ada.post("/v1/models/local/import", {"path": str(stick)})
    assert begun.status_code == 202
    assert ada.get(f"/v1/jobs/{begun.json['job_id']}").json["kind"] == "model_import"
    assert work_on() == [work.IMPORT, work.BENCHMARK]

    model = shown(ada, "ada")
    assert (model["installed"], model["verified"], model["default"]) == (True, True, False)
    assert model["benchmark"]["verdict"] == "fast"
    assert model["job"]["status"] == "done"

    assert ada.put("/v1/models/default", {"role": "language", "name": "ada"}).json["default"]
    assert ada.delete("/v1/models/local/grace").status_code == 204
    assert [each["name"] for each in ada.get("/v1/models/local").json["data"]] == ["ada"]


@pytest.mark.usefixtures("measured")
def test_the_default_holds_after_a_restart_unless_the_settings_name_one(ada, stick, parts, work_on):
    ada.post("/v1/models/local/import", {"path": str(stick)})
    work_on()
    ada.put("/v1/models/default", {"role": "language", "name": "ada"})
    given = replace(parts.settings, given=frozenset({"language_model"}))

    assert work.chosen(parts.settings, parts.catalogue) == "ada"
    assert work.chosen(given, parts.catalogue) == parts.settings.language_model


def test_what_the_settings_name_is_not_changed_here(app: Flask, parts: Parts, ada, stick):
    parts.catalogue.import_file(stick)
    given = replace(parts.settings, given=frozenset({"language_model"}))
    fixed = create_app(replace(parts, settings=given))
    asker = Asker(fixed, ada.headers)
    asker.client = fixed.test_client()
    reply = asker.post(
        "/v1/auth/sign-in",
        {"email": "ada@office.example", "password": "a quiet harbour in may"},
    )
    asker.headers["X-CSRF-Token"] = reply.json["csrf_token"]

    refused = asker.put("/v1/models/default", {"role": "language", "name": "ada"})
    assert code_of(refused) == (409, "conflict")


def test_a_model_from_the_incoming_folder_is_used_by_its_name(ada, parts, stick):
    incoming = parts.catalogue.incoming
    incoming.mkdir()
    stick.rename(incoming / "ada.gguf")
    (incoming / "notes.txt").write_text("not a model")
    listed = ada.get("/v1/models/incoming").json

    assert listed["folder"] == str(incoming)
    assert [(each["file"], each["kind"]) for each in listed["data"]] == [("ada.gguf", "gguf")]
    assert ada.post("/v1/models/local/import", {"path": "ada.gguf"}).status_code == 202


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("absent.gguf", 422),
        ("../../etc/passwd", 422),
        ("a/b.gguf", 422),
        ("/etc/hostname", 415),
        ("/dev/zero", 422),
        ("/nowhere/x.gguf", 422),
        ("a\0b", 422),
    ],
)
def test_what_is_no_model_is_refused_at_once(ada, path, status):
    refused = ada.post("/v1/models/local/import", {"path": path})

    assert refused.status_code in (status, 400)
    assert refused.json["error"]["message"]
    assert Job.across_projects().count() == 0


@pytest.mark.parametrize(
    "body", [{}, {"path": ""}, {"path": 3}, {"path": "x", "link": "maybe"}, {"path": "x", "y": 1}]
)
def test_a_wrong_body_is_refused(ada, body):
    assert ada.post("/v1/models/local/import", body).status_code == 422


def test_the_same_model_is_not_imported_twice(ada, parts, stick):
    parts.catalogue.import_file(stick)

    assert code_of(ada.post("/v1/models/local/import", {"path": str(stick)})) == (409, "conflict")


def test_the_same_work_is_lined_up_once(ada):
    jobs = {ada.post("/v1/models/local/grace/verify").json["job_id"] for _ in range(3)}

    assert len(jobs) == 1
    assert shown(ada, "grace")["job"]["status"] == "waiting"


def test_a_model_that_is_damaged_is_said_so(ada, parts, work_on):
    path = parts.catalogue.language("grace")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    ada.post("/v1/models/local/grace/verify")
    work_on()
    model = shown(ada, "grace")

    assert (model["job"]["status"], model["verified"]) == ("failed", None)
    assert "SHA-256 differs" in model["job"]["error"]


def test_a_job_can_be_called_off(ada, work_on, stick, parts):
    job = ada.post("/v1/models/local/import", {"path": str(stick)}).json["job_id"]
    Job.claim(clock.now())
    ada.post(f"/v1/jobs/{job}/cancel")
    Job.put_back_running()
    work_on()

    assert ada.get(f"/v1/jobs/{job}").json["status"] == "cancelled"
    assert "ada" not in [model.name for model in parts.catalogue.models()]


def test_a_stick_that_was_pulled_out_meanwhile_is_said_so(ada, stick, work_on):
    job = ada.post("/v1/models/local/import", {"path": str(stick)}).json["job_id"]
    stick.unlink()
    work_on()

    assert "no file or folder" in ada.get(f"/v1/jobs/{job}").json["error"]


def test_downloads_are_off_unless_they_are_allowed(app, ada, parts):
    assert code_of(ada.post("/v1/models/local/grace/download")) == (403, "permission_denied")
    assert ada.get("/v1/models/machine").json["downloads_allowed"] is False


def test_a_better_form_is_offered_until_it_is_made(ada, parts):
    benchmark.keep(parts.catalogue, parts.catalogue.find("grace"), FOUND)

    assert shown(ada, "grace")["conversion"] == {
        "quantisation": "Q4_0",
        "size": 5,
        "prefill_gain": 2.1,
    }


def test_the_machine_is_described(ada):
    machine = ada.get("/v1/models/machine").json

    assert machine["memory_total_mb"] > machine["memory_models_mb"] >= 0
    assert (machine["cores"] > 0, bool(machine["cpu"]), machine["queue"]) == (True, True, [])


def test_a_model_that_does_not_fit_is_refused_with_a_sentence(ada, parts):
    parts.local.residence._total = lambda: 1 << 20
    refused = ada.post("/v1/models/local/grace/load")

    assert code_of(refused) == (503, "out_of_memory")
    assert "this machine has" in refused.json["error"]["message"]
    assert shown(ada, "grace")["fits"] == "no"


def test_what_is_in_use_or_not_here_is_left_alone(ada, parts):
    assert code_of(ada.delete("/v1/models/local/grace")) == (409, "conflict")
    assert code_of(ada.delete("/v1/models/local/mallory")) == (404, "not_found")
    for action in ("load", "unload", "verify", "benchmark", "convert", "download"):
        assert code_of(ada.post(f"/v1/models/local/mallory/{action}")) == (404, "not_found")


def test_a_default_must_be_here_and_of_its_role(ada):
    for body, status in (
        ({"role": "language", "name": "mallory"}, 404),
        ({"role": "embedding", "name": "grace"}, 404),
        ({"role": "reranker", "name": "grace"}, 422),
        ({"role": "language"}, 422),
    ):
        assert ada.put("/v1/models/default", body).status_code == status


def test_another_search_model_is_built_beside_the_present_one(ada, parts, tmp_path):
    manifest = parts.settings.models_dir / "manifest.toml"
    shipped = models_beside_the_program() / "manifest.toml"
    manifest.write_text(shipped.read_text())
    absent = {"role": "embedding", "name": "multilingual-e5-small"}
    assert code_of(ada.put("/v1/models/default", absent)) == (409, "conflict")

    folder = sentence_folder(tmp_path / "grams-2")
    parts.catalogue.import_file(folder)
    begun = ada.put("/v1/models/default", {"role": "embedding", "name": "grams-2"})
    assert (begun.status_code, begun.json["default"]) == (200, False)
    assert ada.get("/v1/embedder").json["change"]["state"] == "building"


def test_only_an_operator_looks_after_the_models(member, with_key, stick, ada):
    program = with_key(scopes=list(keys.SCOPES))
    for asker in (member("admin"), program):
        refused = [
            asker.get("/v1/models/machine"),
            asker.get("/v1/models/incoming"),
            asker.post("/v1/models/local/import", {"path": str(stick)}),
            asker.put("/v1/models/default", {"role": "language", "name": "grace"}),
            asker.delete("/v1/models/local/grace"),
            *(
                asker.post(f"/v1/models/local/grace/{action}")
                for action in ("load", "unload", "verify", "benchmark", "convert", "download")
            ),
        ]
        assert {code_of(reply) for reply in refused} == {(403, "permission_denied")}


@pytest.mark.slow
def test_a_model_is_loaded_and_unloaded(ada):
    assert ada.post("/v1/models/local/grace/load").json["state"] in ("loading", "ready")
    assert shown(ada, "grace")["state"] in ("loading", "ready")
    assert ada.post("/v1/models/local/grace/unload").json["state"] == "stopped"


def test_what_was_found_out_when_a_model_was_loaded_is_said_before_its_advice(
    ada, parts, monkeypatch
):
    before = {each["name"]: each["advice"] for each in ada.get("/v1/models/local").json["data"]}
    monkeypatch.setattr(
        parts.local.engine("grace")._child, "facts", lambda: {"warning": "A bad template."}
    )
    after = {each["name"]: each["advice"] for each in ada.get("/v1/models/local").json["data"]}

    assert after["grace"] == f"A bad template. {before['grace']}".strip()
