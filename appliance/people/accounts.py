"""The accounts of people."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from appliance.base.errors import Conflict, Invalid, Unauthenticated
from appliance.people import guesses, passwords
from appliance.store.database import database
from appliance.store.projects import DEFAULT_PROJECT, Membership, SignIn, User

_ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f\"<>()\[\],;:\\]{1,64}@[^@\s\x00-\x1f\x7f]{1,190}")


class AlreadySetUp(Conflict):
    """There is a first admin; the code for it no longer has a meaning."""

    code = "already_set_up"


class WrongPassword(Unauthenticated):
    """The address or the password is not right; which of them is not told."""

    code = "invalid_credentials"


class NoSuchAccount(Invalid):
    """No account has this address. Said on the command line only, never over HTTP."""

    code = "no_such_account"


@dataclass(frozen=True)
class Person:
    """Somebody, with what they may do in a project."""

    user: User
    project_id: str
    role: str


def is_set_up() -> bool:
    """Whether there is an admin."""
    return User.select().exists()


def normal_email(address: str) -> str:
    """The one spelling of an e-mail address that is stored. Raises Invalid."""
    plain = unicodedata.normalize("NFKC", address).strip().casefold()
    if not _ADDRESS.fullmatch(plain):
        raise Invalid("This is not an e-mail address.", param="email")
    return plain


def create_first_admin(*, email: str, password: str, name: str = "") -> User:
    """Make the first admin. Raises AlreadySetUp, WeakPassword, Invalid.

    For the command line: whoever can run it owns the data anyway. Over the
    network, `codes.redeem` asks for the one-time code as well.
    """
    refuse_when_set_up()
    candidate = candidate_admin(email=email, password=password, name=name)
    with database.writing():
        return admit(candidate).user


def refuse_when_set_up() -> None:
    """Raises AlreadySetUp."""
    if is_set_up():
        raise AlreadySetUp("This appliance is set up already. Sign in instead.")


def candidate_admin(*, email: str, password: str, name: str) -> User:
    """The account as it would be saved. Slow: hashes. Raises WeakPassword, Invalid."""
    email = normal_email(email)
    passwords.check(password, email=email)
    return User(
        email=email,
        name=name.strip(),
        password_hash=passwords.hashed(password),
        operator=True,
    )


def admit(candidate: User) -> Person:
    """Save the first admin, inside the caller's transaction. Raises AlreadySetUp."""
    refuse_when_set_up()
    candidate.save(force_insert=True)
    Membership.create(project_id=DEFAULT_PROJECT, user_id=candidate.id, role="owner")
    return Person(candidate, DEFAULT_PROJECT, "owner")


def verify(*, email: str, password: str, address: str, now: int) -> Person:
    """The person with this address and password. Raises WrongPassword, Limited.

    Takes equally long for an address nobody has.
    """
    email = unicodedata.normalize("NFKC", email).strip().casefold()
    guesses.attempt(email, address, now)
    user = User.get_or_none(User.email == email)
    person = of(user) if user else None
    fits = passwords.verify(user.password_hash if user else None, password)
    if not fits or person is None:
        raise WrongPassword("The e-mail address or the password is not right.")
    guesses.forget(email, address)
    if passwords.outdated(person.user.password_hash):
        person.user.password_hash = passwords.hashed(password)
        with database.writing():
            person.user.save(only=[User.password_hash])
    return person


def of(user: User) -> Person | None:
    """The person behind an account, in their first project."""
    member = (
        Membership.across_projects()
        .where(Membership.user_id == user.id)
        .order_by(Membership.created_at)
        .first()
    )
    return Person(user, member.project_id, member.role) if member else None


def set_password(*, email: str, password: str) -> User:
    """Give an account another password and sign it out everywhere. Command line only.

    Raises NoSuchAccount, WeakPassword.
    """
    email = normal_email(email)
    user = User.get_or_none(User.email == email)
    if user is None:
        raise NoSuchAccount("Nobody has an account with this address.", param="email")
    passwords.check(password, email=email)
    user.password_hash = passwords.hashed(password)
    with database.writing():
        user.save()
        SignIn.delete().where(SignIn.user_id == user.id).execute()
    return user
