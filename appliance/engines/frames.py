"""What the program and its model processes say to each other, and the pipe they say it through.

A frame is two 4-byte big-endian lengths, a JSON header and a binary payload. Nothing is
ever unpickled, so neither side can make the other run anything.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
import threading
import traceback
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any

_LENGTHS = struct.Struct(">II")
_LARGEST = 1 << 30


@dataclass(frozen=True)
class Frame:
    """One message: a JSON object, and bytes such as raw float32 numbers."""

    header: dict[str, Any]
    payload: bytes = b""


class Channel:
    """Frames over a pair of pipes. Any thread may send; one thread receives."""

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._sending = threading.Lock()

    def send(self, header: dict[str, Any], payload: bytes = b"") -> None:
        """Raises OSError when the other side is gone."""
        text = json.dumps(header).encode()
        with self._sending:
            self._outgoing.write(_LENGTHS.pack(len(text), len(payload)) + text + payload)
            self._outgoing.flush()

    def receive(self) -> Frame | None:
        """The next frame, or None when the other side is gone. Raises ValueError on nonsense."""
        if (lengths := self._exactly(_LENGTHS.size)) is None:
            return None
        header_size, payload_size = _LENGTHS.unpack(lengths)
        if max(header_size, payload_size) > _LARGEST:
            raise ValueError("a frame with an impossible length")
        text, payload = self._exactly(header_size), self._exactly(payload_size)
        if text is None or payload is None:
            return None
        header = json.loads(text)
        if not isinstance(header, dict):
            raise ValueError("a frame without a header")
        return Frame(header, payload)

    def _exactly(self, size: int) -> bytes | None:
        pieces, missing = [], size
        while missing:
            piece = self._incoming.read(missing)
            if not piece:
                return None
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)


def to_parent() -> Channel:
    """Make this process a model process: the pipe to the program that started it.

    From here on standard output is standard error, so that a library which prints
    cannot spoil the frames; the process ends when its parent does; and an error
    nobody caught is reported by its place, never by its text, which may be a visitor's.
    """
    channel = Channel(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    # Ctrl-C and a service manager's SIGTERM reach every process of the group. The parent
    # decides what they mean: it lets the running answers finish, then closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _die_with_parent()
    sys.excepthook = _report
    threading.excepthook = lambda caught: _report(
        caught.exc_type, caught.exc_value, caught.exc_traceback
    )
    return channel


def _die_with_parent() -> None:
    """Linux only; elsewhere the end of the pipe has to do."""
    if sys.platform != "linux":
        return
    import ctypes

    death_signal = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL)


def _report(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(trace)]
    print(f"{kind.__name__} at {' > '.join(places)}", file=sys.stderr, flush=True)  # noqa: T201
