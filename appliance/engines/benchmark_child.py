"""The process that measures how fast this machine reads and writes with a model."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from pathlib import Path
from typing import Any

from appliance.engines.frames import Channel, to_parent

_STREAMS = 4
_PROMPT, _WRITTEN = 256, 32  # tokens measured, fewer on a slow machine
_TRIAL_PROMPT, _TRIAL_WRITTEN = 64, 8  # tokens for each number of threads
_SECONDS = 3.0  # that one measurement may take about
_CLEARLY = 0.9  # of the time
_OURS = 0.85  # of the processors' time; with less, somebody else is at work as well
_CONTEXT = 1024


def main() -> None:
    """Measure the model the parent names, then go."""
    channel = to_parent()
    first = channel.receive()
    if first is None:
        return
    threading.Thread(target=_end_with, args=(channel,), daemon=True).start()
    try:
        bench = Bench(Path(first.header["path"]))
    except ValueError as error:
        channel.send({"op": "failed", "message": str(error)})
        return
    channel.send({"last": True, **_measure(channel, bench, first.header["threads"])})


def _measure(channel: Channel, bench: Bench, candidates: list[int]) -> dict[str, Any]:
    """Tokens per second, with the number of threads that answers soonest: the first of the
    candidates, unless another is clearly better. While other work has the processor that
    says nothing: with fewer threads a model only waits less for its turn."""
    tried = {}
    busy = False
    for at, threads in enumerate(candidates, 1):
        bench.threads(threads)
        reads = bench.read(16)  # the first pages of the file, and the threads themselves
        reads = max(bench.read(_within(_TRIAL_PROMPT, reads)) for _ in range(2))
        busy = busy or bench.share < _OURS * threads
        tried[threads] = (reads, max(bench.write(_TRIAL_WRITTEN, 1) for _ in range(2)))
        channel.send({"progress": 0.5 * at / len(candidates)})
    # What an answer of 100 tokens to a prompt of 300 takes.
    takes = {threads: 300 / reads + 100 / writes for threads, (reads, writes) in tried.items()}
    best = min(takes, key=lambda threads: takes[threads])
    if busy or takes[best] > _CLEARLY * takes[candidates[0]]:
        best = candidates[0]
    bench.threads(best)
    reads, writes = tried[best]
    prompt = _within(_PROMPT, reads)
    prefill = max(bench.read(prompt), bench.read(prompt))
    channel.send({"progress": 0.7})
    alone = max(writes, bench.write(_WRITTEN, 1))
    channel.send({"progress": 0.85})
    together = bench.write(_WRITTEN, _STREAMS)
    return {"prefill": prefill, "alone": alone, "together": together, "threads": best}


def _within(tokens: int, rate: float) -> int:
    """So many tokens, or what a slow machine does in the time there is."""
    return max(8, min(tokens, int(rate * _SECONDS / 2)))


class Bench:
    """A loaded model, and the clock."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError, with a sentence, for a file that cannot be loaded."""
        import llama_cpp

        self.share = 0.0  # processors that the last measurement of reading had, on average

        self._api: Any = llama_cpp
        self._quiet = llama_cpp.llama_log_callback(lambda level, text, data: None)
        llama_cpp.llama_log_set(self._quiet, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = 0
        model = llama_cpp.llama_model_load_from_file(str(path).encode(), parameters)
        if not model:
            raise ValueError(f"{path.name} cannot be loaded: it is damaged, or of an unknown kind.")
        options = llama_cpp.llama_context_default_params()
        options.n_ctx, options.n_batch, options.n_ubatch = _CONTEXT, 512, 512
        options.n_seq_max, options.kv_unified = _STREAMS, True
        self._context = llama_cpp.llama_init_from_model(model, options)
        if not self._context:
            raise ValueError(f"There is not enough memory for {path.name}.")
        self._words = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
        self._batch = llama_cpp.llama_batch_init(512, 0, 1)

    def threads(self, number: int) -> None:
        """Compute with so many threads from now on."""
        self._api.llama_set_n_threads(self._context, number, number)

    def read(self, tokens: int) -> float:
        """Tokens a second when a prompt of so many is read."""
        self._forget()
        return self._timed([(at, 0, at == tokens - 1) for at in range(tokens)], tokens)

    def write(self, tokens: int, streams: int) -> float:
        """Tokens a second, of all streams together, when each writes so many, or as many as
        there is time for."""
        self._forget()
        self._decode([(0, stream, True) for stream in range(streams)])
        begun, written = time.perf_counter(), 0
        while written < tokens and time.perf_counter() - begun < _SECONDS:
            written += 1
            self._decode([(written, stream, True) for stream in range(streams)])
        return written * streams / (time.perf_counter() - begun)

    def _timed(self, rows: list[tuple[int, int, bool]], tokens: int) -> float:
        begun, used = time.perf_counter(), time.process_time()
        self._decode(rows)
        took = time.perf_counter() - begun
        self.share = (time.process_time() - used) / took
        return tokens / took

    def _decode(self, rows: list[tuple[int, int, bool]]) -> None:
        """Compute tokens at these places of these streams; which ones are does not matter."""
        batch = self._batch
        batch.n_tokens = len(rows)
        for row, (position, stream, shown) in enumerate(rows):
            batch.token[row] = (7919 * (position + 1) + 13 * stream) % self._words
            batch.pos[row] = position
            batch.n_seq_id[row] = 1
            batch.seq_id[row][0] = stream
            batch.logits[row] = shown
        if self._api.llama_decode(self._context, batch) != 0:
            raise RuntimeError("the model does not compute")
        self._api.llama_synchronize(self._context)

    def _forget(self) -> None:
        self._api.llama_memory_clear(self._api.llama_get_memory(self._context), True)


def _end_with(channel: Channel) -> None:
    """The parent is gone: so is the reason to work."""
    try:
        while channel.receive():
            pass
    finally:
        os._exit(0)
