import pytest

from appliance.engines.remote.registry import Providers
from appliance.store import providers as records
from appliance.store.projects import DEFAULT_PROJECT
from appliance.upkeep import providers as desk

NAME = "gpt-4.1-mini"


@pytest.fixture
def known(store) -> Providers:
    return Providers(store.key.derive(records.PURPOSE))


@pytest.fixture
def row(known):
    row = desk.add(known, kind="openai", key="sk-0123456789abcd", enabled=True,
                   models=[{"name": NAME, "role": "language"},
                           {"name": "vectors", "role": "embedding"}])  # fmt: skip
    return desk.permit(DEFAULT_PROJECT, row.id, allowed=True)


def test_one_engine_is_made_and_kept(known, row):
    first = known.language(DEFAULT_PROJECT, f"{row.id}/{NAME}")

    assert first is known.language(DEFAULT_PROJECT, f"{row.id}/{NAME}")
    assert (first.name, first.model) == ("openai", NAME)


def test_a_change_is_seen_at_once_also_from_another_program(known, row, store):
    name = f"{row.id}/{NAME}"
    first = known.language(DEFAULT_PROJECT, name)
    elsewhere = Providers(known.sealing)
    desk.change(elsewhere, row.id, {"key": "sk-another-0123456"})

    second = known.language(DEFAULT_PROJECT, name)
    assert second is not first
    assert second.account.key.reveal() == "sk-another-0123456"


@pytest.mark.parametrize(
    "name", ["", "/", "absent/x", "{id}", "{id}/", "{id}/other", "{id}/vectors"]
)
def test_what_is_not_listed_is_not_there(known, row, name):
    assert known.language(DEFAULT_PROJECT, name.format(id=row.id)) is None


def test_a_project_that_was_not_asked_gets_none(known, row):
    assert known.language("prj_other", f"{row.id}/{NAME}") is None


def test_a_key_that_does_not_open_makes_no_engine(row, caplog):
    other = Providers(bytes(32))

    assert other.language(DEFAULT_PROJECT, f"{row.id}/{NAME}") is None
    assert "passed over" in caplog.text


def test_all_models_of_a_provider_share_its_breaker(known, row):
    engine = known.language(DEFAULT_PROJECT, f"{row.id}/{NAME}")

    assert engine.breaker is known.breaker(row.id)
