"""The embedder is changed for another, and the search goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from appliance.base import clock
from appliance.base.errors import Conflict, NotFound
from appliance.engines.current import CurrentEmbedder
from appliance.library import reindex
from appliance.library.build import Build
from appliance.library.ingest import Ingest
from appliance.readers.contract import Limits
from appliance.store import embedders, jobs
from appliance.store.embedders import EmbedderChange, Embedding
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT
from appliance.worker.loop import run
from tests.library.parts import grams, read

PARKING = "# Parking\n\nVisitors park in the yard."
LUNCH = "# Lunch\n\nThe canteen serves soup at noon."


@pytest.fixture
def office(library):
    """The library with an embedder that can be changed, and one document."""
    library.embedder = CurrentEmbedder(grams, "grams-1")
    library.ingest = Ingest(library.store.blobs, library.index, library.embedder, read, Limits())
    reindex.settle(library.embedder, "grams-1")
    library.add(PARKING)
    return library


@pytest.fixture
def work(office) -> Callable[[], None]:
    """Do every job that is due, as the worker does."""
    tasks = {"ingest": office.ingest, "embed": Build(office.index, office.embedder)}

    def work() -> None:
        while job := Job.claim(clock.now() + 10 * clock.MINUTE):
            run(job, tasks)

    return work


def begin(office, model: str = "grams-2", **more) -> EmbedderChange:
    return reindex.begin(office.embedder, model, project_id=DEFAULT_PROJECT, **more)


def marks() -> list[str]:
    """The fingerprints of all the vectors there are."""
    return sorted(row.embedder for row in Embedding.of(DEFAULT_PROJECT))


def found(office, query: str = "Where do visitors park?") -> str:
    hits = office.find(query).hits
    return f"{hits[0].embedder} {bool(hits[0].vectors)}" if hits else "nothing"


def test_the_new_index_is_built_beside_the_old_and_compared(office, work):
    change = begin(office)
    assert reindex.current().state == "building"
    work()
    change = reindex.find(change.id)

    assert change.state == "ready"
    assert change.comparison["questions"] == 1
    assert change.comparison["generated"] is True
    assert 0 <= change.comparison["recall_at_1_after"] <= change.comparison["recall_at_5_after"]
    assert marks() == ["grams-1", "grams-2"]
    assert found(office) == "grams-1 True"


def test_one_row_switches_and_leads_back(office, work):
    change = begin(office)
    work()
    reindex.switch(office.embedder, change.id)
    assert found(office) == "grams-2 True"
    assert embedders.choice().previous.model == "grams-1"

    reindex.back(office.embedder)
    assert found(office) == "grams-1 True"
    assert reindex.current().state == "ready"
    work()
    assert marks() == ["grams-1", "grams-2"]


def test_after_a_restart_the_chosen_one_searches(office, work):
    change = begin(office)
    work()
    reindex.switch(office.embedder, change.id)
    known = {"grams-1": "grams-1", "grams-2": "grams-2"}

    assert reindex.chosen_model("grams-1", known.get) == "grams-2"
    assert reindex.chosen_model("grams-1", {"grams-1": "grams-1"}.get) == "grams-1"


def test_it_is_not_switched_to_before_it_is_ready(office):
    change = begin(office)
    with pytest.raises(Conflict, match="not ready"):
        reindex.switch(office.embedder, change.id)


def test_documents_that_arrive_meanwhile_are_in_both(office, work):
    change = begin(office)
    office.accept(LUNCH, "lunch.txt")
    work()
    assert marks() == ["grams-1", "grams-1", "grams-2", "grams-2"]

    later = office.accept("# Keys\n\nKeys hang at the door.", "keys.txt")
    office.ingest(Job.of(DEFAULT_PROJECT).where(Job.subject == later.id).first())
    Job.update(state="done").where(
        Job.project_id == DEFAULT_PROJECT, Job.subject == later.id
    ).execute()
    with pytest.raises(Conflict, match="just arrived"):
        reindex.switch(office.embedder, change.id)
    work()
    reindex.switch(office.embedder, change.id)
    assert found(office, "Where do the keys hang?") == "grams-2 True"


def test_what_arrives_after_the_switch_is_found_after_the_way_back(office, work):
    change = begin(office)
    work()
    reindex.switch(office.embedder, change.id)
    office.add(LUNCH, "lunch.txt")
    reindex.back(office.embedder)

    # By its words at once, and by its meaning once the job has been.
    assert found(office, "When does the canteen serve soup?") == "grams-1 False"
    work()
    assert found(office, "When does the canteen serve soup?") == "grams-1 True"


def test_a_document_that_is_being_read_during_the_switch_is_made_up_for(office, work):
    change = begin(office)
    work()
    former = office.embedder.now()
    reindex.switch(office.embedder, change.id)
    Ingest(office.store.blobs, office.index, former, read, Limits())(
        Job.of(DEFAULT_PROJECT)
        .where(Job.subject == office.accept(LUNCH, "lunch.txt").id, Job.state == "waiting")
        .first()
    )
    work()
    assert found(office, "When does the canteen serve soup?") == "grams-2 True"


def test_a_cancelled_change_leaves_nothing(office, work):
    change = begin(office)
    job = Job.claim(clock.now())
    Job.update(cancel=True).where(Job.project_id == DEFAULT_PROJECT, Job.id == job.id).execute()
    run(job, {"embed": Build(office.index, office.embedder)})
    assert reindex.find(change.id).state == "cancelled"
    work()
    assert marks() == ["grams-1"]


def test_a_change_whose_job_was_cancelled_before_it_began_is_cancelled(office):
    change = begin(office)
    Job.update(state=jobs.CANCELLED).where(
        Job.project_id == DEFAULT_PROJECT, Job.id == change.job_id
    ).execute()
    assert reindex.current().state == "cancelled"
    assert begin(office).id != change.id


def test_a_change_that_fails_says_why_and_the_old_one_goes_on(office, work, monkeypatch):
    change = begin(office)
    monkeypatch.setattr(office.embedder.of("grams-2"), "embed", None)
    work()
    failed = reindex.find(change.id)

    assert (failed.state, bool(failed.trouble)) == ("failed", True)
    assert found(office) == "grams-1 True"


def test_discarding_a_change_removes_its_vectors(office, work):
    change = begin(office)
    work()
    reindex.remove(change.id)
    work()
    assert marks() == ["grams-1"]
    with pytest.raises(NotFound):
        reindex.find(change.id)


def test_after_the_switch_discarding_removes_the_way_back(office, work):
    change = begin(office)
    work()
    reindex.switch(office.embedder, change.id)
    assert reindex.in_use() == {"grams-1", "grams-2"}
    reindex.remove(change.id)
    work()

    assert marks() == ["grams-2"]
    assert reindex.in_use() == {"grams-2"}
    with pytest.raises(Conflict, match="no former"):
        reindex.back(office.embedder)


def test_only_one_change_is_open(office):
    begin(office)
    with pytest.raises(Conflict, match="is open"):
        begin(office)
    with pytest.raises(NotFound):
        begin(office, "grams-9")


def test_a_change_to_the_same_model_is_none(office):
    with pytest.raises(Conflict, match="searches already"):
        begin(office, "grams-1")


def test_another_model_in_the_settings_takes_over_once_it_is_complete(office, work):
    reindex.settle(office.embedder, "grams-2")
    assert found(office) == "grams-1 True"
    work()
    assert found(office) == "grams-2 True"


def test_a_model_whose_files_have_changed_is_embedded_anew(office, work):
    other = CurrentEmbedder(lambda _: grams("grams-2"), "grams-1")
    reindex.settle(other, "grams-1")
    office.embedder = other
    assert found(office) == "grams-2 False"

    tasks = {"embed": Build(office.index, other)}
    while job := Job.claim(clock.now()):
        run(job, tasks)
    assert found(office) == "grams-2 True"
    assert marks() == ["grams-2"]


def test_a_long_build_lets_others_have_a_turn(office, monkeypatch):
    monkeypatch.setattr("appliance.library.build.TURN", 0)
    change = begin(office)
    waiting = office.accept(LUNCH, "lunch.txt")
    build = Job.claim(clock.now())
    assert build.id == change.job_id
    run(build, {"embed": Build(office.index, office.embedder)})

    again = Job.find(DEFAULT_PROJECT, build.id)
    assert (again.state, again.tries) == ("waiting", 0)
    assert Job.claim(clock.now()).subject == waiting.id
