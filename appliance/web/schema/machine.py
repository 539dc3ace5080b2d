"""The appliance itself: its models and how it is doing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from appliance.web.schema.base import Reply

EngineState = Literal["stopped", "loading", "ready", "failed"]


class Model(Reply):
    """An AI model that is here, or could be."""

    name: str
    role: Literal["language", "embedding", "reranker"]
    family: str
    parameters: str
    quantisation: str
    size: int = Field(description="Bytes.")
    licence: str
    installed: bool
    verified: bool | None = Field(description="None: its checksum was not looked at yet.")
    state: EngineState
    default: bool
    advice: str


class ModelPage(Reply):
    data: list[Model]


class Health(Reply):
    """The answer for load balancers and for people in a hurry."""

    status: Literal["ok", "unavailable"]


class Engine(Reply):
    """A model at work."""

    name: str
    model: str
    state: EngineState


class HealthDetail(Reply):
    """How the appliance is doing. All but the first two only for those who are known to it."""

    status: Literal["ok", "unavailable"]
    version: str
    uptime_seconds: int | None = None
    engines: list[Engine] | None = None
    waiting_jobs: int | None = None
    running_jobs: int | None = None
    streaming_answers: int | None = None
