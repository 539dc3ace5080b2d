"""Assistants are made, changed, put away and deleted. Every change is a version to go back to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.base import clock
from appliance.base.errors import Invalid, NotFound
from appliance.chat import config as configs
from appliance.chat.config import AssistantConfig
from appliance.library import intake
from appliance.store.assistants import Assistant, AssistantVersion
from appliance.store.blobs import Blobs
from appliance.store.database import database
from appliance.store.documents import Collection
from appliance.store.vectors import Vectors


def create(project_id: str, given: Mapping[str, Any], *, author: str = "") -> Assistant:
    """A new assistant with a collection of its own. Raises Invalid."""
    config = configs.validated(_said(given))
    _check_collections(project_id, config)
    with database.writing():
        collection = Collection.create(project_id=project_id, name=config.name)
        assistant = Assistant.create(
            project_id=project_id,
            name=config.name,
            config=config.model_dump(),
            collection_id=collection.id,
        )
        _note_version(assistant, author)
    return assistant


def change(assistant: Assistant, patch: Mapping[str, Any], *, author: str = "") -> Assistant:
    """Merge a change into the configuration. One that changes nothing makes no version.

    Raises Invalid, NotFound.
    """
    with database.writing():
        assistant = Assistant.find(assistant.project_id, assistant.id)
        config = configs.merge(configs.stored(assistant), patch)
        _check_collections(assistant.project_id, config)
        return _become(assistant, config.model_dump(), author)


def restore(assistant: Assistant, number: int, *, author: str = "") -> Assistant:
    """Make an earlier version the current one; that is a new version. Raises NotFound."""
    with database.writing():
        assistant = Assistant.find(assistant.project_id, assistant.id)
        version = versions(assistant).where(AssistantVersion.number == number).first()
        if version is None:
            raise NotFound("version")
        return _become(assistant, version.config, author)


def versions(assistant: Assistant) -> Any:
    """All versions, as a query."""
    return AssistantVersion.of(assistant.project_id).where(
        AssistantVersion.assistant_id == assistant.id
    )


def archive(assistant: Assistant, *, archived: bool = True) -> Assistant:
    """Put an assistant away, or take it out again. Nobody can talk to one that is away."""
    with database.writing():
        assistant = Assistant.find(assistant.project_id, assistant.id)
        if (assistant.archived_at is not None) != archived:
            assistant.archived_at = clock.now() if archived else None
            assistant.updated_at = clock.now()
            assistant.save()
    return assistant


def purge(assistant: Assistant, *, blobs: Blobs, index: Vectors) -> None:
    """Delete an assistant with its conversations, and its documents unless others use them."""
    project_id, collection_id = assistant.project_id, assistant.collection_id
    with database.writing():
        Assistant.delete().where(
            Assistant.project_id == project_id, Assistant.id == assistant.id
        ).execute()
    used = any(
        collection_id in other.config["knowledge"]["collection_ids"]
        for other in Assistant.of(project_id)
    )
    collection = Collection.of(project_id).where(Collection.id == collection_id).first()
    if collection is not None and not used:
        intake.delete_collection(collection, blobs=blobs, index=index)


def collections(assistant: Assistant) -> list[str]:
    """Ids of the collections it answers from, its own first."""
    return list(
        dict.fromkeys([assistant.collection_id, *assistant.config["knowledge"]["collection_ids"]])
    )


def _become(assistant: Assistant, config: dict[str, Any], author: str) -> Assistant:
    if config == assistant.config:
        return assistant
    assistant.config = config  # type: ignore[assignment]
    assistant.name = config["name"]
    assistant.version += 1
    assistant.updated_at = clock.now()
    assistant.save()
    _note_version(assistant, author)
    return assistant


def _note_version(assistant: Assistant, author: str) -> None:
    AssistantVersion.create(
        project_id=assistant.project_id,
        assistant_id=assistant.id,
        number=assistant.version,
        name=assistant.name,
        config=assistant.config,
        author=author,
    )


def _check_collections(project_id: str, config: AssistantConfig) -> None:
    asked = config.knowledge.collection_ids
    known = {row.id for row in Collection.of(project_id).where(Collection.id.in_(asked))}
    if unknown := [each for each in asked if each not in known]:
        raise Invalid(f"No such collection: {unknown[0]}.", param="knowledge.collection_ids")


def _said(given: Mapping[str, Any]) -> dict[str, Any]:
    """A change to nothing: where it says null, the default is meant."""
    return {
        name: _said(value) if isinstance(value, Mapping) else value
        for name, value in given.items()
        if value is not None
    }
