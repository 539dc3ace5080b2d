"""The models as the console sees them: what is known, what runs, what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from appliance.base import clock
from appliance.base.errors import ApplianceError
from appliance.engines import benchmark, memory
from appliance.engines.benchmark import Benchmark
from appliance.engines.examine import name_of
from appliance.engines.manifest import Model as Known
from appliance.engines.workshop import FORM
from appliance.parts import Parts
from appliance.store.jobs import Job
from appliance.upkeep import models as work
from appliance.web import pulse
from appliance.web.schema import machine as shapes
from appliance.web.schema.machine import EngineState


def models(here: Parts, known: Sequence[Known]) -> list[shapes.Model]:
    """The models, each with how it is doing on this machine."""
    jobs = work.under_way(*(each.name for each in known))
    return [_model(here, each, jobs.get(each.name)) for each in known]


def _warning(here: Parts, known: Known) -> str:
    """What was found out about a model when it was loaded, such as a bad chat template."""
    engine = here.local.started().get(known.name)
    return engine.warning() if engine else ""


def _model(here: Parts, known: Known, job: Job | None) -> shapes.Model:
    found = benchmark.kept(here.catalogue, known) if known.role == "language" else None
    state, pid = _process(here, known)
    needs = here.local.needs(known)
    return shapes.Model(
        name=known.name,
        title=known.title,
        role=known.role,
        family=known.family,
        parameters=spoken(known.parameters),
        quantisation=known.quantisation,
        size=known.size,
        context_tokens=known.context_tokens,
        licence=known.licence,
        source=known.source,
        memory_mb=needs // 2**20,
        installed=known.installed,
        imported=known.imported,
        verified=here.catalogue.verified(known),
        state=state,
        resident_mb=memory.resident(pid) // 2**20 if pid else None,
        default=known.name in (here.local.default, here.embedder.model),
        advice=" ".join(filter(None, (_warning(here, known), known.advice))),
        fits=here.local.residence.fits(needs),
        downloadable=bool(known.repository)
        and here.settings.allow_downloads
        and not (known.installed or known.imported),
        benchmark=_measured(found) if found else None,
        conversion=_conversion(here, known, found) if found else None,
        job=_job(job) if job else None,
    )


def queue(here: Parts) -> list[shapes.ModelQueue]:
    """How busy each model that runs is."""
    loads = {
        name: engine.load()
        for name, engine in here.local.started().items()
        if engine.state() in ("loading", "ready")
    }
    return [
        shapes.ModelQueue(model=name, running=load.running, waiting=load.waiting, slots=load.slots)
        for name, load in loads.items()
    ]


def incoming(folder: Path) -> list[shapes.IncomingFile]:
    """What lies in the folder for imports and looks like a model."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file() and path.suffix.lower() == ".gguf":
            size = path.stat().st_size
            found.append(shapes.IncomingFile(file=path.name, size=size, kind="gguf"))
        elif path.is_dir() and (path / "config.json").is_file():
            size = sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
            found.append(shapes.IncomingFile(file=path.name, size=size, kind="folder"))
    return found


def spoken(parameters: int) -> str:
    """135000000 as people say it: 135M."""
    for letter, size in (("B", 1_000_000_000), ("M", 1_000_000)):
        if parameters >= size:
            return f"{parameters / size:.3g}{letter}"
    return str(parameters) if parameters else ""


def _process(here: Parts, known: Known) -> tuple[EngineState, int | None]:
    if known.role == "language":
        engine = here.local.started().get(known.name)
        return (engine.state(), engine.pid()) if engine else ("stopped", None)
    if here.embedder.fingerprint == known.fingerprint:
        return pulse.state_of(here.embedder), here.embedder.pid()
    return "stopped", None


def _measured(found: Benchmark) -> shapes.ModelBenchmark:
    return shapes.ModelBenchmark(
        verdict=found.verdict,
        prefill_tokens_per_second=found.prefill,
        generation_tokens_per_second=found.generation,
        generation_tokens_per_second_4=found.generation_4,
        threads=found.threads,
        measured_at=clock.spoken(found.measured_at),
    )


def _conversion(here: Parts, known: Known, found: Benchmark) -> shapes.ModelConversion | None:
    """The better form, unless somebody has made it already."""
    if found.conversion is None:
        return None
    try:
        here.catalogue.check_free(name_of(f"{known.name[:59]}-{FORM}"))
    except ApplianceError:
        return None
    return shapes.ModelConversion(
        quantisation=found.conversion.quantisation,
        size=found.conversion.size,
        prefill_gain=found.conversion.prefill_gain,
    )


def _job(row: Job) -> shapes.ModelJob:
    return shapes.ModelJob(
        id=row.id,
        kind=row.kind,
        status=row.state,
        progress=row.progress,
        step=row.step,
        error=row.trouble or None,
    )
