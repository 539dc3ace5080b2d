"""Ingest against bare `SentenceTransformer.encode`; and search time, where sizes are given.

    python tests/bench/bench_library.py [passages ...]

The passages of the search are made up: words drawn as often as in real text, vectors near
those of the shipped set. The questions are those of the shipped set, embedded one by one.
"""
# ruff: noqa: T201

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from appliance.base import clock, settings
from appliance.engines.catalogue import Catalogue
from appliance.engines.contract import Embedder
from appliance.library import intake, shelf
from appliance.library.evaluate import QuestionSet, own_embedder
from appliance.library.ingest import Ingest
from appliance.library.search import Search
from appliance.library.sentences import sentences
from appliance.readers.contract import Block, Limits, Place, Reading, Report
from appliance.store import embedders, fulltext
from appliance.store.database import database
from appliance.store.documents import Collection, Document, Source
from appliance.store.jobs import Job
from appliance.store.opening import Store, open_store
from appliance.store.projects import DEFAULT_PROJECT
from appliance.store.vectors import Vectors
from tests.bench.results import keep

SIZES = (1_000, 10_000, 100_000)
BATCH = 1_000


@contextmanager
def opened() -> Iterator[tuple[Store, Vectors, Collection]]:
    with tempfile.TemporaryDirectory(prefix="inhouse-bench-") as folder:
        store = open_store(Path(folder) / "data", Path(folder) / "key")
        index = Vectors(Path(folder) / "data" / "index", store.key.derive("index"))
        try:
            yield store, index, Collection.create(project_id=DEFAULT_PROJECT, name="Bench")
        finally:
            store.close()


class Writer:
    """Makes up passages."""

    def __init__(self, embedder: Embedder) -> None:
        self.dice = np.random.default_rng(1)
        own = QuestionSet.read()
        self.vectors = np.array(
            [each.vector for each in embedder.embed([each["text"] for each in own.passages])]
        )
        real = [word for each in own.passages for word in each["text"].split()]
        often = list(dict.fromkeys(sorted(real, key=real.count, reverse=True)))
        self.words = np.array(often + [f"word{n}" for n in range(60_000)])
        zipf = 1 / (np.arange(len(self.words)) + 2.7)
        self.chances = np.cumsum(zipf / zipf.sum())

    def write(self, count: int) -> list[tuple[str, bytes, bytes, str]]:
        picked = np.searchsorted(self.chances, self.dice.random((count, 120)))
        near = self.vectors[self.dice.integers(len(self.vectors), size=count)]
        noise = self.dice.standard_normal((count, 6, near.shape[1])).astype(np.float32)
        noise /= np.linalg.norm(noise, axis=2, keepdims=True)
        vectors = near[:, None] + 1.2 * noise
        vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
        rows = []
        for words, some in zip(self.words[picked], vectors, strict=True):
            text = ". ".join(" ".join(words[at : at + 24]) for at in range(0, 120, 24)) + "."
            spans = sentences(text)[:5]
            rows.append(
                (
                    text,
                    some[0].astype(np.float32).tobytes(),
                    some[1 : 1 + len(spans)].astype(np.float16).tobytes(),
                    json.dumps(spans),
                )
            )
        return rows


def fill(collection: Collection, embedder: Embedder, writer: Writer, count: int) -> None:
    """Add passages to a collection by hand, as ingest would."""
    with database.writing():
        source = Source.create(
            project_id=DEFAULT_PROJECT, collection_id=collection.id, name="made up", type="file"
        )
        document = Document.create(
            project_id=DEFAULT_PROJECT,
            collection_id=collection.id,
            source_id=source.id,
            name="made-up.txt",
            digest="",
            size=0,
            state="ready",
        )
        first = database.execute_sql("SELECT coalesce(max(id), 0) FROM passage").fetchone()[0] + 1
        rows = writer.write(count)
        for number, (text, vector, vectors, spans) in enumerate(rows):
            database.execute_sql(
                "INSERT INTO passage (id, created_at, project_id, collection_id, document_id, "
                "position, kind, text, digest, tokens, sentences) "
                "VALUES (?, 0, ?, ?, ?, ?, 'text', ?, '', 160, ?)",
                (
                    first + number,
                    DEFAULT_PROJECT,
                    collection.id,
                    document.id,
                    number,
                    text,
                    spans,
                ),
            )
            embedders.keep(
                [(first + number, DEFAULT_PROJECT, embedder.fingerprint, vector, vectors)]
            )
        fulltext.add(collection.number, [(first + n, "", row[0]) for n, row in enumerate(rows)])
        collection.revision += 1
        collection.save()


def search(embedder: Embedder, sizes: Sequence[int]) -> None:
    questions = [each["question"] for each in QuestionSet.read().answerable]
    random.Random(1).shuffle(questions)
    writer = Writer(embedder)
    with opened() as (_, index, collection):
        present = 0
        for size in sizes:
            while present < size:
                fill(collection, embedder, writer, min(BATCH, size - present))
                present += min(BATCH, size - present)
            searcher = Search(index, embedder)
            began = time.perf_counter()
            searcher.find(DEFAULT_PROJECT, [collection.id], "warm up")
            cold = time.perf_counter() - began
            alone = timed(lambda text: embedder.embed([text], urgent=True), questions)
            whole = timed(
                lambda text, to=searcher: to.find(DEFAULT_PROJECT, [collection.id], text), questions
            )
            print(
                f"{size:>7} passages: search p50 {np.percentile(whole, 50):5.1f} ms, "
                f"p95 {np.percentile(whole, 95):5.1f} ms "
                f"(of which embedding p50 {np.percentile(alone, 50):4.1f}, "
                f"p95 {np.percentile(alone, 95):4.1f}); index built from rows in {cold:.1f} s"
            )


def timed(work: object, texts: Sequence[str]) -> list[float]:
    times = []
    for text in texts:
        began = time.perf_counter()
        work(text)  # type: ignore[operator]
        times.append(1000 * (time.perf_counter() - began))
    return times


BARE = """
import json, sys, time
from sentence_transformers import SentenceTransformer
texts = json.load(open(sys.argv[2]))
model = SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True)
model.encode(texts[:32])
began = time.perf_counter()
model.encode(texts, batch_size=32)
print(time.perf_counter() - began)
"""


def ingest(embedder: Embedder) -> None:
    own = QuestionSet.read().passages
    texts = [f"{a['text']} {b['text']}" for a in own for b in own[:11]]  # 638, about 130 tokens
    with opened() as (store, index, collection), tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "texts.json"
        listed.write_text(json.dumps(texts), "utf-8")
        values = settings.load()
        model = Catalogue(values.models_dir).embedding(values.embedding_model)
        bare = min(
            float(
                subprocess.run(
                    [sys.executable, "-c", BARE, str(model), str(listed)],
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout
            )
            for _ in range(2)
        )
        document = intake.accept(
            BytesIO(json.dumps(texts).encode()),
            project_id=DEFAULT_PROJECT,
            collection_id=collection.id,
            name="all.json",
            blobs=store.blobs,
            limit=10**8,
        )
        began = time.perf_counter()
        Ingest(store.blobs, index, embedder, read, Limits())(Job.claim(clock.now()))
        ours = time.perf_counter() - began
        intake.read_again(document)
        began = time.perf_counter()
        Ingest(store.blobs, index, embedder, read, Limits())(Job.claim(clock.now()))
        again = time.perf_counter() - began
        count = len(shelf.passages_on(Document.find(DEFAULT_PROJECT, document.id)))
    print(
        f"ingest of {count} passages: {ours:.1f} s; bare encode {bare:.1f} s: "
        f"{bare / ours:.2f} of its speed; the same again, unchanged: {again:.2f} s"
    )
    characters = sum(map(len, texts))
    keep(
        "d",
        "ingest with sentence vectors : bare encode, characters/s",
        f"{characters / ours:,.0f} : {characters / bare:,.0f} = {bare / ours:.2f}",
        aim="≥ 0.85",
        reached=bare / ours >= 0.85,
    )


def read(stream: object, *, name: str, media_type: str, limits: Limits) -> Reading:
    """One page for each text, so that each is a passage."""
    texts = json.loads(b"".join(stream))  # type: ignore[call-overload]
    blocks = tuple(Block("paragraph", text, Place(page=n)) for n, text in enumerate(texts, 1))
    return Reading(blocks, Report("text/plain"))


def main() -> None:
    embedder = own_embedder()
    try:
        embedder.embed(["The first text waits for the model to load."])
        ingest(embedder)
        if sizes := [int(size) for size in sys.argv[1:]]:
            search(embedder, sizes)
    finally:
        embedder.close()


if __name__ == "__main__":
    main()
