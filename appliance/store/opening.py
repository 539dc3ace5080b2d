"""Open everything on disk, in the one order that is safe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from appliance.base.errors import Broken
from appliance.store.blobs import Blobs
from appliance.store.database import database
from appliance.store.migrations import migrate
from appliance.store.sealed import InstallKey


@dataclass(frozen=True)
class Store:
    """The cellar, open. The database itself is `store.database.database`."""

    folder: Path
    key: InstallKey
    blobs: Blobs

    def close(self) -> None:
        """Leave the database as one file with nothing in its log."""
        database.checkpoint()
        database.close()


def open_store(folder: Path, key_file: Path) -> Store:
    """Open the data folder, or begin a new one. Raises Broken when it cannot be trusted."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if key_file.resolve().is_relative_to(folder.resolve()):
        raise Broken("The encryption key must not lie in the folder that it protects.")
    path = folder / "inhouse.db"
    key = InstallKey.open(key_file, data_exists=path.exists())
    database.unlock(path, key.derive("database"))
    migrate()
    return Store(folder=folder, key=key, blobs=Blobs(folder / "blobs", key.derive("blobs")))
