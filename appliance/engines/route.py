"""Which engine answers: by use, in order, and the one a session already knows first."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from appliance.engines.contract import LanguageEngine

Use = Literal["answer", "draft", "summary", "title"]

STICKY = 30 * 60.0  # seconds a session stays with the engine that answered last
SESSIONS = 10_000  # that many are remembered


class Elsewhere(Protocol):
    """Engines that leave the box, for those projects that allow it: `<provider id>/<model>`."""

    def language(self, project_id: str, name: str) -> LanguageEngine | None: ...


@dataclass(frozen=True)
class Choice:
    """An engine that may be asked."""

    name: str  # as it was wanted
    engine: LanguageEngine
    provider: str | None = None  # what its provider is called, when it is not this machine


def wanted(
    use: Use, *, uses: Mapping[str, str | None], model: str | None, fallback: Sequence[str],
    default: str,
) -> list[str]:  # fmt: skip
    """Names of models in the order they are to be tried, each once."""
    named = (uses.get(use), model or default, *fallback)
    return list(dict.fromkeys(name for name in named if name))


class Router:
    """Finds engines by name, here and elsewhere."""

    def __init__(
        self, local: Mapping[str, LanguageEngine], elsewhere: Elsewhere | None = None
    ) -> None:
        self.local, self.elsewhere = local, elsewhere
        self._lock = threading.Lock()
        self._last: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def choices(
        self,
        project_id: str,
        names: Sequence[str],
        *,
        stays_inside: bool,
        session: str = "",
    ) -> Iterator[Choice]:
        """Those that are there and may be asked, best first. Each is looked for when it is due.

        `stays_inside`: what they would read must not leave the box, so none is named that
        leaves it. An engine that failed too often of late is passed over.
        """
        for name in self._ordered(names, session):
            choice = self._find(project_id, name)
            if choice is None or (stays_inside and choice.engine.leaves_the_box):
                continue
            breaker = getattr(choice.engine, "breaker", None)
            if breaker is None or breaker.ready():
                yield choice

    def answered(self, session: str, name: str) -> None:
        """A session stays with the engine that answered it."""
        with self._lock:
            self._last[session] = (name, time.monotonic())
            self._last.move_to_end(session)
            while len(self._last) > SESSIONS:
                self._last.popitem(last=False)

    def _ordered(self, names: Sequence[str], session: str) -> list[str]:
        with self._lock:
            last, at = self._last.get(session, ("", 0.0))
        if last not in names or time.monotonic() - at > STICKY:
            return list(names)
        return [last, *(name for name in names if name != last)]

    def _find(self, project_id: str, name: str) -> Choice | None:
        if (engine := self.local.get(name)) is not None:
            return Choice(name, engine)
        if self.elsewhere is None or "/" not in name:
            return None
        engine = self.elsewhere.language(project_id, name)
        if engine is None:
            return None
        account = getattr(engine, "account", None)
        return Choice(name, engine, getattr(account, "name", name))
