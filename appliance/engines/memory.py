"""How much memory there is for models, and how much one will take.

What the system calls available counts the pages of model files as free, because it could
drop them; a model that lost them would crawl. So what running models hold is taken off.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from appliance.engines.gguf import Head

_PROC = Path("/proc")
_CGROUPS = Path("/sys/fs/cgroup")
_PROCESS = 150 << 20  # Python and the libraries in a model's process
_BATCH = 512  # tokens computed at once, at most
_UNLIMITED = 1 << 60


def total(proc: Path = _PROC, cgroups: Path = _CGROUPS) -> int:
    """Bytes of memory this program may use, the container's limit included; 0: not known."""
    return min([size for size in (_machine(proc)[0], *_limits(cgroups, proc)) if size], default=0)


def available(pids: Iterable[int] = (), proc: Path = _PROC, cgroups: Path = _CGROUPS) -> int:
    """Bytes that may still be taken while the model processes `pids` keep what they hold.

    A great number when the system does not say: then nothing is refused.
    """
    free = min([_machine(proc)[1] or _UNLIMITED, *_room(cgroups, proc)])
    return max(0, free - sum(_file_backed(pid, proc) for pid in pids))


def resident(pid: int, proc: Path = _PROC) -> int:
    """Bytes of memory a process holds; 0: not known."""
    return _pages(pid, 1, proc)


def needed(head: Head, size: int, *, context_tokens: int, streams: int = 8) -> int:
    """Bytes a language model takes when loaded: its file, the cache for `context_tokens`
    (16-bit keys and values of every layer), what one batch computes, and its process."""
    layers = head.number("block_count", 32)
    width, heads = head.number("embedding_length", 4096), head.number("attention.head_count", 32)
    of_layers = head.lists.get(f"{head.architecture}.attention.head_count_kv", ())
    caches = sum(of_layers) or layers * head.number("attention.head_count_kv", heads)
    one = width // heads
    pair = head.number("attention.key_length", one) + head.number("attention.value_length", one)
    cache = context_tokens * caches * pair * 2
    wide = head.number("feed_forward_length", 4 * width)
    batch = _BATCH * (6 * width + 3 * wide) * 4 + streams * head.vocabulary * 4 * 2
    return size + cache + batch + _PROCESS


def _machine(proc: Path) -> tuple[int, int]:
    """Total and available bytes of the machine; 0: not known."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return _mac()
    facts = dict(_lines(proc / "meminfo", ":"))
    return _kilobytes(facts.get("MemTotal", "")), _kilobytes(facts.get("MemAvailable", ""))


def _kilobytes(text: str) -> int:
    number = text.split()[:1]
    return int(number[0]) * 1024 if number and number[0].isdigit() else 0


def _groups(cgroups: Path, proc: Path) -> Iterator[Path]:
    """The folders of the control groups this process is in, from its own to the root."""
    own = next((path for tag, path in _lines(proc / "self" / "cgroup", "::") if tag == "0"), "")
    folder = cgroups / own.strip().lstrip("/")
    while folder != cgroups and cgroups in folder.parents:
        yield folder
        folder = folder.parent
    yield cgroups
    yield cgroups / "memory"  # of the first version


def _limits(cgroups: Path, proc: Path) -> Iterator[int]:
    for folder in _groups(cgroups, proc):
        for name in ("memory.max", "memory.limit_in_bytes"):
            if 0 < (limit := _number(folder / name)) < _UNLIMITED:
                yield limit


def _room(cgroups: Path, proc: Path) -> Iterator[int]:
    """What each limit leaves. Pages of files count as used there, and can be dropped."""
    for folder in _groups(cgroups, proc):
        for limit_name, used_name in (
            ("memory.max", "memory.current"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes"),
        ):
            limit = _number(folder / limit_name)
            if 0 < limit < _UNLIMITED:
                facts = dict(_lines(folder / "memory.stat", " "))
                cached = sum(int(facts.get(name, 0)) for name in ("active_file", "inactive_file"))
                yield max(0, limit - _number(folder / used_name) + cached)


def _lines(path: Path, between: str) -> Iterator[tuple[str, str]]:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        name, _, value = line.partition(between)
        yield name, value


def _number(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # absent, or "max"
        return 0


def _file_backed(pid: int, proc: Path) -> int:
    return _pages(pid, 2, proc)


def _pages(pid: int, column: int, proc: Path) -> int:
    try:
        fields = (proc / str(pid) / "statm").read_text().split()
        return int(fields[column]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


def _windows() -> tuple[int, int]:
    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((f"n{number}", ctypes.c_ulonglong) for number in range(7)),
        )

    status = Status(length=ctypes.sizeof(Status))
    windll = getattr(ctypes, "windll", None)
    if not windll or not windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return 0, 0
    return int(status.n0), int(status.n1)


def _mac() -> tuple[int, int]:
    try:
        size = os.sysconf("SC_PAGE_SIZE")
        told = subprocess.run(["vm_stat"], capture_output=True, text=True, timeout=5, check=True)
        pages = dict(line.split(":", 1) for line in told.stdout.splitlines() if ":" in line)
        free = sum(
            int(pages.get(f"Pages {kind}", "0").strip(" ."))
            for kind in ("free", "inactive", "speculative", "purgeable")
        )
        return size * os.sysconf("SC_PHYS_PAGES"), free * size
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0, 0
