"""Signing in and out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from appliance.web.schema.base import Body, Query, Reply

Role = Literal["owner", "admin", "editor", "agent", "viewer"]


class SetupBody(Body):
    """The first admin."""

    code: str = Field(max_length=64, description="The one-time code the server printed.")
    email: str = Field(max_length=254)
    password: str = Field(max_length=256)
    name: str = Field("", max_length=200)


class SignInBody(Body):
    """Who signs in."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=256)


class TicketQuery(Query):
    """The window's one-time ticket."""

    ticket: str = Field(max_length=128)


class User(Reply):
    """A person who signs in."""

    id: str
    email: str
    name: str
    role: Role


class SignedIn(Reply):
    """A person has signed in; the cookie came with this reply."""

    user: User
    csrf_token: str = Field(description="Send it as `X-CSRF-Token` with every write.")


class AuthState(Reply):
    """What the console needs to know before it shows anything."""

    setup_needed: bool
    signed_in: bool
    user: User | None
    csrf_token: str | None
    secure: bool = Field(description="Whether the connection is protected from listeners.")
    version: str
