"""The task that makes missing vectors, compares embedders and removes what nobody needs.

It may be killed at any moment: each batch is a transaction, and what is missing is found
by looking, so that the next run goes on where this one ended.
"""

from __future__ import annotations

import threading
import time

from appliance.base import clock
from appliance.engines.contract import Embedder
from appliance.engines.current import CurrentEmbedder
from appliance.library import compare, embedding, reindex
from appliance.store import embedders, jobs
from appliance.store.database import database
from appliance.store.documents import Passage
from appliance.store.embedders import OPEN, EmbedderChange
from appliance.store.jobs import Job
from appliance.store.vectors import Vectors

TURN = 10.0  # seconds of work, then jobs that wait have theirs
_PAUSE = 0.3  # seconds between two notes of progress
_SWEPT = 2_000  # rows removed in one transaction


class _Unwanted(Exception):
    """The job was cancelled, or the change discarded."""


class Build:
    """The task behind jobs of kind `embed`."""

    def __init__(self, index: Vectors, embedder: CurrentEmbedder) -> None:
        self._index = index
        self._embedder = embedder
        self._busy = threading.Lock()

    def __call__(self, job: Job) -> None:
        """Returns quietly when there is nothing to do, or the job was cancelled.

        Raises EngineFailed, and GoesOn to let others have a turn.
        """
        if not self._busy.acquire(blocking=False):
            raise jobs.GoesOn(after=clock.SECOND)
        try:
            self._work(_Run(job))
        except _Unwanted:
            self._called_off(job)
        finally:
            self._busy.release()

    def _work(self, run: _Run) -> None:
        self._fill(run, self._embedder.now(), shown=True)
        change = reindex.current()
        if change and change.state in OPEN:
            mine = run.job.id == change.job_id
            if mine or change.state == embedders.READY:
                run.change = change
                new = self._embedder.of(change.model)
                self._fill(run, new, shown=change.state != embedders.BUILDING)
            if mine and change.state != embedders.READY:
                self._compare(run, change)
        self._sweep(run)
        self._embedder.rest()

    def _fill(self, run: _Run, embedder: Embedder, *, shown: bool) -> None:
        """Until no passage in sight is without a vector."""
        missing = embedders.lacking(embedder.fingerprint)
        total = max(Passage.across_projects().where(Passage.position >= 0).count(), 1)
        after = 0
        while missing:
            some = embedding.bare(embedder, after=after)
            if not some and not after:
                return
            after = some[-1].id if some else 0
            if not some:
                continue
            embedded = embedding.embed(embedder, some)
            with database.writing():
                run.check()
                embedding.keep(embedder, some, embedded, shown=shown)
            missing = max(missing - len(some), 1)
            run.says(f"Embedding: {total - missing} of {total}", 0.9 * (1 - missing / total))
            run.gives_way()

    def _compare(self, run: _Run, change: EmbedderChange) -> None:
        with database.writing():
            run.check()
            reindex.moved(change, embedders.COMPARING)
            run.done("Comparing", 0.9)
        asked = compare.questions()
        new = self._embedder.of(change.model)
        before = compare.recall(asked, self._index, self._embedder, run.looks)
        after = compare.recall(asked, self._index, new, run.looks)
        with database.writing():
            run.check()
            change.comparison = {  # type: ignore[assignment]
                "questions": len(asked),
                "generated": True,
                "recall_at_1_before": before[1],
                "recall_at_1_after": after[1],
                "recall_at_5_before": before[5],
                "recall_at_5_after": after[5],
            }
            change.save(only=[EmbedderChange.comparison])
            reindex.moved(change, embedders.READY)
        if change.automatic:
            self._fill(run, new, shown=True)
            reindex.switch(self._embedder, change.id)

    def _called_off(self, job: Job) -> None:
        with database.writing():
            change = embedders.change()
            if change and change.job_id == job.id and change.state in OPEN:
                reindex.moved(change, embedders.CANCELLED)
            reindex.line_up(job.project_id)  # to remove what was made
        self._embedder.rest()

    def _sweep(self, run: _Run) -> None:
        """Remove the vectors of embedders that nobody needs any more."""
        known, change = embedders.choice(), reindex.current()
        if known is None:
            return
        kept = [each.fingerprint for each in (known.active, known.previous) if each]
        if change and change.state in OPEN:
            kept.append(change.fingerprint)
        while embedders.strays(kept):  # a long look, so that it holds up nobody who writes
            with database.writing():
                # Somebody may have changed their mind since.
                if embedders.choice() != known or _open(embedders.change()) != _open(change):
                    return
                embedders.sweep(kept, most=_SWEPT)
            run.gives_way()
        self._index.keep_only(kept)


def _open(change: EmbedderChange | None) -> str:
    return change.fingerprint if change and change.state in OPEN else ""


class _Run:
    """One job at work, and the change it is for."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.change: EmbedderChange | None = None
        self._began = self._said_at = time.monotonic()

    def check(self) -> None:
        """Raises _Unwanted when the work is not wanted any more."""
        row = Job.of(self.job.project_id).where(Job.id == self.job.id).first()
        present = embedders.change()
        discarded = self.change is not None and (
            present is None or present.id != self.change.id or present.state not in OPEN
        )
        if discarded or (row and row.cancel):
            raise _Unwanted

    def looks(self) -> None:
        """The same, now and then."""
        self.says("Comparing", 0.95)

    def says(self, step: str, progress: float) -> None:
        """Tell those who watch how far it is, not more often than they look."""
        now = time.monotonic()
        if now - self._said_at >= _PAUSE:
            self._said_at = now
            with database.writing():
                self.check()
                self.done(step, progress)

    def done(self, step: str, progress: float) -> None:
        """Write down how far it is. Inside a transaction."""
        Job.update(step=step, progress=progress).where(
            Job.project_id == self.job.project_id, Job.id == self.job.id
        ).execute()

    def gives_way(self) -> None:
        """Raises GoesOn when others have waited for a turn of this job."""
        if time.monotonic() - self._began > TURN and Job.waits(clock.now()):
            raise jobs.GoesOn
