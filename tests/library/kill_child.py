"""Takes in and ingests documents until it is killed: `python -m tests.library.kill_child FOLDER`.

Prints a line when it is ready, and a word for each document it has accepted.
"""

from __future__ import annotations

import sys
import time
from io import BytesIO
from pathlib import Path

from appliance.base import clock
from appliance.library import ingest as ingesting
from appliance.library import intake
from appliance.library.ingest import Ingest
from appliance.readers.contract import Limits
from appliance.store.documents import Collection, Document
from appliance.store.jobs import Job
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT
from appliance.store.vectors import Vectors
from tests.library.parts import GramEmbedder, read

DOCUMENTS, PASSAGES = 40, 12


class Slow(GramEmbedder):
    """Takes its time, so that there is something to interrupt."""

    def embed(self, texts, *, spans=None, urgent=False):
        time.sleep(0.01)
        return super().embed(texts, spans=spans, urgent=urgent)


def main(folder: Path) -> None:
    ingesting.BATCH = 4
    store = open_store(folder / "data", folder / "key")
    index = Vectors(folder / "data" / "index", store.key.derive("index"))
    collection = Collection.of(DEFAULT_PROJECT).first() or Collection.create(
        project_id=DEFAULT_PROJECT, name="Floors"
    )
    Job.put_back_running()
    Job.update(tries=0).where(Job.project_id == DEFAULT_PROJECT).execute()  # so often is not meant
    print("ready", flush=True)  # noqa: T201
    ingest = Ingest(store.blobs, index, Slow(), read, Limits())
    while True:
        number = Document.of(DEFAULT_PROJECT).count()
        if number < DOCUMENTS:
            rooms = "\n\n".join(f"# Room {n}\n\n{number}-{n} is here." for n in range(PASSAGES))
            intake.accept(
                BytesIO(rooms.encode()),
                project_id=DEFAULT_PROJECT,
                collection_id=collection.id,
                name=f"floor-{number}.txt",
                blobs=store.blobs,
                limit=100_000,
            )
            print("accepted", flush=True)  # noqa: T201
        job = Job.claim(clock.now())
        if job is None:
            break
        ingest(job)
        Job.update(state="done").where(
            Job.project_id == DEFAULT_PROJECT, Job.id == job.id
        ).execute()
    index.save()
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
