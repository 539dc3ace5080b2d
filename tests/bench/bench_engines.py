"""How fast the two local models are: python tests/bench/bench_engines.py

Times depend on the machine and on what else it does; ratios are taken side by side.
"""

# ruff: noqa: T201

from __future__ import annotations

import os
import statistics
import time

from appliance.base.settings import models_beside_the_program
from appliance.engines.catalogue import Catalogue
from appliance.engines.contract import Finish, Prompt, Text, Turn
from appliance.engines.llama import LlamaEngine
from appliance.engines.sentence import SentenceEmbedder

SENTENCE = "Parcel {n} reaches the office on day {n}, if it is sent before noon from the depot. "
CATALOGUE = Catalogue(models_beside_the_program())


def seconds_to_ready(engine: LlamaEngine | SentenceEmbedder) -> float:
    """From nothing to a loaded model in its process."""
    started = time.monotonic()
    engine.preload()
    while engine.state() != "ready":
        time.sleep(0.005)
    return time.monotonic() - started


def language() -> None:
    """Start, prompt reading, writing, and a second question with the same beginning."""
    path = CATALOGUE.language("smollm2-135m-instruct")
    engine = LlamaEngine(path, name="model", context_tokens=4096, threads=0, queue_limit=1)
    print(f"language model ready after      {seconds_to_ready(engine):6.2f} s")
    system = "".join(SENTENCE.format(n=n) for n in range(45))
    for label, question in (("first", "When does parcel 7 come?"), ("second", "And parcel 9?")):
        prompt = Prompt((Turn("system", system), Turn("user", question)), max_tokens=64)
        started, first = time.monotonic(), 0.0
        for piece in engine.write(prompt):
            if isinstance(piece, Text) and not first:
                first = time.monotonic() - started
        assert isinstance(piece, Finish)
        took = time.monotonic() - started - first
        print(
            f"{label + ' question':16} first token after {first:5.2f} s"
            f" ({piece.usage.prompt_tokens} tokens), then"
            f" {(piece.usage.completion_tokens - 1) / took:5.1f} tokens/s"
        )
    engine.close()


def embedding() -> None:
    """Start, a visitor's question, and passages beside the bare library, in turns."""
    folder = CATALOGUE.embedding("all-minilm-l6-v2")
    embedder = SentenceEmbedder(folder, fingerprint="bench")
    print(f"embedding model ready after     {seconds_to_ready(embedder):6.2f} s")
    times = []
    for number in range(20):
        started = time.monotonic()
        embedder.embed([f"When does parcel {number} come?"], urgent=True)
        times.append(time.monotonic() - started)
    print(f"a question takes                {statistics.median(times) * 1000:6.1f} ms")
    compare(embedder, str(folder))
    embedder.close()


def compare(embedder: SentenceEmbedder, folder: str) -> None:
    """Passages per second: ours with 8 spans each, ours without, the bare library."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(2)
    bare = SentenceTransformer(folder, device="cpu", local_files_only=True)
    texts = ["".join(SENTENCE.format(n=n * m) for m in range(1, 4 + n % 6)) for n in range(96)]
    spans = [[(start, start + 80) for start in range(0, 640, 80)] for _ in texts]
    ways = {
        "with spans": lambda: embedder.embed(texts, spans=spans),
        "without spans": lambda: embedder.embed(texts),
        "bare library": lambda: bare.encode(texts, batch_size=32, show_progress_bar=False),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(4):
        for way, run in ways.items():
            started = time.monotonic()
            run()
            rates[way].append(len(texts) / (time.monotonic() - started))
    best = {way: max(found) for way, found in rates.items()}
    for way, rate in best.items():
        print(f"passages/s {way:20} {rate:6.1f}  ratio {rate / best['bare library']:.2f}")


if __name__ == "__main__":
    language()
    embedding()
