from appliance.library import upkeep
from appliance.store import jobs
from appliance.store.documents import Collection
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT
from tests.library.parts import GramEmbedder

PARKING = "# Parking\n\nVisitors park in the yard."


class Other(GramEmbedder):
    fingerprint = "grams-2"
    dimensions = 32


def test_a_collection_of_another_embedder_is_read_anew(library, vectors):
    document = library.add(PARKING)
    library.index.save()
    library.embedder = Other()
    library.ingest._embedder = library.embedder

    assert upkeep.renew(library.embedder) == 1
    assert library.again(document).state == "queued"
    library.work()

    assert library.again(document).state == "ready"
    assert library.find("Where do visitors park?").hits[0].document_id == document.id
    assert Collection.find(DEFAULT_PROJECT, library.collection.id).embedder == "grams-2"


def test_nothing_is_read_anew_while_the_embedder_is_the_same(library):
    library.add(PARKING)
    assert upkeep.renew(library.embedder) == 0
    assert not Job.of(DEFAULT_PROJECT).where(Job.state == jobs.WAITING).exists()


def test_a_document_whose_job_was_given_up_says_so(library):
    lost, waiting = library.accept(PARKING), library.accept("Another one.")
    Job.update(state=jobs.FAILED).where(
        Job.project_id == DEFAULT_PROJECT, Job.subject == lost.id
    ).execute()

    assert upkeep.settle() == 1
    assert library.again(lost).state == "failed"
    assert library.again(waiting).state == "queued"
