"""All benchmarks one after the other, and one table at the end: make bench

    python tests/bench/run.py [part of a script's name ...]

The parts are those of docs/benchmarks.md. Whatever else the machine does makes the times
longer, so the share of the processor that others took is said too.
"""

# ruff: noqa: T201

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from appliance.engines.cores import physical_cores
from tests.bench.results import KEPT_IN, kept, show

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Work:
    """Seconds of processor time so far: of all, and of what this run has started."""

    wall: float
    everyone: float
    own: float

    @classmethod
    def so_far(cls) -> Work:
        spent = psutil.cpu_times()
        idle = spent.idle + getattr(spent, "iowait", 0.0)
        times = os.times()
        own = times.user + times.system + times.children_user + times.children_system
        return cls(time.monotonic(), sum(spent[:8]) - idle, own)

    def others_since(self, before: Work) -> float:
        """The share of the processors that others had, 0 … 1."""
        room = (self.wall - before.wall) * (os.cpu_count() or 1)
        others = (self.everyone - before.everyone) - (self.own - before.own)
        return min(max(others / room, 0.0), 1.0) if room else 0.0


def machine() -> str:
    """What the figures are of."""
    model = platform.processor() or platform.machine()
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        named = [line for line in listed.read_text().splitlines() if line.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else model
    packages = ("llama-cpp-python", "sentence-transformers", "torch")
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {model}, {physical_cores()} cores, "
        f"{psutil.virtual_memory().total / 2**30:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in packages)
    )


def main() -> None:
    """Run what was asked for, or all."""
    wanted = sys.argv[1:]
    scripts = [
        path
        for path in sorted(HERE.glob("bench_*.py"))
        if not wanted or any(each in path.name for each in wanted)
    ]
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="inhouse-bench-") as folder:
        lines = Path(folder) / "results"
        start = Work.so_far()
        for script in scripts:
            print(f"\n== {script.name}", flush=True)
            before = Work.so_far()
            done = subprocess.run(
                [sys.executable, str(script)], env={**os.environ, KEPT_IN: str(lines)}
            )
            print(f"(others had {Work.so_far().others_since(before):.0%} of the processors)")
            if done.returncode:
                failed.append(script.name)
        print(
            f"\n{machine()}; others had {Work.so_far().others_since(start):.0%} of the processors\n"
        )
        show(kept(lines))
    if failed:
        raise SystemExit(f"An aim was missed, or it did not work: {', '.join(failed)}")


if __name__ == "__main__":
    main()
