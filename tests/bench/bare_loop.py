"""The bare batched loop that the engine is measured against, in a process of its own.

One `llama_decode` per step for all streams, the likeliest token for each, nothing else: no
queue, no stop strings, no text. Asked by lines of JSON on standard input:
{"texts": [...], "tokens": 48} → {"streams": [{"prompt": tokens, "times": [s, ...]}, ...]}
"""

from __future__ import annotations

import ctypes
import json
import sys
import time
from typing import Any

import llama_cpp as llama
import numpy as np

CHUNK = 512  # tokens of prompts read in one go


class Loop:
    """A model and a batch of streams."""

    def __init__(self, path: str, *, threads: int, streams: int, context: int) -> None:
        self._quiet = llama.llama_log_callback(lambda *_: None)
        llama.llama_log_set(self._quiet, ctypes.c_void_p(0))
        llama.llama_backend_init()
        self.model = llama.llama_model_load_from_file(
            path.encode(), llama.llama_model_default_params()
        )
        options = llama.llama_context_default_params()
        options.n_ctx, options.n_seq_max, options.kv_unified = context, streams, True
        options.n_batch = options.n_ubatch = CHUNK
        options.n_threads = options.n_threads_batch = threads
        options.no_perf = True
        self.context = llama.llama_init_from_model(self.model, options)
        self.memory = llama.llama_get_memory(self.context)
        self.vocab = llama.llama_model_get_vocab(self.model)
        self.words = llama.llama_vocab_n_tokens(self.vocab)
        self.batch = llama.llama_batch_init(max(CHUNK, streams), 0, 1)

    def tokens(self, text: str) -> list[int]:
        """Of a whole rendered prompt."""
        raw = text.encode()
        room = (llama.llama_token * (len(raw) + 8))()
        count = llama.llama_tokenize(self.vocab, raw, len(raw), room, len(room), False, True)
        return list(room[:count])

    def forget(self) -> None:
        """Empty the memory."""
        llama.llama_memory_clear(self.memory, False)

    def decode(self, rows: list[tuple[int, int, int, bool]]) -> None:
        """Rows of token, position, stream, and whether its logits are wanted."""
        batch = self.batch
        batch.n_tokens = len(rows)
        for index, (token, position, stream, wanted) in enumerate(rows):
            batch.token[index], batch.pos[index] = token, position
            batch.n_seq_id[index], batch.seq_id[index][0] = 1, stream
            batch.logits[index] = wanted
        if status := llama.llama_decode(self.context, batch):
            raise RuntimeError(f"llama_decode says {status}")

    def logits(self, row: int) -> np.ndarray:
        """A view, good until the next decode."""
        return np.ctypeslib.as_array(llama.llama_get_logits_ith(self.context, row), (self.words,))

    def likeliest(self, row: int) -> int:
        return int(np.argmax(self.logits(row)))

    def run(self, texts: list[str], many: int) -> list[dict[str, Any]]:
        """Read all prompts, then write `many` tokens of each, all in step."""
        started = time.monotonic()
        self.forget()
        prompts = [self.tokens(text) for text in texts]
        last, first = self.read(prompts, started)
        times = [[at] for at in first]
        for step in range(many - 1):
            rows = [
                (token, len(prompts[stream]) + step, stream, True)
                for stream, token in enumerate(last)
            ]
            self.decode(rows)
            last = [self.likeliest(row) for row in range(len(rows))]
            now = time.monotonic() - started
            for each in times:
                each.append(now)
        return [
            {"prompt": len(prompt), "times": spent}
            for prompt, spent in zip(prompts, times, strict=True)
        ]

    def read(self, prompts: list[list[int]], started: float) -> tuple[list[int], list[float]]:
        """All prompts in chunks; the first token of each, and when it was known."""
        rows = [
            (token, position, stream, position == len(prompt) - 1)
            for stream, prompt in enumerate(prompts)
            for position, token in enumerate(prompt)
        ]
        last, first = [], []
        for at in range(0, len(rows), CHUNK):
            part = rows[at : at + CHUNK]
            self.decode(part)
            for row, (_, _, _, wanted) in enumerate(part):
                if wanted:
                    last.append(self.likeliest(row))
                    first.append(time.monotonic() - started)
        return last, first


def main() -> None:
    """Serve lines of JSON until the input ends."""
    path, threads, streams, context = sys.argv[1:]
    loop = Loop(path, threads=int(threads), streams=int(streams), context=int(context))
    say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        say({"streams": loop.run(asked["texts"], asked["tokens"])})


def say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
