"""A document is read, split, embedded and put on the shelf.

Passages are saved batch by batch, out of sight, and come into sight all at once when
the document is complete. Whatever is interrupted finds the saved ones by their digest
and goes on from there; running the same job twice changes nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from itertools import zip_longest
from typing import Protocol

from appliance.base import clock
from appliance.base.errors import ApplianceError
from appliance.engines.contract import Embedded, Embedder
from appliance.library import passages, reindex, shelf
from appliance.library.split import Piece, split
from appliance.readers.contract import Limits, Reading
from appliance.store.blobs import Blobs
from appliance.store.database import database
from appliance.store.documents import Document
from appliance.store.jobs import Job
from appliance.store.vectors import Vectors

BATCH = 128  # passages embedded and saved at a time
_PAUSE = 0.3  # seconds between two notes of progress
TRIES = 4  # then the document has failed; fewer than the worker takes, so that it is said


class Read(Protocol):
    """What turns a file into blocks: `appliance.readers.read.read`."""

    def __call__(
        self, stream: Iterable[bytes], /, *, name: str, media_type: str, limits: Limits
    ) -> Reading: ...


class Cancelled(ApplianceError):
    """Somebody asked the job to stop."""

    code = "cancelled"


class Unforeseen(ApplianceError):
    """A defect of the program; its words are for the log."""

    code = "internal_error"
    retryable = True


class _Overtaken(Exception):
    """The document is gone or has other content now; another job, if any, sees to it."""


class Ingest:
    """The task behind jobs of kind `ingest`, whose subject is a document's id."""

    def __init__(
        self, blobs: Blobs, index: Vectors, embedder: Embedder, read: Read, limits: Limits
    ) -> None:
        self._blobs = blobs
        self._index = index
        self._embedder = embedder
        self._read = read
        self._limits = limits
        self._busy: set[str] = set()
        self._free = threading.Condition()

    def __call__(self, job: Job) -> None:
        """Make the document ready, or failed with a reason.

        Returns quietly when the document is gone or the job was cancelled. Raises what
        went wrong; the document says it as well once there is no further try.
        """
        with self._alone(job.subject):
            document = Document.of(job.project_id).where(Document.id == job.subject).first()
            if document is None:
                return
            try:
                self._ingest(_Run(job, document))
            except _Overtaken:
                return
            except Cancelled as cancelled:
                self._trouble(job, document, cancelled, again=False)
            except ApplianceError as error:
                self._trouble(job, document, error, again=error.retryable)
                raise
            except Exception:
                unforeseen = Unforeseen("Something unforeseen went wrong; the log says what.")
                self._trouble(job, document, unforeseen, again=True)
                raise

    def _ingest(self, run: _Run) -> None:
        document = run.document
        if run.job.tries > TRIES:
            raise ApplianceError(document.trouble or "Reading this file never came to an end.")
        run.begins()
        reading = self._read(
            self._blobs.open(document.project_id, document.digest),
            name=document.name,
            media_type=document.media_type,
            limits=self._limits,
        )
        run.says("Splitting", 0.05)
        embedder = self._embedder.now()  # the same one to the end
        pieces = list(split(reading.blocks, embedder.offsets, window=embedder.window))
        ids = self._embedded(run, pieces, embedder)
        run.says("Saving", 0.95)
        with database.writing():
            document = run.wanted()
            moved = passages.publish(document, pieces, ids)
            _ready(document, reading, len(pieces))
            reindex.top_up(document, embedder.fingerprint)
            run.done("Ready", 1.0)
        moved.tell(self._index)

    def _embedded(self, run: _Run, pieces: Sequence[Piece], embedder: Embedder) -> list[int]:
        """Ids of the pieces' passages: those known from before, and new ones for the rest."""
        digests = [piece.digest(embedder.fingerprint) for piece in pieces]
        ids = passages.known(run.document, digests)
        missing = [number for number, id_ in enumerate(ids) if id_ is None]
        batches = [missing[at : at + BATCH] for at in range(0, len(missing), BATCH)]
        done = len(pieces) - len(missing)
        run.says(f"Embedding: {done} of {len(pieces)}", 0.1)
        for batch, embedded in _ahead(batches, lambda batch: _vectors(embedder, pieces, batch)):
            with database.writing():
                saved = passages.save(
                    run.wanted(),
                    [pieces[number] for number in batch],
                    embedded,
                    [digests[number] for number in batch],
                    embedder=embedder.fingerprint,
                )
            for number, id_ in zip(batch, saved, strict=True):
                ids[number] = id_
            done += len(batch)
            run.says(f"Embedding: {done} of {len(pieces)}", 0.1 + 0.85 * done / len(pieces))
        return [id_ for id_ in ids if id_ is not None]

    def _trouble(self, job: Job, document: Document, error: ApplianceError, *, again: bool) -> None:
        """Write down what went wrong. A document that has failed is off the shelf."""
        with database.writing():
            try:
                document = _Run(job, document).wanted(cancelled=True)
            except _Overtaken:
                return
            moved = shelf.change(document)
            document.state = "queued" if again and job.tries < TRIES else "failed"
            if document.state == "failed":
                moved = shelf.change(document, remove=shelf.passages_on(document))
                passages.set_aside(document)
                document.passages = 0
            document.trouble, document.trouble_code = error.message, error.code
            document.updated_at = clock.now()
            document.save()
        moved.tell(self._index)

    @contextmanager
    def _alone(self, document_id: str) -> Iterator[None]:
        """Two jobs of one document, with two workers: the second waits for the first."""
        with self._free:
            self._free.wait_for(lambda: document_id not in self._busy)
            self._busy.add(document_id)
        try:
            yield
        finally:
            with self._free:
                self._busy.remove(document_id)
                self._free.notify_all()


def _vectors(embedder: Embedder, pieces: Sequence[Piece], batch: Sequence[int]) -> list[Embedded]:
    some = [pieces[number] for number in batch]
    return embedder.embed([piece.embedded for piece in some], spans=[piece.spans for piece in some])


def _ahead(
    batches: Sequence[list[int]], make: Callable[[list[int]], list[Embedded]]
) -> Iterator[tuple[list[int], list[Embedded]]]:
    """Each batch with its vectors. While one is saved, the model works on the next."""
    if len(batches) < 2:
        yield from ((batch, make(batch)) for batch in batches)
        return
    with ThreadPoolExecutor(1, thread_name_prefix="embedding ahead") as pool:
        first, *others = batches
        coming = pool.submit(make, first)
        for batch, following in zip_longest(batches, others):
            ready = coming.result()
            if following:
                coming = pool.submit(make, following)
            yield batch, ready


class _Run:
    """One job at work on one document, as it was when the job began."""

    def __init__(self, job: Job, document: Document) -> None:
        self.job = job
        self.document = document
        self._said_at = 0.0

    def check(self, *, cancelled: bool = False) -> None:
        """Look whether to go on. Raises _Overtaken, and Cancelled unless that is known."""
        digest, cancel = database.execute_sql(
            "SELECT (SELECT digest FROM document WHERE project_id = ? AND id = ?), "
            "(SELECT cancel FROM job WHERE project_id = ? AND id = ?)",
            (self.document.project_id, self.document.id, self.job.project_id, self.job.id),
        ).fetchone()
        if digest != self.document.digest:
            raise _Overtaken
        if cancel and not cancelled:
            raise Cancelled("Reading was cancelled. Synchronise the source to try again.")

    def wanted(self, *, cancelled: bool = False) -> Document:
        """The document as it is now. Raises as `check` does."""
        self.check(cancelled=cancelled)
        return Document.find(self.document.project_id, self.document.id)

    def begins(self) -> None:
        """Say that the document is being read."""
        with database.writing():
            self.check()
            Document.update(state="processing", trouble="", trouble_code="").where(
                Document.project_id == self.document.project_id, Document.id == self.document.id
            ).execute()
            self.says("Reading", 0.0)

    def says(self, step: str, progress: float) -> None:
        """Tell those who watch how far it is, not more often than they look."""
        now = time.monotonic()
        if now - self._said_at < _PAUSE:
            return
        self._said_at = now
        with database.writing():
            self.check()
            self.done(step, progress)

    def done(self, step: str, progress: float) -> None:
        """Write down how far it is. Inside a transaction."""
        Job.update(step=step, progress=progress).where(
            Job.project_id == self.job.project_id, Job.id == self.job.id
        ).execute()


def _ready(document: Document, reading: Reading, count: int) -> None:
    document.report = asdict(reading.report)  # type: ignore[assignment]
    document.title = reading.title or ""
    document.media_type = reading.report.media_type or document.media_type
    document.passages = count
    document.state, document.updated_at = "ready", clock.now()
    document.trouble, document.trouble_code = "", ""
    document.save()
