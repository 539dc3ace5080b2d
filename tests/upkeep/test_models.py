"""Work on models as jobs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.base.errors import Conflict, Forbidden, Invalid
from appliance.base.settings import Settings, load
from appliance.engines import benchmark
from appliance.engines.benchmark import Benchmark
from appliance.engines.catalogue import Catalogue
from appliance.engines.manifest import ModelFile
from appliance.store import jobs
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT
from appliance.upkeep import models as work
from appliance.upkeep.models import Notes
from tests.engines.parts import judge_folder, small_llama

pytestmark = pytest.mark.usefixtures("store")

FOUND = Benchmark(400.0, 50.0, 120.0, 2, 1_700_000_000_000)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """A folder of models with one that writes and one that judges."""
    catalogue = Catalogue(tmp_path / "models")
    catalogue.import_file(small_llama(tmp_path / "ada.gguf"))
    catalogue.import_file(judge_folder(tmp_path / "judge"))
    return catalogue


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"data_dir": tmp_path / "data"}, {})


def job() -> Job:
    return Job.create(project_id=DEFAULT_PROJECT, kind=work.VERIFY, subject="ada")


def reread(row: Job) -> Job:
    return Job.find(DEFAULT_PROJECT, row.id)


def test_progress_is_written_now_and_then_and_each_new_step_at_once():
    now, row = [0.0], job()
    notes = Notes(row, clock=lambda: now[0])
    seen = []
    for share, step, at in ((0.1, "copying", 0.0), (0.2, "copying", 0.1), (0.3, "reading", 0.2),
                            (0.4, "reading", 0.9), (1.0, "reading", 2.0)):  # fmt: skip
        now[0] = at
        notes.hear(share, step)
        seen.append((reread(row).progress, reread(row).step))

    assert seen == [
        (0.1, "copying"), (0.1, "copying"), (0.3, "reading"), (0.4, "reading"), (0.999, "reading"),
    ]  # fmt: skip


def test_a_cancelled_job_is_noticed_and_one_that_is_gone_too():
    now, row = [0.0], job()
    notes = Notes(row, clock=lambda: now[0])
    before = notes.stopped()
    Job.update(cancel=True).where(Job.project_id == DEFAULT_PROJECT).execute()
    now[0] = 1.0

    assert (before, notes.stopped()) == (False, True)
    gone = Notes(row, clock=lambda: now[0])
    Job.delete().where(Job.project_id == DEFAULT_PROJECT).execute()
    assert gone.stopped()


def test_a_measurement_of_another_machine_is_made_anew(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
):
    fresh = work.renew_measurements(catalogue)
    benchmark.keep(catalogue, catalogue.find("ada"), FOUND)
    same = work.renew_measurements(catalogue)
    monkeypatch.setattr(benchmark, "machine", lambda: "Another × 64")

    assert (fresh, same, work.renew_measurements(catalogue)) == (0, 0, 1)
    assert [(row.kind, row.subject) for row in Job.of(DEFAULT_PROJECT)] == [(work.BENCHMARK, "ada")]


def test_only_what_can_be_done_is_lined_up(catalogue: Catalogue, settings: Settings):
    ada, judge = catalogue.find("ada"), catalogue.find("judge")
    absent = replace(ada, name="absent", installed=False, imported=False)
    allowed = replace(settings, allow_downloads=True)
    for kind, model, given, error in (
        (work.BENCHMARK, absent, settings, Conflict),
        (work.BENCHMARK, judge, settings, Invalid),
        (work.CONVERT, replace(ada, quantisation="Q4_K_M"), settings, Invalid),
        (work.DOWNLOAD, absent, settings, Forbidden),
        (work.DOWNLOAD, absent, allowed, Invalid),
        (work.DOWNLOAD, replace(ada, repository="ada/model"), allowed, Conflict),
    ):
        with pytest.raises(error):
            work.order(kind, model, given)

    known = replace(absent, repository="ada/model", files=(ModelFile("ada.gguf"),))
    assert work.order(work.DOWNLOAD, known, allowed).state == jobs.WAITING


def test_the_latest_work_is_shown_and_what_is_under_way_before_it():
    first = job()
    Job.update(state=jobs.DONE).where(Job.project_id == DEFAULT_PROJECT).execute()
    shown = work.under_way("ada", "grace")
    second = job()

    assert (shown, work.under_way("ada")) == ({"ada": first}, {"ada": second})


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_said_so(catalogue: Catalogue, tmp_path: Path):
    catalogue.models_dir.chmod(0o500)
    with pytest.raises(Invalid, match="cannot be written"):
        catalogue.import_file(small_llama(tmp_path / "grace.gguf"), link=True)
    catalogue.models_dir.chmod(0o700)


def test_the_choice_of_a_model_that_is_gone_does_not_count(
    catalogue: Catalogue, settings: Settings
):
    from appliance.store.projects import Preference

    Preference.create(name="language_model", value="ada")
    chosen = work.chosen(settings, catalogue)
    catalogue.remove("ada")

    assert (chosen, work.chosen(settings, catalogue)) == ("ada", settings.language_model)
