"""Rows as the shapes that leave the building."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from appliance.base import clock
from appliance.people.accounts import Person
from appliance.store.assistants import Assistant, AssistantVersion, Session
from appliance.store.documents import Document, Passage, Source
from appliance.store.jobs import Job
from appliance.store.projects import ApiKey, User
from appliance.web.schema import assistants, auth, jobs, keys, knowledge, sessions


def said(at: int | None) -> str | None:
    """A time that may be missing."""
    return None if at is None else clock.spoken(at)


def user(row: User, role: str | None) -> auth.User:
    return auth.User(id=row.id, email=row.email, name=row.name, role=role)  # type: ignore[arg-type]


def person(found: Person) -> auth.User:
    return user(found.user, found.role)


def assistant(row: Assistant) -> assistants.Assistant:
    return assistants.Assistant(
        **{**row.config, "name": row.name},
        id=row.id,
        version=row.version,
        collection_id=row.collection_id,
        project_id=row.project_id,
        created_at=clock.spoken(row.created_at),
        updated_at=clock.spoken(row.updated_at),
        archived_at=said(row.archived_at),
    )


def version(row: AssistantVersion) -> assistants.Version:
    return assistants.Version(
        number=row.number,
        name=row.name,
        config=row.config,
        author=row.author,
        created_at=clock.spoken(row.created_at),
    )


def session(row: Session) -> sessions.Session:
    return sessions.Session(
        id=row.id,
        session_id=row.id,
        assistant_id=row.assistant_id,
        user_id=row.user_id,
        created_at=clock.spoken(row.created_at),
        metadata=row.metadata,
    )


# What an answer cost is the office's business; and how much of a question the model had
# read before would tell a visitor, guess by guess, what another one has asked.
_FOR_THE_OFFICE = frozenset({"cost_usd", "cached_tokens"})


def for_page(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as a page's visitor may see it."""
    shown = {
        name: fact for name, fact in message["metadata"].items() if name not in _FOR_THE_OFFICE
    }
    return {**message, "metadata": shown}


def key(row: ApiKey) -> keys.Key:
    return keys.Key(
        id=row.id,
        name=row.name,
        kind=row.kind,
        prefix=row.prefix,
        scopes=row.scopes.split(),
        origins=row.origins.split(),
        assistant_id=row.assistant_id,
        created_at=clock.spoken(row.created_at),
        expires_at=said(row.expires_at),
        revoked_at=said(row.revoked_at),
        last_used_at=said(row.last_used_at),
    )


def job(row: Job) -> jobs.Job:
    return jobs.Job(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        status=row.state,
        progress=row.progress,
        step=row.step,
        error=row.trouble or None,
        tries=row.tries,
        created_at=clock.spoken(row.created_at),
        started_at=said(row.started_at),
        finished_at=said(row.finished_at),
    )


def passage(row: Passage) -> knowledge.Passage:
    return knowledge.Passage(
        id=f"psg_{row.id}",
        document_id=row.document_id,
        position=row.position,
        kind=row.kind,
        text=row.text,
        tokens=row.tokens,
        page=row.page,
        heading=row.heading,
        sheet=row.sheet,
        cells=row.cells,
    )


def documents(project_id: str, rows: Sequence[Document]) -> list[knowledge.Document]:
    """Documents with the work that is going on for them."""
    latest = _latest_jobs(project_id, [row.id for row in rows])
    return [_document(row, latest.get(row.id)) for row in rows]


def sources(project_id: str, rows: Sequence[Source]) -> list[knowledge.Source]:
    """Sources with their documents."""
    found = list(
        Document.of(project_id)
        .where(Document.source_id.in_([row.id for row in rows]))
        .order_by(Document.id)
    )
    of: dict[str, list[knowledge.Document]] = {row.id: [] for row in rows}
    for each in documents(project_id, found):
        of[each.source_id].append(each)
    owners = {
        row.collection_id: row.id
        for row in Assistant.of(project_id).where(
            Assistant.collection_id.in_([row.collection_id for row in rows])
        )
    }
    return [_source(row, of[row.id], owners.get(row.collection_id)) for row in rows]


def _document(row: Document, latest: Job | None) -> knowledge.Document:
    trouble = knowledge.Trouble(code=row.trouble_code or "failed", message=row.trouble)
    return knowledge.Document(
        id=row.id,
        source_id=row.source_id,
        collection_id=row.collection_id,
        name=row.name,
        title=row.title,
        size=row.size,
        media_type=row.media_type,
        status=row.state,
        enabled=row.enabled,
        error=trouble if row.state == "failed" else None,
        report=knowledge.ReadingReport.model_validate(row.report) if row.report else None,
        passages=row.passages,
        metadata=row.metadata,
        job=_brief(latest) if latest else None,
        created_at=clock.spoken(row.created_at),
        updated_at=clock.spoken(row.updated_at),
    )


def _brief(row: Job) -> knowledge.JobBrief:
    return knowledge.JobBrief(id=row.id, status=row.state, progress=row.progress, step=row.step)


def _source(
    row: Source, its: list[knowledge.Document], assistant_id: str | None
) -> knowledge.Source:
    running = [each.job for each in its if each.job]
    return knowledge.Source(
        id=row.id,
        name=row.name,
        type=row.type,
        assistant_id=assistant_id,
        collection_id=row.collection_id,
        status=overall(each.status for each in its),
        documents=its,
        job_id=running[-1].id if running else None,
        metadata=row.metadata,
        created_at=clock.spoken(row.created_at),
        updated_at=clock.spoken(row.updated_at),
    )


def overall(states: Iterable[knowledge.DocumentStatus]) -> knowledge.DocumentStatus:
    """The state of a source: what is still going on comes first, and one success counts."""
    found = set(states)
    order: tuple[knowledge.DocumentStatus, ...] = ("processing", "queued", "ready", "failed")
    return next((state for state in order if state in found), "ready")


def _latest_jobs(project_id: str, subjects: Sequence[str]) -> dict[str, Job]:
    rows = Job.of(project_id).where(Job.subject.in_(subjects)).order_by(Job.id)
    return {row.subject: row for row in rows}
