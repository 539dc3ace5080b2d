"""Providers of models outside this program: all off until an operator and a project say so."""

from __future__ import annotations

from flask import Response

from appliance.base import clock
from appliance.engines.remote.registry import usable
from appliance.store import providers as records
from appliance.store.providers import Provider
from appliance.upkeep import providers as desk
from appliance.web import pulse
from appliance.web.chapter import Chapter
from appliance.web.context import NOTHING, caller, is_operator, operator_only, parts, reply
from appliance.web.policy import ADMINS, EVERYBODY, allow
from appliance.web.schema import providers as shapes

providers = Chapter("providers", "Providers of models outside this program.")


@providers.get("/v1/providers", responses={200: shapes.ProviderPage})
@allow(*ADMINS, scope="admin")
def listed() -> Response:
    """All of them, and whether your project allows each."""
    return reply(shapes.ProviderPage(data=[_shown(row) for row in desk.listed()]))


@providers.post("/v1/providers", responses={201: shapes.Provider})
@allow(*ADMINS, scope="admin")
def create(body: shapes.ProviderBody) -> Response:
    """Add one. For an operator."""
    operator_only("change its providers")
    given = body.model_dump(exclude={"models"})
    models = [each.model_dump() for each in body.models]
    return reply(_shown(desk.add(parts().providers, **given, models=models)), 201)


@providers.patch("/v1/providers/<string:provider_id>", responses={200: shapes.Provider})
@allow(*ADMINS, scope="admin")
def change(path: shapes.ProviderPath, body: shapes.ProviderPatch) -> Response:
    """Change some of it. For an operator.

    A new address is another recipient: the key is forgotten unless a new one comes
    along, and every project has to allow it again.
    """
    desk.find(path.provider_id)
    operator_only("change its providers")
    given = body.model_dump(exclude_unset=True)
    for name in ("name", "models", "enabled"):  # null says nothing here
        if name in given and given[name] is None:
            del given[name]
    return reply(_shown(desk.change(parts().providers, path.provider_id, given)))


@providers.delete("/v1/providers/<string:provider_id>", responses={204: None})
@allow(*ADMINS, scope="admin")
def remove(path: shapes.ProviderPath) -> tuple[str, int]:
    """Forget it, its key and its permissions. For an operator."""
    desk.find(path.provider_id)
    operator_only("change its providers")
    desk.remove(parts().providers, path.provider_id)
    return NOTHING


@providers.post("/v1/providers/<string:provider_id>/test", responses={200: shapes.ProviderTest})
@allow(*ADMINS, scope="admin")
def test(path: shapes.ProviderPath) -> Response:
    """List its models and send one of them a tiny request. For an operator."""
    desk.find(path.provider_id)
    operator_only("change its providers")
    trial = desk.trial(parts().providers, path.provider_id)
    error = None
    if trial.error is not None:
        error = shapes.ProviderTrouble(code=trial.error.code, message=trial.error.message)
    return reply(
        shapes.ProviderTest(
            ok=error is None, latency_ms=trial.latency_ms, models=trial.models, error=error
        )
    )


@providers.put("/v1/providers/<string:provider_id>/permission", responses={200: shapes.Provider})
@allow(*ADMINS, scope="admin")
def permit(path: shapes.ProviderPath, body: shapes.PermissionBody) -> Response:
    """Allow your project's texts to be sent there, or forbid it."""
    row = desk.permit(caller().project_id, path.provider_id, allowed=body.allowed)
    return reply(_shown(row))


@providers.get("/v1/models/choices", responses={200: shapes.ModelChoices})
@allow(*EVERYBODY, scope="assistants:read")
def choices() -> Response:
    """The models that an assistant of your project may be told to use."""
    return reply(shapes.ModelChoices(data=[*_local(), *_elsewhere()]))


def _local() -> list[shapes.ModelChoice]:
    titles = {each.name: getattr(each, "title", "") for each in parts().catalogue.models()}
    return [
        shapes.ModelChoice(
            name=name,
            title=titles.get(name) or name,
            engine="local",
            leaves_the_box=False,
            available=pulse.state_of(parts().engines[name]) != "failed",
        )
        for name in parts().engines
    ]


def _elsewhere() -> list[shapes.ModelChoice]:
    return [
        shapes.ModelChoice(
            name=f"{row.id}/{model['name']}",
            title=f"{model['name']} ({row.name})",
            engine=row.kind,
            leaves_the_box=True,
            available=parts().providers.breaker(row.id).ready(),
        )
        for row in desk.listed()
        if usable(row) and records.allowed(caller().project_id, row.id)
        for model in row.models
        if model["role"] == "language"
    ]


def _shown(row: Provider) -> shapes.Provider:
    operator, health = is_operator(), parts().providers.health(row.id)
    return shapes.Provider(
        id=row.id,
        kind=row.kind,
        name=row.name,
        base_url=row.base_url if operator else None,
        api_version=row.api_version,
        models=row.models,
        has_key=row.sealed_key is not None,
        key_hint=row.key_hint if operator else None,
        enabled=row.enabled,
        allowed=records.allowed(caller().project_id, row.id),
        health=shapes.ProviderHealth(
            state=health.state,
            failures=health.failures,
            last_error=health.last_error,
            latency_ms=health.latency_ms,
        ),
        created_at=clock.spoken(row.created_at),
        updated_at=clock.spoken(row.updated_at),
    )
