import pytest

from appliance.engines.breaker import FAILURES, Breaker
from appliance.engines.remote.account import RemoteModel, Secret
from appliance.engines.remote.probe import tried
from appliance.engines.remote.trouble import KeyRefused, ModelUnknown, Unreachable
from tests.engines.remote.servers import MODELS, Refusal


@pytest.fixture
def account(server):
    return server.account(models=(RemoteModel(MODELS[server.kind]),))


def test_a_provider_that_works_lists_its_models_and_answers(server, account):
    trial = tried(account, Breaker())

    assert trial.error is None
    assert trial.models == [MODELS[server.kind]]
    assert trial.latency_ms is not None
    assert [each.method for each in server.asked] == ["GET", "POST"]


def test_without_a_model_of_ours_only_the_list_is_asked_for(server):
    trial = tried(server.account(), Breaker())

    assert (trial.error, trial.latency_ms) == (None, None)
    assert len(server.asked) == 1


def test_a_wrong_key_is_told(server):
    trial = tried(server.account(key=Secret("sk-wrong-key-000")), Breaker())

    assert isinstance(trial.error, KeyRefused)


def test_a_server_without_a_list_may_still_answer(server, account):
    server.refusals = [Refusal(404)]

    assert tried(account, Breaker()).error is None
    assert isinstance(tried(server.account(base_url=server.url + "/x"), Breaker()).error, (
        ModelUnknown, type(None)))  # fmt: skip


def test_what_answers_again_needs_no_more_rest(server, account, quick):
    breaker = Breaker()
    for _ in range(FAILURES):
        with pytest.raises(Unreachable), breaker.trial():
            raise Unreachable
    assert not breaker.ready()
    tried(account, breaker)

    assert breaker.ready()
