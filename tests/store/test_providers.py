import pytest

from appliance.base.errors import Broken
from appliance.store import providers
from appliance.store.database import database
from appliance.store.projects import DEFAULT_PROJECT, Project
from appliance.store.providers import Provider

KEY = "sk-live-0123456789abcd"


@pytest.fixture
def sealing(store) -> bytes:
    return store.key.derive(providers.PURPOSE)


@pytest.fixture
def provider(sealing: bytes) -> Provider:
    row = Provider(kind="openai", name="OpenAI")
    row.lock_up(KEY, sealing)
    row.save(force_insert=True)
    return Provider.get_by_id(row.id)


def test_a_key_opens_for_its_provider_and_is_nowhere_in_its_row(provider, sealing):
    told = [str(value) for value in provider.__data__.values()]

    assert provider.unlock(sealing) == KEY
    assert provider.key_hint == "…abcd"
    assert not [value for value in told if KEY in value]


def test_a_key_does_not_open_at_another_address(provider, sealing):
    provider.base_url = "https://mallory.example"

    with pytest.raises(Broken):
        provider.unlock(sealing)


def test_a_key_moved_to_another_provider_does_not_open(provider, sealing):
    other = Provider(kind="openai", name="Other", sealed_key=provider.sealed_key)

    with pytest.raises(Broken):
        other.unlock(sealing)


def test_a_short_key_gives_no_hint_of_itself(sealing):
    row = Provider(kind="compatible", name="Shed")
    row.lock_up("secret", sealing)

    assert row.key_hint == "…"


def test_nothing_is_allowed_until_a_project_says_so(provider):
    other = Project.create(name="Other")
    with database.writing():
        providers.allow(DEFAULT_PROJECT, provider.id, allowed=True)

    assert providers.allowed(DEFAULT_PROJECT, provider.id)
    assert not providers.allowed(other.id, provider.id)


def test_a_permission_is_taken_back_and_goes_with_its_provider(provider):
    for answer in (True, True, False):
        providers.allow(DEFAULT_PROJECT, provider.id, allowed=answer)
    assert not providers.allowed(DEFAULT_PROJECT, provider.id)

    providers.allow(DEFAULT_PROJECT, provider.id, allowed=True)
    provider.delete_instance()
    assert not providers.allowed(DEFAULT_PROJECT, provider.id)
