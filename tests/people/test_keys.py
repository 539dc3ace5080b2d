import pytest

from appliance.base import clock
from appliance.base.errors import Invalid, NotFound, Unauthenticated
from appliance.people import keys
from appliance.store.assistants import Assistant
from appliance.store.projects import DEFAULT_PROJECT, ApiKey, Project

NOW = 1_800_000_000_000


def create(**more):
    return keys.create(DEFAULT_PROJECT, **{"name": "till", "kind": "secret", "now": NOW, **more})


def test_a_key_is_shown_once_and_kept_as_a_digest(store):
    key, secret = create()

    assert secret.startswith("sk_")
    assert secret.startswith(key.prefix)
    assert secret not in {key.digest, key.prefix}
    assert keys.check(secret, NOW).id == key.id


def test_a_secret_key_may_do_all_but_administer(store):
    key, _ = create()

    assert "admin" not in key.scopes.split()
    assert "knowledge:write" in key.scopes.split()


def test_a_publishable_key_only_chats(store):
    key, secret = create(kind="publishable", origins=["https://Shop.example/"])

    assert secret.startswith("pk_")
    assert (key.scopes, key.origins) == ("chat", "https://shop.example")
    with pytest.raises(Invalid):
        create(kind="publishable", scopes=["knowledge:read"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "golden"},
        {"scopes": ["everything"]},
        {"origins": ["https://shop.example"]},
        {"kind": "publishable", "origins": ["shop"]},
        {"expires_at": NOW},
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(store, wrong):
    with pytest.raises(Invalid):
        create(**wrong)
    assert ApiKey.of(DEFAULT_PROJECT).count() == 0


def test_a_key_is_bound_to_an_assistant_of_its_own_project(store):
    other = Project.create(name="Other")
    assistant = Assistant.create(project_id=other.id, name="Theirs", config={}, collection_id="c")

    with pytest.raises(NotFound):
        create(kind="publishable", assistant_id=assistant.id)


def test_a_revoked_key_ends_at_once(store):
    key, secret = create()
    keys.revoke(DEFAULT_PROJECT, key.id)

    with pytest.raises(Unauthenticated, match="revoked"):
        keys.check(secret, NOW)


def test_an_expired_key_ends(store):
    _, secret = create(expires_at=NOW + 10)

    assert keys.check(secret, NOW + 9)
    with pytest.raises(Unauthenticated, match="expired"):
        keys.check(secret, NOW + 10)


def test_nobody_revokes_the_key_of_another_project(store):
    key, _ = create()

    with pytest.raises(NotFound):
        keys.revoke("prj_other", key.id)


def test_the_last_use_is_written_down_once_a_minute_at_most(store):
    key, secret = create()
    for moment in (NOW, NOW + clock.SECOND, NOW + 59 * clock.SECOND):
        keys.check(secret, moment)
    assert ApiKey.find(DEFAULT_PROJECT, key.id).last_used_at == NOW

    keys.check(secret, NOW + clock.MINUTE)
    assert ApiKey.find(DEFAULT_PROJECT, key.id).last_used_at == NOW + clock.MINUTE
