"""Counting processor cores."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from appliance.engines.cores import physical_cores


@pytest.fixture
def processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four processors, whatever this machine has."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)


def topology(folder: Path, siblings: list[str]) -> Path:
    for number, text in enumerate(siblings):
        path = folder / f"cpu{number}" / "topology"
        path.mkdir(parents=True)
        (path / "thread_siblings_list").write_text(f"{text}\n")
    return folder


@pytest.mark.usefixtures("processors")
def test_threads_of_one_core_count_once(tmp_path: Path) -> None:
    found = topology(tmp_path, ["0,2", "1,3", "0,2", "1,3"])

    assert physical_cores(found, tmp_path / "none") == 2


@pytest.mark.usefixtures("processors")
@pytest.mark.parametrize(
    ("quota", "cores"), [("200000 100000", 2), ("50000 100000", 1), ("max 1", 4)]
)
def test_a_container_gets_what_it_is_allowed(tmp_path: Path, quota: str, cores: int) -> None:
    (tmp_path / "cpu.max").write_text(quota)

    assert physical_cores(tmp_path / "none", tmp_path / "cpu.max") == cores


def test_this_machine_has_a_core() -> None:
    assert physical_cores() >= 1
