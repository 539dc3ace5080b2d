"""Files that are either wholly there or not there at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class Arriving:
    """A file that has no name yet. `settle` gives it one, durably; else it leaves no trace."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self.file = file
        self.write = file.write
        self._path = path

    def settle(self, path: Path) -> None:
        """Flush to the disk, take the name (replacing what has it), flush the folder."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()  # Windows does not rename an open file
        self._path.replace(path)
        flush_folder(path.parent)


@contextmanager
def arriving(folder: Path, *, mode: int = 0o600) -> Iterator[Arriving]:
    """A new file in `folder`, gone again unless it was settled."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{os.getpid()}.{os.urandom(6).hex()}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(partial, flags, mode), "wb") as file:
            yield Arriving(file, partial)
    finally:
        partial.unlink(missing_ok=True)


def write(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace a file's content so that a power cut leaves the old one or the new one."""
    with arriving(path.parent, mode=mode) as file:
        file.write(content)
        file.settle(path)


def flush(file: IO[bytes]) -> None:
    """Have everything written so far on the disk."""
    file.flush()
    os.fsync(file.fileno())


def name(partial: Path, target: Path) -> None:
    """Give a file that another program has written its name, durably."""
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(target)
    flush_folder(target.parent)


def flush_folder(folder: Path) -> None:
    """Make a rename in this folder durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
