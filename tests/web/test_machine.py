import pytest

from appliance.web import pulse
from appliance.web.model_view import spoken
from tests.web.parts import Asker


@pytest.fixture
def fresh(monkeypatch):
    monkeypatch.setattr(pulse, "_last", {})


def test_health_is_one_word(nobody, fresh):
    assert nobody.get("/health").json == {"status": "ok"}


def test_health_is_bad_when_nothing_can_be_saved(nobody, fresh, monkeypatch):
    monkeypatch.setattr(pulse, "SPACE", 2**62)
    reply = nobody.get("/health")

    assert (reply.status_code, reply.json) == (503, {"status": "unavailable"})


def test_health_is_looked_at_now_and_then_only(nobody, fresh, monkeypatch):
    looks = []
    monkeypatch.setattr(pulse, "_writable", lambda folder: looks.append(folder) or True)
    for _ in range(20):
        nobody.get("/health")

    assert len(looks) == 1


def test_strangers_learn_little_of_the_appliance(nobody):
    told = nobody.get("/v1/health").json

    assert told["status"] == "ok"
    assert [name for name, value in told.items() if value is not None] == ["status", "version"]


def test_a_program_learns_how_each_part_is_doing(program, vera):
    told = program.get("/v1/health").json

    assert {engine["name"] for engine in told["engines"]} == {"story", "grams"}
    assert (told["waiting_jobs"], told["streaming_answers"]) == (0, 0)
    assert vera.get("/v1/health").json["engines"] is None


def test_a_wrong_key_is_refused_even_here(app):
    assert Asker(app, {"X-Api-Key": "sk_wrong"}).get("/v1/health").status_code == 401
    assert Asker(app, {"X-Api-Key": "sk_wrong"}).get("/health").status_code == 200


def test_the_models_are_listed_with_what_they_are_good_for(program):
    found = program.get("/v1/models/local").json["data"]

    assert {each["role"] for each in found} == {"language", "embedding", "reranker"}
    assert all(each["licence"] and each["size"] > 0 for each in found)


@pytest.mark.parametrize(
    ("number", "said"), [(135_000_000, "135M"), (1_700_000_000, "1.7B"), (0, ""), (999, "999")]
)
def test_a_number_of_parameters_is_said_as_people_say_it(number, said):
    assert spoken(number) == said
