from appliance.base import clock
from appliance.people import signin
from appliance.store.projects import SignIn

NOW = 1_800_000_000_000


def test_a_token_opens_the_door_to_its_person(ada):
    token, csrf = signin.start(ada, NOW)
    found = signin.check(token, NOW)

    assert found is not None
    assert (found.person.user.id, found.csrf) == (ada.user.id, csrf)


def test_every_sign_in_has_a_token_of_its_own_and_the_store_has_none(ada):
    tokens = {signin.start(ada, NOW)[0] for _ in range(3)}

    assert len(tokens) == 3
    assert not tokens & {row.digest for row in SignIn.select()}


def test_an_idle_browser_is_signed_out(ada):
    token, _ = signin.start(ada, NOW)

    assert signin.check(token, NOW + signin.IDLE - 1)
    assert signin.check(token, NOW + 2 * signin.IDLE) is None


def test_a_busy_browser_is_signed_out_after_a_week(ada):
    token, _ = signin.start(ada, NOW)
    at = NOW
    while at < NOW + signin.ABSOLUTE:
        assert signin.check(token, at)
        at += signin.IDLE // 2

    assert signin.check(token, at) is None


def test_use_is_written_down_once_a_minute_at_most(ada):
    token, _ = signin.start(ada, NOW)
    signin.check(token, NOW + clock.SECOND)
    assert SignIn.get().seen_at == NOW

    signin.check(token, NOW + 2 * clock.MINUTE)
    assert SignIn.get().seen_at == NOW + 2 * clock.MINUTE


def test_a_sign_out_holds_at_once(ada):
    token, _ = signin.start(ada, NOW)
    found = signin.check(token, NOW)
    assert found is not None
    signin.end(found.id)

    assert signin.check(token, NOW) is None


def test_what_is_over_is_swept_away(ada):
    signin.start(ada, NOW)
    signin.start(ada, NOW + signin.ABSOLUTE)

    assert SignIn.select().count() == 1


def test_a_made_up_token_opens_nothing(store):
    assert signin.check("si_made_up", NOW) is None
