"""A model's memory and one pass through it. Only the model's own process imports this."""

from __future__ import annotations

import ctypes
import mmap
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import llama_cpp as llama

from appliance.engines.pace import Pace

BATCH = 512  # rows of the largest pass
# Seconds over which the pace is judged: a hiccup is no contest, and Windows counts
# processor time in steps of 16 ms.
_MEASURABLE = max(0.05, 10 * time.get_clock_info("process_time").resolution)
_ABORTED = 2  # what llama_decode says


class Row(NamedTuple):
    """One token of a pass."""

    token: int
    position: int
    sequence: int
    sampled: bool  # the next token is picked after this one


class Aborted(Exception):
    """The pass was broken off, because nobody wants its result."""


class Unloadable(Exception):
    """The model cannot be used; the text says why, for the administrator."""


class Copy:
    """A sequence in memory of its own, which goes back to the system at once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._map = mmap.mmap(-1, size)
        self.bytes = (ctypes.c_uint8 * size).from_buffer(self._map)

    def close(self) -> None:
        """See `tracks.State`."""
        del self.bytes
        self._map.close()


class LlamaContext:
    """The memory of one model, and the passes that fill it. See `tracks.Native`."""

    def __init__(
        self, model: Any, *, sequences: int, tokens: int, threads: int, exact: bool = False
    ) -> None:
        """Room for `sequences` of `tokens` each. `exact`: what is computed does not depend on
        how a prompt was cut into passes, at two thirds of the speed. Raises Unloadable."""
        self.unwanted: Callable[[], bool] = lambda: False
        self._pace = Pace(threads)
        self._wall = self._cpu = 0.0  # since the pace was last judged
        self.native = llama.llama_init_from_model(model, self._options(sequences, tokens, exact))
        if not self.native:
            raise Unloadable(
                f"There is not enough memory for {sequences} answers of {tokens} tokens."
            )
        self._memory = llama.llama_get_memory(self.native)
        self._batch = llama.llama_batch_init(BATCH, 0, 1)
        # Asked between the operations of a pass, so that even a huge model stops at once.
        self._abort = llama.ggml_abort_callback(lambda _: self.unwanted())
        llama.llama_set_abort_callback(self.native, self._abort, ctypes.c_void_p(0))

    def _options(self, sequences: int, tokens: int, exact: bool) -> Any:
        options = llama.llama_context_default_params()
        options.n_ctx = sequences * tokens
        options.n_batch = options.n_ubatch = BATCH
        options.n_seq_max = sequences
        # A token is compared with all the cells of a memory, those of others included.
        options.kv_unified = False
        options.n_threads = options.n_threads_batch = self._pace.threads
        options.flash_attn_type = (
            llama.LLAMA_FLASH_ATTN_TYPE_DISABLED if exact else llama.LLAMA_FLASH_ATTN_TYPE_ENABLED
        )
        options.swa_full = True  # else a shared beginning cannot be used again
        options.no_perf = True
        return options

    def decode(self, rows: Sequence[Row]) -> None:
        """Read these tokens. Raises Aborted, RuntimeError."""
        batch = self._batch
        batch.n_tokens = len(rows)
        for index, (token, position, sequence, sampled) in enumerate(rows):
            batch.token[index] = token
            batch.pos[index] = position
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = sequence
            batch.logits[index] = sampled
        status = self._timed_decode()
        if status == _ABORTED:
            raise Aborted
        if status:
            raise RuntimeError(f"llama_decode says {status}")

    def begin(self) -> bool:
        """Before the first pass after a rest. Whether the processor may be busy otherwise, so
        that a small first pass is wise."""
        now = time.monotonic()
        self._use(self._pace.begin(now))
        return self._pace.unsure(now)

    def cut(self, sequence: int, start: int) -> bool:
        """See `tracks.Native`."""
        if llama.llama_memory_seq_rm(self._memory, sequence, start, -1):
            return True
        llama.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        return False

    def save(self, sequence: int) -> Copy | None:
        """See `tracks.Native`."""
        size = llama.llama_state_seq_get_size(self.native, sequence)
        try:
            copy = Copy(size)
        except (OSError, ValueError):  # no memory for it, or nothing to keep
            return None
        if llama.llama_state_seq_get_data(self.native, copy.bytes, size, sequence) != size:
            copy.close()
            return None
        return copy

    def restore(self, sequence: int, state: Any) -> bool:
        """See `tracks.Native`."""
        if llama.llama_state_seq_set_data(self.native, state.bytes, state.size, sequence):
            return True
        llama.llama_memory_seq_rm(self._memory, sequence, -1, -1)
        return False

    def _timed_decode(self) -> int:
        wall, cpu = time.monotonic(), time.process_time()
        status = llama.llama_decode(self.native, self._batch)
        now = time.monotonic()
        self._wall += now - wall
        self._cpu += time.process_time() - cpu
        if self._wall >= _MEASURABLE:
            self._use(self._pace.judge(wall=self._wall, cpu=self._cpu, now=now))
            self._wall = self._cpu = 0.0
        return int(status)

    def _use(self, threads: int) -> None:
        llama.llama_set_n_threads(self.native, threads, threads)
