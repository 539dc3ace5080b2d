"""Work that goes on behind the scenes."""

from __future__ import annotations

from flask import Response

from appliance.base import clock
from appliance.store import jobs as states
from appliance.store.database import database
from appliance.store.jobs import Job
from appliance.web import paging, present
from appliance.web.chapter import Chapter
from appliance.web.context import caller, reply
from appliance.web.policy import EDITORS, EVERYBODY, allow
from appliance.web.schema import jobs as shapes

jobs = Chapter("jobs", "Work that goes on behind the scenes.")


@jobs.get("/v1/jobs", responses={200: shapes.JobPage})
@allow(*EVERYBODY, scope="knowledge:read")
def listed(query: shapes.JobQuery) -> Response:
    """The jobs, newest first."""
    rows = Job.of(caller().project_id)
    if query.status:
        rows = rows.where(Job.state == query.status)
    if query.subject:
        rows = rows.where(Job.subject == query.subject)
    found, cursor = paging.page(rows, Job.id, limit=query.limit, cursor=query.cursor)
    return reply(shapes.JobPage(data=[present.job(row) for row in found], next_cursor=cursor))


@jobs.get("/v1/jobs/<string:job_id>", responses={200: shapes.Job})
@allow(*EVERYBODY, scope="knowledge:read")
def show(path: shapes.JobPath) -> Response:
    """One job, and how far it is."""
    return reply(present.job(Job.find(caller().project_id, path.job_id)))


@jobs.post("/v1/jobs/<string:job_id>/cancel", responses={202: shapes.Job})
@allow(*EDITORS, scope="knowledge:write")
def cancel(path: shapes.JobPath) -> Response:
    """Ask a job to stop. One that waits is off the list at once; one that is over stays so."""
    project_id = caller().project_id
    mine = (Job.project_id == project_id) & (Job.id == Job.find(project_id, path.job_id).id)
    with database.writing():
        Job.update(cancel=True).where(mine, Job.state == states.RUNNING).execute()
        Job.update(cancel=True, state=states.CANCELLED, finished_at=clock.now()).where(
            mine, Job.state == states.WAITING
        ).execute()
    return reply(present.job(Job.find(project_id, path.job_id)), 202)
