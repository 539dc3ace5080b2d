"""The two ways in which an answer is made: a model writes it, or the documents are quoted."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import cast

from appliance.base.errors import Busy, EngineFailed
from appliance.chat.draft import Draft
from appliance.chat.release import Release
from appliance.chat.support import quoted
from appliance.engines.contract import (
    Finish,
    LanguageEngine,
    Piece,
    Prompt,
    Source,
    Text,
    Usage,
    Waiting,
)

_LOOK = 0.1  # seconds between two looks at a model that is loading


class TooSlow(Busy):
    """The first word would come later than the assistant lets a visitor wait."""


def generate(
    engine: LanguageEngine,
    asked: Prompt,
    *,
    draft: Draft,
    release: Release,
    patience: float | None = None,
) -> None:
    """Let a model write, and show what may be shown of it. One that has lost its way is stopped.

    With `patience` the first text has so many seconds to come. Raises Busy, PromptTooLong,
    EngineFailed, Stopped; what was shown stays in the draft.
    """
    with closing(_texts(engine, asked, draft, patience)) as texts:
        for text in texts:
            draft.status("writing")
            with draft.timed("check_ms"):
                shown = release.feed(text)
            draft.show(shown)
            if release.lost:
                break
        else:
            with draft.timed("check_ms"):
                shown = release.close()
            draft.show(shown)
    if release.lost:
        draft.cut(release.lost, release.kept)


def quote(
    engine: LanguageEngine, question: str, sources: Sequence[Source], *, draft: Draft
) -> None:
    """Show the sentences that answer the question as they stand in the documents."""
    asked = Prompt(turns=(), question=question, sources=tuple(sources))
    pieces = [quoted(piece, sources) for piece in _texts(engine, asked, draft)]
    draft.status("writing")
    for text, where in filter(None, pieces):
        draft.show(text + draft.citations.mark(where))


def until_loaded(engine: LanguageEngine, draft: Draft) -> None:
    """Wait for a model that is being loaded. Raises Stopped."""
    if state(engine) == "stopped":
        wake(engine)
    while state(engine) == "loading":
        draft.status("queued", 0)
        time.sleep(_LOOK)


def state(engine: LanguageEngine) -> str:
    """stopped, loading, ready or failed. Engines without a process are always ready."""
    told = getattr(engine, "state", None)
    return str(told()) if told else "ready"


def wake(engine: LanguageEngine) -> None:
    """Have a model loaded in the background."""
    if preload := getattr(engine, "preload", None):
        preload()


def _texts(
    engine: LanguageEngine, asked: Prompt, draft: Draft, patience: float | None = None
) -> Generator[str]:
    """What the engine writes, for as long as somebody wants it; then its iterator is closed."""
    began, written, finished = time.monotonic(), "", False
    pieces = cast("Generator[Piece]", engine.write(asked))
    try:
        for piece in pieces:
            draft.heed()
            match piece:
                case Waiting(position, seconds):
                    waited = time.monotonic() - began + (seconds or 0)
                    if patience is not None and waited > patience:
                        raise TooSlow("The model is busy for longer than this assistant waits.")
                    if position:
                        draft.status("queued", position - 1, seconds)
                    else:
                        draft.status("writing")
                case Text(text):
                    patience = None
                    written += text
                    yield text
                case Finish():
                    finished = True
                    draft.count(piece)
    finally:
        pieces.close()
        if written and not finished and state(engine) == "ready":
            _estimate(engine, asked, written, draft)


def _estimate(engine: LanguageEngine, asked: Prompt, written: str, draft: Draft) -> None:
    """Of an answer that was left, the model did not say what it took."""
    try:
        *read, said = engine.count([*(turn.content for turn in asked.turns), written])
    except EngineFailed:
        return
    draft.count(Finish("stop", Usage(sum(read), said)), estimated=True)
