"""The door of this room: a file from anywhere in, its text with places out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from itertools import chain
from typing import IO

from platformdirs import user_cache_path

from appliance.base.errors import Broken
from appliance.base.process import child_command
from appliance.readers import wire
from appliance.readers.contract import (
    Damaged,
    EmptyFile,
    FileTooLarge,
    Limits,
    Reading,
    TookTooLong,
)
from appliance.readers.wire import NO_PDF_LIBRARY, READY

_CHUNK = 1 << 20
# No settings, no keys: the reader needs to find Python and its libraries, and nothing else.
_KEPT = """
    PATH SYSTEMROOT SYSTEMDRIVE WINDIR LANG LD_LIBRARY_PATH DYLD_LIBRARY_PATH
    PYTHONPATH PYTHONHOME VIRTUAL_ENV
"""
# Killed by the system, or ended by itself when there was no memory left.
_AT_A_LIMIT = [-getattr(signal, name, 0) for name in ("SIGXCPU", "SIGKILL", "SIGABRT")]
# Each further thread of the native parser would take memory for itself.
_ONE_THREAD = {"RAYON_NUM_THREADS": "1", "TOKIO_WORKER_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def read(stream: Iterable[bytes], *, name: str, media_type: str, limits: Limits) -> Reading:
    """Read a file in a process of its own, which ends with it.

    `name` decides what kind of file it has to be, `media_type` when the name says
    nothing. Nothing of the document is left on the disk. Raises Unreadable in one
    of the forms of contract.py, Broken when the reader itself cannot run.
    """
    chunks = _limited(stream, limits)
    first = next(chunks, b"")
    if not first:
        raise EmptyFile("This file is empty.")
    with tempfile.TemporaryDirectory(
        prefix="inhouse-", dir=_place(), ignore_cleanup_errors=True
    ) as folder:
        request = {
            "name": name,
            "media_type": media_type,
            "limits": asdict(limits),
            "folder": folder,
        }
        with _process(folder) as process, _deadline(process, limits) as deadline:
            _send(process, request, first, chunks)
            answer = _receive(process, limits)
            code = process.wait()
        if deadline.is_set():
            raise TookTooLong(f"Reading this file took longer than {limits.wall_seconds} seconds.")
        return _result(answer, code, limits)


def _limited(stream: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """The chunks that are not empty. Raises FileTooLarge."""
    size = 0
    for chunk in stream:
        size += len(chunk)
        if size > limits.file_bytes:
            raise FileTooLarge(f"This file is larger than {limits.file_bytes / 2**20:g} MB.")
        if chunk:
            yield chunk


def _place() -> str:
    """A folder that a library may be loaded from, as the one for PDFs is: hardened systems forbid
    that in the usual folder for temporary files."""
    usual = tempfile.gettempdir()
    with suppress(OSError, AttributeError):  # Windows has no such call
        if os.statvfs(usual).f_flag & os.ST_NOEXEC:
            return str(user_cache_path("inhouse", ensure_exists=True))
    return usual


@contextmanager
def _process(folder: str) -> Iterator[subprocess.Popen[bytes]]:
    """The reader, in a process group of its own. However this ends, it is gone afterwards."""
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)
    kept = {variable: os.environ[variable] for variable in _KEPT.split() if variable in os.environ}
    process = subprocess.Popen(
        child_command("reader"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a parser's complaints quote the document
        env=kept | _ONE_THREAD | temporary,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        yield process
    finally:
        _kill(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()


@contextmanager
def _deadline(process: subprocess.Popen[bytes], limits: Limits) -> Iterator[threading.Event]:
    """Kills the process when its time is over; the event says so."""
    passed = threading.Event()

    def end() -> None:
        passed.set()
        _kill(process)

    timer = threading.Timer(limits.wall_seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield passed
    finally:
        timer.cancel()


def _send(
    process: subprocess.Popen[bytes],
    request: Mapping[str, object],
    first: bytes,
    chunks: Iterator[bytes],
) -> None:
    """A child that ended early is no error here: its answer, or its lack of one, tells why."""
    pipe = _pipe(process.stdin)
    for chunk in chain([json.dumps(request).encode() + b"\n", first], chunks):
        try:
            pipe.write(chunk)
        except OSError:
            return
    with suppress(OSError):
        pipe.close()


def _receive(process: subprocess.Popen[bytes], limits: Limits) -> bytes:
    """All that the child says. Raises TookTooLong when it says too much."""
    pipe, answer = _pipe(process.stdout), bytearray()
    while chunk := pipe.read(_CHUNK):
        answer += chunk
        if len(answer) > limits.output_bytes + len(READY):
            raise TookTooLong(
                f"This file holds more than {limits.output_bytes / 2**20:g} MB of text."
            )
    return bytes(answer)


def _result(answer: bytes, code: int, limits: Limits) -> Reading:
    if not answer.startswith(READY):
        raise Broken("The document reader does not start. `appliance doctor` says why.")
    if code == NO_PDF_LIBRARY:
        raise Broken(
            "PDFs cannot be read: the system does not run programs from the folder for temporary "
            "files. Set TMPDIR to a folder where it does."
        )
    if len(answer) > len(READY) and code == 0:
        return wire.unpack(answer[len(READY) :])
    if os.name == "posix" and code in _AT_A_LIMIT:
        raise TookTooLong(
            f"Reading this file takes more than {limits.cpu_seconds} seconds of computing or more "
            f"than {limits.memory_bytes / 2**20:g} MB of memory.",
            code=code,
        )
    raise Damaged("This file made its reader fail. It is damaged, or made to do harm.", code=code)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The whole group, for what a parser may have started."""
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise Broken("The document reader was started without a pipe.")
    return pipe
