"""The keys of programs and of web pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from appliance.web.schema.base import Body, Id, Name, Paged, Reply, Time

KeyKind = Literal["secret", "publishable"]
Scope = Literal[
    "chat", "assistants:read", "assistants:write", "knowledge:read", "knowledge:write", "admin"
]
Origin = Annotated[str, Field(min_length=1, max_length=260)]


class KeyPath(Body):
    key_id: str


class KeyQuery(Paged):
    """Which keys."""


class KeyBody(Body):
    """A new key. A publishable key may stand in a web page: it works on `origins` only."""

    name: Name
    kind: KeyKind
    scopes: list[Scope] = Field(
        default_factory=list, max_length=10, description="None given: all but `admin`."
    )
    origins: list[Origin] = Field(default_factory=list, max_length=50)
    assistant_id: Id | None = None
    expires_at: AwareDatetime | None = None

    def expiry(self) -> int | None:
        """Milliseconds since 1970."""
        moment: datetime | None = self.expires_at
        return None if moment is None else int(moment.timestamp() * 1000)


class Key(Reply):
    """A key, by what people recognise it. The key itself is not kept."""

    id: str
    name: str
    kind: KeyKind
    prefix: str
    scopes: list[Scope]
    origins: list[str]
    assistant_id: str | None
    created_at: Time
    expires_at: Time | None
    revoked_at: Time | None
    last_used_at: Time | None


class KeyCreated(Key):
    """A new key, shown this once."""

    key: str


class KeyPage(Reply):
    data: list[Key]
    next_cursor: str | None
