"""A group of routes that belong together, as the description of the interface shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from flask_openapi3.openapi import OpenAPI
from flask_openapi3.types import ParametersTuple
from flask_openapi3.utils import parse_parameters


class Chapter(APIBlueprint):
    """Checks what comes in from the start, and describes itself only when asked to.

    Describing takes longer than everything else at start, and few ever ask.
    """

    def __init__(self, name: str, about: str) -> None:
        """Its routes are called `<name>_<function>` by generated clients."""
        self._undescribed: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []
        super().__init__(
            name,
            f"appliance.web.routes.{name}",
            abp_tags=[Tag(name=name, description=about)],
            operation_id_callback=_operation_id,
        )

    def describe_in(self, app: OpenAPI) -> None:
        """Add the description of every route to this app's."""
        while self._undescribed:
            rule, view, options = self._undescribed.pop(0)
            super()._collect_openapi_info(rule, view, **options)
        app.paths.update(self.paths)
        app.components_schemas.update(self.components_schemas)
        app.tags += [tag for tag in self.tags if tag.name not in app.tag_names]
        app.tag_names += [tag.name for tag in self.tags]

    def _collect_openapi_info(
        self, rule: str, func: Callable[..., Any], **options: Any
    ) -> ParametersTuple:
        if options.get("doc_ui", True):
            self._undescribed.append((rule, func, options))
        return parse_parameters(func, doc_ui=False)


def _operation_id(*, bp_name: str, name: str, path: str, method: str) -> str:
    return f"{bp_name}_{name}"
