"""Who may use a route. A route that does not say so is closed to everybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., object])

OWNER, ADMIN, EDITOR, AGENT, VIEWER = "owner", "admin", "editor", "agent", "viewer"
ADMINS = (OWNER, ADMIN)
EDITORS = (*ADMINS, EDITOR)
EVERYBODY = (*EDITORS, AGENT, VIEWER)


@dataclass(frozen=True)
class Policy:
    """What a route asks of its caller. Any one of the ways in is enough."""

    roles: frozenset[str] = frozenset()  # of a person who is signed in
    scope: str | None = None  # of a secret key
    publishable: bool = False  # a publishable key, on one of its sites
    visitor: bool = False  # the token of this very session
    page: bool = False  # nobody known, on a page of a site the assistant allows
    public: bool = False  # anybody at all
    known: bool = False  # public, but tells more to those it knows

    @property
    def cors(self) -> bool:
        """Whether pages of other sites may call it at all: the widget's interface."""
        return self.publishable or self.visitor or self.page

    @property
    def blind(self) -> bool:
        """Whether credentials are not even looked at."""
        return self.public and not self.known


def allow(
    *roles: str,
    scope: str | None = None,
    publishable: bool = False,
    visitor: bool = False,
    page: bool = False,
) -> Callable[[View], View]:
    """The route is for people with these roles, and for the credentials named."""
    return _declare(Policy(frozenset(roles), scope, publishable, visitor, page))


def anyone(*, known: bool = False) -> Callable[[View], View]:
    """The route is for anybody. With `known`, a credential is checked if there is one."""
    return _declare(Policy(public=True, known=known))


def policy_of(app: Flask, endpoint: str | None) -> Policy | None:
    """What the route declared."""
    policy = getattr(app.view_functions.get(endpoint or ""), "policy", None)
    return policy if isinstance(policy, Policy) else None


def _declare(policy: Policy) -> Callable[[View], View]:
    def declare(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return declare
