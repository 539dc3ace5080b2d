"""The embedder that may be changed for another."""

from __future__ import annotations

import pytest

from appliance.base.errors import NotFound
from appliance.engines import current
from appliance.engines.current import CurrentEmbedder
from tests.library.parts import GramEmbedder, grams

from .parts import until


@pytest.fixture
def embedder() -> CurrentEmbedder:
    return CurrentEmbedder(grams, "grams-1")


def test_it_is_the_one_that_is_chosen(embedder: CurrentEmbedder) -> None:
    assert (embedder.fingerprint, embedder.dimensions) == ("grams-1", 64)
    embedder.use("grams-2")
    assert (embedder.fingerprint, embedder.dimensions) == ("grams-2", 32)
    assert len(embedder.embed(["a"])[0].vector) == 32


def test_work_that_has_begun_keeps_its_own(embedder: CurrentEmbedder) -> None:
    mine = embedder.now()
    embedder.use("grams-2")
    assert mine.fingerprint == "grams-1"


def test_each_model_is_opened_once(embedder: CurrentEmbedder) -> None:
    assert embedder.of("grams-2") is embedder.of("grams-2")
    assert embedder.of("grams-1") is embedder.now()


def test_a_model_that_is_not_there_changes_nothing(embedder: CurrentEmbedder) -> None:
    with pytest.raises(NotFound):
        embedder.use("grams-9")
    assert embedder.model == "grams-1"


def test_the_former_one_ends_after_a_while(
    embedder: CurrentEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "_LINGERS", 0.01)
    ended: list[str] = []
    monkeypatch.setattr(GramEmbedder, "close", lambda self: ended.append(self.fingerprint))
    embedder.use("grams-2")
    assert until(lambda: ended == ["grams-1"])


def test_closing_it_closes_all(embedder: CurrentEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    monkeypatch.setattr(GramEmbedder, "close", lambda self: ended.append(self.fingerprint))
    embedder.of("grams-2")
    embedder.close()
    assert sorted(ended) == ["grams-1", "grams-2"]
