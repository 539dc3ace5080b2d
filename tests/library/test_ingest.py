import threading

import pytest

from appliance.base import clock
from appliance.base.errors import EngineFailed
from appliance.library import ingest as ingesting
from appliance.library import intake
from appliance.library.ingest import TRIES, Ingest
from appliance.readers.contract import Limits
from appliance.store.documents import Collection, Document, Passage
from appliance.store.embedders import Embedding
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT
from tests.library.parts import GramEmbedder, read

PAGES = "# Hours\n\nWe open at nine.\f# Parking\n\nVisitors park in the yard."


def long(*, changed: int | None = None) -> str:
    """A document of 40 passages."""
    return "\n\n".join(
        f"# Room {n}\n\nRoom {n} has {n + (100 if n == changed else 0)} chairs." for n in range(40)
    )


def found(library, query: str) -> list[str]:
    return [hit.text for hit in library.find(query, k=50).hits]


def job_of(document: Document) -> Job:
    jobs = Job.of(DEFAULT_PROJECT).where(Job.subject == document.id)
    return jobs.order_by(Job.id.desc()).first()


class Failing(GramEmbedder):
    """Fails after some texts, with the error it is given."""

    def __init__(self, *, after: int = 0, error: BaseException | None = None) -> None:
        super().__init__()
        self.after, self.error = after, error or EngineFailed("The model died.")

    def embed(self, texts, *, spans=None, urgent=False):
        if len(self.seen) + len(texts) > self.after:
            raise self.error
        return super().embed(texts, spans=spans, urgent=urgent)


def with_embedder(library, embedder: GramEmbedder) -> Ingest:
    return Ingest(library.store.blobs, library.index, embedder, read, Limits())


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(ingesting, "BATCH", 10)


def test_a_document_becomes_passages_with_their_places(library):
    document = library.add(PAGES, "house.txt")
    first, second = library.passages(document)

    assert (document.state, document.passages, document.title) == ("ready", 2, "house.txt")
    assert document.report["characters"] == len(PAGES)
    assert (first.page, first.heading, first.text) == (1, "Hours", "We open at nine.")
    assert (second.page, second.position, second.tokens) == (2, 1, 6)
    assert second.sentences == [[0, 26]]


def test_progress_is_told(library):
    job = job_of(library.add(PAGES))
    assert (job.progress, job.step) == (1.0, "Ready")


def test_passages_have_the_vectors_of_the_embedder(library):
    document = library.add(PAGES)
    rows = list(Embedding.of(DEFAULT_PROJECT).order_by(Embedding.passage_id))

    assert [row.passage_id for row in rows] == [each.id for each in library.passages(document)]
    assert {(row.embedder, len(row.vector)) for row in rows} == {("grams-1", 64 * 4)}


def test_a_file_no_text_can_be_taken_from_fails_with_its_sentence(library):
    document = library.add("unreadable")
    assert (document.state, document.trouble_code) == ("failed", "unreadable")
    assert document.trouble == "No text can be taken from this file."


def test_doing_the_same_job_twice_changes_nothing(library):
    document = library.add(PAGES)
    before = [(p.id, p.position, p.text) for p in library.passages(document)]
    revision = Collection.find(DEFAULT_PROJECT, library.collection.id).revision
    library.ingest(job_of(document))

    assert [(p.id, p.position, p.text) for p in library.passages(document)] == before
    assert Collection.find(DEFAULT_PROJECT, library.collection.id).revision == revision


def test_only_changed_passages_are_embedded_again(library):
    document = library.add(long())
    library.embedder.seen.clear()
    library.replace(document, long(changed=7))
    library.work()

    assert library.embedder.seen == ["Room 7\nRoom 7 has 107 chairs."]
    assert [p.position for p in library.passages(document)] == list(range(40))
    assert "Room 7 has 107 chairs." in found(library, "Room 7 chairs")
    assert "Room 7 has 7 chairs." not in found(library, "Room 7 chairs")


def test_passages_may_change_places_without_being_embedded(library):
    document = library.add("# A\n\nFirst.\n\n# B\n\nSecond.")
    library.embedder.seen.clear()
    library.replace(document, "# B\n\nSecond.\n\n# A\n\nFirst.")
    library.work()
    assert library.embedder.seen == []
    assert [p.text for p in library.passages(document)] == ["Second.", "First."]


def test_the_same_text_twice_in_a_document_is_two_passages(library):
    document = library.add("# A\n\nSame.\n\n# B\n\nOther.\n\n# A\n\nSame.")
    assert [p.text for p in library.passages(document)] == ["Same.", "Other.", "Same."]


@pytest.mark.usefixtures("small_batches")
def test_what_was_saved_before_a_failure_is_not_embedded_again(library):
    document = library.accept(long())
    with pytest.raises(EngineFailed):
        with_embedder(library, Failing(after=25))(Job.claim(clock.now()))
    assert library.again(document).state == "queued"
    assert found(library, "Room 3 chairs") == []  # nothing is seen of half a document

    library.embedder.seen.clear()
    Job.put_back_running()
    library.work()
    assert len(library.embedder.seen) == 20
    assert [p.position for p in library.passages(document)] == list(range(40))
    assert library.again(document).state == "ready"


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("texts", [0, 10, 20, 30])
def test_a_process_that_dies_anywhere_costs_no_passage_and_doubles_none(library, texts):
    document = library.accept(long())
    with pytest.raises(SystemExit):
        with_embedder(library, Failing(after=texts, error=SystemExit()))(Job.claim(clock.now()))
    Job.put_back_running()
    library.work()

    assert library.again(document).state == "ready"
    assert len({p.text for p in library.passages(document)}) == 40
    assert len(library.passages(document)) == 40
    assert (
        library.index.count(Collection.find(DEFAULT_PROJECT, library.collection.id), "grams-1")
        == 40
    )


def test_a_failure_that_may_pass_fails_the_document_in_the_end(library):
    document = library.accept(PAGES)
    for tries in range(1, TRIES + 1):
        assert library.again(document).state == "queued"
        Job.update(state="waiting").where(Job.project_id == DEFAULT_PROJECT).execute()
        job = Job.claim(clock.now())
        assert job.tries == tries
        with pytest.raises(EngineFailed):
            with_embedder(library, Failing())(job)
    document = library.again(document)
    assert (document.state, document.trouble) == ("failed", "The model died.")


def test_a_document_that_takes_the_program_down_each_time_is_given_up(library):
    document = library.accept(PAGES)
    Job.update(tries=TRIES).where(Job.project_id == DEFAULT_PROJECT).execute()
    library.work()
    assert library.again(document).state == "failed"
    assert library.embedder.seen == []


def test_an_unforeseen_failure_tells_nothing_internal(library):
    document = library.accept(PAGES)
    Job.update(tries=TRIES - 1).where(Job.project_id == DEFAULT_PROJECT).execute()
    with pytest.raises(KeyError):
        with_embedder(library, Failing(error=KeyError("secret")))(Job.claim(clock.now()))
    document = library.again(document)
    assert (document.state, document.trouble_code) == ("failed", "internal_error")
    assert "secret" not in document.trouble


def test_a_document_that_failed_is_not_found(library):
    document = library.add(PAGES)
    Document.update(digest="gone").where(Document.project_id == DEFAULT_PROJECT).execute()
    intake.read_again(library.again(document))
    library.work()
    assert library.again(document).state == "failed"
    assert found(library, "Visitors park") == []


class Meanwhile(GramEmbedder):
    """Something happens while the model works."""

    def __init__(self, happens) -> None:
        super().__init__()
        self.happens = happens

    def embed(self, texts, *, spans=None, urgent=False):
        happens, self.happens = self.happens, lambda: None
        happens()
        return super().embed(texts, spans=spans, urgent=urgent)


def test_a_document_may_be_deleted_while_it_is_read(library):
    document = library.accept(PAGES)

    def delete() -> None:
        intake.delete(document, blobs=library.store.blobs, index=library.index)

    with_embedder(library, Meanwhile(delete))(Job.claim(clock.now()))
    assert Document.of(DEFAULT_PROJECT).count() == 0
    assert Passage.of(DEFAULT_PROJECT).count() == 0
    assert found(library, "Visitors park") == []


def test_content_that_changes_while_it_is_read_is_read_again(library):
    document = library.accept(PAGES)

    def replace() -> None:
        library.replace(document, "# Parking\n\nNobody parks here.")

    with_embedder(library, Meanwhile(replace))(Job.claim(clock.now()))
    assert library.again(document).state == "queued"
    library.work()
    assert found(library, "park") == ["Nobody parks here."]


def test_a_job_may_be_cancelled(library):
    document = library.accept(PAGES)

    def cancel() -> None:
        Job.update(cancel=True).where(Job.project_id == DEFAULT_PROJECT).execute()

    with_embedder(library, Meanwhile(cancel))(Job.claim(clock.now()))
    document = library.again(document)
    assert (document.state, document.trouble_code) == ("failed", "cancelled")
    assert job_of(document).progress < 1
    assert found(library, "Visitors park") == []


def test_a_document_disabled_while_it_is_read_stays_disabled(library):
    document = library.accept(PAGES)

    def disable() -> None:
        intake.disable(document, index=library.index)

    with_embedder(library, Meanwhile(disable))(Job.claim(clock.now()))
    assert library.again(document).state == "ready"
    assert found(library, "Visitors park") == []
    intake.enable(document, index=library.index)
    assert "Visitors park in the yard." in found(library, "Visitors park")


def test_two_jobs_of_one_document_take_turns(library):
    document = library.accept(long())
    first = Job.claim(clock.now())
    second = Job.create(project_id=DEFAULT_PROJECT, kind="ingest", subject=document.id)
    threads = [threading.Thread(target=library.ingest, args=(job,)) for job in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(library.passages(document)) == 40
    assert len(library.embedder.seen) == 40


def test_an_empty_reading_is_a_document_without_passages(library):
    document = library.add("\n\n\f\n")
    assert (document.state, document.passages) == ("ready", 0)
