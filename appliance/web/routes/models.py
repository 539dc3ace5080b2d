"""The AI models on this machine."""

from __future__ import annotations

from flask import Response

from appliance.engines.manifest import Model as Known
from appliance.web import pulse
from appliance.web.chapter import Chapter
from appliance.web.context import parts, reply
from appliance.web.policy import EVERYBODY, allow
from appliance.web.schema.machine import EngineState, Model, ModelPage

models = Chapter("models", "The AI models on this machine.")


@models.get("/v1/models/local", responses={200: ModelPage})
@allow(*EVERYBODY, scope="assistants:read")
def local() -> Response:
    """The models that are here, or could be, and what each is good for."""
    return reply(ModelPage(data=[_model(known) for known in parts().catalogue.models()]))


def _model(known: Known) -> Model:
    settings = parts().settings
    return Model(
        name=known.name,
        role=known.role,
        family=known.family,
        parameters=_spoken(known.parameters),
        quantisation=known.quantisation,
        size=known.size,
        licence=known.licence,
        installed=known.installed,
        verified=parts().catalogue.verified(known),
        state=_state(known),
        default=known.name in (settings.language_model, settings.embedding_model),
        advice=known.advice,
    )


def _state(known: Known) -> EngineState:
    embedder = parts().embedder
    if embedder.fingerprint == known.fingerprint:
        return pulse.state_of(embedder)
    engine = parts().engines.get(known.name)
    return pulse.state_of(engine) if engine else "stopped"


def _spoken(parameters: int) -> str:
    """135000000 as people say it: 135M."""
    for letter, size in (("B", 1_000_000_000), ("M", 1_000_000)):
        if parameters >= size:
            return f"{parameters / size:.3g}{letter}"
    return str(parameters) if parameters else ""
