"""Changing the model that searches: built beside the old one, compared, switched, and back."""

from __future__ import annotations

from flask import Response

from appliance.base.errors import Conflict
from appliance.engines.catalogue import ModelMissing
from appliance.library import reindex
from appliance.store import embedders
from appliance.store.jobs import Job
from appliance.web.chapter import Chapter
from appliance.web.context import NOTHING, caller, operator_only, parts, reply
from appliance.web.policy import ADMINS, allow
from appliance.web.schema import embedder as shapes

embedder = Chapter("embedder", "Changing the model that searches.")


@embedder.get("/v1/embedder", responses={200: shapes.Embedder})
@allow(*ADMINS, scope="admin")
def show() -> Response:
    """The model that searches, the one before it, and the change that is under way."""
    return reply(_shown())


@embedder.post("/v1/embedder/changes", responses={202: shapes.Embedder})
@allow(*ADMINS, scope="admin")
def begin(body: shapes.ChangeBody) -> Response:
    """Build another model's index beside the present one. Searches go on as they are."""
    operator_only("change its search model")
    try:
        reindex.begin(parts().embedder, body.model, project_id=caller().project_id)
    except ModelMissing as missing:
        raise Conflict(missing.message) from missing
    parts().wake.ring()
    return reply(_shown(), 202)


@embedder.post("/v1/embedder/changes/<string:change_id>/switch", responses={200: shapes.Embedder})
@allow(*ADMINS, scope="admin")
def switch(path: shapes.ChangePath) -> Response:
    """Search with the new model from now on. The former one's index stays until it is removed."""
    reindex.find(path.change_id)
    operator_only("change its search model")
    reindex.switch(parts().embedder, path.change_id)
    return reply(_shown())


@embedder.post("/v1/embedder/back", responses={200: shapes.Embedder})
@allow(*ADMINS, scope="admin")
def back() -> Response:
    """Search with the former model again."""
    operator_only("change its search model")
    reindex.back(parts().embedder)
    parts().wake.ring()
    return reply(_shown())


@embedder.delete("/v1/embedder/changes/<string:change_id>", responses={204: None})
@allow(*ADMINS, scope="admin")
def discard(path: shapes.ChangePath) -> tuple[str, int]:
    """Remove the new index; after the switch the former one, and with it the way back."""
    reindex.find(path.change_id)
    operator_only("change its search model")
    reindex.remove(path.change_id)
    parts().wake.ring()
    return NOTHING


def _shown() -> shapes.Embedder:
    known, change = embedders.choice(), reindex.current()
    present = parts().embedder
    active = known.active if known else embedders.Chosen(present.model, present.fingerprint)
    previous = known.previous if known else None
    return shapes.Embedder(
        active=_chosen(active),
        previous=_chosen(previous) if previous else None,
        change=_change(change) if change else None,
    )


def _chosen(each: embedders.Chosen) -> shapes.ChosenModel:
    return shapes.ChosenModel(model=each.model, fingerprint=each.fingerprint)


def _change(row: embedders.EmbedderChange) -> shapes.EmbedderChange:
    job = Job.of(row.project_id).where(Job.id == row.job_id).first()
    return shapes.EmbedderChange(
        id=row.id,
        model=row.model,
        fingerprint=row.fingerprint,
        state=row.state,
        progress=job.progress if job else 0.0,
        step=job.step if job else "",
        comparison=shapes.Comparison.model_validate(row.comparison) if row.comparison else None,
        error=row.trouble or None,
        job_id=row.job_id,
    )
