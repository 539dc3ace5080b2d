"""How fast a model is on this machine, measured when it comes in and kept beside it.

A person reads five to eight words a second at most, so an answer that is written faster
than that never keeps anybody waiting; and a prompt of 600 tokens, an assistant's
instructions with a few passages, should be read in seconds.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from appliance.base import clock, files
from appliance.engines import errand
from appliance.engines.catalogue import Catalogue
from appliance.engines.cores import physical_cores
from appliance.engines.manifest import Model

Verdict = Literal["fast", "fine", "slow"]
FAST_WRITES, FAST_READS = 15.0, 150.0  # tokens a second: 600 are read in four seconds
FINE_WRITES, FINE_READS = 6.0, 40.0  # 600 are read in fifteen seconds
_NOTE = ".benchmark.json"

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Conversion:
    """Another form of the model that was tried here and found better."""

    quantisation: str
    size: int  # bytes
    prefill_gain: float  # how many times as fast it reads


@dataclass(frozen=True)
class Benchmark:
    """Tokens a second with the number of threads that does best."""

    prefill: float
    generation: float
    generation_4: float  # of four answers together
    threads: int
    measured_at: int  # milliseconds
    conversion: Conversion | None = None

    @property
    def verdict(self) -> Verdict:
        """What a person who waits for an answer would call it."""
        if self.generation >= FAST_WRITES and self.prefill >= FAST_READS:
            return "fast"
        if self.generation >= FINE_WRITES and self.prefill >= FINE_READS:
            return "fine"
        return "slow"

    def beats(self, other: Benchmark) -> bool:
        """Clearly faster at one thing, and no worse at the other."""
        reads, writes = self.prefill / other.prefill, self.generation / other.generation
        return (reads >= 1.2 and writes >= 0.95) or (writes >= 1.2 and reads >= 0.95)


def measure(
    path: Path,
    *,
    progress: Progress = lambda _: None,
    stopped: Callable[[], bool] = errand.never,
) -> Benchmark:
    """Measure a language model's file; ten to twenty seconds, as the machine is.

    Raises Stopped, EngineFailed.
    """
    told = errand.run(
        "benchmark",
        {"path": str(path), "threads": candidates()},
        label="benchmark",
        hear=lambda header: progress(float(header.get("progress", 0.0))),
        stopped=stopped,
        patience=300.0,
    )
    return Benchmark(
        prefill=round(float(told["prefill"]), 1),
        generation=round(float(told["alone"]), 1),
        generation_4=round(float(told["together"]), 1),
        threads=int(told["threads"]),
        measured_at=clock.now(),
    )


def candidates() -> list[int]:
    """Numbers of threads worth trying; the one that is best as a rule comes first."""
    cores, logical = physical_cores(), len(_processors())
    return [cores, *sorted({max(1, cores // 2), min(logical, 2 * cores)} - {cores})]


def machine() -> str:
    """This machine's processor and how many of it there are: what a measurement holds for."""
    return f"{processor()} × {len(_processors())}"


def processor() -> str:
    """The processor's name, as its maker has it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(errors="replace").splitlines():
            if line.startswith(("model name", "Model")):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def keep(catalogue: Catalogue, model: Model, found: Benchmark) -> None:
    """Note it beside the model, with what it holds for."""
    note = {"machine": machine(), "model": model.fingerprint, **asdict(found)}
    files.write(catalogue.notes(model) / _NOTE, json.dumps(note, indent=1).encode(), mode=0o644)


def kept(catalogue: Catalogue, model: Model) -> Benchmark | None:
    """What was measured of this very model on this very machine."""
    try:
        note = json.loads((catalogue.notes(model) / _NOTE).read_text("utf-8"))
        if (note.pop("machine"), note.pop("model")) != (machine(), model.fingerprint):
            return None
        conversion = note.pop("conversion")
        return Benchmark(**note, conversion=Conversion(**conversion) if conversion else None)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def stale(catalogue: Catalogue, model: Model) -> bool:
    """It was measured, but on another machine or with other content."""
    return (catalogue.notes(model) / _NOTE).exists() and kept(catalogue, model) is None


def _processors() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))
