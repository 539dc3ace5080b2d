"""Passwords: which are taken, and how they are kept."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.base.errors import Busy, Invalid
from appliance.people.common import COMMON

SHORTEST, LONGEST = 8, 256  # characters; 15 or more are recommended, none is cut off
PRODUCT_WORDS = ("inhouse", "appliance", "assistant", "password", "passwort")
PATIENCE = 10.0  # seconds a sign-in may wait for others' hashes

# More than 100 ms on the reference machine, with 64 MiB of memory.
hasher = PasswordHasher(time_cost=4, memory_cost=65_536, parallelism=1)
# Two at once: a burst of sign-ins must not take all processors and memory.
_places = threading.BoundedSemaphore(2)


class WeakPassword(Invalid):
    """Too short, too long, or among the first that are guessed."""

    code = "weak_password"

    def __init__(self, message: str) -> None:
        super().__init__(message, param="password")


def check(password: str, *, email: str = "") -> None:
    """Whether a new password is good enough. Raises WeakPassword, saying why."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"The password needs at least {SHORTEST} characters; 15 are better.")
    if len(password) > LONGEST:
        raise WeakPassword(f"The password may have {LONGEST} characters at most.")
    plain = unicodedata.normalize("NFKC", password).casefold()
    bare = plain.strip("0123456789!?.,-_*#$@ ")
    local = email.partition("@")[0].casefold()
    if plain in COMMON or bare in COMMON or bare in PRODUCT_WORDS or len(set(plain)) < 4:
        raise WeakPassword("This password is among the first that are guessed. Choose another.")
    if local and (plain in (local, email.casefold()) or bare == local):
        raise WeakPassword("The password must not be your e-mail address.")


def hashed(password: str) -> str:
    """What the store keeps: argon2id with its parameters and salt. Takes its time."""
    with _place():
        return hasher.hash(_plain(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password fits. None (nobody has that account) takes as long, and does not."""
    with _place():
        try:
            hasher.verify(password_hash or _stand_in(), _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return hasher.check_needs_rehash(password_hash)


@contextmanager
def _place() -> Iterator[None]:
    """One of the two places for hashing. Raises Busy when none gets free in time."""
    if not _places.acquire(timeout=PATIENCE):
        raise Busy("Many people are signing in. Try again in a moment.")
    try:
        yield
    finally:
        _places.release()


def _plain(password: str) -> str:
    # The same characters typed on another keyboard may be composed differently.
    return unicodedata.normalize("NFC", password)


_stand_ins: dict[PasswordHasher, str] = {}


def _stand_in() -> str:
    """A hash nobody has the password of, with today's parameters."""
    if hasher not in _stand_ins:
        _stand_ins[hasher] = hasher.hash("nobody's")
    return _stand_ins[hasher]
