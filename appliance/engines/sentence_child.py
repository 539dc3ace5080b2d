"""The process that holds an embedding model: text in, vectors out.

Asked: `embed`. The texts of a request are cut into batches of similar length, and
between two batches a request that is urgent goes before the others.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from pathlib import Path
from typing import Any

from appliance.engines.frames import Channel, Frame, to_parent

BATCH = 16  # texts in one pass: as fast as 32, and half as long to wait for


def main() -> None:
    """Load what the parent names, then serve it until it goes away."""
    channel = to_parent()
    first = channel.receive()
    if first is None:
        return
    queue = Queue()
    threading.Thread(target=listen, args=(channel, queue), name="listen", daemon=True).start()
    from appliance.engines.sentence_model import SentenceModel

    try:
        model = SentenceModel(Path(first.header["folder"]), threads=first.header["threads"])
    except (OSError, ValueError, LookupError, RuntimeError, ImportError) as error:
        name, kind = Path(first.header["folder"]).name, type(error).__name__
        channel.send(
            {"op": "failed", "message": f"The embedding model {name} cannot be loaded ({kind})."}
        )
        return
    channel.send({"op": "ready", "dimensions": model.dimensions, "window": model.window})
    while True:
        work = queue.take()
        try:
            work.advance(channel, model)
        except (RuntimeError, ValueError, TypeError, LookupError) as error:
            work.give_up(channel, trouble=type(error).__name__)


def listen(channel: Channel, queue: Queue) -> None:
    """Read the pipe. When it ends, so does the process, whatever it is doing."""
    try:
        while frame := channel.receive():
            if frame.header["op"] == "embed":
                queue.put(Work(frame))
    finally:
        os._exit(0)


class Work:
    """One request, and how far it has come."""

    def __init__(self, frame: Frame) -> None:
        self.urgent = bool(frame.header["urgent"])
        self._number = frame.header["id"]
        self._texts: list[str] = frame.header["texts"]
        self._spans: list[list[tuple[int, int]]] = frame.header["spans"]
        # Longest first: neighbours have like lengths, so little of a batch is padding.
        self._order = sorted(range(len(self._texts)), key=lambda i: -len(self._texts[i]))

    @property
    def done(self) -> bool:
        """Every text has its vector."""
        return not self._order

    def advance(self, channel: Channel, model: Any) -> None:
        """Embed one batch and send what came out."""
        rows, self._order = self._order[:BATCH], self._order[BATCH:]
        vectors = model.embed([self._texts[i] for i in rows], [self._spans[i] for i in rows])
        channel.send({"id": self._number, "rows": rows, "last": self.done}, vectors.tobytes())

    def give_up(self, channel: Channel, *, trouble: str) -> None:
        """Say that there will be no more vectors, and why: the error's type, never its text."""
        self._order = []
        channel.send({"id": self._number, "last": True, "trouble": trouble})


class Queue:
    """Requests that have batches left; urgent ones are served first, else in order."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._urgent: deque[Work] = deque()
        self._others: deque[Work] = deque()

    def put(self, work: Work) -> None:
        """Line up a request."""
        with self._changed:
            (self._urgent if work.urgent else self._others).append(work)
            self._changed.notify()

    def take(self) -> Work:
        """The request whose next batch is due. It stays in line until it is done."""
        with self._changed:
            for line in (self._urgent, self._others):
                while line and line[0].done:
                    line.popleft()
            self._changed.wait_for(lambda: self._urgent or self._others)
            return (self._urgent or self._others)[0]
