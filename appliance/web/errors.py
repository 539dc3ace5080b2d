"""Every error that leaves the building has one shape, and this file makes it."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import NoReturn

from flask import Flask, Response, g, jsonify, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from appliance.base import errors, ids
from appliance.base.errors import ApplianceError, Invalid
from appliance.readers.contract import UnknownKind
from appliance.web.request import Malformed

log = logging.getLogger(__name__)


class Misdirected(Invalid):
    """A request for a host name that is not this server's."""

    code = "host_not_allowed"


# The first class that fits decides.
STATUS: tuple[tuple[type[ApplianceError], int, str], ...] = (
    (Malformed, 400, "invalid_request_error"),
    (Misdirected, 421, "invalid_request_error"),
    (errors.TooLarge, 413, "invalid_request_error"),
    (errors.WrongType, 415, "invalid_request_error"),
    (UnknownKind, 415, "invalid_request_error"),
    (errors.Invalid, 422, "invalid_request_error"),
    (errors.Unreadable, 422, "invalid_request_error"),
    (errors.Unauthenticated, 401, "authentication_error"),
    (errors.Forbidden, 403, "permission_error"),
    (errors.NotFound, 404, "not_found_error"),
    (errors.Conflict, 409, "conflict_error"),
    (errors.Limited, 429, "rate_limit_error"),
    (errors.Busy, 503, "api_error"),
    (errors.EngineFailed, 503, "api_error"),
    (ApplianceError, 500, "api_error"),
)
# What the server itself refuses before any room is asked.
_HTTP = {
    400: ("invalid_request_error", "invalid_request", "The request is not well-formed."),
    404: ("not_found_error", "not_found", "There is nothing at this address."),
    405: ("invalid_request_error", "method_not_allowed", "This address does not take this method."),
    413: ("invalid_request_error", "too_large", "The request is larger than is taken here."),
    415: ("invalid_request_error", "unsupported_type", "This kind of content is not taken."),
}
_SANE_ID = re.compile(r"[A-Za-z0-9._:-]{6,64}")


def install(app: Flask) -> None:
    """Answer every error of this app in the one shape."""
    app.register_error_handler(ApplianceError, planned)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unforeseen)


def request_id() -> str:
    """The id of this request: the caller's if it is a sane one, else ours."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _SANE_ID.fullmatch(given) else ids.new_id("req")
    return str(g.request_id)


def refuse(error: ValidationError) -> NoReturn:
    """Turn the first thing that is wrong with a request's shape into an Invalid."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    param = ".".join(str(step) for step in first["loc"]) or None
    sentence = first["msg"].removeprefix("Value error, ").rstrip(".")
    if first["type"] == "extra_forbidden":
        sentence = "There is no such field here"
    raise Invalid(f"{param}: {sentence}." if param else f"{sentence}.", param=param)


def status_of(error: ApplianceError) -> tuple[int, str]:
    """The status and the `type` of an error."""
    return next((status, kind) for cls, status, kind in STATUS if isinstance(error, cls))


def body(error: ApplianceError) -> dict[str, object]:
    """The envelope's content, without the envelope."""
    return {
        "message": error.message,
        "type": status_of(error)[1],
        "param": getattr(error, "param", None),
        "code": error.code,
        "request_id": request_id(),
    }


def planned(error: ApplianceError) -> Response:
    """An error we have words for."""
    status, _ = status_of(error)
    if status >= 500:
        level = logging.WARNING if error.retryable else logging.ERROR
        extra = {"request_id": request_id(), **error.facts}
        log.log(level, "request failed: %s", error.code, extra=extra)
    response = jsonify(error=body(error))
    response.status_code = status
    if isinstance(error, errors.Limited | errors.Busy):
        response.headers["Retry-After"] = str(error.retry_after)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="inhouse"'
    return response


def http(error: HTTPException) -> Response:
    """An error of the HTTP layer."""
    if error.response is not None and error.code is None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    kind, code, message = _HTTP.get(
        status, ("invalid_request_error", "invalid_request", HTTPStatus(status).phrase + ".")
    )
    response = jsonify(
        error={
            "message": message,
            "type": kind if status < 500 else "api_error",
            "param": None,
            "code": code if status < 500 else "internal_error",
            "request_id": request_id(),
        }
    )
    response.status_code = status
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def unforeseen(error: Exception) -> Response:
    """A defect of ours: told in general words, and in the log in full."""
    log.exception(
        "unforeseen error", extra={"request_id": request_id(), "endpoint": request.endpoint}
    )
    return planned(
        errors.Broken("Something went wrong here. The log has the details under the request's id.")
    )
