"""The original files of documents: kept while they arrive, dropped when nobody has them.

A file may be dropped while the same bytes are just coming in under another name, before
their row exists. So drops wait until no file is arriving, and look at the rows then.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from appliance.base import clock
from appliance.base.errors import Invalid
from appliance.store.blobs import Blob, Blobs
from appliance.store.documents import Document
from appliance.store.projects import Project

_gate = threading.Lock()
_arrivals = 0
_dropped: set[tuple[str, str]] = set()


class EmptyUpload(Invalid):
    """A file or text without a single byte."""

    code = "empty"


@contextmanager
def arriving(blobs: Blobs, project_id: str, stream: IO[bytes], *, limit: int) -> Iterator[Blob]:
    """The stream's bytes on the disk. They stay if a document has them at the end.

    Raises EmptyUpload, before anything is stored, and TooLarge.
    """
    global _arrivals
    first = stream.read(1)
    if not first:
        raise EmptyUpload("This file is empty: there is nothing in it to read.", param="file")
    with _gate:
        _arrivals += 1
    digest = ""
    try:
        blob = blobs.keep(project_id, _Begun(first, stream), limit=limit)  # type: ignore[arg-type]
        digest = blob.digest
        yield blob
    finally:
        with _gate:
            _arrivals -= 1
        release(blobs, project_id, digest)


def release(blobs: Blobs, project_id: str, digest: str) -> None:
    """Drop a file, unless a document of the project has it."""
    with _gate:
        if digest:
            _dropped.add((project_id, digest))
        if _arrivals:
            return
        for project, each in _dropped:
            if not Document.of(project).where(Document.digest == each).exists():
                blobs.drop(project, each)
        _dropped.clear()


def sweep(blobs: Blobs, *, before: int | None = None) -> int:
    """Drop what a crash left without a row. Returns how many files.

    Younger files are left alone, `before` an hour ago unless told otherwise: another
    process may be taking them in.
    """
    before = clock.now() - clock.HOUR if before is None else before
    swept = blobs.drop_partial(before)
    for project in Project.select():
        for digest in list(blobs.digests(project.id, before=before)):
            if not Document.of(project.id).where(Document.digest == digest).exists():
                release(blobs, project.id, digest)
                swept += 1
    return swept


class _Begun:
    """A stream of which some bytes have been read already."""

    def __init__(self, begun: bytes, rest: IO[bytes]) -> None:
        self._begun, self._rest = begun, rest

    def read(self, size: int = -1) -> bytes:
        begun, self._begun = self._begun, b""
        return begun or self._rest.read(size)
