from io import BytesIO

import pytest

from appliance.base.errors import NotFound, TooLarge
from appliance.library import intake, originals
from appliance.library.intake import EmptyUpload
from appliance.store import fulltext, jobs
from appliance.store.database import database
from appliance.store.documents import Collection, Document, Passage, Source
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT, Project

OPEN = "We open at nine."


def kept(library) -> set[str]:
    return set(library.store.blobs.digests(DEFAULT_PROJECT))


def rows(record) -> int:
    return record.of(DEFAULT_PROJECT).count()


def delete(library, document: Document) -> None:
    intake.delete(document, blobs=library.store.blobs, index=library.index)


def test_an_accepted_file_waits_to_be_read(library):
    document = library.accept(OPEN, "hours.txt", metadata={"team": "desk"})

    assert (document.state, document.name, document.size) == ("queued", "hours.txt", 16)
    assert [job.subject for job in Job.of(DEFAULT_PROJECT)] == [document.id]
    assert library.store.blobs.read(DEFAULT_PROJECT, document.digest) == OPEN.encode()


def test_a_file_gets_a_source_of_its_own_or_the_one_it_is_given(library):
    first = library.accept(OPEN, "hours.txt")
    source = Source.find(DEFAULT_PROJECT, first.source_id)
    assert (source.name, source.type) == ("hours.txt", "file")

    second = library.accept("Another one.", source_id=source.id)
    assert second.source_id == source.id


def test_the_same_bytes_twice_are_one_document(library):
    assert library.accept(OPEN, "a.txt") == library.accept(OPEN, "b.txt")
    assert (rows(Job), rows(Source), len(kept(library))) == (1, 1, 1)


def test_the_same_bytes_in_another_collection_are_another_document(library):
    first = library.accept(OPEN)
    library.collection = Collection.create(project_id=DEFAULT_PROJECT, name="Other")
    assert library.accept(OPEN) != first
    assert len(kept(library)) == 1


def test_the_same_bytes_again_give_a_failed_document_another_chance(library):
    document = library.add("unreadable")
    assert document.state == "failed"
    assert library.accept("unreadable").state == "queued"
    assert Job.of(DEFAULT_PROJECT).where(Job.state == jobs.WAITING).count() == 1


@pytest.mark.parametrize(
    ("content", "error"), [(b"", EmptyUpload), (b"x" * 100_001, TooLarge)], ids=["empty", "large"]
)
def test_a_file_that_is_refused_leaves_nothing_behind(library, content, error):
    with pytest.raises(error):
        library.accept(content)
    assert (rows(Document), rows(Job), rows(Source), kept(library)) == (0, 0, 0, set())


def test_a_collection_of_another_project_is_not_there(library):
    stranger = Project.create(name="Elsewhere")
    library.collection = Collection.create(project_id=stranger.id, name="Theirs")
    with pytest.raises(NotFound):
        library.accept(OPEN)
    assert kept(library) == set()


def test_new_content_is_found_in_place_of_the_old(library):
    document = library.add("We open at nine. The cellar is cold.")
    former = document.digest
    library.replace(document, "We open at ten. The attic is warm.", name="new.txt")

    assert library.find("cellar").hits[0].text.endswith("The cellar is cold.")  # until it is read
    library.work()
    document = library.again(document)
    assert (document.state, document.name) == ("ready", "new.txt")
    assert [hit.text for hit in library.find("cellar").hits] == [
        "We open at ten. The attic is warm."
    ]
    assert kept(library) == {document.digest} != {former}


def test_the_same_content_anew_is_no_work(library):
    document = library.add(OPEN)
    library.replace(document, OPEN)
    assert library.again(document).state == "ready"
    assert not Job.of(DEFAULT_PROJECT).where(Job.state == jobs.WAITING).exists()
    assert kept(library) == {document.digest}


def test_content_that_is_refused_leaves_the_document_as_it_was(library):
    document = library.add(OPEN)
    with pytest.raises(EmptyUpload):
        library.replace(document, "")
    assert library.again(document).state == "ready"
    assert library.find("open").hits


def test_a_deleted_document_is_gone_from_everywhere(library):
    document = library.add(OPEN)
    number = library.collection.number
    delete(library, document)

    assert library.find("open").hits == ()
    assert (rows(Document), rows(Passage), rows(Source), kept(library)) == (0, 0, 0, set())
    assert fulltext.search(number, ["open"], 5) == []
    assert (
        library.index.count(Collection.find(DEFAULT_PROJECT, library.collection.id), "grams-1") == 0
    )


def test_a_file_that_another_document_has_stays(library):
    first = library.add(OPEN)
    library.collection = Collection.create(project_id=DEFAULT_PROJECT, name="Other")
    second = library.add(OPEN)
    delete(library, first)
    assert library.store.blobs.read(DEFAULT_PROJECT, second.digest) == OPEN.encode()
    assert library.find("open").hits[0].document_id == second.id


def test_the_work_for_a_deleted_document_is_called_off(library):
    document = library.accept(OPEN)
    delete(library, document)
    assert [job.state for job in Job.of(DEFAULT_PROJECT)] == [jobs.CANCELLED]
    library.work()
    assert rows(Document) == 0


def test_a_source_goes_with_all_its_documents(library):
    first = library.add(OPEN)
    library.add("Another one.", source_id=first.source_id)
    source = Source.find(DEFAULT_PROJECT, first.source_id)
    intake.delete_source(source, blobs=library.store.blobs, index=library.index)
    assert (rows(Document), rows(Source), kept(library)) == (0, 0, set())


def test_a_collection_goes_with_everything_in_it(library):
    library.add(OPEN)
    library.find("open")
    library.index.save()
    intake.delete_collection(library.collection, blobs=library.store.blobs, index=library.index)

    assert (rows(Collection), rows(Document), rows(Passage), kept(library)) == (0, 0, 0, set())
    tables = database.execute_sql("SELECT name FROM sqlite_master WHERE name LIKE 'fulltext%'")
    assert tables.fetchall() == []
    assert list((library.store.folder / "index").rglob("*.faiss")) == []


def test_reading_a_source_anew_lines_each_document_up_once(library):
    document = library.add(OPEN)
    source = Source.find(DEFAULT_PROJECT, document.source_id)
    intake.resync(source)
    (job,) = intake.resync(source)
    assert job.subject == document.id
    assert Job.of(DEFAULT_PROJECT).where(Job.state == jobs.WAITING).count() == 1


class Slow(BytesIO):
    """A stream during whose reading something else happens."""

    def __init__(self, content: bytes, meanwhile) -> None:
        super().__init__(content)
        self.meanwhile = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        if not piece and self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return piece


def test_a_file_is_not_dropped_while_the_same_bytes_arrive(library):
    first = library.add(OPEN)
    library.collection = Collection.create(project_id=DEFAULT_PROJECT, name="Other")
    second = intake.accept(
        Slow(OPEN.encode(), lambda: delete(library, first)),
        project_id=DEFAULT_PROJECT,
        collection_id=library.collection.id,
        name="again.txt",
        blobs=library.store.blobs,
        limit=1_000,
    )
    library.work()
    assert library.again(second).state == "ready"
    assert kept(library) == {second.digest}


def test_what_a_crash_left_without_a_row_is_swept(library):
    document = library.add(OPEN)
    library.store.blobs.keep(DEFAULT_PROJECT, BytesIO(b"orphan"), limit=100)
    partial = library.store.blobs.root / DEFAULT_PROJECT / ".123.abc.part"
    partial.write_bytes(b"half a file")

    assert originals.sweep(library.store.blobs) == 0  # younger than an hour
    assert originals.sweep(library.store.blobs, before=2**62) == 2
    assert kept(library) == {document.digest}
    assert not partial.exists()
