import numpy as np
import pytest

from appliance.engines.remote.account import RemoteModel
from appliance.engines.remote.embed import AT_ONCE, EMBEDDING_KINDS
from appliance.engines.remote.registry import embedder_of
from appliance.engines.remote.trouble import KeyRefused, Nonsense, Refused
from tests.engines.remote import servers
from tests.engines.remote.servers import Refusal, served


@pytest.fixture(params=sorted(EMBEDDING_KINDS))
def provider(request):
    with served(request.param) as server:
        yield server


def test_many_texts_go_in_few_requests(provider):
    embedder = provider.embedder()
    found = embedder.embed([f"text {number}" for number in range(2 * AT_ONCE + 1)])

    assert len(found) == 2 * AT_ONCE + 1
    assert len(provider.asked) == 3


def test_a_hiccup_is_tried_again(provider, quick):
    provider.refusals = [Refusal(503), Refusal(429)]

    assert len(provider.embedder().embed(["one"])) == 1


def test_what_goes_wrong_has_the_names_it_always_has(provider):
    provider.refuse_always = Refusal(401)

    with pytest.raises(KeyRefused):
        provider.embedder().embed(["one"])


@pytest.mark.parametrize("vector", [[0.0] * 4, [], [float("inf")] * 4])
def test_vectors_that_are_none_are_refused(provider, monkeypatch, vector):
    monkeypatch.setattr(servers, "_vector", lambda text: vector)

    with pytest.raises(Nonsense):
        provider.embedder().embed(["one", "two"])


def test_another_address_or_model_makes_other_vectors(provider):
    prints = {
        provider.embedder().fingerprint,
        embedder_of(provider.account(), RemoteModel("other", "embedding")).fingerprint,
        embedder_of(
            provider.account(base_url="https://x.example"), RemoteModel("embed-1")
        ).fingerprint,
    }

    assert len(prints) == 3


def test_words_are_counted_about_right():
    with served("compatible") as server:
        spans = server.embedder().offsets("Überraschungen, 東京 🥐 ok")
        text = "Überraschungen, 東京 🥐 ok"

    assert [text[a:b] for a, b in spans] == ["Überrasc", "hungen", ",", "東", "京", "🥐", "ok"]


@pytest.mark.parametrize("kind", ["anthropic", "groq"])
def test_a_provider_without_embeddings_says_so(kind):
    with served(kind) as server, pytest.raises(Refused):
        server.embedder()


def test_vectors_are_of_length_one_and_finite(provider):
    found = provider.embedder().embed(["one two", ""], spans=[[(0, 3), (4, 7), (3, 4)], []])

    assert np.allclose([np.linalg.norm(row) for row in found[0].spans], 1, atol=1e-5)
    assert np.allclose(found[0].spans[2], found[0].vector)
