"""Which server has a data folder, and where it answers. One server at a time, ever.

`server.lock` is held by the operating system for as long as the process lives, so
that a crash or a power cut gives it back. `server.json` says where the server
answers; it means nothing while the lock is free.
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import IO

from appliance.base import clock, files
from appliance.base.errors import Conflict

LOCK, CARD = "server.lock", "server.json"
# Who only asks holds the lock for some microseconds; who wants it waits that out.
PATIENCE = 1.0  # seconds


class Occupied(Conflict):
    """Another process has this. It gives it back when it ends, however it ends."""

    code = "occupied"


@dataclass(frozen=True)
class Server:
    """A server that is alive, though perhaps not ready to answer yet."""

    pid: int
    address: str  # http://127.0.0.1:5000

    def answers(self, *, timeout: float = 2.0) -> bool:
        """Whether it is healthy: GET /health says so."""
        # No proxy: the address is this machine's, whatever the environment says.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(self.address + "/health", timeout=timeout) as reply:
                return bool(reply.status == 200)
        except (OSError, HTTPException, ValueError):  # urllib's own errors are OSErrors
            return False


@contextmanager
def announce(data_dir: Path, address: str) -> Iterator[None]:
    """Be the server of this folder, answering at `address`, for the length of the block.

    Raises Occupied when there is one already.
    """
    with alone(data_dir / LOCK, "Another server uses this data folder already."):
        card = {"pid": os.getpid(), "address": address, "started_at": clock.spoken(clock.now())}
        files.write(data_dir / CARD, json.dumps(card).encode() + b"\n")
        try:
            yield
        finally:
            (data_dir / CARD).unlink(missing_ok=True)


def find(data_dir: Path) -> Server | None:
    """The server that has this folder now, if there is one. Never waits."""
    if not held(data_dir / LOCK):
        return None
    try:
        card = json.loads((data_dir / CARD).read_text("utf-8"))
        return Server(pid=int(card["pid"]), address=str(card["address"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it is just starting, or just stopping


@contextmanager
def alone(path: Path, otherwise: str) -> Iterator[None]:
    """Hold a lock file for the length of the block. Raises Occupied, saying `otherwise`."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("ab") as file:
        until = time.monotonic() + PATIENCE
        while not _lock(file):
            if time.monotonic() > until:
                raise Occupied(otherwise)
            time.sleep(0.02)
        yield  # closing the file gives the lock back


def held(path: Path) -> bool:
    """Whether a living process holds this lock file."""
    try:
        with path.open("ab") as file:
            return not _lock(file)
    except FileNotFoundError:  # no folder yet
        return False


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            # flock, not lockf: lockf would let go when any other handle of this
            # process on the same file is closed.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
