import threading

import numpy as np
import pytest

from appliance.base.ids import new_id
from appliance.store import embedders
from appliance.store.database import database
from appliance.store.documents import Collection, Document, Passage, Source
from appliance.store.embedders import Embedding
from appliance.store.projects import DEFAULT_PROJECT
from appliance.store.vectors import Vectors

WIDTH = 8


def direction(number: int) -> np.ndarray:
    vector = np.random.default_rng(number).standard_normal(WIDTH).astype(np.float32)
    return vector / np.linalg.norm(vector)


class Shelf:
    """A collection whose passages are directions, and the index over it."""

    def __init__(self, folder, key) -> None:
        self.folder, self.key = folder, key
        self.collection = Collection.create(project_id=DEFAULT_PROJECT, name="Handbook")
        source = Source.create(
            project_id=DEFAULT_PROJECT, collection_id=self.collection.id, name="a", type="file"
        )
        self.document = Document.create(
            project_id=DEFAULT_PROJECT,
            collection_id=self.collection.id,
            source_id=source.id,
            name="a.txt",
            digest=new_id("x"),
            size=1,
            state="ready",
        )
        self.restart()

    def restart(self) -> None:
        self.index = Vectors(self.folder, self.key)

    def add(self, number: int, *, position: int | None = None, tell: bool = True) -> int:
        with database.writing():
            passage = Passage.create(
                project_id=DEFAULT_PROJECT,
                collection_id=self.collection.id,
                document_id=self.document.id,
                position=number if position is None else position,
                text=f"passage {number}",
                digest=str(number),
                tokens=2,
            )
            embedders.keep([(passage.id, DEFAULT_PROJECT, "e-1", direction(number).tobytes(), b"")])
            self.raised()
        if tell:
            self.index.changed(
                self.collection,
                before=self.collection.revision - 1,
                add=[passage.id],
                remove=[],
            )
        return passage.id

    def raised(self) -> None:
        self.collection.revision += 1
        self.collection.save()

    def nearest(self, number: int, **more) -> int | None:
        found = self.index.search(self.collection, "e-1", direction(number), 1, **more)
        return found[0][0] if found else None

    @property
    def file(self):
        return next(self.folder.rglob("*.faiss"))


@pytest.fixture
def shelf(store):
    return Shelf(store.folder / "index", store.key.derive("index"))


def test_the_nearest_passage_is_found_with_its_cosine(shelf):
    ids = [shelf.add(number) for number in range(5)]
    best, second = shelf.index.search(shelf.collection, "e-1", direction(3), 2)

    assert best[0] == ids[3]
    assert best[1] == pytest.approx(1.0, abs=1e-3)
    assert second[1] < best[1]


def test_an_empty_collection_finds_nothing(shelf):
    assert shelf.index.search(shelf.collection, "e-1", direction(1), 5) == []


def test_a_search_may_be_limited_to_some_passages(shelf):
    ids = [shelf.add(number) for number in range(5)]
    assert shelf.nearest(3, among=ids[:2]) in ids[:2]
    assert shelf.nearest(3, among=[]) is None


def test_a_change_nobody_told_of_is_found_by_its_revision(shelf):
    shelf.add(1)
    shelf.nearest(1)
    quiet = shelf.add(2, tell=False)
    assert shelf.nearest(2) == quiet


def test_a_lost_file_changes_no_answer(shelf):
    ids = [shelf.add(number) for number in range(5)]
    shelf.index.count(shelf.collection, "e-1")
    shelf.index.save()
    shelf.file.unlink()
    shelf.restart()
    assert [shelf.nearest(number) for number in range(5)] == ids


@pytest.mark.parametrize("damage", [b"", b"INH1", b"INH1" + b"x" * 500])
def test_a_damaged_file_changes_no_answer(shelf, damage):
    passage = shelf.add(1)
    shelf.nearest(1)
    shelf.index.save()
    shelf.file.write_bytes(damage)
    shelf.restart()
    assert shelf.nearest(1) == passage


def test_an_old_file_is_brought_up_to_date(shelf):
    old = shelf.add(1)
    shelf.nearest(1)
    shelf.index.save()
    new = shelf.add(2)
    Passage.delete().where(Passage.project_id == DEFAULT_PROJECT, Passage.id == old).execute()
    shelf.raised()
    shelf.restart()

    assert shelf.nearest(1) == new
    assert shelf.index.count(shelf.collection, "e-1") == 1


def test_the_file_spares_reading_the_rows(shelf):
    shelf.add(1)
    shelf.nearest(1)
    shelf.index.save()
    shelf.restart()
    # A row's vector changes without a new revision: only a reader of rows would notice.
    Embedding.update(vector=direction(9).tobytes()).where(
        Embedding.project_id == DEFAULT_PROJECT
    ).execute()
    assert shelf.index.search(shelf.collection, "e-1", direction(1), 1)[0][1] > 0.99


def test_the_file_shows_nothing_to_who_has_no_key(shelf):
    shelf.add(1)
    shelf.nearest(1)
    shelf.index.save()
    assert direction(1).astype(np.float16).tobytes() not in shelf.file.read_bytes()
    assert b"e-1" not in shelf.file.read_bytes()


def test_passages_out_of_sight_and_of_disabled_documents_are_not_found(shelf):
    seen = shelf.add(1)
    shelf.add(2, position=-1, tell=False)
    assert shelf.nearest(2) == seen

    shelf.document.enabled = False
    shelf.document.save()
    shelf.raised()
    assert shelf.nearest(1) is None


def test_vectors_of_another_embedder_are_not_compared(shelf):
    shelf.add(1)
    shelf.nearest(1)
    shelf.index.save()
    assert shelf.index.search(shelf.collection, "e-2", np.ones(4, np.float32) / 2, 3) == []


def test_a_passage_may_have_vectors_of_several_embedders(shelf):
    passage = shelf.add(1)
    shelf.nearest(1)
    with database.writing():
        embedders.keep([(passage, DEFAULT_PROJECT, "e-2", b"\0\0\x80\x3f" * 4, b"")])
        shelf.raised()
    other = shelf.index.search(shelf.collection, "e-2", np.ones(4, np.float32) / 2, 3)

    assert shelf.nearest(1) == passage
    assert [found for found, _ in other] == [passage]


def test_indexes_of_embedders_nobody_needs_go(shelf):
    shelf.add(1)
    shelf.nearest(1)
    shelf.index.save()
    shelf.index.keep_only(["e-1"])
    assert shelf.file.exists()

    shelf.index.keep_only(["e-2"])
    assert list(shelf.folder.rglob("*.faiss")) == []


def test_a_dropped_collection_leaves_no_file(shelf):
    shelf.add(1)
    shelf.nearest(1)
    shelf.index.save()
    shelf.index.drop(shelf.collection)
    assert list(shelf.folder.rglob("*.faiss")) == []


def test_searches_and_changes_may_happen_at_once(shelf):
    first, troubles = shelf.add(0), []

    def ask() -> None:
        try:
            for _ in range(50):
                assert shelf.nearest(0) == first
        except BaseException as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 30):
        shelf.add(number)
    for thread in threads:
        thread.join()

    assert troubles == []
    assert shelf.index.count(shelf.collection, "e-1") == 30
