"""What the chat widget asks before it shows itself."""

from __future__ import annotations

import hashlib

from flask import Response, request

from appliance.chat.config import stored
from appliance.store.assistants import Assistant
from appliance.web.chapter import Chapter
from appliance.web.context import caller, reply
from appliance.web.policy import EVERYBODY, allow
from appliance.web.schema.widget import WidgetConfig, WidgetQuery

widget = Chapter("widget", "What the chat widget asks before it shows itself.")


@widget.get("/v1/widget/config", responses={200: WidgetConfig})
@allow(*EVERYBODY, scope="chat", publishable=True, visitor=True, page=True)
def config(query: WidgetQuery) -> Response:
    """How the widget of an assistant looks. Pages of sites that are not allowed get 403."""
    row = Assistant.find(caller().project_id, query.assistant_id)
    look = stored(row).widget
    shape = WidgetConfig(
        assistant_id=row.id,
        name=row.name,
        title=look.title or row.name,
        theme=look.theme,
        position=look.position,
        primary_color=look.primary_color,
        welcome_message=look.welcome_message,
        placeholder=look.placeholder,
        locale=None,
    )
    response = reply(shape)
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
