"""Wrong passwords and codes are counted; after a few, each further try must wait.

Counted per account and address together, so that nobody can lock somebody else
out, and per address alone, so that many accounts cannot be tried from one place.
"""

from __future__ import annotations

from appliance.base import clock
from appliance.base.errors import Limited
from appliance.base.ids import digest
from appliance.store.database import database
from appliance.store.projects import Guess

FREE_PER_ACCOUNT = 5  # tries before the first wait
FREE_PER_ADDRESS = 30
LONGEST_WAIT = 15 * clock.MINUTE
FORGIVEN_AFTER = clock.DAY


def attempt(account: str, address: str, now: int) -> None:
    """Count one try before it is made, so that parallel ones are counted too.

    Raises Limited while the wait of earlier ones is not over; that costs nothing more.
    """
    with database.writing():
        for subject, free in _subjects(account, address):
            _wait_is_over(subject, free, now)
        for subject, _ in _subjects(account, address):
            _count(subject, now)


def forget(account: str, address: str) -> None:
    """The try was right: start from nothing for this account at this address."""
    with database.writing():
        for subject, _ in _subjects(account, address):
            Guess.delete().where(Guess.subject == subject).execute()


def _subjects(account: str, address: str) -> tuple[tuple[str, int], ...]:
    return (
        (digest(f"account\0{account}\0{address}"), FREE_PER_ACCOUNT),
        (digest(f"address\0{address}"), FREE_PER_ADDRESS),
    )


def _wait_is_over(subject: str, free: int, now: int) -> None:
    row = Guess.get_or_none(Guess.subject == subject)
    if row is None or row.tries < free:
        return
    wait = min(2 ** (row.tries - free) * clock.SECOND, LONGEST_WAIT)
    left = row.last_at + wait - now
    if left > 0:
        seconds = -(-left // clock.SECOND)
        raise Limited(f"Too many tries. Try again in {seconds} seconds.", retry_after=seconds)


def _count(subject: str, now: int) -> None:
    Guess.delete().where(Guess.last_at < now - FORGIVEN_AFTER).execute()
    changed = (
        Guess.update(tries=Guess.tries + 1, last_at=now).where(Guess.subject == subject).execute()
    )
    if not changed:
        Guess.create(subject=subject, tries=1, last_at=now)
