"""Changing the model that searches."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from appliance.web.schema.base import Body, Name, Reply


class ChangePath(Body):
    change_id: str


class ChangeBody(Body):
    """A new change of the embedder."""

    model: Name = Field(description="An installed embedding model.")


class ChosenModel(Reply):
    """An embedding model, as it was when it was chosen."""

    model: str
    fingerprint: str = Field(description="Name and content: it changes when a file does.")


class Comparison(Reply):
    """What test questions found with the present model and with the new one, 0 … 1."""

    questions: int
    generated: bool = Field(description="Made of headings and first sentences, not by people.")
    recall_at_1_before: float
    recall_at_1_after: float
    recall_at_5_before: float
    recall_at_5_after: float


class EmbedderChange(Reply):
    """The search's way from one model to another."""

    id: str
    model: str
    fingerprint: str
    state: Literal["building", "comparing", "ready", "switched", "failed", "cancelled"]
    progress: float
    step: str
    comparison: Comparison | None
    error: str | None
    job_id: str


class Embedder(Reply):
    """The model that searches, the one before, and the one that may come next."""

    active: ChosenModel
    previous: ChosenModel | None
    change: EmbedderChange | None
