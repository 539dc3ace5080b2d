"""A GGUF model in memory: tokens in, tokens out. Only the model's own process imports this."""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import llama_cpp as llama

from appliance.engines.chat_template import ChatTemplate, Segment, marks
from appliance.engines.contract import Turn
from appliance.engines.pace import Pace

CHUNK = 128  # tokens of a prompt that are read in one go
_SCOUT = 16  # tokens of the first step, when the processor may be busy otherwise
# Seconds over which the pace is judged: a hiccup is no contest, and Windows counts
# processor time in steps of 16 ms.
_MEASURABLE = max(0.05, 10 * time.get_clock_info("process_time").resolution)
_ABORTED = 2  # what llama_decode says when the abort callback asked for it
_MARKUP = frozenset("<>[]|")
_SAMPLE = (Turn("system", "s"), Turn("user", "u"), Turn("assistant", "a"), Turn("user", "u"))


class Unloadable(Exception):
    """The model cannot be used; the text says why, for the administrator."""


class Cancelled(Exception):
    """The one who asked does not want the answer any more."""


def warn(text: str) -> None:
    """To the log of the program, through this process's standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


class LlamaModel:
    """One model, one context, one sequence of tokens in its memory."""

    def __init__(self, path: Path, *, context_tokens: int, threads: int) -> None:
        """Raises Unloadable."""
        self.cancelled: Callable[[], bool] = lambda: False
        self._pace = Pace(threads)
        self._wall = self._cpu = 0.0  # since the pace was last judged
        self._log = llama.llama_log_callback(self._native_log)  # kept: the library calls it
        llama.llama_log_set(self._log, ctypes.c_void_p(0))
        llama.llama_backend_init()
        self._model = self._opened(path)
        self._vocab = llama.llama_model_get_vocab(self._model)
        self.context_tokens = min(
            context_tokens, llama.llama_model_n_ctx_train(self._model) or context_tokens
        )
        self._context = self._new_context()
        self._memory = llama.llama_get_memory(self._context)
        self._batch = llama.llama_batch_init(CHUNK, 0, 1)
        self._held: list[int] = []  # the tokens whose states are in memory
        self._special: dict[int, bool] = {}
        # Asked between the operations of a pass, so that even a huge model stops at once.
        self._abort = llama.ggml_abort_callback(lambda _: self.cancelled())
        llama.llama_set_abort_callback(self._context, self._abort, ctypes.c_void_p(0))
        self.template = ChatTemplate(
            self._own_template(),
            bos=self._token_text("bos"),
            eos=self._token_text("eos"),
            warn=warn,
        )
        self._plain_marks = self._marks_in_plain_text()
        self._warm_up()

    def prompt(self, turns: list[Turn]) -> list[int]:
        """The tokens of a talk, ready for the assistant's next turn."""
        return self.encode(self.template.segments(turns))

    def encode(self, segments: list[Segment]) -> list[int]:
        """Only the template's own words can become special tokens."""
        tokens: list[int] = []
        for segment in segments:
            tokens += self._tokens(segment.text, True) if segment.own else self.plain(segment.text)
        bos = llama.llama_vocab_bos(self._vocab)
        if llama.llama_vocab_get_add_bos(self._vocab) and tokens[:1] != [bos]:
            tokens.insert(0, bos)
        return tokens

    def plain(self, text: str) -> list[int]:
        """Tokens of what somebody wrote. `<|im_start|>` in it stays the characters it is."""
        for mark in self._plain_marks:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
        tokens: list[int] = []
        for token in self._tokens(text, False):
            # Some files list their markers as ordinary vocabulary, which the tokenizer
            # then finds in any text. Spelt in two parts they are not found.
            if self._is_special(token):
                written = self.piece(token, special=True).decode("utf-8", "replace")
                tokens += self._tokens(written[:1], False) + self._tokens(written[1:], False)
            else:
                tokens.append(token)
        return tokens

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """The bytes a token stands for; none for a special one unless asked."""
        size = 64
        while True:
            buffer = ctypes.create_string_buffer(size)
            length = llama.llama_token_to_piece(self._vocab, token, buffer, size, 0, special)
            if length >= 0:
                return buffer.raw[:length]
            size = -length

    def ends(self, token: int) -> bool:
        """It means that the answer is complete."""
        return bool(llama.llama_vocab_is_eog(self._vocab, token))

    def read(self, tokens: list[int], progress: Callable[[], None]) -> None:
        """Take in a prompt; what its beginning shares with the last one is there already.

        `progress` is called after each part. Raises Cancelled.
        """
        shared = 0
        for ours, theirs in zip(self._held, tokens[:-1], strict=False):
            if ours != theirs:
                break
            shared += 1
        self._forget_from(shared)
        self._use(self._pace.begin(time.monotonic()))
        while missing := tokens[len(self._held) :]:
            self._decode(missing[: _SCOUT if self._pace.unsure(time.monotonic()) else CHUNK])
            progress()

    def step(self, token: int) -> None:
        """Take in one more token. Raises Cancelled."""
        self._decode([token])

    @contextmanager
    def sampler(
        self, *, temperature: float, top_p: float, seed: int | None
    ) -> Iterator[Callable[[], int]]:
        """A function that picks the next token. Temperature 0 takes the likeliest."""
        chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        if temperature <= 0:
            parts = [llama.llama_sampler_init_greedy()]
        else:
            parts = [
                llama.llama_sampler_init_top_k(40),
                llama.llama_sampler_init_top_p(top_p, 1),
                llama.llama_sampler_init_temp(temperature),
                llama.llama_sampler_init_dist(0xFFFFFFFF if seed is None else seed & 0x7FFFFFFF),
            ]
        for part in parts:
            llama.llama_sampler_chain_add(chain, part)
        try:
            yield lambda: llama.llama_sampler_sample(chain, self._context, -1)
        finally:
            llama.llama_sampler_free(chain)

    def _native_log(self, level: int, text: bytes, data: ctypes.c_void_p) -> None:
        # Errors only: below them it narrates. A cancelled pass is an error to it, not to us.
        if level == 3 and not self.cancelled():
            warn(text.decode("utf-8", "replace").rstrip())

    def _opened(self, path: Path) -> llama.llama_model_p:
        options = llama.llama_model_default_params()
        options.n_gpu_layers = 0
        model = llama.llama_model_load_from_file(str(path).encode(), options)
        if not model:
            raise Unloadable(
                f"The model file {path.name} cannot be loaded. It may be damaged, "
                "or newer than this program."
            )
        if not llama.llama_model_has_decoder(model) or llama.llama_model_has_encoder(model):
            raise Unloadable(f"The model in {path.name} is not one that writes.")
        return model

    def _new_context(self) -> llama.llama_context_p:
        options = llama.llama_context_default_params()
        options.n_ctx = self.context_tokens
        options.n_batch = options.n_ubatch = CHUNK
        options.n_threads = options.n_threads_batch = self._pace.threads
        options.swa_full = True  # else a shared beginning cannot be used again
        options.no_perf = True
        context = llama.llama_init_from_model(self._model, options)
        if not context:
            raise Unloadable(f"There is not enough memory for {self.context_tokens} tokens.")
        return context

    def _warm_up(self) -> None:
        """Fetch the weights from the disk now, not when the first visitor waits for them."""
        self._decode([max(llama.llama_vocab_bos(self._vocab), 0)])
        self._forget_from(0)

    def _own_template(self) -> str | None:
        found = llama.llama_model_chat_template(self._model, None)
        return found.decode("utf-8", "replace") if found else None

    def _token_text(self, which: str) -> str:
        token = getattr(llama, f"llama_vocab_{which}")(self._vocab)
        return self.piece(token, special=True).decode("utf-8", "replace") if token >= 0 else ""

    def _marks_in_plain_text(self) -> list[str]:
        """The template's marks that are no tokens of their own, so anybody could write them."""
        found = marks(self.template.segments(_SAMPLE))
        return sorted(mark for mark in found if len(self._tokens(mark, True)) > 1)

    def _is_special(self, token: int) -> bool:
        if (known := self._special.get(token)) is None:
            known = self._special[token] = self._speaks_for_the_system(token)
        return known

    def _speaks_for_the_system(self, token: int) -> bool:
        attributes = llama.llama_vocab_get_attr(self._vocab, token)
        if attributes & llama.LLAMA_TOKEN_ATTR_CONTROL or self.ends(token):
            return True
        listed = attributes & llama.LLAMA_TOKEN_ATTR_USER_DEFINED
        return bool(listed) and not _MARKUP.isdisjoint(
            self.piece(token, special=True).decode("utf-8", "replace")
        )

    def _tokens(self, text: str, special: bool) -> list[int]:
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        tokens = (llama.llama_token * room)()
        count = llama.llama_tokenize(self._vocab, raw, len(raw), tokens, room, False, special)
        return list(tokens[: max(count, 0)])

    def _forget_from(self, position: int) -> None:
        if not llama.llama_memory_seq_rm(self._memory, 0, position, -1):
            # Recurrent models cannot forget a part.
            llama.llama_memory_clear(self._memory, True)
            position = 0
        del self._held[position:]

    def _decode(self, tokens: list[int]) -> None:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index] = token
            batch.pos[index] = len(self._held) + index
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = 0
            batch.logits[index] = index == len(tokens) - 1
        if self.cancelled():
            raise Cancelled
        status = self._timed_decode()
        if status == _ABORTED:
            raise Cancelled
        if status:
            raise RuntimeError(f"llama_decode says {status}")
        self._held += tokens

    def _timed_decode(self) -> int:
        wall, cpu = time.monotonic(), time.process_time()
        status = llama.llama_decode(self._context, self._batch)
        now = time.monotonic()
        self._wall += now - wall
        self._cpu += time.process_time() - cpu
        if self._wall >= _MEASURABLE:
            self._use(self._pace.judge(wall=self._wall, cpu=self._cpu, now=now))
            self._wall = self._cpu = 0.0
        return int(status)

    def _use(self, threads: int) -> None:
        llama.llama_set_n_threads(self._context, threads, threads)
