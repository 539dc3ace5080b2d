"""Providers of models are added, changed, removed and tried. For whoever runs the appliance."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from appliance.base import clock
from appliance.base.errors import Invalid, NotFound
from appliance.engines.remote import address
from appliance.engines.remote.account import KINDS, Kind
from appliance.engines.remote.probe import Trial, tried
from appliance.engines.remote.registry import Providers, account_of
from appliance.store import providers as records
from appliance.store.database import database
from appliance.store.providers import Provider, ProviderPermission

log = logging.getLogger(__name__)

LONGEST_KEY = 4096


def find(provider_id: str) -> Provider:
    """Raises NotFound."""
    row: Provider | None = Provider.get_or_none(Provider.id == provider_id)
    if row is None:
        raise NotFound("provider")
    return row


def listed() -> list[Provider]:
    """All of them, the oldest first."""
    return list(Provider.select().order_by(Provider.id))


def add(
    known: Providers,
    *,
    kind: Kind,
    name: str = "",
    base_url: str | None = None,
    api_version: str | None = None,
    key: str | None = None,
    models: Sequence[Mapping[str, Any]] = (),
    enabled: bool = False,
) -> Provider:
    """A new provider; no project allows it yet. Raises Invalid."""
    row = Provider(
        kind=kind,
        name=name.strip() or KINDS[kind].title,
        base_url=_address(kind, base_url),
        api_version=api_version or None,
        models=_models(models),
        enabled=enabled,
    )
    if key is not None:
        row.lock_up(_key(key), known.sealing)
    with database.writing():
        row.save(force_insert=True)
    log.info("provider added", extra={"provider": row.id, "kind": kind})
    return row


def change(known: Providers, provider_id: str, changes: Mapping[str, Any]) -> Provider:
    """Change some of a provider. Raises NotFound, Invalid.

    A new address is another recipient: the key is dropped unless a new one comes with
    it, and every project has to allow it again.
    """
    with database.writing():
        row = find(provider_id)
        before = row.base_url
        if "base_url" in changes:
            row.base_url = _address(row.kind, changes["base_url"])
        if row.base_url != before:
            row.drop_key()
            _forbid_everywhere(row.id)
        if "models" in changes:
            row.models = _models(changes["models"])  # type: ignore[assignment]
        for field in ("name", "api_version", "enabled"):
            if field in changes:
                setattr(row, field, changes[field])
        if "key" in changes:
            row.drop_key()
            if changes["key"] is not None:
                row.lock_up(_key(changes["key"]), known.sealing)
        row.updated_at = max(clock.now(), row.updated_at + 1)
        row.save()
    known.forget(row.id)
    log.info("provider changed", extra={"provider": row.id, "fields": " ".join(changes)})
    return row


def remove(known: Providers, provider_id: str) -> None:
    """Forget a provider, its key and its permissions. Raises NotFound."""
    with database.writing():
        find(provider_id).delete_instance()
    known.forget(provider_id)
    log.info("provider removed", extra={"provider": provider_id})


def permit(project_id: str, provider_id: str, *, allowed: bool) -> Provider:
    """Whether a project's texts may be sent there. Raises NotFound."""
    with database.writing():
        row = find(provider_id)
        records.allow(project_id, row.id, allowed=allowed)
    log.info("provider permission", extra={"provider": row.id, "allowed": int(allowed)})
    return row


def trial(known: Providers, provider_id: str) -> Trial:
    """Ask a provider something small, whether it is on or not. Raises NotFound, Broken."""
    row = find(provider_id)
    return tried(account_of(row, known.sealing), known.breaker(row.id))


def _forbid_everywhere(provider_id: str) -> None:
    """On behalf of nobody: a permission was for the address that is gone."""
    gone = ProviderPermission.delete().where(ProviderPermission.provider_id == provider_id)
    gone.across_projects = True
    gone.execute()


def _address(kind: Kind, given: str | None) -> str | None:
    facts = KINDS[kind]
    if not given:
        if facts.base_url is None:
            raise Invalid("This kind of provider needs an address.", param="base_url")
        return None
    checked = address.checked(given, in_the_house=facts.in_the_house)
    return None if checked == facts.base_url else checked


def _key(given: str) -> str:
    key = given.strip()
    # It goes into a header as it is.
    if not key or len(key) > LONGEST_KEY or not all("!" <= letter <= "~" for letter in key):
        raise Invalid(
            "This is not a key: it is empty, too long, or holds odd letters.", param="key"
        )
    return key


def _models(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = [each["name"] for each in given]
    if len(set(names)) != len(names):
        raise Invalid("Each model is listed once.", param="models")
    return [dict(each) for each in given]
