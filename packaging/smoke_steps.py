"""What the smoke walk asks with: a small HTTP client, and steps that say how they went."""

from __future__ import annotations

import json
import re
import socket
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

ADMIN = {"email": "ada@office.example", "password": "a quiet harbour in may", "name": "Ada"}


class Failed(Exception):
    """A step did not do what it should; the words say which and why."""


class Client:
    """The admin's browser, as far as it is needed."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._csrf = ""
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar())
        )

    def healthy(self) -> bool:
        """Whether it answers."""
        try:
            return bool(self.send("/health") == {"status": "ok"})
        except (OSError, Failed):
            return False

    def set_up(self, code: str) -> None:
        """Become the first admin."""
        self._csrf = self.send("/v1/auth/setup", {"code": code, **ADMIN})["csrf_token"]

    def ready(self, assistant: str) -> bool:
        """Whether the only document is. Raises Failed when it never will be."""
        document = self.send(f"/v1/documents?assistant_id={assistant}")["data"][0]
        must(document["status"] != "failed", json.dumps(document))
        return bool(document["status"] == "ready")

    def upload(self, assistant: str, name: str, content: bytes) -> None:
        """Hand in a file, as a form does."""
        edge = uuid.uuid4().hex
        lines = [
            f"--{edge}",
            'Content-Disposition: form-data; name="assistant_id"',
            "",
            assistant,
            f"--{edge}",
            f'Content-Disposition: form-data; name="file"; filename="{name}"',
            "Content-Type: text/markdown",
            "",
            content.decode(),
            f"--{edge}--",
            "",
        ]
        kind = f"multipart/form-data; boundary={edge}"
        self._ask("/v1/knowledge-sources", "POST", "\r\n".join(lines).encode(), kind)

    def send(self, path: str, body: Any = None, *, method: str | None = None) -> Any:
        """The JSON that comes back. Raises Failed for an error."""
        content = None if body is None else json.dumps(body).encode()
        return self._ask(path, method or ("GET" if body is None else "POST"), content)

    def _ask(
        self, path: str, method: str, body: bytes | None, kind: str = "application/json"
    ) -> Any:
        request = urllib.request.Request(  # noqa: S310
            self._address + path,
            data=body,
            method=method,
            headers={"Content-Type": kind, "X-CSRF-Token": self._csrf},
        )
        try:
            with self._opener.open(request, timeout=90) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            raise Failed(f"{method} {path}: {error.code} {error.read()[:500]!r}") from None


def code_in(log: Path) -> str:
    """The one-time code that the server printed. Raises Failed."""
    found = re.search(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", log.read_text("utf-8", "replace"))
    if found is None:
        raise Failed("it printed no code")
    return found[0]


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is done, and how long it took."""
    began = time.monotonic()
    yield
    say(f"{time.monotonic() - began:7.1f} s  {name}")


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Look again and again. Raises Failed when the time is over."""
    end = time.monotonic() + seconds
    while not true():
        must(time.monotonic() < end, f"waited {seconds} s for {what}")
        time.sleep(0.1)


def must(true: bool, otherwise: str) -> None:
    """Raises Failed."""
    if not true:
        raise Failed(otherwise)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(words: str) -> None:
    print(words, flush=True)
