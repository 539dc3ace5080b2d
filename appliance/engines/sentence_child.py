"""The process that holds an embedding model: text in, vectors out.

Asked: `embed`. Several requests share a pass of the model; which texts go together, and
whose go first, is `batching`'s to say.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from appliance.engines import batching
from appliance.engines.frames import Channel, Frame, to_parent

if TYPE_CHECKING:
    from appliance.engines.sentence_model import SentenceModel
    from appliance.engines.sentence_text import Read

TROUBLES = (RuntimeError, ValueError, TypeError, LookupError)


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
        advance(queue.take(), channel, model)


def listen(channel: Channel, queue: Queue) -> None:
    """Read the pipe. When it ends, so does the process, whatever it is doing."""
    try:
        while frame := channel.receive():
            if frame.header["op"] == "embed":
                queue.put(Work(frame))
    finally:
        os._exit(0)


class Work:
    """One request, and the texts of it that have no vectors yet."""

    def __init__(self, frame: Frame) -> None:
        self.urgent = bool(frame.header["urgent"])
        self.number = frame.header["id"]
        self.waiting: dict[int, Read] = {}
        self._texts: list[str] = frame.header["texts"]
        self._spans: list[list[tuple[int, int]]] = frame.header["spans"]
        self.unread = True
        self.over = False

    def read(self, model: SentenceModel) -> None:
        """Cut the texts into tokens, once."""
        if self.unread:
            self.unread = False
            self.waiting = dict(enumerate(model.read(self._texts, self._spans)))

    def send(self, channel: Channel, rows: list[int], vectors: bytes) -> None:
        """Some of the texts have their vectors."""
        for row in rows:
            del self.waiting[row]
        self.over = not self.waiting
        channel.send({"id": self.number, "rows": rows, "last": self.over}, vectors)

    def give_up(self, channel: Channel, *, trouble: str) -> None:
        """Say that there will be no more vectors, and why: the error's type, never its text."""
        self.waiting, self.over = {}, True
        channel.send({"id": self.number, "last": True, "trouble": trouble})


def advance(line: list[Work], channel: Channel, model: SentenceModel) -> None:
    """Send one batch through the model, and each request what came out for it."""
    for work in readied(line, channel, model):
        work.give_up(channel, trouble="empty")
    picks = batching.batch([work for work in line if not work.over])
    shares: defaultdict[Work, list[int]] = defaultdict(list)
    for pick in picks:
        shares[pick.work].append(pick.row)
    try:
        texts = [pick.work.waiting[pick.row] for pick in picks]
        found = model.embed(texts) if texts else []
    except TROUBLES as error:
        for work in shares:
            work.give_up(channel, trouble=type(error).__name__)
        return
    vectors = dict(zip(((pick.work, pick.row) for pick in picks), found, strict=True))
    for work, rows in shares.items():
        own = [vectors[work, row] for row in rows]
        parts = [*(each[:1] for each in own), *(each[1:] for each in own)]
        work.send(channel, rows, np.concatenate(parts).tobytes())


def readied(line: Iterable[Work], channel: Channel, model: SentenceModel) -> list[Work]:
    """Cut as many requests into tokens as a batch is chosen from. Returns those without text."""
    tokens, empty = 0, []
    for work in line:
        if tokens >= batching.POOL:
            break
        try:
            work.read(model)
        except TROUBLES as error:
            work.give_up(channel, trouble=type(error).__name__)
            continue
        tokens += sum(each.tokens for each in work.waiting.values())
        if not work.waiting and not work.over:
            empty.append(work)
    return empty


class Queue:
    """Requests that have texts left; urgent ones are served first, else in order."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._lines: dict[bool, list[Work]] = {True: [], False: []}

    def put(self, work: Work) -> None:
        """Line up a request."""
        with self._changed:
            self._lines[work.urgent].append(work)
            self._changed.notify()

    def take(self) -> list[Work]:
        """The requests that the next batch is for, in order. They stay until they are over."""
        with self._changed:
            while True:
                for urgent in (True, False):
                    line = [work for work in self._lines[urgent] if not work.over]
                    self._lines[urgent] = line
                    if line:
                        return list(line)
                self._changed.wait()
