"""How the appliance is doing."""

from __future__ import annotations

from flask import Response

from appliance import __version__
from appliance.base import clock
from appliance.store import jobs
from appliance.store.jobs import Job
from appliance.web import pulse
from appliance.web.chapter import Chapter
from appliance.web.context import caller, parts, reply
from appliance.web.limits import limits
from appliance.web.policy import anyone
from appliance.web.schema.machine import Engine, Health, HealthDetail

health = Chapter("health", "How the appliance is doing.")


@health.get("/health", responses={200: Health, 503: Health})
@anyone()
def brief() -> Response:
    """`ok`, or 503 when nothing can be saved any more."""
    status = pulse.status(parts().settings.data_dir)
    # The widget looks here, unread, to tell a server that is down from one that says no.
    open_to_all = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return reply(Health(status=status), 200 if status == "ok" else 503, open_to_all)


@health.get("/v1/health", responses={200: HealthDetail, 503: HealthDetail})
@anyone(known=True)
def detail() -> Response:
    """How each part is doing, for those who are signed in or have a secret key."""
    status = pulse.status(parts().settings.data_dir)
    told = HealthDetail(status=status, version=__version__)
    if caller().kind in ("person", "secret"):
        told.uptime_seconds = (clock.now() - parts().started_at) // clock.SECOND
        told.engines = _engines()
        told.waiting_jobs = _count(jobs.WAITING)
        told.running_jobs = _count(jobs.RUNNING)
        told.streaming_answers = limits().seats.taken
    return reply(told, 200 if status == "ok" else 503)


def _engines() -> list[Engine]:
    found = [
        Engine(name=name, model=engine.model, state=pulse.state_of(engine))
        for name, engine in parts().engines.items()
    ]
    embedder = parts().embedder.now()
    return [
        *found,
        Engine(name=embedder.name, model=embedder.fingerprint, state=pulse.state_of(embedder)),
    ]


def _count(state: str) -> int:
    return Job.of(caller().project_id).where(Job.state == state).count()
