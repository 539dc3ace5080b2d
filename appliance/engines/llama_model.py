"""A GGUF model in memory: tokens in, tokens out. Only the model's own process imports this."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from pathlib import Path

import llama_cpp as llama

from appliance.engines.chat_template import ChatTemplate, Segment, marks, opened
from appliance.engines.contract import Turn
from appliance.engines.llama_context import LlamaContext, Row, Unloadable
from appliance.engines.tracks import common_length
from appliance.engines.writing import SPOKEN

_MARKUP = frozenset("<>[]|")
_SAMPLE = (Turn("system", "s"), Turn("user", "u"), Turn("assistant", "a"), Turn("user", "u"))
# File types with every number as it was trained: who keeps those wants them computed exactly.
_UNROUNDED = ("0", "1", "32")  # F32, F16, BF16
_ANYTHING = "\u2060"  # nobody begins with it
_REMEMBERED = 200  # assistants' instructions
_ERROR = 4  # a level of ggml's log


def warn(text: str) -> None:
    """To the log of the program, through this process's standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


class LlamaModel:
    """One model: its vocabulary, its chat template, and the memory it reads into."""

    def __init__(self, path: Path, *, context_tokens: int, threads: int, slots: int) -> None:
        """`context_tokens` for each of `slots` answers. Raises Unloadable."""
        self._log = llama.llama_log_callback(self._native_log)  # kept: the library calls it
        llama.llama_log_set(self._log, ctypes.c_void_p(0))
        llama.llama_backend_init()
        self._model = self._opened(path)
        self.vocab = llama.llama_model_get_vocab(self._model)
        self.context_tokens = min(
            context_tokens, llama.llama_model_n_ctx_train(self._model) or context_tokens
        )
        self.context = LlamaContext(
            self._model,
            sequences=slots,
            tokens=self.context_tokens,
            threads=threads,
            exact=self._fact("general.file_type") in _UNROUNDED,
        )
        self._special: dict[int, bool] = {}
        self._fixed: dict[tuple[Turn, ...], list[int]] = {}
        self._pieces: dict[int, bytes] = {}
        self.template = ChatTemplate(
            self._own_template(),
            bos=self._token_text("bos"),
            eos=self._token_text("eos"),
            warn=warn,
            architecture=self._fact("general.architecture"),
            has=lambda text: len(self._tokens(text, True)) == 1,
        )
        self._plain_marks = self._marks_in_plain_text()
        self._warm_up()

    def prompt(self, turns: Sequence[Turn]) -> tuple[list[int], str]:
        """The tokens of a talk, ready for the assistant's next turn; and the mark of a thought
        that the template has begun for it, if so."""
        segments = self.template.segments(turns)
        return self.encode(segments), opened(segments)

    def fixed(self, turns: Sequence[Turn], tokens: Sequence[int]) -> int:
        """How many first tokens of a prompt are there because of the template and these first
        turns alone, whatever is said after them."""
        known = tuple(turns)
        if known not in self._fixed:
            if len(self._fixed) >= _REMEMBERED:
                self._fixed.clear()
            self._fixed[known] = self.prompt([*turns, Turn("user", _ANYTHING)])[0]
        return common_length(self._fixed[known], tokens)

    def encode(self, segments: Sequence[Segment]) -> list[int]:
        """Only the template's own words can become special tokens."""
        tokens: list[int] = []
        for segment in segments:
            tokens += self._tokens(segment.text, True) if segment.own else self.plain(segment.text)
        bos = llama.llama_vocab_bos(self.vocab)
        if llama.llama_vocab_get_add_bos(self.vocab) and tokens[:1] != [bos]:
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
                written = self.text(token).decode("utf-8", "replace")
                tokens += self._tokens(written[:1], False) + self._tokens(written[1:], False)
            else:
                tokens.append(token)
        return tokens

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; none for a special one that is not spoken."""
        known = self._pieces.get(token)
        if known is None:
            text = self.text(token)
            spoken = text.decode("utf-8", "replace") in SPOKEN
            known = self._pieces[token] = text if spoken else self._piece(token)
        return known

    def ends(self, token: int) -> bool:
        """It means that the answer is complete."""
        return bool(llama.llama_vocab_is_eog(self.vocab, token))

    def text(self, token: int) -> bytes:
        """How a token is written, a special one too."""
        return self._piece(token, special=True)

    def _piece(self, token: int, *, special: bool = False) -> bytes:
        size = 64
        while True:
            buffer = ctypes.create_string_buffer(size)
            length = llama.llama_token_to_piece(self.vocab, token, buffer, size, 0, special)
            if length >= 0:
                return buffer.raw[:length]
            size = -length

    def _native_log(self, level: int, text: bytes, data: ctypes.c_void_p) -> None:
        # Errors only: below them it narrates. A pass broken off is an error to it, not to us.
        if level == _ERROR and not self.context_aborts():
            warn(text.decode("utf-8", "replace").rstrip())

    def context_aborts(self) -> bool:
        """A pass is being broken off."""
        return hasattr(self, "context") and self.context.unwanted()

    def _warm_up(self) -> None:
        """Fetch the weights from the disk now, not when the first visitor waits for them."""
        self.context.decode([Row(max(llama.llama_vocab_bos(self.vocab), 0), 0, 0, True)])
        self.context.cut(0, 0)

    def _fact(self, name: str) -> str:
        """From the head of the file; empty when it does not say."""
        buffer = ctypes.create_string_buffer(128)
        length = llama.llama_model_meta_val_str(self._model, name.encode(), buffer, len(buffer))
        return buffer.value.decode("utf-8", "replace") if length > 0 else ""

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

    def _own_template(self) -> str | None:
        found = llama.llama_model_chat_template(self._model, None)
        return found.decode("utf-8", "replace") if found else None

    def _token_text(self, which: str) -> str:
        token = getattr(llama, f"llama_vocab_{which}")(self.vocab)
        return self.text(token).decode("utf-8", "replace") if token >= 0 else ""

    def _marks_in_plain_text(self) -> list[str]:
        """The template's marks that are no tokens of their own, so anybody could write them."""
        found = marks(self.template.segments(_SAMPLE))
        return sorted(mark for mark in found if len(self._tokens(mark, True)) > 1)

    def _is_special(self, token: int) -> bool:
        if (known := self._special.get(token)) is None:
            known = self._special[token] = self._speaks_for_the_system(token)
        return known

    def _speaks_for_the_system(self, token: int) -> bool:
        attributes = llama.llama_vocab_get_attr(self.vocab, token)
        if attributes & llama.LLAMA_TOKEN_ATTR_CONTROL or self.ends(token):
            return True
        listed = attributes & llama.LLAMA_TOKEN_ATTR_USER_DEFINED
        return bool(listed) and not _MARKUP.isdisjoint(self.text(token).decode("utf-8", "replace"))

    def _tokens(self, text: str, special: bool) -> list[int]:
        raw = text.encode("utf-8", "replace")
        room = len(raw) + 8
        tokens = (llama.llama_token * room)()
        count = llama.llama_tokenize(self.vocab, raw, len(raw), tokens, room, False, special)
        return list(tokens[: max(count, 0)])
