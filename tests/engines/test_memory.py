"""What there is of memory, and what a model takes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from appliance.engines import memory
from appliance.engines.gguf import Head, read_head

from .parts import small_llama

linux = pytest.mark.skipif(sys.platform != "linux", reason="files of Linux")


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """A machine with 8 GB, 6 of them available."""
    (tmp_path / "proc" / "self").mkdir(parents=True)
    facts = f"MemTotal: {8 << 20} kB\nMemAvailable: {6 << 20} kB\n"
    (tmp_path / "proc" / "meminfo").write_text(facts)
    (tmp_path / "proc" / "self" / "cgroup").write_text("0::/office/inhouse.service\n")
    return tmp_path / "proc"


@pytest.fixture
def cgroups(tmp_path: Path) -> Path:
    """Control groups without limits."""
    (tmp_path / "cgroup" / "office" / "inhouse.service").mkdir(parents=True)
    return tmp_path / "cgroup"


@linux
def test_without_a_limit_the_machine_decides(proc: Path, cgroups: Path) -> None:
    assert memory.total(proc, cgroups) == 8 << 30
    assert memory.available((), proc, cgroups) == 6 << 30


@linux
def test_the_limit_of_a_group_above_ours_counts(proc: Path, cgroups: Path) -> None:
    group = cgroups / "office"
    (group / "memory.max").write_text(f"{2 << 30}\n")
    (group / "memory.current").write_text(f"{3 << 29}\n")
    (group / "memory.stat").write_text(f"anon 5\nactive_file {1 << 28}\ninactive_file 0\n")
    (cgroups / "memory.max").write_text("max\n")

    assert memory.total(proc, cgroups) == 2 << 30
    assert memory.available((), proc, cgroups) == (1 << 29) + (1 << 28)


@linux
def test_the_files_that_models_hold_are_not_free(proc: Path, cgroups: Path) -> None:
    (proc / "77").mkdir()
    (proc / "77" / "statm").write_text(f"900000 300000 {(1 << 30) // os.sysconf('SC_PAGE_SIZE')} 0")

    assert memory.available([77, 78], proc, cgroups) == 5 << 30


@linux
def test_this_process_holds_memory() -> None:
    assert memory.resident(os.getpid()) > 1 << 20
    assert memory.resident(2**22) == 0


@linux
def test_nothing_is_refused_where_the_system_does_not_say(tmp_path: Path) -> None:
    assert memory.total(tmp_path, tmp_path) == 0
    assert memory.available((), tmp_path, tmp_path) >= 1 << 60


def test_a_longer_context_takes_more(tmp_path: Path) -> None:
    path = small_llama(tmp_path / "small.gguf")
    head, size = read_head(path), path.stat().st_size
    short, long = (memory.needed(head, size, context_tokens=tokens) for tokens in (1_000, 2_000))

    # Two layers with two heads of 16 numbers each, twice, in two bytes.
    assert long - short == 1_000 * 2 * 2 * 32 * 2


def test_layers_without_a_cache_take_none() -> None:
    def needs(heads: tuple[int, ...]) -> int:
        facts: dict[str, str | int | float | bool] = {
            "general.architecture": "mix",
            "mix.block_count": 4,
            "mix.embedding_length": 1024,
            "mix.attention.head_count": 16,
        }
        head = Head(facts, {"mix.attention.head_count_kv": heads})
        return memory.needed(head, 0, context_tokens=1_000)

    assert needs((4, 4, 4, 4)) - needs((0, 4, 0, 4)) == 1_000 * 8 * 128 * 2
