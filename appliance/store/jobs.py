"""Work to do later. The table is the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from peewee import BooleanField, FloatField, IntegerField, TextField

from appliance.base import clock
from appliance.base.ids import new_id
from appliance.store.database import database
from appliance.store.record import JsonField, TenantRecord

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"


class GoesOn(Exception):
    """Raised by a job that is not done: it waits again, and others have their turn."""

    def __init__(self, *, after: int = 0) -> None:
        """`after` so many milliseconds at the earliest."""
        super().__init__()
        self.after = after


class Job(TenantRecord):
    """One piece of work. Done at least once; what it does must bear a repeat."""

    id = TextField(primary_key=True, default=lambda: new_id("job"))
    kind = TextField()
    subject = TextField(index=True)  # id of the thing the work is about
    details: dict[str, Any] = JsonField(default=dict)  # what else is to be known; never shown
    state = TextField(default=WAITING)
    tries = IntegerField(default=0)
    due_at = IntegerField(default=clock.now)
    progress = FloatField(default=0.0)  # 0 … 1
    step = TextField(default="")  # what is being done, for the person who watches
    trouble = TextField(default="")  # last error, in words an admin can act on
    cancel = BooleanField(default=False)  # asked to stop; the work looks now and then
    started_at = IntegerField(null=True)
    finished_at = IntegerField(null=True)

    class Meta:
        indexes = ((("state", "due_at"), False),)

    @classmethod
    def claim(cls, at: int, kinds: Iterable[str] | None = None) -> Self | None:
        """Take the oldest job that is due, of these kinds. No two callers get the same one."""
        due = cls.across_projects(cls.id).where(cls.state == WAITING, cls.due_at <= at)
        if kinds is not None:
            due = due.where(cls.kind.in_(list(kinds)))
        oldest = due.order_by(cls.due_at, cls.id).limit(1)
        # One statement, so SQLite does the locking and there is no gap to race in.
        taken = cls.update(state=RUNNING, tries=cls.tries + 1, started_at=at)
        taken = taken.where(cls.id.in_(oldest)).returning(cls)
        taken.across_projects = True
        with database.writing():
            return next(iter(taken.execute()), None)

    @classmethod
    def waits(cls, at: int, kinds: Iterable[str] | None = None) -> bool:
        """Whether any job is due, of these kinds."""
        due = cls.across_projects(cls.id).where(cls.state == WAITING, cls.due_at <= at)
        if kinds is not None:
            due = due.where(cls.kind.in_(list(kinds)))
        return bool(due.exists())

    @classmethod
    def put_back_running(cls, kinds: Iterable[str] | None = None) -> int:
        """At start: what a crash interrupted, of these kinds, waits again. Returns how many."""
        query = cls.update(state=WAITING, due_at=clock.now()).where(cls.state == RUNNING)
        if kinds is not None:
            query = query.where(cls.kind.in_(list(kinds)))
        query.across_projects = True
        with database.writing():
            return int(query.execute())
