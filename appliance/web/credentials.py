"""Who is asking: one answer for every way a credential can be carried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import Request

from appliance.base import ids
from appliance.base.errors import Unauthenticated
from appliance.people import keys, signin
from appliance.store.assistants import Assistant, Session
from appliance.store.projects import ApiKey, User

Kind = Literal["person", "secret", "publishable", "visitor", "nobody"]
COOKIE, SECURE_COOKIE = "inhouse", "__Host-inhouse"


@dataclass(frozen=True)
class Presented:
    """What came with the request, before anybody looked at it."""

    bearer: str | None
    key: str | None
    cookie: str | None

    @classmethod
    def by(cls, request: Request) -> Presented:
        """Read the three carriers. Raises Unauthenticated for a scheme that is not ours."""
        bearer = None
        if header := request.headers.get("Authorization"):
            scheme, _, bearer = header.partition(" ")
            if scheme.lower() != "bearer" or not bearer.strip():
                raise Unauthenticated("Send the key as: Authorization: Bearer sk_…")
            bearer = bearer.strip()
        cookie = request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)
        return cls(bearer, request.headers.get("X-Api-Key"), cookie)


@dataclass(frozen=True)
class Caller:
    """Who is asking, in which project, and with what rights."""

    kind: Kind = "nobody"
    project_id: str = ""
    user: User | None = None
    role: str | None = None
    key: ApiKey | None = None
    scopes: frozenset[str] = frozenset()
    session: Session | None = None  # of a visitor
    csrf: str | None = None
    sign_in_id: str | None = None
    origin: str | None = None  # of the page, when a page of another site asks
    address: str = ""

    @property
    def from_page(self) -> bool:
        """Whether it is a web page's visitor rather than a person or program of the office."""
        return self.kind in ("publishable", "visitor", "nobody")

    @property
    def name(self) -> str:
        """Who to write down as the author of a change."""
        if self.user is not None:
            return self.user.email
        return f"key {self.key.name}" if self.key is not None else ""


def resolve(presented: Presented, now: int) -> Caller:
    """Who the credentials belong to. Raises Unauthenticated for one that does not hold.

    A wrong key is refused even when a valid cookie came along: falling through
    would hide the mistake, and lend the key's user somebody else's rights.
    """
    if presented.bearer is None and presented.key is None:
        return _person(presented.cookie, now) if presented.cookie else Caller()
    callers = [_bearer(text, now) for text in (presented.bearer, presented.key) if text is not None]
    if len(callers) == 2 and presented.bearer != presented.key:
        return _visitor_with_key(*callers)
    return callers[0]


def _bearer(text: str, now: int) -> Caller:
    if text.startswith("vt_"):
        return _visitor(text, now)
    if not text.startswith(("sk_", "pk_")):
        raise Unauthenticated("This is not a key of this appliance: those begin with sk_ or pk_.")
    key = keys.check(text, now)
    kind: Kind = "secret" if key.kind == keys.SECRET else "publishable"
    return Caller(kind, key.project_id, key=key, scopes=frozenset(key.scopes.split()))


def _visitor(token: str, now: int) -> Caller:
    session = Session.across_projects().where(Session.digest == ids.digest(token)).first()
    if session is None or (session.token_expires_at or 0) <= now:
        raise Unauthenticated("This conversation's token has expired. Start a new one.")
    assistant = Assistant.find(session.project_id, session.assistant_id)
    if assistant.archived_at is not None:
        raise Unauthenticated("This assistant is no longer here.")
    return Caller("visitor", session.project_id, session=session)


def _visitor_with_key(bearer: Caller, key: Caller) -> Caller:
    """The widget sends its page's key along with the visitor's token."""
    together = bearer.kind == "visitor" and key.kind == "publishable"
    if together and bearer.project_id == key.project_id:
        return bearer
    raise Unauthenticated("Two different keys came with this request. Send one.")


def _person(token: str, now: int) -> Caller:
    found = signin.check(token, now)
    if found is None:
        return Caller()
    return Caller(
        "person",
        found.person.project_id,
        user=found.person.user,
        role=found.person.role,
        csrf=found.csrf,
        sign_in_id=found.id,
    )
