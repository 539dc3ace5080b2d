"""Work that goes on behind the scenes."""

from __future__ import annotations

from appliance.web.schema.base import Body, Id, Paged, Reply, Time
from appliance.web.schema.knowledge import JobStatus


class JobPath(Body):
    job_id: str


class JobQuery(Paged):
    """Which jobs."""

    status: JobStatus | None = None
    subject: Id | None = None


class Job(Reply):
    """One piece of work and how far it is."""

    id: str
    kind: str
    subject: str
    status: JobStatus
    progress: float
    step: str
    error: str | None
    tries: int
    created_at: Time
    started_at: Time | None
    finished_at: Time | None


class JobPage(Reply):
    data: list[Job]
    next_cursor: str | None
