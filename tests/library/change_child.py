"""Changes the embedder until it is killed: `python -m tests.library.change_child FOLDER`.

Prints a line when it is ready. Documents arrive while the new index is built. When
everything is done it has switched, and says which model searches.
"""

from __future__ import annotations

import sys
import time
from io import BytesIO
from pathlib import Path

from appliance.base import clock
from appliance.engines.current import CurrentEmbedder
from appliance.library import embedding, intake, reindex
from appliance.library.build import Build
from appliance.library.ingest import Ingest
from appliance.readers.contract import Limits
from appliance.store import embedders
from appliance.store.documents import Collection, Document
from appliance.store.jobs import Job
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT
from appliance.store.vectors import Vectors
from appliance.worker.loop import run
from tests.library.parts import GramEmbedder, grams, read

DOCUMENTS, PASSAGES = 12, 10


def slow(model: str) -> GramEmbedder:
    """Takes its time, so that there is something to interrupt."""
    made = grams(model)
    embed = made.embed

    def waiting(texts, **more):
        time.sleep(0.005)
        return embed(texts, **more)

    made.embed = waiting
    return made


def accept(store, collection, number: int) -> None:
    rooms = "\n\n".join(f"# Room {number}-{n}\n\nRoom {n} is here." for n in range(PASSAGES))
    intake.accept(
        BytesIO(rooms.encode()),
        project_id=DEFAULT_PROJECT,
        collection_id=collection.id,
        name=f"floor-{number}.txt",
        blobs=store.blobs,
        limit=100_000,
    )


def main(folder: Path) -> None:
    embedding.BATCH = 4
    store = open_store(folder / "data", folder / "key")
    index = Vectors(folder / "data" / "index", store.key.derive("index"))
    collection = Collection.of(DEFAULT_PROJECT).first() or Collection.create(
        project_id=DEFAULT_PROJECT, name="Floors"
    )
    known = {"grams-1": "grams-1", "grams-2": "grams-2"}
    embedder = CurrentEmbedder(slow, reindex.chosen_model("grams-1", known.get))
    Job.put_back_running()
    Job.update(tries=0).where(Job.project_id == DEFAULT_PROJECT).execute()  # so often is not meant
    reindex.settle(embedder, "grams-1")
    print("ready", flush=True)  # noqa: T201
    tasks = {
        "ingest": Ingest(store.blobs, index, embedder, read, Limits()),
        "embed": Build(index, embedder),
    }
    while True:
        count = Document.of(DEFAULT_PROJECT).count()
        if count < DOCUMENTS:
            accept(store, collection, count)
        change = reindex.current()
        if count >= DOCUMENTS // 2 and change is None:
            reindex.begin(embedder, "grams-2", project_id=DEFAULT_PROJECT)
        job = Job.claim(clock.now())
        if job is not None:
            run(job, tasks)
        elif change and change.state == embedders.READY:
            reindex.switch(embedder, change.id)
        elif count >= DOCUMENTS:
            break
    index.save()
    store.close()
    print(embedder.model, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
