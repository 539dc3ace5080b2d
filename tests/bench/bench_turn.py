"""How long a turn takes outside the model and the embedder: p50 at most 15 ms.

Everything is real (encrypted store, index, hybrid search, check, citations) but the model
and the embedder, which answer at once and whose time is taken off.

    python tests/bench/bench_turn.py [--documents 400] [--turns 300] [--generate]
"""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from appliance.base import clock
from appliance.chat.answer import Tools
from appliance.chat.config import validated
from appliance.chat.turn import Chat
from appliance.engines.contract import Finish, LanguageEngine, Piece, Prompt, Text, Usage
from appliance.engines.quote import QuoteEngine
from appliance.library import intake
from appliance.library.ground import Grounding
from appliance.library.ingest import Ingest
from appliance.library.search import Search
from appliance.readers.contract import Limits
from appliance.store.assistants import Assistant, Session
from appliance.store.documents import Collection, Passage
from appliance.store.jobs import Job
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT
from appliance.store.vectors import Vectors
from tests.bench.results import keep
from tests.library.parts import GramEmbedder, read

TARGET = 15.0  # milliseconds
TOPICS = ("refunds", "parking", "holidays", "printers", "badges", "lunch", "travel", "visitors")


class Timed(GramEmbedder):
    """The embedder, and the time spent in it: on the wall's clock and the processor's."""

    wall = processor = 0.0

    def embed(self, *given: Any, **options: Any) -> Any:
        wall, processor = time.perf_counter(), time.thread_time()
        try:
            return super().embed(*given, **options)
        finally:
            self.wall += time.perf_counter() - wall
            self.processor += time.thread_time() - processor


class Reciting(LanguageEngine):
    """Writes the first two sentences of the first source, word by word, in no time."""

    name = "reciting"

    def __init__(self) -> None:
        self.model, self.context_tokens = "recital", 4096

    def write(self, prompt: Prompt) -> Iterator[Piece]:
        first = prompt.sources[0]
        text = first.text[: first.sentences[min(1, len(first.sentences) - 1)].end]
        for word in text.split(" "):
            yield Text(f"{word} ")
        yield Finish("stop", Usage(100, len(text.split())))


def document(number: int) -> str:
    topic = TOPICS[number % len(TOPICS)]
    return "\n\n".join(
        f"# Rule {number}.{part} about {topic}\n\n"
        f"Rule {number}.{part} says that {topic} are handled within {number + part} days. "
        f"The form for {topic} lies at desk {part}. Questions go to room {number}."
        for part in range(6)
    )


def fill(collection: Collection, many: int, ingest: Ingest, blobs: Any) -> None:
    for number in range(many):
        intake.accept(
            BytesIO(document(number).encode()),
            project_id=DEFAULT_PROJECT,
            collection_id=collection.id,
            name=f"rules-{number}.txt",
            blobs=blobs,
            limit=1_000_000,
        )
        while job := Job.claim(clock.now()):
            ingest(job)


def measure(options: argparse.Namespace, folder: Path) -> list[tuple[float, float]]:
    store = open_store(folder / "data", folder / "inhouse.key")
    index, embedder = Vectors(store.folder / "index", store.key.derive("index")), Timed()
    collection = Collection.create(project_id=DEFAULT_PROJECT, name="Rules")
    fill(
        collection,
        options.documents,
        Ingest(store.blobs, index, embedder, read, Limits()),
        store.blobs,
    )
    tools = Tools(
        search=Search(index, embedder),
        ground=Grounding(embedder),
        engines={"reciting": Reciting()},
        default_model="reciting",
        quote=QuoteEngine(),
        auto_prefers_quote=False,
    )
    mode = "generate" if options.generate else "quote"
    config = validated({"name": "Rules", "answers": {"mode": mode, "min_confidence": 0.0}})
    assistant = Assistant.create(
        project_id=DEFAULT_PROJECT,
        name=config.name,
        config=config.model_dump(),
        collection_id=collection.id,
    )
    print(f"{Passage.of(DEFAULT_PROJECT).count()} passages, mode {mode}")
    spent = list(turns(Chat(tools), assistant, embedder, options.turns))
    store.close()
    return spent


def turns(
    chat: Chat, assistant: Assistant, embedder: Timed, many: int
) -> Iterator[tuple[float, float]]:
    """Milliseconds of each turn, from the call to the last event, without the embedder's:
    as they pass, and those the processor worked (which a busy machine does not stretch)."""
    for number in range(many):
        if number % 6 == 0:
            session = Session.create(project_id=DEFAULT_PROJECT, assistant_id=assistant.id)
        question = f"Within how many days are {TOPICS[number % len(TOPICS)]} of rule {number}?"
        embedder.wall = embedder.processor = 0.0
        wall, processor = time.perf_counter(), time.process_time()
        last = chat.ask(session, assistant, question).result()
        wall = time.perf_counter() - wall - embedder.wall
        processor = time.process_time() - processor - embedder.processor
        if last.data["message"]["state"] != "complete":
            raise SystemExit(f"The turn did not work: {last.data}")
        yield wall * 1000, processor * 1000


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--documents", type=int, default=400)
    asked.add_argument("--turns", type=int, default=300)
    asked.add_argument("--generate", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        spent = measure(options, Path(folder))[10:]
    walls = sorted(wall for wall, _ in spent)
    p50, p95 = statistics.median(walls), walls[int(len(walls) * 0.95)]
    worked = statistics.median(processor for _, processor in spent)
    print(f"turn outside model and embedder: p50 {p50:.1f} ms, p95 {p95:.1f} ms (target {TARGET})")
    print(f"of which the processor worked: p50 {worked:.1f} ms")
    keep(
        "f",
        "a turn outside model and embedder, p50",
        f"{p50:.1f} ms ({worked:.1f} ms of processor time, p95 {p95:.1f} ms)",
        aim=f"≤ {TARGET:.0f} ms",
        reached=p50 <= TARGET,
    )
    raise SystemExit(p50 > TARGET)


if __name__ == "__main__":
    main()
