"""The door's table of contents."""

from __future__ import annotations

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from appliance import __version__
from appliance.parts import Parts
from appliance.web import errors, gate, headers, limits
from appliance.web.chapter import Chapter
from appliance.web.describe import SCHEMES
from appliance.web.request import Request
from appliance.web.routes.assistants import assistants
from appliance.web.routes.auth import auth
from appliance.web.routes.collections import collections
from appliance.web.routes.documents import documents
from appliance.web.routes.embedder import embedder
from appliance.web.routes.health import health
from appliance.web.routes.jobs import jobs
from appliance.web.routes.keys import keys
from appliance.web.routes.knowledge import knowledge
from appliance.web.routes.models import models
from appliance.web.routes.pages import pages
from appliance.web.routes.providers import providers
from appliance.web.routes.retrieval import retrieval
from appliance.web.routes.sessions import sessions
from appliance.web.routes.widget import widget
from appliance.web.schema.base import ErrorReply

ABOUT = "AI assistants over an office's own documents. Errors have one shape; lists come in pages."

CHAPTERS: tuple[Chapter, ...] = (
    auth,  # set up, sign in, sign out
    assistants,  # what they are told, know and look like; their versions
    sessions,  # conversations: ask, listen, stop
    knowledge,  # files and texts to learn from
    documents,  # what was made of them: passages, places, originals
    collections,  # documents that are searched together, and whether they may leave
    retrieval,  # searching without writing
    jobs,  # work behind the scenes, and how far it is
    keys,  # of programs and of web pages
    providers,  # of models outside this program; all off until allowed
    models,  # the AI models on this machine
    embedder,  # changing the model that searches
    widget,  # what the chat widget asks first
    health,  # how the appliance is doing
)


def create_app(parts: Parts) -> OpenAPI:
    """The web application over these parts."""
    app = routes_only()
    app.extensions["parts"] = parts
    headers.install(app)
    errors.install(app)
    limits.install(app, threads=parts.settings.threads)
    gate.install(app, parts.settings)
    return app


def routes_only() -> OpenAPI:
    """The routes without anything behind them: enough to describe them."""
    app = OpenAPI(
        "appliance.web",
        info=Info(title="Inhouse", version=__version__, description=ABOUT),
        security_schemes=SCHEMES,
        validation_error_model=ErrorReply,
        validation_error_callback=errors.refuse,
        doc_ui=False,
        static_folder=None,
    )
    app.request_class = Request
    for chapter in CHAPTERS:
        app.register_api(chapter)
    app.register_blueprint(pages)  # the console, the widget, the demo page, the description
    return app
