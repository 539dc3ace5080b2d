from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest

from appliance.base import clock
from appliance.base.errors import ApplianceError
from appliance.library import intake
from appliance.library.ingest import Ingest
from appliance.library.search import Finding, Search
from appliance.readers.contract import Limits
from appliance.store.documents import Collection, Document, Passage
from appliance.store.jobs import Job
from appliance.store.opening import Store
from appliance.store.projects import DEFAULT_PROJECT
from appliance.store.vectors import Vectors
from tests.library.parts import GramEmbedder, read


@dataclass
class Library:
    """The library over a real store, with one collection in it."""

    store: Store
    index: Vectors
    embedder: GramEmbedder
    ingest: Ingest
    collection: Collection

    def accept(self, text: str | bytes, name: str = "hours.txt", **more) -> Document:
        content = text.encode() if isinstance(text, str) else text
        return intake.accept(
            BytesIO(content),
            project_id=DEFAULT_PROJECT,
            collection_id=self.collection.id,
            name=name,
            blobs=self.store.blobs,
            limit=100_000,
            **more,
        )

    def replace(self, document: Document, text: str, **more) -> Document:
        content = BytesIO(text.encode())
        return intake.replace(document, content, blobs=self.store.blobs, limit=100_000, **more)

    def work(self) -> None:
        """Do every job that is due, as the worker does."""
        while job := Job.claim(clock.now()):
            try:
                self.ingest(job)
            except ApplianceError as error:
                state = "waiting" if error.retryable else "failed"
            else:
                state = "done"
            Job.update(state=state).where(
                Job.project_id == DEFAULT_PROJECT, Job.id == job.id
            ).execute()

    def add(self, text: str, name: str = "hours.txt", **more) -> Document:
        document = self.accept(text, name, **more)
        self.work()
        return self.again(document)

    def again(self, document: Document) -> Document:
        return Document.find(DEFAULT_PROJECT, document.id)

    def find(self, query: str, **more) -> Finding:
        return self.search.find(DEFAULT_PROJECT, [self.collection.id], query, **more)

    @property
    def search(self) -> Search:
        return Search(self.index, self.embedder)

    def passages(self, document: Document) -> list[Passage]:
        rows = Passage.of(DEFAULT_PROJECT).where(Passage.document_id == document.id)
        return list(rows.order_by(Passage.position))


@pytest.fixture
def vectors(store: Store) -> Callable[[], Vectors]:
    """The vector indexes, as after a start of the program."""
    return lambda: Vectors(store.folder / "index", store.key.derive("index"))


@pytest.fixture
def library(store: Store, vectors: Callable[[], Vectors]) -> Library:
    index, embedder = vectors(), GramEmbedder()
    collection = Collection.create(project_id=DEFAULT_PROJECT, name="Handbook")
    ingest = Ingest(store.blobs, index, embedder, read, Limits())
    return Library(store, index, embedder, ingest, collection)
