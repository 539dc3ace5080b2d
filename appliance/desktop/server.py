"""The server as the window's child: started, watched, its words kept, stopped again."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from appliance.base import clock, running
from appliance.base.running import Server

log = logging.getLogger(__name__)

LOG, PID = "server.log", "server.pid"
LOG_LIMIT = 5 * 2**20  # bytes; then the old one is set aside when the server next starts
STOPPING = 20.0  # seconds: the server itself lets answers end for ten


class OwnServer:
    """At most one server, in a process of its own so that neither takes the other down.

    A server whose window crashed goes on working. The next window knows it by
    the number in `server.pid`, and stops it in the end as if it were its own.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        data_dir: Path,
        folder: Path,
    ) -> None:
        self.log = folder / LOG
        self._command = list(command)
        self._environment = dict(environment)
        self._data_dir = data_dir
        self._note = folder / PID
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it. Whether it answers is another question; see `running.find`."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as words:
            words.write(f"--- started by the window, {clock.spoken(clock.now())}\n".encode())
            words.flush()
            self._child = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                # Out of reach of a Ctrl-C meant for the window, which then stops it itself.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        self._note.write_text(f"{self._child.pid}\n")

    def alive(self) -> bool:
        """Whether the server this window started still runs."""
        return self._child is not None and self._child.poll() is None

    def died(self) -> bool:
        """Whether this window started a server and it has ended by itself."""
        return self._child is not None and self._child.poll() is not None

    def forget(self) -> None:
        """Put a server out of mind that gave its folder back, so that another may be started."""
        if self._child is not None:
            _end(self._child)  # it may still be tidying up
        self._child = None

    def owns(self, server: Server) -> bool:
        """Whether this server was started by a window, this one or one that crashed."""
        try:
            return int(self._note.read_text()) == server.pid
        except (OSError, ValueError):
            return False

    def stop(self) -> None:
        """End the server if a window started it, and wait until it has tidied up."""
        left = running.find(self._data_dir)
        if self._child is not None:
            _end(self._child)
        elif left is not None and self.owns(left):
            self._end_adopted(left.pid)
        else:
            return
        self._child = None
        self._note.unlink(missing_ok=True)

    def _end_adopted(self, pid: int) -> None:
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + STOPPING
        while running.held(self._data_dir / running.LOCK):
            if time.monotonic() > until:
                log.warning("the server did not stop in time")
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
                return
            time.sleep(0.05)

    def words(self, lines: int = 14) -> list[str]:
        """The last things the server said since it was started, for a person to read."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - 16_384))
                text = file.read().decode("utf-8", "replace")
        except OSError:
            return []
        said = text.splitlines()
        starts = [at for at, line in enumerate(said) if line.startswith("--- ")]
        return [plain(line) for line in said[starts[-1] + 1 if starts else 0 :]][-lines:]


def plain(line: str) -> str:
    """A line of the log as a person reads it: `warning  the message`."""
    try:
        record = json.loads(line)
        spoken = f"{record['level']}  {record['message']}"
    except (ValueError, KeyError, TypeError):
        return line.rstrip()
    trace = str(record.get("trace", "")).strip().splitlines()
    return f"{spoken}: {trace[-1]}" if trace else spoken


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        if sys.platform == "win32":
            child.send_signal(signal.CTRL_BREAK_EVENT)  # terminate() would not let it tidy up
        else:
            child.terminate()
    try:
        child.wait(STOPPING)
    except subprocess.TimeoutExpired:
        log.warning("the server did not stop in time")
        child.kill()
        child.wait()
