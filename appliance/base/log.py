"""Structured log lines on standard error: one JSON object each, or plain words on a terminal.

Never put a secret, a visitor's text or a document's content in a record.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import IO

from appliance.base import clock

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": clock.spoken(int(record.created * 1000)),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _STANDARD},
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = "".join(
            f" {name}={value}" for name, value in vars(record).items() if name not in _STANDARD
        )
        line = f"{record.levelname.lower():7} {record.name}: {record.getMessage()}{facts}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


def start(level: str = "info", stream: IO[str] | None = None) -> None:
    """Send the log of the whole program to one stream."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Plain() if stream.isatty() else _Json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("waitress.queue", "faiss.loader"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
