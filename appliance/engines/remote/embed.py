"""Vectors from a provider: OpenAI, Azure, Gemini, or any compatible server."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np

from appliance.base.errors import ApplianceError
from appliance.engines.breaker import Breaker
from appliance.engines.contract import Embedded, Embedder, Vectors
from appliance.engines.remote import again, quirks
from appliance.engines.remote.account import Account, RemoteModel
from appliance.engines.remote.call import Call, Limits
from appliance.engines.remote.trouble import Nonsense, Refused

AT_ONCE = 64  # texts in one request
LETTERS = 8  # of one token, about; a longer word is several
WINDOWS = {"openai": 8000, "azure": 8000, "gemini": 2000, "compatible": 512}
LIMITS = Limits(first=60.0, total=120.0, body=32 * 2**20)

# A run of letters of an alphabet, one sign of a script that has no spaces, or one other sign.
_WORD = re.compile(r"[^\W\u0e00-\u0eff\u1000-\u109f\u2e80-\ud7ff\U00020000-\U0003ffff]+|\S")


class _Dialect(NamedTuple):
    connect: Callable[[Account], Any]
    ask: Callable[[Any, str, list[str]], list[Sequence[float]]]


class RemoteEmbedder(Embedder):
    """A model that turns text into vectors somewhere else. Every text leaves the box.

    `offsets` is a guess, for a provider's tokenizer is not here: words, long ones in
    pieces. Spans are embedded as texts of their own, which doubles what is sent: a
    provider gives no vectors of a text's parts, and search, quoting and the check of
    answers all stand on them.
    """

    name: ClassVar[str] = "remote"
    leaves_the_box: ClassVar[bool] = True

    def __init__(
        self,
        account: Account,
        model: RemoteModel,
        *,
        limits: Limits = LIMITS,
        breaker: Breaker | None = None,
    ) -> None:
        if account.kind not in EMBEDDING_KINDS:
            raise Refused("This provider has no models for embeddings.")
        self.account, self.model = account, model.name
        # What a provider does behind a name is not known; the name is all there is.
        self.fingerprint = f"{account.kind} {account.base_url} {model.name}"
        self.window = model.context_tokens or WINDOWS.get(account.kind, 512)
        self.breaker = breaker or Breaker()
        self._dialect, self._limits = _DIALECTS[account.kind], limits
        self._lock = threading.Lock()
        self._made: Any = None
        self._dimensions: int | None = None

    @property
    def dimensions(self) -> int:  # type: ignore[override]
        """Asked for with one word, the first time. Raises ProviderFailed."""
        if self._dimensions is None:
            self._vectors(["word"])
        assert self._dimensions is not None  # noqa: S101
        return self._dimensions

    def embed(
        self,
        texts: Sequence[str],
        *,
        spans: Sequence[Sequence[tuple[int, int]]] | None = None,
        urgent: bool = False,
    ) -> list[Embedded]:
        """As promised by the contract. Raises ProviderFailed."""
        if not texts:
            return []
        wanted = spans or [()] * len(texts)
        read = [self._read(text) for text in texts]
        pieces = [
            (row, text[start:end])
            for row, (text, its) in enumerate(zip(read, wanted, strict=True))
            for start, end in its
        ]
        own = [piece for _, piece in pieces if piece.strip()]
        vectors = self._vectors([*read, *own])
        further = iter(vectors[len(read) :])
        of_pieces = [
            (row, next(further) if piece.strip() else vectors[row]) for row, piece in pieces
        ]
        return [
            Embedded(vectors[row], self._stacked([v for at, v in of_pieces if at == row]))
            for row in range(len(texts))
        ]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """About where tokens stand: words, and pieces of long ones."""
        return [
            (start, min(start + LETTERS, found.end()))
            for found in _WORD.finditer(text)
            for start in range(found.start(), found.end(), LETTERS)
        ]

    def close(self) -> None:
        """Forget the provider's package's client; the next text makes another."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None and hasattr(made, "close"):
            made.close()

    def _read(self, text: str) -> str:
        """As much as the window holds."""
        if len(text) <= self.window:
            return text
        offsets = self.offsets(text)
        return text if len(offsets) <= self.window else text[: offsets[self.window - 1][1]]

    def _stacked(self, rows: list[Any]) -> Vectors:
        return np.stack(rows) if rows else np.zeros((0, self.dimensions), np.float32)

    def _vectors(self, texts: list[str]) -> Vectors:
        plain = [quirks.plain(text) if text.strip() else quirks.NOTHING for text in texts]
        batches = [plain[at : at + AT_ONCE] for at in range(0, len(plain), AT_ONCE)]
        with self.breaker.trial() as trial:
            began = time.monotonic()
            found = _joined([self._batch(batch) for batch in batches], len(texts))
            trial.passed(time.monotonic() - began)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        self._dimensions = found.shape[1]
        return np.asarray(found / lengths, np.float32)

    def _batch(self, texts: list[str]) -> Vectors:
        call, tries, client = Call(self._limits), 0, self._client()
        while True:
            call.restart()
            try:
                with call.made_here():
                    return np.array(self._dialect.ask(client, self.model, texts), np.float32)
            except Exception as error:
                trouble: ApplianceError = again.meant_by(error, call)
            tries += 1
            if not again.worth_it(trouble, tries, call):
                raise trouble

    def _client(self) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._dialect.connect(self.account)
            return self._made


def _joined(batches: list[Vectors], count: int) -> Vectors:
    """One row for each text. Raises Nonsense for what is none, or is not a direction."""
    try:
        found = np.concatenate(batches)
    except ValueError:
        raise Nonsense("The provider's vectors are of different kinds.") from None
    usable = found.ndim == 2 and len(found) == count and np.isfinite(found).all()
    if not usable or not found.any(axis=1).all():
        raise Nonsense("The provider's vectors are not usable.")
    return found


def _openai(account: Account) -> Any:
    from appliance.engines.remote.openai_chat import connect

    return connect(account)


def _gemini(account: Account) -> Any:
    from appliance.engines.remote.gemini_content import connect

    return connect(account)


def _ask_openai(client: Any, model: str, texts: list[str]) -> list[Sequence[float]]:
    found = client.embeddings.create(model=model, input=texts, encoding_format="float").data
    return [each.embedding for each in sorted(found, key=lambda each: each.index)]


def _ask_gemini(client: Any, model: str, texts: list[str]) -> list[Sequence[float]]:
    found = client.models.embed_content(model=model, contents=texts)
    return [each.values for each in found.embeddings]


_DIALECTS = {
    "openai": _Dialect(_openai, _ask_openai),
    "azure": _Dialect(_openai, _ask_openai),
    "compatible": _Dialect(_openai, _ask_openai),
    "gemini": _Dialect(_gemini, _ask_gemini),
}
EMBEDDING_KINDS = frozenset(_DIALECTS)
