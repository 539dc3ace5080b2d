"""Vector search: one FAISS index per collection, a cache of what the passage rows say.

The rows are the truth. An index knows the collection's revision it shows; when the
row says another, the difference is read from the database, without the embedder.
A file that is missing, unreadable or old therefore costs time and never an answer.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from appliance.base import files
from appliance.base.errors import Broken
from appliance.store import sealed
from appliance.store.database import database
from appliance.store.documents import Collection

log = logging.getLogger(__name__)

Ids = NDArray[np.int64]

SAVE_EVERY = 2_000  # vectors changed; fewer are found again from the rows in a moment
_FETCH = 500  # rows read at a time
_PIECE = 1 << 20

# Passages with a negative position belong to a reading that is not finished. A document
# that is read anew keeps showing its former passages until the new ones are complete.
_FINDABLE = """
    SELECT p.id FROM document d JOIN passage p ON p.document_id = d.id
    WHERE d.project_id = ? AND d.collection_id = ? AND d.enabled
    AND p.position >= 0
"""


class Vectors:
    """The vector indexes of every collection. Safe to use from many threads."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._lock = threading.Lock()
        self._indexes: dict[str, _Index] = {}

    def search(
        self,
        collection: Collection,
        vector: NDArray[np.float32],
        k: int,
        *,
        among: Sequence[int] | None = None,
    ) -> list[tuple[int, float]]:
        """The `k` passages nearest to a vector of length 1: ids and cosines, best first.

        Only those `among` the given ids, when there are any given.
        """
        return self._index(collection).search(collection, vector, k, among)

    def count(self, collection: Collection) -> int:
        """How many passages can be found."""
        return self._index(collection).count(collection)

    def changed(
        self, collection: Collection, *, before: int, add: dict[int, bytes], remove: Sequence[int]
    ) -> None:
        """Tell of a committed change that took the collection from revision `before` to its own.

        Spares the next search from looking for it. `add` has float32 vectors by passage id.
        """
        self._index(collection).change(collection, before, add, remove)

    def drop(self, collection: Collection) -> None:
        """Forget a collection, and its file."""
        with self._lock:
            self._indexes.pop(collection.id, None)
        self._path(collection).unlink(missing_ok=True)

    def save(self) -> None:
        """Write what has changed. For moments of rest, and before stopping."""
        with self._lock:
            indexes = list(self._indexes.values())
        for index in indexes:
            index.save()

    def close(self) -> None:
        """Write what has changed and let go of the memory. They may be used again."""
        self.save()
        with self._lock:
            self._indexes.clear()

    def _index(self, collection: Collection) -> _Index:
        with self._lock:
            if collection.id not in self._indexes:
                self._indexes[collection.id] = _Index(self._path(collection), self._key)
            return self._indexes[collection.id]

    def _path(self, collection: Collection) -> Path:
        return self._folder / collection.project_id / f"{collection.id}.faiss"


class _Index:
    """One collection's index. Its lock is held while it is read, changed or searched."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._lock = threading.RLock()
        self._faiss: faiss.IndexIDMap2 | None = None
        self._stamp: dict[str, str | int] = {}
        self._revision = -1
        self._unsaved = 0

    def search(
        self,
        collection: Collection,
        vector: NDArray[np.float32],
        k: int,
        among: Sequence[int] | None,
    ) -> list[tuple[int, float]]:
        with self._lock:
            index = self._current(collection)
            k = min(k, index.ntotal)
            if not k or index.d != len(vector):
                return []
            chosen = None
            if among is not None:
                wanted = faiss.IDSelectorBatch(np.asarray(among, np.int64))
                chosen = faiss.SearchParameters(sel=wanted)  # type: ignore[call-arg]
            # One thread reads 100,000 vectors in 6 ms. More only wait for each other: FAISS
            # shares out queries, and this is one. (The number is kept per calling thread.)
            faiss.omp_set_num_threads(1)
            scores, ids = index.search(np.asarray(vector, np.float32)[None], k, params=chosen)
        # Where fewer than k were found, FAISS fills up with -1.
        return [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

    def count(self, collection: Collection) -> int:
        with self._lock:
            return int(self._current(collection).ntotal)

    def change(
        self, collection: Collection, before: int, add: dict[int, bytes], remove: Sequence[int]
    ) -> None:
        with self._lock:
            if self._faiss is None or self._revision != before or self._stale(collection):
                return  # not in memory, or behind already: the next search catches up
            self._apply(np.fromiter(remove, np.int64), add)
            self._revision = collection.revision
            if self._unsaved >= SAVE_EVERY:
                self.save()

    def save(self) -> None:
        with self._lock:
            if self._faiss is None or not self._unsaved:
                return
            with files.arriving(self._path.parent) as file:
                sealed.seal(self._pieces(), file, self._key)
                file.settle(self._path)
            self._unsaved = 0

    def _current(self, collection: Collection) -> faiss.IndexIDMap2:
        """The index as the rows have it now."""
        if self._faiss is None or self._stale(collection):
            self._load(collection)
        if self._revision < collection.revision:
            self._catch_up(collection)
        assert self._faiss is not None  # noqa: S101
        return self._faiss

    def _stale(self, collection: Collection) -> bool:
        return self._stamp != _stamp(collection)

    def _load(self, collection: Collection) -> None:
        """Take the file when it is whole and of the same embedder; else begin anew."""
        self._stamp, self._revision, self._unsaved = _stamp(collection), -1, 0
        try:
            self._faiss = self._read()
        except (OSError, ValueError, RuntimeError, Broken) as trouble:
            if self._path.exists():
                log.warning("vector index rebuilt", extra={"why": type(trouble).__name__})
            # Half precision: a cosine moves by less than 0.001, a search takes half the time.
            flat = faiss.IndexScalarQuantizer(
                collection.dimensions or 1,
                faiss.ScalarQuantizer.QT_fp16,
                faiss.METRIC_INNER_PRODUCT,
            )
            self._faiss = faiss.IndexIDMap2(flat)

    def _read(self) -> faiss.IndexIDMap2:
        with self._path.open("rb") as file:
            plain = b"".join(sealed.unseal(file, self._key))
        head, _, body = plain.partition(b"\n")
        facts = json.loads(head)
        if facts.pop("revision") < 0 or facts != self._stamp:
            raise ValueError("of another embedder")
        index = faiss.deserialize_index(np.frombuffer(body, np.uint8))
        if not isinstance(index, faiss.IndexIDMap2) or index.d != self._stamp["dimensions"]:
            raise ValueError("not ours")
        self._revision = json.loads(head)["revision"]
        return index

    def _pieces(self) -> Iterator[bytes]:
        yield json.dumps({**self._stamp, "revision": self._revision}).encode() + b"\n"
        assert self._faiss is not None  # noqa: S101
        body: NDArray[np.uint8] = faiss.serialize_index(self._faiss)
        for at in range(0, len(body), _PIECE):
            yield body[at : at + _PIECE].tobytes()

    def _catch_up(self, collection: Collection) -> None:
        """Make the index hold exactly the passages that can be found."""
        assert self._faiss is not None  # noqa: S101
        # Read before the rows: what changes in between is looked at again.
        revision = _revision(collection)
        rows = database.execute_sql(_FINDABLE, (collection.project_id, collection.id)).fetchall()
        wanted: Ids = np.array([row[0] for row in rows], np.int64)
        present: Ids = faiss.vector_to_array(self._faiss.id_map)
        self._apply(np.setdiff1d(present, wanted), {})
        missing = np.setdiff1d(wanted, present)
        for at in range(0, len(missing), _FETCH):
            self._apply(np.empty(0, np.int64), _vectors(collection, missing[at : at + _FETCH]))
        self._revision = revision

    def _apply(self, remove: Ids, add: dict[int, bytes]) -> None:
        assert self._faiss is not None  # noqa: S101
        if len(remove):
            self._faiss.remove_ids(faiss.IDSelectorBatch(remove))
        width = self._faiss.d * 4
        # One that is there already was met by catching up, just before it was told of.
        present = np.isin(np.fromiter(add, np.int64), faiss.vector_to_array(self._faiss.id_map))
        fitting = {
            row: vector
            for (row, vector), known in zip(add.items(), present, strict=True)
            if len(vector) == width and not known
        }
        if fitting:
            matrix = np.frombuffer(b"".join(fitting.values()), np.float32)
            ids = np.fromiter(fitting, np.int64)
            self._faiss.add_with_ids(matrix.reshape(len(ids), -1), ids)
        self._unsaved += len(remove) + len(fitting)


def _stamp(collection: Collection) -> dict[str, str | int]:
    return {"embedder": collection.embedder, "dimensions": collection.dimensions or 1}


def _revision(collection: Collection) -> int:
    row = database.execute_sql(
        "SELECT revision FROM collection WHERE project_id = ? AND id = ?",
        (collection.project_id, collection.id),
    ).fetchone()
    return int(row[0]) if row else int(collection.revision)


def _vectors(collection: Collection, ids: Ids) -> dict[int, bytes]:
    rows = database.execute_sql(
        "SELECT id, vector FROM passage WHERE project_id = ? AND collection_id = ? "
        "AND id IN (SELECT value FROM json_each(?))",
        (collection.project_id, collection.id, json.dumps(ids.tolist())),
    )
    return {row: bytes(vector) for row, vector in rows.fetchall()}
