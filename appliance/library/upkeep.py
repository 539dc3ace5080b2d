"""What the library puts in order when the program starts."""

from __future__ import annotations

from appliance.base import clock
from appliance.store import jobs
from appliance.store.database import database
from appliance.store.documents import Document
from appliance.store.jobs import Job


def settle() -> int:
    """Fail documents that wait for a job nobody will do: it was given up. Returns how many."""
    waiting = list(Document.across_projects().where(Document.state.in_(["queued", "processing"])))
    lost = 0
    for document in waiting:
        mine = (Job.subject == document.id) & (Job.project_id == document.project_id)
        with database.writing():
            alive = Job.select().where(mine, Job.state.in_([jobs.WAITING, jobs.RUNNING]))
            if alive.exists():
                continue
            lost += 1
            Document.update(
                state="failed",
                trouble_code="given_up",
                trouble=document.trouble or "Reading this file never came to an end.",
                updated_at=clock.now(),
            ).where(
                Document.project_id == document.project_id, Document.id == document.id
            ).execute()
    return lost
