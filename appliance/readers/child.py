"""The process that reads one file and ends: bytes in on standard input, one answer out.

It says `ready` once the fence stands, so that a broken installation is not taken
for a broken file.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys

from appliance.base.errors import Unreadable
from appliance.readers import fence, wire
from appliance.readers.contract import Damaged, Limits, Reading, TookTooLong
from appliance.readers.kinds import Kind
from appliance.readers.reading import read_bytes
from appliance.readers.wire import NO_PDF_LIBRARY, READY

_TOO_MUCH = "Reading this file takes more than"


def main() -> None:
    """Answer the request on standard input: a line of JSON, then the file."""
    request = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**request["limits"])
    fence.close_around(limits)
    # Made while there still is memory to make it.
    too_much = wire.pack(TookTooLong(f"{_TOO_MUCH} {limits.memory_bytes / 2**20:g} MB of memory."))
    _say(READY)
    try:
        answer = wire.pack(_answer(sys.stdin.buffer.read(), request, limits))
    except MemoryError:
        answer = too_much
    _say(answer)
    # Not by the usual way out: a native library's threads may never end.
    os._exit(0)


def _answer(content: bytes, request: dict[str, str], limits: Limits) -> Reading | Unreadable:
    def before_parsing(kind: Kind) -> None:
        if kind.name == "pdf":
            _load_pdf_library(request["folder"])
        fence.forbid_files()

    try:
        return read_bytes(
            content,
            name=request["name"],
            media_type=request["media_type"],
            limits=limits,
            before_parsing=before_parsing,
        )
    except Unreadable as error:
        return error
    except MemoryError:
        raise
    except BaseException as error:  # a panic in kreuzberg is no Exception
        # Whatever a hostile file makes a parser do. The message may quote the file: not kept.
        return Damaged("This file is damaged and cannot be read.", trouble=type(error).__name__)


def _load_pdf_library(folder: str) -> None:
    """kreuzberg writes its PDF library into the temporary folder before it can load it.

    The folder is this process's own, so nobody else can have put another library there.
    """
    from appliance.readers import native

    try:
        native.load_pdf_library()
    except Unreadable:  # a page of our own: this cannot be the document's fault
        os._exit(NO_PDF_LIBRARY)
    with contextlib.suppress(OSError):  # Windows keeps a loaded library; the parent removes it
        shutil.rmtree(folder)


def _say(answer: bytes) -> None:
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
