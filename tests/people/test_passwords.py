import threading
import time

import pytest

from appliance.base.errors import Busy
from appliance.people import passwords
from appliance.people.passwords import WeakPassword


@pytest.mark.parametrize(
    "password", ["seven77", "password1", "Passw0rd", "Inhouse2026!", "aaaaaaaaaaaa", "x" * 257]
)
def test_a_password_that_would_be_guessed_first_is_not_taken(password):
    with pytest.raises(WeakPassword):
        passwords.check(password)


def test_the_own_address_is_no_password():
    with pytest.raises(WeakPassword):
        passwords.check("ada.lovelace", email="ada.lovelace@office.example")


@pytest.mark.parametrize("password", ["t7#kW9pz", "a quiet harbour in may", "é" * 3 + "ß&x2k" * 25])
def test_a_password_needs_no_particular_letters(password):
    passwords.check(password)


def test_a_hash_fits_its_password_only(quick_hashes):
    kept = passwords.hashed("a quiet harbour")

    assert kept.startswith("$argon2id$")
    assert passwords.verify(kept, "a quiet harbour")
    assert not passwords.verify(kept, "a quiet Harbour")
    assert not passwords.verify(None, "a quiet harbour")
    assert not passwords.verify("not a hash", "a quiet harbour")


def test_a_letter_typed_in_two_pieces_is_the_same_letter(quick_hashes):
    assert passwords.verify(passwords.hashed("caf\u00e9 on the corner"), "cafe\u0301 on the corner")


def test_a_hash_takes_long_enough_to_make_guessing_dear():
    passwords.hasher.hash("warm up")
    began = time.perf_counter()
    passwords.hashed("a quiet harbour")

    assert time.perf_counter() - began >= 0.1


def test_nobody_takes_as_long_as_somebody():
    kept = passwords.hashed("a quiet harbour")
    passwords.verify(None, "warm up")

    def seconds(password_hash):
        began = time.perf_counter()
        passwords.verify(password_hash, "wrong")
        return time.perf_counter() - began

    known, unknown = min(seconds(kept) for _ in "abc"), min(seconds(None) for _ in "abc")
    assert 0.5 < known / unknown < 2


def test_only_two_hashes_are_made_at_once(monkeypatch):
    at_once, most, lock = 0, 0, threading.Lock()

    class Slow:
        def hash(self, password):
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.02)
            with lock:
                at_once -= 1
            return "hash"

    monkeypatch.setattr(passwords, "hasher", Slow())
    threads = [threading.Thread(target=passwords.hashed, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 2


def test_who_waits_too_long_for_a_hash_is_told_so(monkeypatch, quick_hashes):
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    with passwords._place(), passwords._place(), pytest.raises(Busy):
        passwords.hashed("a quiet harbour")
