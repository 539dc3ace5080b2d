"""Original files, sealed, named by the SHA-256 of what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from appliance.base import files
from appliance.base.errors import NotFound, TooLarge
from appliance.store import sealed


@dataclass(frozen=True)
class Blob:
    """A kept file: SHA-256 of its plain bytes, and how many there are."""

    digest: str
    size: int


class Blobs:
    """One folder per project. A file's own name never becomes a path."""

    def __init__(self, root: Path, key: bytes) -> None:
        self.root = root
        self._key = key

    def keep(self, project_id: str, stream: IO[bytes], *, limit: int) -> Blob:
        """Put a stream on the disk, durably. The same bytes twice are one file.

        Raises TooLarge, and then leaves nothing behind.
        """
        hasher, size = hashlib.sha256(), 0

        def pieces() -> Iterator[bytes]:
            nonlocal size
            while piece := stream.read(1 << 16):
                size += len(piece)
                if size > limit:
                    raise TooLarge(f"This file is larger than {limit // 2**20} MB.", limit=limit)
                hasher.update(piece)
                yield piece

        with files.arriving(self._folder(project_id)) as file:
            sealed.seal(pieces(), file, self._key)
            file.settle(self._path(project_id, hasher.hexdigest()))
        return Blob(hasher.hexdigest(), size)

    def open(self, project_id: str, digest: str) -> Iterator[bytes]:
        """The plain bytes, chunk by chunk. Raises NotFound at once when there are none."""
        path = self._path(project_id, digest)
        if not path.exists():
            raise NotFound("file")

        def pieces() -> Iterator[bytes]:
            with path.open("rb") as file:
                yield from sealed.unseal(file, self._key)

        return pieces()

    def read(self, project_id: str, digest: str) -> bytes:
        """All the plain bytes. Raises NotFound."""
        return b"".join(self.open(project_id, digest))

    def drop(self, project_id: str, digest: str) -> None:
        """Forget a file. Nothing happens when it is gone already."""
        self._path(project_id, digest).unlink(missing_ok=True)

    def digests(self, project_id: str, *, before: int | None = None) -> Iterator[str]:
        """Every file kept for a project; those last kept before a time, in milliseconds."""
        for path in self._folder(project_id).glob("??/*"):
            if before is None or path.stat().st_mtime_ns // 1_000_000 < before:
                yield path.name

    def drop_partial(self, before: int) -> int:
        """Remove what arrived only in part before a time, for a crash cut it off."""
        stale = [
            path
            for path in self.root.glob("*/.*.part")
            if path.stat().st_mtime_ns // 1_000_000 < before
        ]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _folder(self, project_id: str) -> Path:
        return self.root / project_id

    def _path(self, project_id: str, digest: str) -> Path:
        return self._folder(project_id) / digest[:2] / digest
