"""How quickly /health answers while sixteen answers stream: python tests/bench/bench_health.py"""

# ruff: noqa: T201

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from appliance.base import clock
from appliance.base.settings import load
from appliance.chat.answer import Tools
from appliance.chat.turn import Chat
from appliance.engines.catalogue import Catalogue
from appliance.engines.current import CurrentEmbedder
from appliance.engines.quote import QuoteEngine
from appliance.engines.remote.registry import Providers
from appliance.library.ingest import Ingest
from appliance.library.search import Search
from appliance.parts import Parts
from appliance.people import keys
from appliance.readers.contract import Limits
from appliance.store.jobs import Job
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT
from appliance.store.vectors import Vectors
from appliance.web.app import create_app
from appliance.web.server import Server
from tests.library.parts import grams, read
from tests.web.conftest import local_models
from tests.web.parts import WRITES_ANYTHING, Storyteller, believing

STREAMS, LOOKS, LIMIT_MS = 16, 250, 200
PACE = 0.04  # seconds for each word: 25 tokens a second in each stream


def serve(folder: Path) -> None:
    """The server, in a process of its own, as in real life. Says its port and key."""
    settings = load({"data_dir": folder / "data", "key_file": folder / "key", "port": 0}, {})
    store = open_store(settings.data_dir, settings.key_file)
    index = Vectors(folder / "data" / "index", b"k" * 32)
    embedder = CurrentEmbedder(grams, "grams-1")
    search, engines = Search(index, embedder), {"story": Storyteller(PACE, facts=360)}
    tools = Tools(search, believing, engines, "story", QuoteEngine(), auto_prefers_quote=False)
    parts = Parts(
        settings=settings,
        blobs=store.blobs,
        embedder=embedder,
        engines=engines,
        index=index,
        search=search,
        chat=Chat(tools),
        providers=Providers(bytes(32)),
        catalogue=Catalogue(settings.models_dir),
        local=local_models(settings),
    )
    server = Server(parts, create_app(parts))
    threading.Thread(target=server.run, daemon=True).start()
    _, key = keys.create(DEFAULT_PROJECT, name="bench", kind="secret")
    sys.stdout.write(json.dumps({"port": server.port, "key": key}) + "\n")
    sys.stdout.flush()
    ingest = Ingest(parts.blobs, index, embedder, read, Limits())
    parts.wake.wait(30)
    if job := Job.claim(clock.now()):
        ingest(job)
    sys.stdin.read()


class Client:
    """One connection to the server under test."""

    def __init__(self, port: int, key: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: object = None, **more: str) -> object:
        sent = None if body is None else json.dumps(body)
        self.connection.request(method, path, sent, {**self.headers, **more})
        return json.loads(self.connection.getresponse().read())


def listen(port: int, key: str, assistant: str, words: list[int], stop: threading.Event) -> None:
    """Ask, listen to the whole answer, ask again."""
    while not stop.is_set():
        client = Client(port, key)
        session = client.ask("POST", f"/v1/assistants/{assistant}/sessions", {})
        path = f"/v1/sessions/{session['id']}/messages"
        headers = {**client.headers, "Accept": "text/event-stream"}
        client.connection.request("POST", path, json.dumps({"content": "Tell me"}), headers)
        reply = client.connection.getresponse()
        while (line := reply.readline()) and not stop.is_set():
            words[0] += line.startswith(b"event: message.delta")
        reply.close()
        client.connection.close()


def look(port: int) -> list[float]:
    """Milliseconds of each look at /health, each over a connection of its own."""
    times = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        Client(port).ask("GET", "/health")
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(0.02)
    return sorted(times)


def told(name: str, times: list[float]) -> float:
    """Print the figures; the 95th percentile."""
    p95 = times[int(len(times) * 0.95)]
    print(f"{name:28} p50 {times[len(times) // 2]:6.1f}  p95 {p95:6.1f}  max {times[-1]:6.1f} ms")
    return p95


def main() -> int:
    """Measure, print, and fail when it is too slow."""
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            [sys.executable, __file__, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        said = json.loads(child.stdout.readline())
        port, key = said["port"], said["key"]
        admin = Client(port, key)
        body = {"name": "Bench", "answers": WRITES_ANYTHING, "llm": {"max_tokens": 2000}}
        assistant = admin.ask("POST", "/v1/assistants", body)["id"]
        text = {"assistant_id": assistant, "name": "facts", "content": "Tell me all the facts."}
        admin.ask("POST", "/v1/knowledge-sources", text)
        told("nothing else going on", look(port))
        words, stop = [0], threading.Event()
        threads = [
            threading.Thread(target=listen, args=(port, key, assistant, words, stop))
            for _ in range(STREAMS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(2)
        before, began = words[0], time.perf_counter()
        p95 = told(f"{STREAMS} answers streaming", look(port))
        pace = (words[0] - before) / (time.perf_counter() - began)
        print(f"{'pieces streamed':28} {pace:.0f} a second")
        stop.set()
        for thread in threads:
            thread.join()
        child.stdin.close()
        child.wait(20)
    return 0 if p95 <= LIMIT_MS else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve(Path(sys.argv[1]))
    else:
        sys.exit(main())
