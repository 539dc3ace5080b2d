"""The description of the interface, made from its routes, their shapes and their policies."""

from __future__ import annotations

import json
import threading
from typing import Any

from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel

from appliance.web.chapter import Chapter
from appliance.web.policy import Policy, policy_of
from appliance.web.schema.sessions import Answer

SCHEMES: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "`sk_…` of a program, `pk_…` of a web page, `vt_…` of a visitor's session.",
    },
    "api_key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "inhouse"},
    "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
}


ALSO: tuple[type[BaseModel], ...] = (Answer,)  # shapes of replies that have several
_lock = threading.Lock()


def described(app: OpenAPI) -> dict[str, Any]:
    """OpenAPI 3.1, as plain JSON values. Made when first asked for; needs no parts."""
    with _lock:
        if "description" not in app.extensions:
            app.extensions["description"] = _description(app)
    found: dict[str, Any] = app.extensions["description"]
    return found


def as_json(app: OpenAPI) -> str:
    """The same, as the text that is served and committed."""
    return json.dumps(described(app), indent=2, ensure_ascii=False) + "\n"


def _description(app: OpenAPI) -> dict[str, Any]:
    for chapter in app.blueprints.values():
        if isinstance(chapter, Chapter):
            chapter.describe_in(app)
    found: dict[str, Any] = json.loads(json.dumps(app.api_doc))
    for rule in app.url_map.iter_rules():
        path = _openapi_path(str(rule))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            operation = found["paths"].get(path, {}).get(method.lower())
            if operation is not None:
                view = app.view_functions[rule.endpoint]
                _describe(found, operation, view, policy_of(app, rule.endpoint))
    for shape in ALSO:
        _add(found, shape)
    _always_there(found)
    found["paths"] = dict(sorted(found["paths"].items()))
    found["components"]["schemas"] = dict(sorted(found["components"]["schemas"].items()))
    return found


def _openapi_path(rule: str) -> str:
    return rule.replace("<string:", "{").replace("<int:", "{").replace(">", "}")


def _describe(
    found: dict[str, Any], operation: dict[str, Any], view: Any, policy: Policy | None
) -> None:
    operation["security"] = _security(policy)
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {
        "description": "What went wrong.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorReply"}}},
    }
    if policy and policy.scope:
        operation["x-scope"] = policy.scope
    if takes := getattr(view, "takes", None):
        content = {}
        for media_type, shape in takes.items():
            _add(found, shape)
            content[media_type] = {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}}
        operation["requestBody"] = {"required": True, "content": content}


def _add(found: dict[str, Any], shape: type[BaseModel]) -> None:
    schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    found["components"]["schemas"].update(schema.pop("$defs", {}))
    found["components"]["schemas"][shape.__name__] = schema


def _security(policy: Policy | None) -> list[dict[str, list[str]]]:
    if policy is None or policy.public:
        return []
    ways: list[dict[str, list[str]]] = []
    if policy.roles:
        ways.append({"cookie": [], "csrf": []})
    if policy.scope or policy.visitor or policy.publishable:
        ways.append({"bearer": []})
    if policy.scope or policy.publishable:
        ways.append({"api_key": []})
    if policy.page:
        ways.append({})
    return ways


def _always_there(found: dict[str, Any]) -> None:
    """What only ever leaves the building has all of its fields, defaults or not."""
    schemas = found["components"]["schemas"]
    outgoing: set[str] = set()
    incoming: set[str] = set()
    for path in found["paths"].values():
        for operation in path.values():
            _reach(operation.get("responses"), schemas, outgoing)
            _reach(operation.get("requestBody"), schemas, incoming)
    for name in outgoing - incoming:
        if properties := schemas[name].get("properties"):
            schemas[name]["required"] = list(properties)


def _reach(node: Any, schemas: dict[str, Any], seen: set[str]) -> None:
    if isinstance(node, list):
        for each in node:
            _reach(each, schemas, seen)
    elif isinstance(node, dict):
        name = str(node.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen and name in schemas:
            seen.add(name)
            _reach(schemas[name], schemas, seen)
        for each in node.values():
            _reach(each, schemas, seen)
