"""Threads that take jobs, one after the other, until they are told to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from appliance.base import clock
from appliance.base.errors import ApplianceError
from appliance.base.hub import Bell
from appliance.store import jobs
from appliance.store.database import database
from appliance.store.jobs import Job

log = logging.getLogger(__name__)

Task = Callable[[Job], None]

TRIES = 5  # then a job is given up, also one that takes the whole program down each time
IDLE = 1.0  # seconds between looks at the table: other processes put jobs there too
PATIENCE = (2, 10, 60, 300)  # seconds before the second, third … try


class Worker:
    """Runs jobs in threads of its own. Each kind of job has one task.

    Several workers may run side by side, each with kinds of its own: what takes hours
    in one lane delays nothing in the other.
    """

    def __init__(self, tasks: Mapping[str, Task], *, bell: Bell, threads: int = 1) -> None:
        self._tasks = tasks
        self._bell = bell
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"worker-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Put back what a crash interrupted, then begin."""
        if interrupted := Job.put_back_running(self._tasks):
            log.info("interrupted jobs wait again", extra={"jobs": interrupted})
        for thread in self._threads:
            thread.start()

    def stop(self, *, patience: float = 10.0) -> None:
        """Take no further job; wait `patience` seconds for the running ones.

        What is not done by then is put back at the next start.
        """
        self._stopping.set()
        for thread in self._threads:
            self._bell.ring()
            if thread.is_alive():
                thread.join(patience / len(self._threads))

    def run_until_idle(self) -> None:
        """Do everything that is due, in the caller's thread."""
        while job := Job.claim(clock.now(), self._tasks):
            run(job, self._tasks)

    def _work(self) -> None:
        with database.connection_context():
            while not self._stopping.is_set():
                if job := Job.claim(clock.now(), self._tasks):
                    run(job, self._tasks)
                else:
                    self._bell.wait(IDLE)


def run(job: Job, tasks: Mapping[str, Task]) -> None:
    """Do one claimed job and write down how it ended."""
    try:
        if job.tries > TRIES:
            raise ApplianceError(f"Given up after {TRIES} tries.")
        tasks[job.kind](job)
    except jobs.GoesOn as pause:
        # It was no failed try.
        due = clock.now() + pause.after
        _change(job, state=jobs.WAITING, due_at=due, tries=max(job.tries - 1, 0))
    except ApplianceError as error:
        _trouble(job, error.message, again=error.retryable)
    except Exception:
        log.exception("job failed", extra={"job": job.id, "kind": job.kind})
        _trouble(job, "Something unforeseen went wrong; the log has the details.", again=True)
    else:
        _finish(job, jobs.CANCELLED if _cancelled(job) else jobs.DONE)


def _cancelled(job: Job) -> bool:
    row = Job.of(job.project_id).where(Job.id == job.id).first()
    return bool(row and row.cancel and row.progress < 1)


def _trouble(job: Job, why: str, *, again: bool) -> None:
    if again and job.tries < TRIES:
        wait = PATIENCE[min(job.tries, len(PATIENCE)) - 1] * clock.SECOND
        _change(job, state=jobs.WAITING, due_at=clock.now() + wait, trouble=why)
    else:
        _finish(job, jobs.FAILED, trouble=why)
    log.warning("job in trouble", extra={"job": job.id, "kind": job.kind, "tries": job.tries})


def _finish(job: Job, state: str, *, trouble: str = "") -> None:
    progress = {"progress": 1.0} if state == jobs.DONE else {}
    _change(job, state=state, finished_at=clock.now(), trouble=trouble, **progress)


def _change(job: Job, **changes: object) -> None:
    with database.writing():
        Job.update(**changes).where(Job.project_id == job.project_id, Job.id == job.id).execute()
