"""A request whose body is looked at strictly, with an error for each way it can be wrong."""

from __future__ import annotations

import json
from typing import Any

from flask import Request as FlaskRequest

from appliance.base.errors import Invalid, TooLarge, WrongType

JSON_BYTES = 2 * 2**20
UPLOAD_OVERHEAD = 2**20  # what multipart puts around a file


class Malformed(Invalid):
    """Not even a request in form."""


class BadJson(Malformed):
    """A body that is not JSON at all."""

    code = "invalid_json"


class Request(FlaskRequest):
    """What the framework asks for as JSON is parsed here, once."""

    max_form_memory_size = 256 * 1024
    max_form_parts = 20
    _parsed: Any = None

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body's JSON value. Raises WrongType, TooLarge or BadJson, `silent` or not."""
        if self._parsed is None:
            self._parsed = self._parse()
        return self._parsed

    def _parse(self) -> Any:
        if not self.mimetype and not self.content_length:
            return {}  # nothing sent is nothing said; the shape knows whether that is enough
        if self.mimetype != "application/json":
            raise WrongType("Send the body as JSON, with Content-Type: application/json.")
        if (self.content_length or 0) > JSON_BYTES:
            raise TooLarge(f"A JSON body may take {JSON_BYTES // 2**20} MB.", limit=JSON_BYTES)
        body = self.get_data(cache=False)
        if len(body) > JSON_BYTES:
            raise TooLarge(f"A JSON body may take {JSON_BYTES // 2**20} MB.", limit=JSON_BYTES)
        return parse_json(body)


def parse_json(body: bytes) -> Any:
    """A JSON object that can be stored as it is. Raises BadJson, Invalid."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadJson("The body is not valid UTF-8.") from None
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair
    except (ValueError, RecursionError):
        raise BadJson("The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise Invalid("The body must be a JSON object.")
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON
