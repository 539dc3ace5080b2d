import pytest

from appliance.base import clock
from appliance.base.errors import Invalid, Limited
from appliance.people import accounts, guesses, passwords, signin
from appliance.people.accounts import AlreadySetUp, NoSuchAccount, WrongPassword
from appliance.store.projects import User
from tests.people.conftest import PASSWORD

NOW = clock.now()


def sign_in(password=PASSWORD, email="ada@office.example"):
    return accounts.verify(email=email, password=password, address="10.0.0.5", now=NOW)


def test_the_first_admin_owns_the_appliance(ada):
    assert (ada.role, ada.user.operator) == ("owner", True)
    assert accounts.is_set_up()


def test_there_is_one_first_admin(ada):
    with pytest.raises(AlreadySetUp):
        accounts.create_first_admin(email="mallory@office.example", password=PASSWORD)


@pytest.mark.parametrize(
    "email", ["ada@office.example", " ADA@Office.Example ", "ａda@office.example"]
)
def test_an_address_has_one_spelling(ada, email):
    assert sign_in(email=email).user.id == ada.user.id


@pytest.mark.parametrize("email", ["", "ada", "@office", "a b@office", "ada@", "ada@x y", "<a@b>"])
def test_what_is_no_address_is_not_taken(store, email):
    with pytest.raises(Invalid, match="e-mail"):
        accounts.create_first_admin(email=email, password=PASSWORD)


def test_a_wrong_password_and_an_unknown_address_are_told_alike(ada):
    with pytest.raises(WrongPassword) as wrong:
        sign_in("a loud harbour in june")
    with pytest.raises(WrongPassword) as unknown:
        sign_in(email="nobody@office.example")

    assert wrong.value.message == unknown.value.message


def test_guessing_is_slowed_down_even_for_the_right_password(ada):
    for _ in range(guesses.FREE_PER_ACCOUNT):
        with pytest.raises(WrongPassword):
            sign_in("wrong password")

    with pytest.raises(Limited):
        sign_in()


def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(ada, monkeypatch):
    monkeypatch.setattr(passwords, "hasher", passwords.PasswordHasher(2, 16, 1))
    sign_in()

    assert "m=16,t=2" in User.get_by_id(ada.user.id).password_hash


def test_a_new_password_ends_every_sign_in(ada):
    token, _ = signin.start(ada, NOW)
    accounts.set_password(email="ada@office.example", password="another harbour")

    assert signin.check(token, NOW) is None
    assert sign_in("another harbour")


def test_only_an_account_that_exists_gets_a_new_password(ada):
    with pytest.raises(NoSuchAccount):
        accounts.set_password(email="bob@office.example", password="another harbour")
