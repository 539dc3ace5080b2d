"""What `ask` and `ingest` do and show in a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from appliance.assemble import tasks
from appliance.base import running
from appliance.base.errors import ApplianceError, NotFound
from appliance.base.hub import Bell
from appliance.chat import assistants
from appliance.chat.events import DELTA, END, ERROR
from appliance.library import intake
from appliance.parts import Parts
from appliance.store.assistants import Assistant, Session
from appliance.store.documents import Document
from appliance.store.projects import DEFAULT_PROJECT
from appliance.worker.loop import Worker

UNSETTLED = ("queued", "processing")


def the_assistant(assistant_id: str | None) -> Assistant:
    """The one that was named; without a name the oldest, made if there is none."""
    if assistant_id:
        return Assistant.find(DEFAULT_PROJECT, assistant_id)
    oldest = Assistant.of(DEFAULT_PROJECT).where(Assistant.archived_at.is_null())
    return oldest.order_by(Assistant.id).first() or assistants.create(
        DEFAULT_PROJECT, {"name": "Assistant"}, author="command line"
    )


def print_answer(parts: Parts, question: str, *, assistant_id: str | None) -> None:
    """Ask, and print the answer as it is written and the sources it stands on."""
    assistant = the_assistant(assistant_id)
    session = Session.create(project_id=DEFAULT_PROJECT, assistant_id=assistant.id, kind="cli")
    for event in parts.chat.ask(session, assistant, question).events():
        if event is None:
            continue
        if event.name == DELTA:
            click.echo(event.data["delta"], nl=False)
        elif event.name == ERROR:
            raise ApplianceError(event.data["error"]["message"])
        elif event.name == END:
            click.echo("\n")
            for citation in event.data["message"]["citations"]:
                page = f", page {citation['page']}" if citation["page"] else ""
                click.echo(f"[{citation['number']}] {citation['document_name']}{page}")


def ingest_paths(parts: Parts, paths: Iterable[Path], *, assistant_id: str | None) -> int:
    """Take in files and wait for them. Returns how many could not be read."""
    assistant = the_assistant(assistant_id)
    taken = [document for path in files_of(paths) if (document := _take(parts, assistant, path))]
    if running.find(parts.settings.data_dir) is None:
        Worker(tasks(parts), bell=Bell()).run_until_idle()
    return sum(_report(document) for document in taken)


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """The files, and those in the folders, in the order of their names. Hidden ones stay out."""
    for path in paths:
        if path.is_dir():
            inside = (each for each in sorted(path.rglob("*")) if each.is_file())
            yield from (each for each in inside if not each.name.startswith("."))
        else:
            yield path


def _take(parts: Parts, assistant: Assistant, path: Path) -> Document | None:
    try:
        with path.open("rb") as file:
            return intake.accept(
                file,
                project_id=DEFAULT_PROJECT,
                collection_id=assistant.collection_id,
                name=path.name,
                blobs=parts.blobs,
                limit=parts.settings.upload_mb * 2**20,
            )
    except ApplianceError as error:
        click.echo(f"{path.name}: {error.message}", err=True)
        return None


def _report(document: Document) -> bool:
    """Wait for a document and say how it ended. True when it failed."""
    try:
        while (row := Document.find(DEFAULT_PROJECT, document.id)).state in UNSETTLED:
            time.sleep(0.2)
    except NotFound:
        click.echo(f"{document.name}: was deleted meanwhile")
        return False
    if row.state == "failed":
        click.echo(f"{row.name}: {row.trouble}")
        return True
    click.echo(f"{row.name}: ready, {row.passages} passages")
    return False
