"""A library for a trial: a real store in a temporary folder, filled with given passages."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from appliance.base import clock
from appliance.engines.contract import Embedder
from appliance.library import intake
from appliance.library.ingest import Ingest
from appliance.library.search import Finding, Search
from appliance.readers.contract import Block, Limits, Place, Reading, Report
from appliance.store.documents import Collection
from appliance.store.jobs import Job
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT
from appliance.store.vectors import Vectors

LIMIT = 10_000_000  # bytes of one passage


@dataclass(frozen=True)
class Trial:
    """Passages, ready to be searched. Each is a document that bears its id as a name."""

    collections: Mapping[Hashable, str]  # ids, by group
    seconds: float  # the ingest took
    search: Search

    def ask(
        self, groups: Iterable[Hashable], question: str, history: Sequence[str] = ()
    ) -> Finding:
        """Search the collections of some groups."""
        chosen = [self.collections[group] for group in groups]
        return self.search.find(DEFAULT_PROJECT, chosen, question, history=history, k=10)


@contextmanager
def trial(
    passages: Sequence[Mapping[str, Any]], group_of: Mapping[Any, Hashable], embedder: Embedder
) -> Iterator[Trial]:
    """Take passages in, each into its group's collection. No store may be open already."""
    with tempfile.TemporaryDirectory(prefix="inhouse-trial-") as folder:
        store = open_store(Path(folder) / "data", Path(folder) / "inhouse.key")
        index = Vectors(Path(folder) / "data" / "index", store.key.derive("index"))
        try:
            collections: dict[Hashable, str] = {
                group: Collection.create(project_id=DEFAULT_PROJECT, name=str(group)).id
                for group in dict.fromkeys(group_of.values())
            }
            embedder.embed(["The first text waits for the model to load."])
            began = time.perf_counter()
            for passage in passages:
                intake.accept(
                    BytesIO(f"{passage['title']}\n{passage['text']}".encode()),
                    project_id=DEFAULT_PROJECT,
                    collection_id=collections[group_of[passage["id"]]],
                    name=str(passage["id"]),
                    blobs=store.blobs,
                    limit=LIMIT,
                )
            ingest = Ingest(store.blobs, index, embedder, _read, Limits())
            while job := Job.claim(clock.now()):
                ingest(job)
            seconds = time.perf_counter() - began
            yield Trial(collections, seconds, Search(index, embedder))
        finally:
            store.close()


def _read(stream: Iterable[bytes], *, name: str, media_type: str, limits: Limits) -> Reading:
    """A title in the first line, then a passage."""
    title, _, text = b"".join(stream).decode().partition("\n")
    block = Block("paragraph", text, Place(heading=title or None))
    return Reading((block,), Report("text/plain", characters=len(text)), title or None)
