"""The real program, started the way a person starts it, for the walks and the benchmarks."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2 as httpx

ADMIN = {"email": "ada@office.example", "password": "a quiet harbour in may"}
SAMPLES = Path(__file__).parent / "samples"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Appliance:
    """`appliance serve` on a folder of its own, and the admin's and programs' view of it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "APPLIANCE_DATA_DIR": str(folder / "data"),
            "APPLIANCE_KEY_FILE": str(folder / "inhouse.key"),
            "APPLIANCE_PORT": str(self.port),
            **{f"APPLIANCE_{name.upper()}": value for name, value in settings.items()},
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.client = self._connected({})

    def _connected(self, headers: Mapping[str, str]) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=60, trust_env=False, headers=headers)

    # -- the process ---------------------------------------------------------

    def command(self, *words: str, stdin: str = "") -> str:
        """Run another command of the program on the same data; its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "appliance", *words],
            env={**os.environ, **self.settings},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def start(self) -> Appliance:
        """Start the server, for the first time or again, and wait for its first answer."""
        if self.client.is_closed:
            self.client = self._connected(self.client.headers)
        log = (self.folder / "log.txt").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "appliance", "serve"],
            env={**os.environ, **self.settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()
        until(lambda: self.healthy(), seconds=20, what="the server to answer")
        return self

    def healthy(self) -> bool:
        """Whether /health says ok."""
        assert self.process is not None
        assert self.process.poll() is None, self.log()[-3000:]
        try:
            return self.client.get("/health").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """End it as a service manager would, and let go of the connections to it."""
        self.client.close()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def kill(self) -> None:
        """kill -9: no chance to tidy up."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def log(self) -> str:
        """All it has printed."""
        return (self.folder / "log.txt").read_text("utf-8", "replace")

    # -- what people and programs do with it ----------------------------------

    def set_up(self) -> Appliance:
        """Make the first admin and a secret key without a browser, and use the key from now on."""
        self.command(
            "setup", "--email", ADMIN["email"], "--password-stdin", stdin=ADMIN["password"]
        )
        self.use_key(self.command("keys", "create", "--kind", "secret"))
        return self

    def use_key(self, key: str) -> None:
        """Send this key with every request."""
        self.client.headers["Authorization"] = f"Bearer {key}"

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a GET that must succeed."""
        return good(self.client.get(path, params=query))

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of a POST that must succeed."""
        return good(self.client.post(path, json=body, **options))

    def assistant(self, **config: Any) -> str:
        """A new assistant's id."""
        return str(self.post("/v1/assistants", {"name": "Front desk", **config})["id"])

    def upload(self, assistant_id: str, name: str, content: bytes) -> str:
        """Hand in a file; the id of its document."""
        reply = self.client.post(
            "/v1/knowledge-sources",
            files={"file": (name, content)},
            data={"assistant_id": assistant_id},
        )
        return str(good(reply)["documents"][0]["id"])

    def ready(self, assistant_id: str, *, seconds: float = 120) -> list[dict[str, Any]]:
        """The assistant's documents, once none of them is being worked on."""
        found: list[dict[str, Any]] = []

        def settled() -> bool:
            found[:] = self.get("/v1/documents", assistant_id=assistant_id, limit=200)["data"]
            return all(document["status"] in ("ready", "failed") for document in found)

        until(settled, seconds=seconds, what="the documents to be ready")
        return found

    def session(self, assistant_id: str) -> str:
        """A new session's id."""
        return str(self.post(f"/v1/assistants/{assistant_id}/sessions", {})["id"])

    def ask(self, session_id: str, question: str) -> dict[str, Any]:
        """The whole reply to a question."""
        reply = self.post(f"/v1/sessions/{session_id}/messages", {"content": question})
        return dict(reply["reply"])

    def stream(self, session_id: str, question: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The events of an answer, as they arrive."""
        with self.client.stream(
            "POST",
            f"/v1/sessions/{session_id}/messages",
            json={"content": question},
            headers={"Accept": "text/event-stream"},
        ) as reply:
            assert reply.status_code == 200, reply.read()
            yield from events(reply.iter_lines())


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and data of each server-sent event."""
    name = ""
    for line in lines:
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            yield name, json.loads(line[5:])


def good(reply: httpx.Response) -> Any:
    """The JSON of a reply that must be a success."""
    assert reply.is_success, f"{reply.status_code} {reply.text}"
    return reply.json() if reply.content else None


def until(true: Any, *, seconds: float, what: str) -> None:
    """Look again and again. Fails when the time is over."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.05)


def children(pid: int, kind: str) -> list[int]:
    """Process ids of the server's children of one kind: llama, sentence, reader."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
            parent = re.search(r"PPid:\s+(\d+)", (entry.parent / "status").read_text())
        except OSError:
            continue
        if parent and int(parent[1]) == pid and b"child" in words and kind.encode() in words:
            found.append(int(entry.parent.name))
    return found
