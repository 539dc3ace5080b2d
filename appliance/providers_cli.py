"""`appliance providers …`: models of other providers, for whoever sits at this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from appliance.base.errors import Invalid
from appliance.base.settings import Settings
from appliance.engines.remote.account import Kind
from appliance.engines.remote.registry import Providers
from appliance.store import providers as records
from appliance.store.database import database
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT
from appliance.upkeep import providers as desk


def show(settings: Settings) -> None:
    """Each provider, whether it is on, and whether the project allows it."""
    with _known(settings):
        for row in desk.listed():
            state = "on" if row.enabled else "off"
            allowed = "allowed" if records.allowed(DEFAULT_PROJECT, row.id) else "not allowed"
            key = f"key {row.key_hint}" if row.key_hint else "no key"
            models = " ".join(each["name"] for each in row.models)
            click.echo(f"{row.id}  {row.kind:10} {state:3} {allowed:11} {key:10} {row.name}")
            click.echo(f"    {row.base_url or '(its usual address)'}  {models}".rstrip())


def add(
    settings: Settings,
    *,
    kind: Kind,
    name: str,
    base_url: str | None,
    api_version: str | None,
    key_stdin: bool,
    key_env: str | None,
    models: Sequence[str],
    embeddings: Sequence[str],
    on: bool,
) -> None:
    """Keep a provider. With `on` it is switched on and the project allows it, else neither."""
    key = _named(key_env) if key_env else sys.stdin.readline().strip() if key_stdin else None
    listed = [{"name": each, "role": "language"} for each in models]
    listed += [{"name": each, "role": "embedding"} for each in embeddings]
    with _known(settings) as known:
        row = desk.add(
            known, kind=kind, name=name, base_url=base_url, api_version=api_version, key=key,
            models=listed, enabled=on,
        )  # fmt: skip
        if on:
            desk.permit(DEFAULT_PROJECT, row.id, allowed=True)
        click.echo(row.id)


def remove(settings: Settings, provider_id: str) -> None:
    """Forget a provider and its key."""
    with _known(settings) as known:
        desk.remove(known, provider_id)
        click.echo("Removed.")


def test(settings: Settings, provider_id: str) -> None:
    """Try it; ends with an error when it does not work."""
    with _known(settings) as known:
        trial = desk.trial(known, provider_id)
    for name in trial.models:
        click.echo(name)
    if trial.error is not None:
        raise click.ClickException(trial.error.message)
    click.echo("It works." if trial.latency_ms is None else f"It answers in {trial.latency_ms} ms.")


def _named(variable: str) -> str:
    value = os.environ.get(variable, "").strip()
    if not value:
        raise Invalid(f"The environment has no {variable}.")
    return value


@contextmanager
def _known(settings: Settings) -> Iterator[Providers]:
    """The providers in the store; also while the server runs, which sees the change at once."""
    store = open_store(settings.data_dir, settings.key_file)
    known = Providers(store.key.derive(records.PURPOSE))
    try:
        yield known
    finally:
        known.close()
        database.close()
