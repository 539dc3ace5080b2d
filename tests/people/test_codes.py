import threading

import pytest

from appliance.base import clock
from appliance.base.errors import ApplianceError, Limited
from appliance.people import codes
from appliance.people.accounts import AlreadySetUp
from appliance.people.codes import WrongCode
from appliance.people.passwords import WeakPassword
from appliance.store.database import database
from appliance.store.projects import Ticket, User
from tests.people.conftest import PASSWORD

NOW = clock.now()


def redeem(code, *, now=NOW, password=PASSWORD, address="10.0.0.5", email="ada@office.example"):
    return codes.redeem(code, email=email, password=password, name="Ada", address=address, now=now)


def test_a_code_is_easy_to_read_aloud_and_hard_to_guess(code):
    assert len(code) == 19
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert not set("01OI") & set(code)


def test_the_store_keeps_no_code(code):
    assert code not in "".join(row.digest for row in Ticket.select())


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), " {} ".format])
def test_a_code_may_be_typed_as_people_do(code, typed):
    assert redeem(typed(code)).role == "owner"


def test_a_code_works_once(code):
    redeem(code)

    with pytest.raises(AlreadySetUp):
        redeem(code, email="mallory@office.example")


def test_a_newer_code_replaces_the_older(code):
    newer = codes.new_code()

    with pytest.raises(WrongCode):
        redeem(code)
    assert redeem(newer)


def test_an_old_code_works_no_more(code):
    with pytest.raises(WrongCode):
        redeem(code, now=clock.now() + codes.CODE_LIFE + 1)


def test_a_weak_password_does_not_use_the_code_up(code):
    with pytest.raises(WeakPassword):
        redeem(code, password="password1")

    assert redeem(code)


def test_wrong_codes_are_limited(code):
    for _ in range(5):
        with pytest.raises(WrongCode):
            redeem("AAAA-BBBB-CCCC-DDDD")

    with pytest.raises(Limited):
        redeem(code)
    assert redeem(code, address="10.0.0.6")


def test_of_many_tries_at_the_same_time_one_succeeds(code):
    won, barrier = [], threading.Barrier(12)

    def one(number):
        barrier.wait()
        try:
            won.append(
                redeem(code, email=f"ada{number}@office.example", address=f"10.0.0.{number}")
            )
        except ApplianceError:
            pass
        finally:
            database.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(won) == 1
    assert User.select().count() == 1


def test_a_window_ticket_signs_the_first_admin_in_once(ada):
    ticket = codes.window_ticket()

    assert codes.use_ticket(ticket, clock.now()).user.id == ada.user.id
    with pytest.raises(WrongCode):
        codes.use_ticket(ticket, clock.now())


def test_a_window_ticket_lasts_a_minute(ada):
    ticket = codes.window_ticket(NOW)

    with pytest.raises(WrongCode):
        codes.use_ticket(ticket, NOW + clock.MINUTE)


def test_a_setup_code_is_no_window_ticket(code):
    with pytest.raises(WrongCode):
        codes.use_ticket(code, NOW)


def test_there_is_no_window_ticket_before_there_is_an_admin(store):
    with pytest.raises(WrongCode):
        codes.window_ticket()


def test_there_is_no_code_once_there_is_an_admin(ada):
    with pytest.raises(AlreadySetUp):
        codes.new_code()
