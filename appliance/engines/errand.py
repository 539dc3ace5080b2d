"""One piece of work in a process of its own, which can be stopped at any moment.

Conversion and benchmark run native code for a long time on files from elsewhere.
In there a crash costs the errand and nothing else, and stopping it is ending it.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from typing import IO, Any

from appliance.base.errors import ApplianceError, EngineFailed
from appliance.base.process import child_command
from appliance.engines.frames import Channel
from appliance.engines.life import environment

log = logging.getLogger(__name__)

_LOOK = 0.2  # seconds between looks at whether it is still wanted
Header = dict[str, Any]


class Stopped(ApplianceError):
    """The work was called off before it was done. It left nothing behind."""

    code = "cancelled"


def never() -> bool:
    """For work that nobody can call off."""
    return False


def run(
    kind: str,
    order: Mapping[str, Any],
    *,
    label: str,
    hear: Callable[[Header], None] = lambda _: None,
    stopped: Callable[[], bool] = never,
    patience: float = 120.0,
    surroundings: Mapping[str, str] | None = None,
) -> Header:
    """Have a child (see `appliance/__main__.py`) do what `order` says; what it said last.

    `hear` gets every frame before the last; `surroundings` are variables the child sees
    beyond what every child does. Raises Stopped once `stopped` is true,
    EngineFailed when the child fails, dies, or is silent for `patience` seconds.
    """
    popen = _start(kind, surroundings or {})
    try:
        return _converse(popen, order, label, hear, stopped, patience)
    finally:
        popen.kill()
        popen.wait()
        for pipe in (popen.stdin, popen.stdout):
            _close(pipe)


def _start(kind: str, surroundings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    popen = subprocess.Popen(
        child_command(kind),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment(), **surroundings},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    threading.Thread(target=_listen, args=(popen.stderr, kind), daemon=True).start()
    return popen


def _converse(
    popen: subprocess.Popen[bytes],
    order: Mapping[str, Any],
    label: str,
    hear: Callable[[Header], None],
    stopped: Callable[[], bool],
    patience: float,
) -> Header:
    frames = _frames(popen, order)
    heard_at = time.monotonic()
    while not stopped():
        try:
            header = frames.get(timeout=_LOOK)
        except queue.Empty:
            if time.monotonic() - heard_at > patience:
                raise EngineFailed(f"The {label} does not go on, and was ended.") from None
            continue
        heard_at = time.monotonic()
        if header is None:
            raise _dead(popen, label)
        if header.get("op") == "failed":
            raise EngineFailed(str(header.get("message", f"The {label} failed.")))
        if header.get("last"):
            return header
        hear(header)
    raise Stopped(f"The {label} was called off.")


def _frames(
    popen: subprocess.Popen[bytes], order: Mapping[str, Any]
) -> queue.SimpleQueue[Header | None]:
    """What the child says, as it comes; None is its end."""
    frames: queue.SimpleQueue[Header | None] = queue.SimpleQueue()
    if popen.stdin is None or popen.stdout is None:
        raise ValueError("no pipes")
    channel = Channel(popen.stdout, popen.stdin)
    threading.Thread(target=_read, args=(channel, frames), daemon=True).start()
    with contextlib.suppress(OSError):  # it is gone already, and the reading thread says so
        channel.send(dict(order))
    return frames


def _read(channel: Channel, frames: queue.SimpleQueue[Header | None]) -> None:
    try:
        while frame := channel.receive():
            frames.put(frame.header)
    except (OSError, ValueError):  # it talks nonsense, or the pipe is closed
        pass
    frames.put(None)


def _dead(popen: subprocess.Popen[bytes], label: str) -> EngineFailed:
    try:
        status = popen.wait(5)
    except subprocess.TimeoutExpired:
        status = 0
    cause = f"status {status}"
    if status < 0 and -status in set(signal.Signals):
        cause = signal.Signals(-status).name
    return EngineFailed(
        f"The {label} ended before it was done ({cause}). The file may be damaged, or too "
        "large for this machine's memory."
    )


def _listen(stderr: IO[bytes] | None, kind: str) -> None:
    if stderr is None:
        return
    with stderr:
        for line in iter(lambda: stderr.readline(4096), b""):
            if text := line.decode("utf-8", "replace").strip()[:500]:
                log.info("from a model process", extra={"child": kind, "line": text})


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe:
            pipe.close()
    except OSError:  # what was left to write has no reader any more
        pass
