"""The keys of programs (secret) and of web pages (publishable)."""

from __future__ import annotations

from collections.abc import Iterable

from peewee import ModelSelect

from appliance.base import clock, ids
from appliance.base.errors import Invalid, Unauthenticated
from appliance.people import origins as sites
from appliance.store.assistants import Assistant
from appliance.store.database import database
from appliance.store.projects import ApiKey

SECRET, PUBLISHABLE = "secret", "publishable"
PREFIXES = {SECRET: "sk", PUBLISHABLE: "pk"}
SCOPES = (
    "chat",
    "assistants:read",
    "assistants:write",
    "knowledge:read",
    "knowledge:write",
    "admin",
)
DEFAULT_SCOPES = SCOPES[:-1]


def create(
    project_id: str,
    *,
    name: str,
    kind: str,
    scopes: Iterable[str] = (),
    origins: Iterable[str] = (),
    assistant_id: str | None = None,
    expires_at: int | None = None,
    created_by: str = "",
    now: int | None = None,
) -> tuple[ApiKey, str]:
    """A new key, and its text, which is shown once and kept nowhere. Raises Invalid, NotFound."""
    if kind not in PREFIXES:
        raise Invalid("A key is secret or publishable.", param="kind")
    scopes = _scopes(kind, list(dict.fromkeys(scopes)))
    allowed = dict.fromkeys(sites.site(origin) for origin in origins)
    if kind == SECRET and allowed:
        raise Invalid("Only a publishable key has origins.", param="origins")
    if assistant_id is not None:
        Assistant.find(project_id, assistant_id)
    if expires_at is not None and expires_at <= (clock.now() if now is None else now):
        raise Invalid("The key would have expired already.", param="expires_at")
    secret = ids.new_secret(PREFIXES[kind])
    with database.writing():
        key = ApiKey.create(
            project_id=project_id,
            name=name.strip(),
            kind=kind,
            digest=ids.digest(secret),
            prefix=secret[:9],
            scopes=" ".join(scopes),
            origins=" ".join(allowed),
            assistant_id=assistant_id,
            expires_at=expires_at,
            created_by=created_by,
        )
    return key, secret


def check(secret: str, now: int) -> ApiKey:
    """The key that was shown. Raises Unauthenticated when it does not hold."""
    key = ApiKey.across_projects().where(ApiKey.digest == ids.digest(secret)).first()
    if key is None:
        raise Unauthenticated("This API key is not known here.")
    if key.revoked_at is not None:
        raise Unauthenticated("This API key was revoked.")
    if key.expires_at is not None and key.expires_at <= now:
        raise Unauthenticated("This API key has expired.")
    if key.last_used_at is None or key.last_used_at + clock.MINUTE <= now:
        _change(key, last_used_at=now)
    return key


def listed(project_id: str) -> ModelSelect:
    """The project's keys, newest first."""
    return ApiKey.of(project_id).order_by(ApiKey.id.desc())


def revoke(project_id: str, id: str, now: int | None = None) -> None:
    """End a key, at once and for good. Nothing happens when it was. Raises NotFound."""
    key = ApiKey.find(project_id, id, "API key")
    if key.revoked_at is None:
        _change(key, revoked_at=clock.now() if now is None else now)


def holding(project_id: str, assistant_id: str, now: int) -> ModelSelect:
    """The publishable keys with which pages may show this assistant now."""
    return ApiKey.of(project_id).where(
        ApiKey.kind == PUBLISHABLE,
        ApiKey.revoked_at.is_null(),
        ApiKey.expires_at.is_null() | (ApiKey.expires_at > now),
        ApiKey.assistant_id.is_null() | (ApiKey.assistant_id == assistant_id),
    )


def _scopes(kind: str, asked: list[str]) -> tuple[str, ...]:
    for scope in asked:
        if scope not in SCOPES:
            raise Invalid(f"There is no scope {scope!r}. There are: {', '.join(SCOPES)}.")
    if kind == PUBLISHABLE:
        if any(scope != "chat" for scope in asked):
            raise Invalid("A publishable key can only chat.", param="scopes")
        return ("chat",)
    return tuple(asked) or DEFAULT_SCOPES


def _change(key: ApiKey, **changes: int) -> None:
    with database.writing():
        ApiKey.update(**changes).where(
            ApiKey.project_id == key.project_id, ApiKey.id == key.id
        ).execute()
