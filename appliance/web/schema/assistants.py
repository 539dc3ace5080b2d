"""Assistants: what they are told, what they know, how they look."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from appliance.chat.config import AssistantConfig, Part, Text
from appliance.web.schema.base import Body, Paged, Query, Reply, Time

Theme = Literal["auto", "light", "dark"]
Position = Literal["bottom-right", "bottom-left", "top-right", "top-left", "inline"]


def partly(part: type[Part], *, name: str) -> Any:
    """The same shape with every field optional: what a change may say. Null: the default."""
    fields: dict[str, Any] = {}
    for field, info in part.model_fields.items():
        kind: Any = info.annotation
        if isinstance(kind, type) and issubclass(kind, Part):
            kind = partly(kind, name=f"{kind.__name__}Change")
        elif info.metadata:
            kind = Annotated[(kind, *info.metadata)]
        fields[field] = (kind | None, None)
    return create_model(name, __base__=Part, __doc__=part.__doc__, **fields)


_AssistantChange: Any = partly(AssistantConfig, name="AssistantChange")


class AssistantBody(_AssistantChange):
    """A new assistant. Only the name is needed."""

    name: Annotated[Text, Field(min_length=1, max_length=120)]

    def given(self) -> dict[str, Any]:
        """What was said, as a merge patch."""
        return self.model_dump(exclude_unset=True)


class AssistantPatch(_AssistantChange):
    """What to change. Objects are merged by key; null sets a field back to its default."""

    archived: bool | None = None

    def given(self) -> dict[str, Any]:
        """What was said about the configuration, as a merge patch."""
        return self.model_dump(exclude_unset=True, exclude={"archived"})


class Assistant(AssistantConfig):
    """A configured assistant."""

    id: str
    version: int
    collection_id: str
    project_id: str
    created_at: Time
    updated_at: Time
    archived_at: Time | None


class AssistantPage(Reply):
    data: list[Assistant]
    next_cursor: str | None


class AssistantPath(Body):
    assistant_id: str


class VersionPath(AssistantPath):
    number: int = Field(ge=1, le=2**31)


class AssistantQuery(Paged):
    """Which assistants."""

    q: str | None = Field(None, max_length=200, description="Part of the name.")
    archived: bool = False


class VersionQuery(Paged):
    """Which versions."""


class DeleteQuery(Query):
    """Whether to delete for good."""

    purge: bool = Field(False, description="Delete with documents and conversations.")


class Version(Reply):
    """What an assistant was configured to be at one time."""

    number: int
    name: str
    config: dict[str, Any]
    author: str
    created_at: Time


class VersionPage(Reply):
    data: list[Version]
    next_cursor: str | None


class RefusedOrigin(Reply):
    """A web page that tried to show the assistant and is not on its list."""

    origin: str
    count: int
    last_at: Time


class RefusedOriginPage(Reply):
    data: list[RefusedOrigin]
