"""A group of routes that belong together, as the description of the interface shows them."""

from __future__ import annotations

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag


def chapter(name: str, about: str, *, shown: bool = True) -> APIBlueprint:
    """A new group. Its routes are called `<name>_<function>` by generated clients."""
    return APIBlueprint(
        name,
        f"appliance.web.routes.{name}",
        abp_tags=[Tag(name=name, description=about)],
        operation_id_callback=_operation_id,
        doc_ui=shown,
    )


def _operation_id(*, bp_name: str, name: str, path: str, method: str) -> str:
    return f"{bp_name}_{name}"
