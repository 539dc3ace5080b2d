"""The appliance itself: its models and how it is doing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from appliance.web.schema.base import Body, Reply, Time
from appliance.web.schema.knowledge import JobStatus

EngineState = Literal["stopped", "loading", "ready", "failed"]
ModelRole = Literal["language", "embedding", "reranker"]


class ModelBenchmark(Reply):
    """How fast a model is on this machine."""

    verdict: Literal["fast", "fine", "slow"]
    prefill_tokens_per_second: float
    generation_tokens_per_second: float
    generation_tokens_per_second_4: float = Field(description="Four answers at once, together.")
    threads: int
    measured_at: Time


class ModelConversion(Reply):
    """Another form of the model that is faster on this machine."""

    quantisation: str
    size: int = Field(description="Bytes.")
    prefill_gain: float = Field(description="2.1: it reads 2.1 times as fast.")


class ModelJob(Reply):
    """The work that is being done on a model, or was done last."""

    id: str
    kind: str
    status: JobStatus
    progress: float
    step: str
    error: str | None


class Model(Reply):
    """An AI model that is here, or could be."""

    name: str
    title: str
    role: ModelRole
    family: str
    parameters: str
    quantisation: str
    size: int = Field(description="Bytes.")
    context_tokens: int
    licence: str
    source: str
    memory_mb: int = Field(description="What it takes when it is loaded.")
    installed: bool
    imported: bool
    verified: bool | None = Field(description="None: its checksum was not looked at yet.")
    state: EngineState
    resident_mb: int | None
    default: bool
    advice: str
    fits: Literal["yes", "tight", "no"] = Field(description="tight: after others are unloaded.")
    downloadable: bool
    benchmark: ModelBenchmark | None
    conversion: ModelConversion | None
    job: ModelJob | None


class ModelPage(Reply):
    data: list[Model]


class ModelPath(Body):
    name: str = Field(max_length=64)


class ImportBody(Body):
    """What to take in."""

    path: str = Field(
        min_length=1, max_length=4096, description="A path on the server, or a name in incoming."
    )
    link: bool = Field(False, description="Use it where it lies instead of copying it.")


class DefaultBody(Body):
    """Which model is asked when an assistant names none."""

    role: Literal["language", "embedding"]
    name: str = Field(min_length=1, max_length=64)


class JobStarted(Reply):
    job_id: str


class ModelQueue(Reply):
    """How busy a model is."""

    model: str
    running: int
    waiting: int
    slots: int


class Machine(Reply):
    """What the machine has to offer to models."""

    memory_total_mb: int
    memory_available_mb: int
    memory_models_mb: int
    disk_free_mb: int
    cores: int
    cpu: str
    downloads_allowed: bool
    queue: list[ModelQueue]


class IncomingFile(Reply):
    """Something that lies ready to be imported."""

    file: str
    size: int = Field(description="Bytes.")
    kind: Literal["gguf", "folder"]


class Incoming(Reply):
    folder: str
    data: list[IncomingFile]


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
