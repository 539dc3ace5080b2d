"""The search changes from one embedder to another, and goes on answering meanwhile.

The new one's vectors are made beside the old one's (`build`), both are compared, and one
row says which searches. The former's vectors stay until they are removed: the way back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from appliance.base import clock
from appliance.base.errors import ApplianceError, Conflict, NotFound
from appliance.engines.current import CurrentEmbedder
from appliance.store import embedders, jobs
from appliance.store.database import database
from appliance.store.documents import Document
from appliance.store.embedders import OPEN, Choice, Chosen, EmbedderChange
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT

log = logging.getLogger(__name__)

EMBED = "embed"  # the kind of job; its subject is a change's id, or nothing for what is left


def chosen_model(setting: str, fingerprint: Callable[[str], str | None]) -> str:
    """The model to search with: the one that was chosen, or the settings' when that is gone.

    `fingerprint` is a model's as it is installed now; None: it is not here.
    """
    known = embedders.choice()
    if known is None:
        return setting
    intact = fingerprint(known.active.model) == known.active.fingerprint
    return known.active.model if intact or fingerprint(setting) is None else setting


def settle(embedder: CurrentEmbedder, setting: str) -> None:
    """At start: write down which embedder searches, and have made what is missing.

    When the settings name another model than before, its index is built beside the present
    one, and takes over by itself once it is complete.
    """
    mine = Chosen(embedder.model, embedder.fingerprint)
    with database.writing():
        known = embedders.choice()
        if known is None or known.active != mine:
            embedders.choose(Choice(mine, None, setting))
        elif known.setting != setting:
            embedders.choose(replace(known, setting=setting))
        if embedders.lacking(mine.fingerprint):
            log.warning("passages are embedded anew", extra={"model": mine.model})
            line_up(DEFAULT_PROJECT)
    if known and known.setting != setting and setting != mine.model:
        try:
            begin(embedder, setting, project_id=DEFAULT_PROJECT, automatic=True)
        except ApplianceError as error:
            log.warning("embedder not changed", extra={"model": setting, "code": error.code})


def current() -> EmbedderChange | None:
    """The change that is open, or the last one. One whose job has ended has ended with it."""
    change = embedders.change()
    if change and change.state in (embedders.BUILDING, embedders.COMPARING):
        job = Job.of(change.project_id).where(Job.id == change.job_id).first()
        if job is None or job.state == jobs.CANCELLED:
            change.state = embedders.CANCELLED
        elif job.state == jobs.FAILED:
            change.state, change.trouble = embedders.FAILED, job.trouble
    return change


def find(change_id: str) -> EmbedderChange:
    """The change with this id, if it is the present one. Raises NotFound."""
    change = current()
    if change is None or change.id != change_id:
        raise NotFound("change")
    return change


def begin(
    embedder: CurrentEmbedder, model: str, *, project_id: str, automatic: bool = False
) -> EmbedderChange:
    """Line up the building of another embedder's index. `automatic`: it then takes over.

    Raises NotFound, ModelMissing, and Conflict while another change is open.
    """
    fingerprint = embedder.of(model).fingerprint
    with database.writing():
        present = current()
        if present and present.state in OPEN:
            raise Conflict(
                f"A change to {present.model} is open. Switch to it or discard it first."
            )
        if fingerprint == embedder.fingerprint:
            raise Conflict(f"{model} is the model that searches already.")
        EmbedderChange.delete().execute()
        known = embedders.choice()
        if known is None:
            mine = Chosen(embedder.model, embedder.fingerprint)
            embedders.choose(Choice(mine, None, embedder.model))
        change = EmbedderChange.create(
            project_id=project_id, model=model, fingerprint=fingerprint, automatic=int(automatic)
        )
        change.job_id = line_up(project_id, change.id).id
        change.save(only=[EmbedderChange.job_id])
    log.info("embedder change begun", extra={"change": change.id, "model": model})
    return change


def switch(embedder: CurrentEmbedder, change_id: str) -> EmbedderChange:
    """Search with the new embedder from now on. Raises NotFound, Conflict, ModelMissing."""
    embedder.of(find(change_id).model)
    with database.writing():
        change, known = find(change_id), embedders.choice()
        if change.state != embedders.READY or known is None:
            raise Conflict("The new index is not ready. Wait until it is built and compared.")
        if embedders.lacking(change.fingerprint):
            line_up(change.project_id)
            raise Conflict("Documents have just arrived that it does not have yet. Try again soon.")
        to = Chosen(change.model, change.fingerprint)
        embedders.choose(replace(known, active=to, previous=known.active))
        moved(change, embedders.SWITCHED)
    embedder.use(change.model)
    log.info("embedder changed", extra={"model": change.model})
    return change


def back(embedder: CurrentEmbedder) -> None:
    """Search with the former embedder again. What it has not met is found by its words
    until it has. Raises Conflict, ModelMissing."""
    known = embedders.choice()
    if known is None or known.previous is None:
        raise Conflict("There is no former embedding model to go back to.")
    if embedder.of(known.previous.model).fingerprint != known.previous.fingerprint:
        raise Conflict(f"The files of {known.previous.model} are not those of before.")
    with database.writing():
        change = current()
        if change and change.state == embedders.SWITCHED:
            moved(change, embedders.READY)
        embedders.choose(replace(known, active=known.previous, previous=None))
        line_up(DEFAULT_PROJECT)
    embedder.use(known.previous.model)
    log.info("embedder changed back", extra={"model": known.previous.model})


def remove(change_id: str) -> None:
    """Discard a change: the new vectors, or after the switch the former ones. Raises NotFound."""
    with database.writing():
        change, known = find(change_id), embedders.choice()
        if change.state == embedders.SWITCHED and known:
            embedders.choose(replace(known, previous=None))
        Job.update(cancel=True).where(
            Job.project_id == change.project_id, Job.id == change.job_id, Job.state == jobs.RUNNING
        ).execute()
        Job.update(state=jobs.CANCELLED, finished_at=clock.now()).where(
            Job.project_id == change.project_id, Job.id == change.job_id, Job.state == jobs.WAITING
        ).execute()
        EmbedderChange.delete().where(EmbedderChange.id == change_id).execute()
        line_up(change.project_id)


def in_use() -> set[str]:
    """Names of the embedding models that must not be removed."""
    known, change = embedders.choice(), current()
    chosen = [known.active, known.previous] if known else []
    names = {each.model for each in chosen if each}
    return names | ({change.model} if change and change.state in OPEN else set())


def top_up(document: Document, made_by: str) -> None:
    """Have vectors made that a document just read has not got. Inside a transaction."""
    known, change = embedders.choice(), current()
    # One that is being built comes to every passage by itself.
    ready = change is not None and change.state in (embedders.COMPARING, embedders.READY)
    overtaken = known is not None and known.active.fingerprint != made_by
    lacks = known is not None and embedders.lacking(
        known.active.fingerprint, document_id=document.id
    )
    if ready or overtaken or lacks:
        line_up(document.project_id)


def line_up(project_id: str, subject: str = "") -> Job:
    """The job that makes what is missing and removes what nobody needs. Inside a transaction."""
    waiting = Job.of(project_id).where(
        Job.kind == EMBED, Job.subject == subject, Job.state == jobs.WAITING
    )
    found: Job | None = waiting.first()
    if found and not found.cancel:
        return found
    return Job.create(project_id=project_id, kind=EMBED, subject=subject)


def moved(change: EmbedderChange, state: str) -> None:
    """Write down how far a change is. Inside a transaction."""
    change.state, change.updated_at = state, clock.now()
    change.save(only=[EmbedderChange.state, EmbedderChange.updated_at])
