"""A small hub: the shapes that huggingface_hub asks for, and the ways they can go wrong."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What it holds, what it was asked for, and how it misbehaves."""

    files: dict[str, bytes]
    small: frozenset[str] = frozenset()  # those that it states git's hash of
    address: str = ""
    cuts: int = 0  # connections it cuts in the middle
    stated: dict[str, str] = field(default_factory=dict)  # other hashes than the true ones
    sent_instead: dict[str, bytes] = field(default_factory=dict)
    ranges: list[str] = field(default_factory=list)
    slow: threading.Event | None = None  # it waits for this in the middle of a file

    def info(self) -> dict[str, object]:
        return {
            "id": "ada/model",
            "sha": COMMIT,
            "siblings": [self.sibling(path) for path in self.files],
        }

    def sibling(self, path: str) -> dict[str, object]:
        content = self.files[path]
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()  # noqa: S324
        told: dict[str, object] = {"rfilename": path, "size": len(content), "blobId": blob}
        if path not in self.small:
            told["lfs"] = {"sha256": self.sha256(path), "size": len(content), "pointerSize": 134}
        return told

    def sha256(self, path: str) -> str:
        return self.stated.get(path) or hashlib.sha256(self.files[path]).hexdigest()


class Answer(BaseHTTPRequestHandler):
    """One connection to the hub."""

    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.respond(body=False)

    def do_GET(self) -> None:
        self.respond(body=True)

    def respond(self, *, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/api/models/"):
            self.send("200 OK", json.dumps(self.hub.info()).encode(), {}, body=body)
            return
        name = path.partition("/resolve/")[2].partition("/")[2]
        if name not in self.hub.files:
            self.send("404 Not Found", b"", {"X-Error-Code": "EntryNotFound"}, body=body)
            return
        self.file(name, body=body)

    def file(self, name: str, *, body: bool) -> None:
        content = self.hub.sent_instead.get(name, self.hub.files[name])
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{self.hub.sha256(name)}"'}
        asked = self.headers.get("Range", "")
        if body:
            self.hub.ranges.append(asked)
        if not asked:
            self.send("200 OK", content, headers, body=body)
            return
        start = int(asked.removeprefix("bytes=").split("-")[0])
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self.send("206 Partial Content", content[start:], headers, body=body)

    def send(self, status: str, content: bytes, headers: dict[str, str], *, body: bool) -> None:
        code, _, text = status.partition(" ")
        self.send_response(int(code), text)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if not body:
            return
        half = len(content) // 2 if len(content) > 10_000 else 0
        self.wfile.write(content[:half])
        self.wfile.flush()
        if half and self.hub.slow:
            self.hub.slow.wait(20)
        if half and self.hub.cuts:
            self.hub.cuts -= 1
            self.close_connection = True
            self.connection.close()
            return
        self.wfile.write(content[half:])

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):  # the other side hung up, or we did
            self.close_connection = True


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """The hub at an address of its own."""
    answer = type("Answer", (Answer,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), answer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        if hub.slow:
            hub.slow.set()
        server.shutdown()
        server.server_close()
        thread.join()
