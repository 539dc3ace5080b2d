"""Browsers that are signed in. The cookie's token is random; the store has its digest."""

from __future__ import annotations

from dataclasses import dataclass

from peewee import Expression

from appliance.base import clock, ids
from appliance.people import accounts
from appliance.people.accounts import Person
from appliance.store.database import database
from appliance.store.projects import SignIn, User

IDLE = 12 * clock.HOUR
ABSOLUTE = 7 * clock.DAY


@dataclass(frozen=True)
class SignedIn:
    """A person at a browser."""

    person: Person
    csrf: str
    id: str


def start(person: Person, now: int) -> tuple[str, str]:
    """Sign a person in, with a new token each time. Returns the cookie's and the CSRF token."""
    token, csrf = ids.new_secret("si"), ids.new_secret("cs")
    with database.writing():
        SignIn.delete().where(_over(now)).execute()
        SignIn.create(
            user_id=person.user.id,
            digest=ids.digest(token),
            csrf=csrf,
            seen_at=now,
            expires_at=now + ABSOLUTE,
        )
    return token, csrf


def check(token: str, now: int) -> SignedIn | None:
    """Who the cookie belongs to; None when it holds no longer."""
    row = SignIn.get_or_none(SignIn.digest == ids.digest(token))
    if row is None or row.expires_at <= now or row.seen_at + IDLE <= now:
        return None
    user = User.get_or_none(User.id == row.user_id)
    person = accounts.of(user) if user else None
    if person is None:
        return None
    if row.seen_at + clock.MINUTE < now:
        with database.writing():
            SignIn.update(seen_at=now).where(SignIn.id == row.id).execute()
    return SignedIn(person, row.csrf, row.id)


def end(id: str) -> None:
    """Sign one browser out, at once."""
    with database.writing():
        SignIn.delete().where(SignIn.id == id).execute()


def _over(now: int) -> Expression:
    return (SignIn.expires_at <= now) | (SignIn.seen_at <= now - IDLE)
