"""Against a real server of the OpenAI family. What every engine promises is in tests/contracts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from appliance.engines.breaker import Breaker
from appliance.engines.contract import Finish, Prompt, Text, Turn
from appliance.engines.remote.account import Account, RemoteModel, Secret
from appliance.engines.remote.probe import tried
from appliance.engines.remote.registry import embedder_of, engine_of
from appliance.engines.remote.trouble import KeyRefused, Nonsense
from tests.engines.remote.real import llama_cpp_server

pytestmark = pytest.mark.slow

MODEL = RemoteModel("starter", context_tokens=100_000)


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with llama_cpp_server() as account:
        yield replace(account, models=(MODEL,))


def test_it_is_tried_with_success(account):
    trial = tried(account, Breaker())

    assert (trial.error, trial.models) == (None, ["starter"])
    assert trial.latency_ms is not None


def test_a_wrong_key_is_told(account):
    trial = tried(replace(account, key=Secret("sk-wrong-0123456789")), Breaker())

    assert isinstance(trial.error, KeyRefused)


def test_a_prompt_that_is_too_long_for_it_is_an_error(account):
    """This server says nothing at all then: a good status and an empty stream."""
    prompt = Prompt((Turn("user", "once upon a time " * 900),), max_tokens=8)

    with pytest.raises(Nonsense):
        list(engine_of(account, MODEL).write(prompt))


def test_an_answer_that_is_left_frees_it_for_the_next(account):
    engine = engine_of(account, MODEL)
    pieces = engine.write(Prompt((Turn("user", "Tell a long story."),), max_tokens=600))
    next(piece for piece in pieces if isinstance(piece, Text))
    pieces.close()
    done = list(engine.write(Prompt((Turn("user", "Say: yes"),), max_tokens=4)))

    assert isinstance(done[-1], Finish)


def test_a_model_that_gives_a_vector_for_each_token_is_none_for_texts(account):
    with pytest.raises(Nonsense):
        embedder_of(account, RemoteModel("starter", "embedding")).embed(["We open at nine."])
