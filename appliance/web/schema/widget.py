"""What the chat widget asks before it shows itself."""

from __future__ import annotations

from pydantic import Field

from appliance.web.schema.assistants import Position, Theme
from appliance.web.schema.base import Id, Query, Reply


class WidgetQuery(Query):
    """For which assistant."""

    assistant_id: Id


class WidgetConfig(Reply):
    """How the widget looks."""

    assistant_id: str
    name: str
    title: str
    theme: Theme
    position: Position
    primary_color: str
    welcome_message: str
    placeholder: str
    locale: str | None = Field(description="None: the widget follows the page.")
