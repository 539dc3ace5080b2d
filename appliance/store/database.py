"""The one database: SQLite inside SQLCipher, through peewee.

Records say `database.writing()` around what must be one transaction. Reads need
nothing; each thread has a connection of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import DatabaseError, SqliteDatabase
from sqlcipher3 import dbapi2 as sqlcipher

from appliance.base.errors import Broken

# 3.7.0 – 3.51.2 can corrupt a WAL database that several threads use.
SQLITE_FLOOR = (3, 51, 3)

PRAGMAS: dict[str, int | str] = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: what was acknowledged survives a power cut
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "mmap_size": 0,
    "temp_store": 2,  # MEMORY: nothing is spilled to disk in the clear
    "journal_size_limit": 64 * 2**20,
    "wal_autocheckpoint": 1000,
    "recursive_triggers": 0,
}


class Database(SqliteDatabase):
    """SQLCipher with the settings the product promises, asserted when it opens."""

    def __init__(self) -> None:
        super().__init__(None)
        self._key = b""
        self._writer = threading.RLock()

    def unlock(self, path: Path, key: bytes) -> None:
        """Open the file, making it if there is none. Raises Broken when it cannot be trusted."""
        if sqlcipher.sqlite_version_info < SQLITE_FLOOR:
            raise Broken(
                f"SQLite {sqlcipher.sqlite_version} can lose data here; "
                "install sqlcipher3 0.6.4 or later."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        self._key = key
        self.init(str(path))
        try:
            self.connect(reuse_if_open=True)
            self._assert_pragmas()
        except (sqlcipher.DatabaseError, DatabaseError) as error:
            raise Broken(f"{path} does not open with this key, or is damaged.") from error

    def _connect(self) -> Any:
        connection = sqlcipher.connect(
            self.database, timeout=5, isolation_level=None, check_same_thread=False
        )
        try:
            # A raw key: no derivation, so a new connection costs 0.2 ms and not 363.
            connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            for name, value in PRAGMAS.items():
                connection.execute(f"PRAGMA {name} = {value}")
            self._add_conn_hooks(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _assert_pragmas(self) -> None:
        for name, promised in PRAGMAS.items():
            found = self.execute_sql(f"PRAGMA {name}").fetchone()[0]
            if found != promised:
                raise Broken(f"The database does not keep {name}={promised} (it says {found}).")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that writes. Only one at a time; nesting joins the outer one.

        No model and no network call belongs inside.
        """
        with self._writer, self.atomic("IMMEDIATE"):
            yield

    def checkpoint(self) -> None:
        """Move everything from the write-ahead log into the file, before stopping."""
        self.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


database = Database()
