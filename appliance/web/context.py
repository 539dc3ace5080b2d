"""What a route's body reaches for: the parts, the caller, and the way to reply."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, current_app, g
from pydantic import BaseModel

from appliance.parts import Parts
from appliance.web.credentials import Caller

NOTHING = ("", 204)


def parts() -> Parts:
    """The assembled parts of this appliance."""
    found: Parts = current_app.extensions["parts"]
    return found


def caller() -> Caller:
    """Who is asking; the gate has let them through."""
    found: Caller = g.caller
    return found


def reply(
    shape: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Only what the shape lists leaves the building."""
    return Response(
        shape.model_dump_json(), status, headers=headers, content_type="application/json"
    )
