"""What every embedder promises, held against each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
import pytest

from appliance.base.settings import models_beside_the_program
from appliance.engines.catalogue import Catalogue
from appliance.engines.contract import Embedder
from appliance.engines.remote.account import Kind
from appliance.engines.remote.embed import EMBEDDING_KINDS
from appliance.engines.sentence import SentenceEmbedder
from tests.engines.remote.servers import served

OPENING = "We open at nine."
HOURS = f"{OPENING} Sundays we are closed. The café next door — with 🥐 — opens at ten."
PRICES = "A bag of nails costs two euros."


def sentence() -> Embedder:
    catalogue = Catalogue(models_beside_the_program())
    model = catalogue.find("all-minilm-l6-v2")
    if not model.installed:
        pytest.skip("the starter model is not in models/ (make setup)")
    return SentenceEmbedder(catalogue.embedding(model.name), fingerprint=model.fingerprint)


def remote(kind: Kind) -> Callable[[ExitStack], Embedder]:
    """One of a provider, over its own wire format. Its model knows words and no meaning."""
    return lambda stack: stack.enter_context(served(kind)).embedder()


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(lambda _: sentence(), id="sentence", marks=pytest.mark.slow),
        *(pytest.param(remote(kind), id=kind) for kind in sorted(EMBEDDING_KINDS)),
    ],
)
def embedder(request: pytest.FixtureRequest) -> Iterator[Embedder]:
    """Each of them in turn."""
    with ExitStack() as stack:
        made = request.param(stack)
        yield made
        made.close()


def test_each_text_gets_a_vector_of_length_one(embedder: Embedder) -> None:
    found = embedder.embed([HOURS, PRICES, "", " ", "\ud83d", "nul \0 inside"])
    vectors = np.stack([each.vector for each in found])

    assert vectors.shape == (6, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_vectors_come_in_the_order_of_the_texts(embedder: Embedder) -> None:
    texts = ["short", HOURS * 3, PRICES, "a", HOURS]
    together = embedder.embed(texts)
    alone = [embedder.embed([text])[0] for text in texts]

    for each, other in zip(together, alone, strict=True):
        assert np.allclose(each.vector, other.vector, atol=1e-5)


def test_what_is_alike_is_near(embedder: Embedder) -> None:
    question, hours, prices = (
        each.vector for each in embedder.embed(["When do you open?", OPENING, PRICES], urgent=True)
    )

    assert question @ hours > question @ prices


def test_each_span_gets_a_vector_of_length_one(embedder: Embedder) -> None:
    spans = [(0, 16), (17, 40), (41, len(HOURS))]
    found = embedder.embed([PRICES, HOURS], spans=[[], spans])

    assert found[0].spans.shape == (0, embedder.dimensions)
    assert found[1].spans.shape == (3, embedder.dimensions)
    assert np.allclose(np.linalg.norm(found[1].spans, axis=1), 1, atol=1e-5)


def test_a_span_means_what_its_words_mean(embedder: Embedder) -> None:
    text = f"{PRICES} {OPENING}"
    (found,) = embedder.embed([text], spans=[[(0, len(PRICES)), (len(PRICES) + 1, len(text))]])
    question = embedder.embed(["When do you open?"])[0].vector

    assert found.spans[1] @ question > found.spans[0] @ question


@pytest.mark.parametrize("span", [(3, 3), (16, 17), (5000, 6000)])
def test_a_span_without_a_token_gets_the_text_s_vector(
    embedder: Embedder, span: tuple[int, int]
) -> None:
    (found,) = embedder.embed([HOURS], spans=[[span]])

    assert np.allclose(found.spans[0], found.vector, atol=1e-6)


def test_a_span_beyond_the_window_gets_the_text_s_vector(embedder: Embedder) -> None:
    text = "word " * embedder.window + OPENING
    (found,) = embedder.embed([text], spans=[[(len(text) - len(OPENING), len(text))]])

    assert np.allclose(found.spans[0], found.vector, atol=1e-6)


def test_nothing_in_nothing_out(embedder: Embedder) -> None:
    assert embedder.embed([]) == []


def test_offsets_are_where_the_tokens_stand(embedder: Embedder) -> None:
    offsets = embedder.offsets("We open 🥐 café")

    assert [("We open 🥐 café"[a:b]) for a, b in offsets] == ["We", "open", "🥐", "café"]


def test_offsets_of_a_long_text_are_not_cut(embedder: Embedder) -> None:
    assert len(embedder.offsets("word " * 3 * embedder.window)) == 3 * embedder.window
    assert embedder.offsets("") == []


def test_an_embedder_works_again_after_it_was_closed(embedder: Embedder) -> None:
    embedder.close()
    embedder.close()

    assert len(embedder.embed([OPENING])) == 1
