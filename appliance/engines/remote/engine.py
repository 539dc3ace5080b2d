"""What all engines of remote providers have in common: one question, well guarded."""

from __future__ import annotations

import logging
import threading
import time
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, cast

from appliance.base.errors import ApplianceError
from appliance.engines.breaker import Breaker
from appliance.engines.contract import (
    Finish,
    LanguageEngine,
    Piece,
    Prompt,
    PromptTooLong,
    Text,
    Usage,
    Waiting,
)
from appliance.engines.remote import again
from appliance.engines.remote.account import KINDS, Account, RemoteModel
from appliance.engines.remote.call import Call, Limits
from appliance.engines.remote.pump import pumped
from appliance.engines.remote.trouble import (
    Nonsense,
    Refused,
    StaysInside,
)
from appliance.engines.writing import Writing

log = logging.getLogger(__name__)

TRIES = 3
WAIT = 0.5  # seconds before the second try; twice as long before each further one, and jitter
PATIENCE = 8.0  # a provider that wants us to wait longer is not waited for
LETTERS = 16  # of one token, at most: who writes more than that has lost count


@dataclass(frozen=True)
class Delta:
    """The next thing a provider said."""

    text: str = ""
    reason: Literal["stop", "length"] | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int = 0


@dataclass
class _Told:
    """What an answer came to, as far as its provider says."""

    reason: Literal["stop", "length"] | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int = 0
    pieces: int = 0
    letters: int = 0

    def hear(self, delta: Delta) -> None:
        self.reason = delta.reason or self.reason
        if delta.prompt_tokens is not None:
            self.prompt_tokens, self.cached_tokens = delta.prompt_tokens, delta.cached_tokens
        if delta.completion_tokens is not None:
            self.completion_tokens = delta.completion_tokens
        self.pieces += bool(delta.text)


@dataclass
class Quirks:
    """Parameters this model was found not to take. They are left out from then on."""

    without: set[str] = field(default_factory=set)

    def learn(self, error: ApplianceError) -> bool:
        """Whether a refusal taught something that makes it worth asking again."""
        named = error.named if isinstance(error, Refused) else None
        if named is None or named in self.without:
            return False
        self.without.add(named)
        return True

    def taken(self, **parameters: Any) -> dict[str, Any]:
        """Those that have a value and are not known to be refused."""
        return {
            name: value
            for name, value in parameters.items()
            if value is not None and name not in self.without
        }


class RemoteEngine(LanguageEngine):
    """A model of a provider. The prompt leaves the box.

    Whether it may is decided before; a prompt that carries a source which must not
    leave is refused here once more. A provider that keeps failing is not asked for a
    while (`Breaker`). Raises ProviderFailed and its kind besides what every engine does.
    """

    leaves_the_box: ClassVar[bool] = True

    def __init__(
        self,
        account: Account,
        model: RemoteModel,
        *,
        limits: Limits | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self.account, self._model = account, model
        self.model = model.name
        self.context_tokens = model.context_tokens or KINDS[account.kind].context_tokens
        self.breaker = breaker or Breaker()
        self._limits = limits or Limits()
        self._quirks = Quirks()
        self._lock = threading.Lock()
        self._made: Any = None

    def write(self, prompt: Prompt) -> Iterator[Piece]:
        """As promised by the contract."""
        self._check(prompt)
        with self.breaker.trial() as trial:
            began = time.monotonic()
            call = Call(self._limits)
            for piece in self._written(prompt, call):
                if isinstance(piece, Text | Finish):
                    trial.passed(time.monotonic() - began)
                yield piece

    def close(self) -> None:
        """Forget the provider's package's client; the next question makes another."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None and hasattr(made, "close"):
            made.close()

    @abstractmethod
    def _connect(self) -> Any:
        """The provider's own client, over the guarded one."""

    @abstractmethod
    def _stream(self, client: Any, prompt: Prompt) -> Iterator[Delta]:
        """Ask once. Closing it lets go of the answer."""

    def _check(self, prompt: Prompt) -> None:
        if any(source.stays_inside for source in prompt.sources):
            raise StaysInside
        self.check(prompt)
        tokens = sum(self.count([turn.content for turn in prompt.turns]))
        if tokens > 2 * self.context_tokens:  # counted high, so that it is certain
            raise PromptTooLong(tokens=tokens, limit=self.context_tokens)

    def _written(self, prompt: Prompt, call: Call) -> Iterator[Piece]:
        told, writing = _Told(), Writing(prompt.stop)  # which leaves out `<think>` too
        lost = prompt.max_tokens * LETTERS
        deltas = cast("Any", pumped(call, lambda: self._asked(prompt, call)))
        with closing(deltas):
            for delta in deltas:
                if isinstance(delta, Waiting):
                    if not told.letters:
                        yield delta
                    continue
                told.hear(delta)
                shown = writing.feed(delta.text.encode("utf-8", "replace"))
                if shown:
                    told.letters += len(shown)
                    yield Text(shown)
                if writing.stopped or told.letters > lost:
                    told.reason = "stop" if writing.stopped else "length"
                    break
        if rest := writing.finish():
            yield Text(rest)
        if told.reason is None:
            raise Nonsense("The provider broke its answer off.")
        yield Finish(told.reason, self._usage(prompt, told))

    def _usage(self, prompt: Prompt, told: _Told) -> Usage:
        """As the provider counted, and where it does not, as well as can be guessed."""
        read = told.prompt_tokens
        if read is None:
            read = sum(self.count([turn.content for turn in prompt.turns]))
        written = told.completion_tokens
        if written is None:
            written = min(told.pieces, prompt.max_tokens)
        return Usage(read, written, told.cached_tokens, self._model.cost(read, written))

    def _asked(self, prompt: Prompt, call: Call) -> Iterator[Delta]:
        """Ask, and ask again where that may help and nothing was said yet."""
        tries, client = 0, self._client()
        while True:
            begun = False
            call.restart()
            try:
                with closing(cast("Any", self._stream(client, prompt))) as deltas:
                    for delta in deltas:
                        begun = begun or bool(delta.text)
                        yield delta
                if call.trouble is None:
                    return
                trouble = call.trouble
            except Exception as error:
                trouble = again.meant_by(error, call)
            if not begun and self._quirks.learn(trouble):
                log.info("parameter left out from now on", extra={"provider": self.account.id})
                continue
            tries += 1
            if begun or not again.worth_it(trouble, tries, call):
                raise trouble

    def _client(self) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._connect()
            return self._made
