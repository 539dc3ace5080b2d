"""Pure: what every engine promises. `tests/contracts/` holds each one to it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from appliance.base.errors import EngineFailed, Invalid

Vectors = NDArray[np.float32]  # (n, dimensions), rows of length 1
Role = Literal["system", "user", "assistant"]
# What an engine honours of a prompt beyond turns, max_tokens and stop.
Ability = Literal[
    "temperature", "top_p", "top_k", "min_p", "repetition", "seed", "logit_bias", "json_schema",
    "grammar",
]  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """One message as a model sees it."""

    role: Role
    content: str


@dataclass(frozen=True)
class Sentence:
    """One sentence of a source: characters `start:end` of its text, and how well it fits."""

    start: int
    end: int
    score: float  # cosine with the question, -1 … 1


@dataclass(frozen=True)
class Source:
    """A passage the answer may draw on, under the number it is cited by (from 1)."""

    number: int
    title: str
    text: str
    sentences: tuple[Sentence, ...] = ()
    stays_inside: bool = False  # no engine that leaves the box may read it
    # Vectors of sentences by their text, and the fingerprint of the embedder that made them.
    vectors: Mapping[str, NDArray[np.float32]] = field(
        default_factory=dict, compare=False, repr=False
    )
    embedder: str = ""


@dataclass(frozen=True)
class Ticket:
    """Whose prompt it is. A queue serves projects in turn, then their visitors, then
    sessions, and background work only when nobody is waiting for an answer."""

    project: str = ""
    session: str = ""  # also the key under which an engine may keep what it has read
    background: bool = False
    visitor: str = ""  # with any number of sessions: where a page's visitor asks from


@dataclass(frozen=True)
class Prompt:
    """All that an engine gets. `turns` already contain the sources for a language model;
    `question` and `sources` are for engines that quote instead of writing.

    An engine without an ability (see `LanguageEngine.abilities`) passes over the
    parameters that need it, but refuses a `grammar` or a `json_schema`: their result
    would not be what the caller goes on to parse.
    """

    turns: tuple[Turn, ...]
    question: str = ""
    sources: tuple[Source, ...] = ()
    max_tokens: int = 512
    temperature: float = 0.2  # 0 takes the likeliest token
    top_p: float = 0.95
    top_k: int = 40  # 0: all
    min_p: float = 0.0  # 0: all
    repetition: float = 1.0  # penalty on what was written lately; 1: none
    stop: tuple[str, ...] = ()
    seed: int | None = None
    logit_bias: Mapping[int, float] = field(default_factory=dict)  # by the model's token number
    json_schema: Mapping[str, Any] | None = None  # the answer is JSON of this shape
    grammar: str | None = None  # GBNF; the answer is a sentence of it
    # So many first turns hold nothing of a visitor. Only these may an engine share between
    # sessions: how fast it answers would tell what others have asked.
    fixed_turns: int = 0
    ticket: Ticket = field(default_factory=Ticket)


@dataclass(frozen=True)
class Usage:
    """Exact token counts of one answer."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0  # of the prompt, those that did not have to be read again
    cost_usd: float | None = None  # None: nobody charges for it, or the price is not known


@dataclass(frozen=True)
class Waiting:
    """No text yet: the `position` in the line, 1 for whoever is next; 0: the model reads
    the prompt.

    `seconds` is how long it may take until the first text; None: not known.
    """

    position: int
    seconds: float | None = None


@dataclass(frozen=True)
class Text:
    """The next piece of the answer, as it is written. Never empty."""

    text: str


@dataclass(frozen=True)
class Finish:
    """The last piece, exactly once. `length`: the token limit cut the answer."""

    reason: Literal["stop", "length"]
    usage: Usage = field(default_factory=Usage)


Piece = Waiting | Text | Finish


@dataclass(frozen=True)
class Completion:
    """A whole answer."""

    text: str
    finish: Finish


class PromptTooLong(Invalid):
    """Prompt and answer do not fit the model's context. Nothing was written."""

    code = "context_full"

    def __init__(self, *, tokens: int, limit: int) -> None:
        super().__init__(
            "This conversation is too long for the model. Please start a new one.",
            tokens=tokens,
            limit=limit,
        )


class LanguageEngine(ABC):
    """Something that writes an answer."""

    name: ClassVar[str]
    leaves_the_box: ClassVar[bool] = False
    abilities: ClassVar[frozenset[Ability]] = frozenset()

    model: str  # what is shown as the author, e.g. "SmolLM2-135M-Instruct"
    context_tokens: int  # prompt and answer together
    reading_speed: float | None = None  # tokens of a prompt in a second, lately; None: not known

    @abstractmethod
    def write(self, prompt: Prompt) -> Iterator[Piece]:
        """Yield the answer as it is written: any `Waiting`, then `Text`…, then one `Finish`.

        Closing the iterator stops the model and frees its place at once. An engine
        that is slow to begin yields `Waiting` at least every second until it does, so
        that the caller gets the chance to close it.
        Raises Busy when the queue is full, PromptTooLong before anything is written,
        EngineFailed when the model is missing or dies; the next call works if it can.
        """

    def check(self, prompt: Prompt) -> None:
        """Raises Invalid for a shape of the answer that this engine cannot be held to."""
        for shape in ("grammar", "json_schema"):
            if getattr(prompt, shape) is not None and shape not in self.abilities:
                raise Invalid(f"This model cannot be held to a {shape}.", param=shape)

    def complete(self, prompt: Prompt) -> Completion:
        """The whole answer at once. Raises what `write` raises."""
        written = ""
        for piece in self.write(prompt):
            if isinstance(piece, Text):
                written += piece.text
            elif isinstance(piece, Finish):
                return Completion(written, piece)
        raise EngineFailed("The model stopped without finishing its answer.")

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text takes. Engines without a tokenizer guess high."""
        return [len(text.encode(errors="replace")) // 3 + 1 for text in texts]

    def close(self) -> None:  # noqa: B027 -- most engines hold nothing
        """Let go of memory and processes. The engine may be used again; it loads anew."""


@dataclass(frozen=True)
class Embedded:
    """One text's vector, and one for each of the spans asked for. All of length 1."""

    vector: NDArray[np.float32]  # (dimensions,)
    spans: Vectors  # (number of spans, dimensions); pooled from the same forward pass


class Embedder(ABC):
    """Something that turns text into vectors."""

    name: ClassVar[str]
    leaves_the_box: ClassVar[bool] = False

    fingerprint: str  # model and revision; vectors of another fingerprint do not compare
    dimensions: int
    window: int  # tokens read of one text, special tokens included; the rest is ignored

    @abstractmethod
    def embed(
        self,
        texts: Sequence[str],
        *,
        spans: Sequence[Sequence[tuple[int, int]]] | None = None,
        urgent: bool = False,
    ) -> list[Embedded]:
        """Vectors in the order of `texts`. `spans[i]` are character ranges of `texts[i]`.

        `urgent` (a visitor is waiting) goes before work that is not, and is read as a question
        by models that read questions and passages differently.
        A span without a token of its own gets the text's vector.
        Raises EngineFailed.
        """

    def now(self) -> Embedder:
        """The embedder at this moment, for work that must not meet two: others stand behind
        some, such as `engines.current`."""
        return self

    @abstractmethod
    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Character range of each token of `text` (no special tokens, no truncation)."""

    def close(self) -> None:  # noqa: B027 -- most engines hold nothing
        """Let go of memory and processes."""


class Reranker(ABC):
    """Something that reads a question and a passage together and says how well they fit."""

    name: ClassVar[str]

    fingerprint: str

    @abstractmethod
    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """0 … 1 for each text, in their order. Somebody is waiting. Raises EngineFailed."""

    def close(self) -> None:  # noqa: B027 -- most engines hold nothing
        """Let go of memory and processes."""
