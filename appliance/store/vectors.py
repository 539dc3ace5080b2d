"""Vector search: a FAISS index per collection and embedder, a cache of what the rows say.

The rows are the truth. An index knows the collection's revision it shows; when the
row says another, the difference is read from the database, without the embedder.
A file that is missing, unreadable or old therefore costs time and never an answer.
"""

from __future__ import annotations

import hashlib
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
_UNKNOWN = 1  # the width of vectors while there is none
_NONE: Ids = np.empty(0, np.int64)

# Passages with a negative position belong to a reading that is not finished. A document
# that is read anew keeps showing its former passages until the new ones are complete.
_FINDABLE = """
    SELECT p.id FROM document d JOIN passage p ON p.document_id = d.id
    WHERE d.project_id = ? AND d.collection_id = ? AND d.enabled
    AND p.position >= 0
    AND EXISTS (SELECT 1 FROM embedding e WHERE e.passage_id = p.id AND e.embedder = ?)
"""


class Vectors:
    """The vector indexes of every collection. Safe to use from many threads."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self._lock = threading.Lock()
        self._indexes: dict[tuple[str, str], _Index] = {}

    def search(
        self,
        collection: Collection,
        embedder: str,
        vector: NDArray[np.float32],
        k: int,
        *,
        among: Sequence[int] | None = None,
    ) -> list[tuple[int, float]]:
        """The `k` passages nearest to a vector of length 1: ids and cosines, best first.

        `embedder` is the fingerprint of the one that made the vector. Only passages `among`
        the given ids, when there are any given.
        """
        return self._index(collection, embedder).search(collection, vector, k, among)

    def count(self, collection: Collection, embedder: str) -> int:
        """How many passages can be found with this embedder."""
        return self._index(collection, embedder).count(collection)

    def changed(
        self, collection: Collection, *, before: int, add: Sequence[int], remove: Sequence[int]
    ) -> None:
        """Tell of a committed change that took the collection from revision `before` to its own.

        Spares the next search from looking for it. `add` and `remove` are passages' ids.
        """
        with self._lock:
            indexes = [each for key, each in self._indexes.items() if key[0] == collection.id]
        for index in indexes:
            index.change(collection, before, add, remove)

    def drop(self, collection: Collection) -> None:
        """Forget a collection, and its files."""
        with self._lock:
            for key in [key for key in self._indexes if key[0] == collection.id]:
                del self._indexes[key]
        for path in (self._folder / collection.project_id).glob(f"{collection.id}.*faiss"):
            path.unlink(missing_ok=True)

    def keep_only(self, embedders: Sequence[str]) -> None:
        """Forget the indexes of every other embedder, and their files."""
        with self._lock:
            for key in [key for key in self._indexes if key[1] not in embedders]:
                del self._indexes[key]
        marks = {_mark(each) for each in embedders}
        for path in self._folder.glob("*/*.faiss"):
            if path.suffixes[-2:-1] not in [[f".{mark}"] for mark in marks]:
                path.unlink(missing_ok=True)

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

    def _index(self, collection: Collection, embedder: str) -> _Index:
        with self._lock:
            key = (collection.id, embedder)
            if key not in self._indexes:
                name = f"{collection.id}.{_mark(embedder)}.faiss"
                path = self._folder / collection.project_id / name
                self._indexes[key] = _Index(path, self._key, embedder)
            return self._indexes[key]


class _Index:
    """One collection's index. Its lock is held while it is read, changed or searched."""

    def __init__(self, path: Path, key: bytes, embedder: str) -> None:
        self._path = path
        self._key = key
        self._embedder = embedder
        self._lock = threading.RLock()
        self._faiss: faiss.IndexIDMap2 | None = None
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
        self, collection: Collection, before: int, add: Sequence[int], remove: Sequence[int]
    ) -> None:
        with self._lock:
            if self._faiss is None or self._revision != before or self._faiss.d == _UNKNOWN:
                return  # not in memory, or behind already: the next search catches up
            self._apply(np.fromiter(remove, np.int64), {})
            for at in range(0, len(add), _FETCH):
                self._apply(_NONE, self._vectors(collection, add[at : at + _FETCH]))
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
        behind = self._revision < collection.revision
        # One that was begun without a vector does not know how wide they are.
        if self._faiss is None or (behind and self._faiss.d == _UNKNOWN):
            self._load(collection)
        if self._revision < collection.revision:
            self._catch_up(collection)
        assert self._faiss is not None  # noqa: S101
        return self._faiss

    def _load(self, collection: Collection) -> None:
        """Take the file when it is whole and of this embedder; else begin anew."""
        self._revision, self._unsaved = -1, 0
        width = self._width(collection)
        try:
            self._faiss = self._read(width)
        except (OSError, ValueError, RuntimeError, Broken) as trouble:
            if self._path.exists():
                log.warning("vector index rebuilt", extra={"why": type(trouble).__name__})
            # Half precision: a cosine moves by less than 0.001, a search takes half the time.
            flat = faiss.IndexScalarQuantizer(
                width, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
            self._faiss = faiss.IndexIDMap2(flat)

    def _width(self, collection: Collection) -> int:
        row = database.execute_sql(
            "SELECT length(e.vector) / 4 FROM passage p JOIN embedding e ON e.passage_id = p.id "
            "WHERE p.project_id = ? AND p.collection_id = ? AND e.embedder = ? LIMIT 1",
            (collection.project_id, collection.id, self._embedder),
        ).fetchone()
        return int(row[0]) if row else _UNKNOWN

    def _read(self, width: int) -> faiss.IndexIDMap2:
        with self._path.open("rb") as file:
            plain = b"".join(sealed.unseal(file, self._key))
        head, _, body = plain.partition(b"\n")
        facts = json.loads(head)
        if facts["revision"] < 0 or facts["embedder"] != self._embedder:
            raise ValueError("of another embedder")
        index = faiss.deserialize_index(np.frombuffer(body, np.uint8))
        if not isinstance(index, faiss.IndexIDMap2) or index.d != width:
            raise ValueError("not ours")
        self._revision = facts["revision"]
        return index

    def _pieces(self) -> Iterator[bytes]:
        facts = {"embedder": self._embedder, "revision": self._revision}
        yield json.dumps(facts).encode() + b"\n"
        assert self._faiss is not None  # noqa: S101
        body: NDArray[np.uint8] = faiss.serialize_index(self._faiss)
        for at in range(0, len(body), _PIECE):
            yield body[at : at + _PIECE].tobytes()

    def _catch_up(self, collection: Collection) -> None:
        """Make the index hold exactly the passages that can be found."""
        assert self._faiss is not None  # noqa: S101
        # Read before the rows: what changes in between is looked at again.
        revision = _revision(collection)
        rows = database.execute_sql(
            _FINDABLE, (collection.project_id, collection.id, self._embedder)
        ).fetchall()
        wanted: Ids = np.array([row[0] for row in rows], np.int64)
        present: Ids = faiss.vector_to_array(self._faiss.id_map)
        self._apply(np.setdiff1d(present, wanted), {})
        missing = np.setdiff1d(wanted, present)
        for at in range(0, len(missing), _FETCH):
            some = missing[at : at + _FETCH].tolist()
            self._apply(_NONE, self._vectors(collection, some))
        self._revision = revision

    def _vectors(self, collection: Collection, ids: Sequence[int]) -> dict[int, bytes]:
        rows = database.execute_sql(
            # CROSS: the ids come first. Left to itself, it reads every vector of the project.
            "SELECT e.passage_id, e.vector FROM json_each(?) wanted CROSS JOIN embedding e "
            "ON e.passage_id = wanted.value AND e.embedder = ? WHERE e.project_id = ?",
            (json.dumps(list(ids)), self._embedder, collection.project_id),
        )
        return {row: bytes(vector) for row, vector in rows.fetchall()}

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


def _mark(embedder: str) -> str:
    """Names an embedder's files."""
    return hashlib.sha256(embedder.encode()).hexdigest()[:12]


def _revision(collection: Collection) -> int:
    row = database.execute_sql(
        "SELECT revision FROM collection WHERE project_id = ? AND id = ?",
        (collection.project_id, collection.id),
    ).fetchone()
    return int(row[0]) if row else int(collection.revision)
