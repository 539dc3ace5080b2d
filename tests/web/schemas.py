"""Holds replies against the description of the interface."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from appliance.web.openapi import document

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def check_reply(app: Flask, method: str, path: str, reply: TestResponse) -> None:
    """Fails for a JSON reply of a documented route that is not what was promised."""
    operation = _operation(app, method, path)
    if operation is None or not reply.is_json or not reply.get_data():
        return
    responses = operation["responses"]
    promised = responses.get(str(reply.status_code)) or responses["default"]
    schema = promised.get("content", {}).get("application/json", {}).get("schema")
    assert schema is not None, f"{method} {path}: no JSON is promised for {reply.status_code}"
    wrong = list(_wrong(reply.json, schema, "reply"))
    assert not wrong, f"{method} {path} → {reply.status_code}: {wrong}"


def _operation(app: Flask, method: str, path: str) -> dict[str, Any] | None:
    try:
        rule, _ = app.url_map.bind("localhost").match(
            path.partition("?")[0], method, return_rule=True
        )
    except HTTPException:
        return None
    template = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
    found: dict[str, Any] | None = document()["paths"].get(template, {}).get(method.lower())
    return found


def _wrong(value: Any, schema: dict[str, Any], at: str) -> list[str]:
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        tried = [_wrong(value, each, at) for each in schema["anyOf"]]
        return [] if [] in tried else min(tried, key=len)
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    kind = schema.get("type")
    if kind and (
        not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")
    ):
        return [f"{at}: {value!r} is no {kind}"]
    if isinstance(value, dict):
        return _wrong_object(value, schema, at)
    if isinstance(value, list) and "items" in schema:
        return [
            each
            for number, item in enumerate(value)
            for each in _wrong(item, schema["items"], f"{at}[{number}]")
        ]
    return []


def _wrong_object(value: dict[str, Any], schema: dict[str, Any], at: str) -> list[str]:
    properties = schema.get("properties", {})
    wrong = [f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value]
    for name, item in value.items():
        if name in properties:
            wrong += _wrong(item, properties[name], f"{at}.{name}")
        elif schema.get("additionalProperties") is False:
            wrong.append(f"{at}: {name} was not promised")
    return wrong
