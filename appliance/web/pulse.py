"""Whether the appliance can do its work at this moment."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path
from typing import Literal

from peewee import PeeweeException

from appliance.store.database import database
from appliance.web.schema.machine import EngineState

Status = Literal["ok", "unavailable"]
SPACE = 20 * 2**20  # bytes that must be left on the disk
GOOD_FOR = 5.0  # seconds an answer is repeated; looking waits for the database's one writer

_lock = threading.Lock()
_last: dict[Path, tuple[float, Status]] = {}


def status(folder: Path) -> Status:
    """Whether something could be saved now, or could a moment ago."""
    at, known = _last.get(folder, (float("-inf"), "ok"))
    if time.monotonic() - at < GOOD_FOR or not _lock.acquire(blocking=at == float("-inf")):
        return known
    try:
        found: Status = "ok" if _writable(folder) else "unavailable"
        _last[folder] = (time.monotonic(), found)
        return found
    finally:
        _lock.release()


def state_of(machine: object) -> EngineState:
    """What an engine says of itself; those without a process of their own are always ready."""
    state = getattr(machine, "state", None)
    return state() if callable(state) else "ready"


def _writable(folder: Path) -> bool:
    try:
        with database.writing():  # takes the write lock, and with it finds a read-only file
            pass
        return shutil.disk_usage(folder).free >= SPACE
    except (PeeweeException, OSError):
        return False
