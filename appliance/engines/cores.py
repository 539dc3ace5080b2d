"""How many processor cores there are for a model to use."""

from __future__ import annotations

import os
from pathlib import Path

_TOPOLOGY = Path("/sys/devices/system/cpu")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def physical_cores(topology: Path = _TOPOLOGY, quota: Path = _QUOTA) -> int:
    """Cores this process may use, hyper-threads of one core counted once; at least 1.

    More threads than that make a model slower, not faster.
    """
    usable = (
        os.sched_getaffinity(0)
        if hasattr(os, "sched_getaffinity")
        else set(range(os.cpu_count() or 1))
    )
    siblings = {_siblings(topology / f"cpu{number}", number) for number in usable}
    return max(1, min(len(siblings), _allowed(quota)))


def _siblings(folder: Path, number: int) -> str:
    try:
        return (folder / "topology" / "thread_siblings_list").read_text().strip()
    except OSError:
        return str(number)


def _allowed(quota: Path) -> int:
    """Whole processors a container may use."""
    try:
        limit, period = quota.read_text().split()
        return max(1, int(limit) // int(period))
    except (OSError, ValueError):  # no such file, or "max 100000"
        return os.cpu_count() or 1
