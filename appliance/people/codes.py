"""Codes that work once: the first admin's, and the desktop window's tickets."""

from __future__ import annotations

import secrets

from peewee import Expression, ModelSelect

from appliance.base import clock, ids
from appliance.base.errors import Unauthenticated
from appliance.people import accounts, guesses
from appliance.people.accounts import Person
from appliance.store.database import database
from appliance.store.projects import Ticket, User

SETUP, WINDOW = "setup", "window"
CODE_LIFE = 7 * clock.DAY
TICKET_LIFE = clock.MINUTE
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I: people read them aloud


class WrongCode(Unauthenticated):
    """The code is not right, used, replaced by a newer one, or too old."""

    code = "invalid_code"


def new_code(now: int | None = None) -> str:
    """A fresh code for the first admin, such as `K7QM-3XWP-9DHT-W2RB`: 80 random bits.

    Earlier ones no longer work. Raises AlreadySetUp.
    """
    accounts.refuse_when_set_up()
    now = clock.now() if now is None else now
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    code = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
    with database.writing():
        Ticket.delete().where(Ticket.purpose == SETUP).execute()
        Ticket.create(digest=_digest(SETUP, code), purpose=SETUP, expires_at=now + CODE_LIFE)
    return code


def redeem(code: str, *, email: str, password: str, name: str, address: str, now: int) -> Person:
    """Make the first admin with the one-time code. Of many at the same time, one succeeds.

    Raises AlreadySetUp, WrongCode, Limited, WeakPassword, Invalid.
    """
    accounts.refuse_when_set_up()
    guesses.attempt(SETUP, address, now)
    if not _valid(SETUP, code, now).exists():  # before the slow hash: wrong codes cost little
        raise WrongCode("This code is not right. The server prints a new one when it starts.")
    guesses.forget(SETUP, address)
    candidate = accounts.candidate_admin(email=email, password=password, name=name)
    with database.writing():
        accounts.refuse_when_set_up()
        if not _take(SETUP, code, now):
            raise WrongCode("This code was replaced by a newer one.")
        return accounts.admit(candidate)


def window_ticket(now: int | None = None) -> str:
    """A ticket that signs the desktop window in as the first admin, for one minute.

    Raises WrongCode when there is no admin yet.
    """
    owner = User.select().where(User.operator).order_by(User.created_at, User.id).first()
    if owner is None:
        raise WrongCode("There is no admin yet; set the appliance up first.")
    now = clock.now() if now is None else now
    ticket = ids.new_secret("tk")
    with database.writing():
        Ticket.delete().where(Ticket.expires_at <= now).execute()
        Ticket.create(
            digest=_digest(WINDOW, ticket),
            purpose=WINDOW,
            user_id=owner.id,
            expires_at=now + TICKET_LIFE,
        )
    return ticket


def use_ticket(ticket: str, now: int) -> Person:
    """Whoever the ticket was made for; it works once. Raises WrongCode."""
    with database.writing():
        row = _valid(WINDOW, ticket, now).first()
        person = None
        if row and _take(WINDOW, ticket, now):
            user = User.get_or_none(User.id == row.user_id)
            person = accounts.of(user) if user else None
    if person is None:
        raise WrongCode("This link was used already, or is too old.")
    return person


def _valid(purpose: str, code: str, now: int) -> ModelSelect:
    return Ticket.select().where(_is(purpose, code), Ticket.expires_at > now)


def _take(purpose: str, code: str, now: int) -> bool:
    taken = Ticket.delete().where(_is(purpose, code), Ticket.expires_at > now)
    return bool(taken.execute() == 1)


def _is(purpose: str, code: str) -> Expression:
    return (Ticket.purpose == purpose) & (Ticket.digest == _digest(purpose, code))


def _digest(purpose: str, code: str) -> str:
    plain = code.strip()
    if purpose == SETUP:
        plain = "".join(letter for letter in plain.upper() if letter.isalnum())
    return ids.digest(f"{purpose} {plain}")
