"""Search time and memory by number of passages, with where the time goes.

    python tests/bench/bench_search.py [passages ...]

The passages are made up: words drawn as often as in real text, vectors near those of the
shipped set. The questions are those of the shipped set; everything is warm, as it is after
the first minute of a working day. The processor's time is shown beside the clock's, which
on a machine with other work says more about the machine.
"""
# ruff: noqa: T201

from __future__ import annotations

import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from appliance.library import rank
from appliance.library import search as searching
from appliance.library.evaluate import QuestionSet, own_embedder
from appliance.library.search import Search
from appliance.store import fulltext
from appliance.store.projects import DEFAULT_PROJECT
from tests.bench.bench_library import BATCH, SIZES, Writer, fill, opened
from tests.bench.results import keep

ROUNDS = 2


class Phases:
    """Times the parts of a search, by standing in their way."""

    def __init__(self) -> None:
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self.now: defaultdict[str, float] = defaultdict(float)

    def watch(self, thing: Any, name: str, phase: str) -> None:
        real = getattr(thing, name)

        def timed(*args: Any, **more: Any) -> Any:
            began = time.perf_counter()
            try:
                return real(*args, **more)
            finally:
                self.now[phase] += 1000 * (time.perf_counter() - began)

        setattr(thing, name, timed)

    def note(self) -> None:
        for phase, spent in self.now.items():
            self.times[phase].append(spent)
        self.now.clear()


def timed(work: Callable[[str], object], texts: Sequence[str], phases: Phases) -> Any:
    clock, processor = [], []
    for text in texts:
        began, spent = time.perf_counter(), time.thread_time()
        work(text)
        clock.append(1000 * (time.perf_counter() - began))
        processor.append(1000 * (time.thread_time() - spent))
        phases.note()
    return clock, processor


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    questions = [each["question"] for each in QuestionSet.read().answerable]
    random.Random(1).shuffle(questions)
    embedder, process, phases = own_embedder(), psutil.Process(), Phases()
    phases.watch(embedder, "embed", "embedding")
    phases.watch(fulltext, "search", "words")
    phases.watch(fulltext, "beginning", "misspelt")
    phases.watch(searching, "load", "loading")
    phases.watch(rank, "match", "ranking")
    try:
        writer = Writer(embedder)
        with opened() as (_, index, collection):
            phases.watch(index, "search", "vectors")
            present = 0
            for size in sizes:
                while present < size:
                    fill(collection, embedder, writer, min(BATCH, size - present))
                    present += min(BATCH, size - present)
                search = Search(index, embedder)

                def find(text: str, to: Search = search) -> object:
                    return to.find(DEFAULT_PROJECT, [collection.id], text)

                began = time.perf_counter()
                find("warm up")
                cold = time.perf_counter() - began
                timed(find, questions, phases)  # the words of these questions are known now
                phases.times.clear()
                clock, processor = timed(find, questions * ROUNDS, phases)
                memory = process.memory_info().rss / 2**20
                print(
                    f"{size:>7} passages: p50 {np.percentile(clock, 50):5.1f} ms, "
                    f"p95 {np.percentile(clock, 95):5.1f} ms; processor of this process "
                    f"p50 {np.percentile(processor, 50):5.1f}, "
                    f"p95 {np.percentile(processor, 95):5.1f} ms; memory {memory:.0f} MB; "
                    f"index from rows in {cold:.1f} s"
                )
                p50, p95 = np.percentile(clock, [50, 95])
                keep(
                    "e",
                    f"search of {size:,} passages with the question's embedding, p95",
                    f"{p95:.1f} ms (p50 {p50:.1f} ms, memory {memory:.0f} MB)",
                    aim="≤ 60 ms" if size == SIZES[-1] else "",
                    reached=bool(p95 <= 60) if size == SIZES[-1] else None,
                )
                for phase, times in phases.times.items():
                    print(
                        f"          {phase:10} p50 {np.percentile(times, 50):5.1f}, "
                        f"p95 {np.percentile(times, 95):5.1f} ms"
                    )
    finally:
        embedder.close()


if __name__ == "__main__":
    main()
