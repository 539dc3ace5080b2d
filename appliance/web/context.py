"""What a route's body reaches for: the parts, the caller, and the way to reply."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, current_app, g
from pydantic import BaseModel

from appliance.base.errors import Forbidden
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


def is_operator() -> bool:
    """Whether an operator of this appliance is asking. No key is one."""
    user = caller().user
    return user is not None and bool(user.operator)


def operator_only(may: str) -> None:
    """What is everybody's here, no project's admin may change alone. Raises Forbidden."""
    if not is_operator():
        raise Forbidden(f"Only an operator of this appliance may {may}.")


def reply(
    shape: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Only what the shape lists leaves the building."""
    return Response(
        shape.model_dump_json(), status, headers=headers, content_type="application/json"
    )
