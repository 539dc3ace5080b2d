"""The console, the description of the interface, and the widget's demo page."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from functools import lru_cache
from html import escape
from pathlib import Path

from flask import Blueprint, Response, current_app, request
from flask_openapi3.openapi import OpenAPI

from appliance.base.errors import NotFound
from appliance.store.assistants import Assistant
from appliance.web import describe, headers
from appliance.web.context import parts
from appliance.web.policy import anyone

pages = Blueprint("pages", __name__)

HERE = Path(__file__).parents[1]
OWN, BUILT = HERE / "pages", HERE / "static"
FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = b"<!doctype html><title>Inhouse</title><p>The console is not built. Run: make setup"
_ASSET = re.compile(r"[A-Za-z0-9_./-]{1,200}")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@pages.get("/")
@pages.get("/<path:console_page>")
@anyone()
def console(console_page: str = "") -> Response:
    """The console. Its own router knows the pages below it."""
    if console_page.partition("/")[0] in ("v1", "assets") or "." in console_page:
        raise NotFound("page")
    index = BUILT / "console" / "index.html"
    if not index.exists():
        return _html(NOT_BUILT.decode(), headers.page_csp())
    nonce = headers.new_nonce()
    return _html(index.read_text("utf-8").replace("{{nonce}}", nonce), headers.page_csp(nonce))


@pages.get("/assets/<path:name>")
@anyone()
def asset(name: str) -> Response:
    """A built file of the console. Its name changes with its content."""
    return _file(_within(BUILT / "console" / "assets", name), FOREVER)


@pages.get("/favicon.svg")
@anyone()
def icon() -> Response:
    """The mark in the browser's tab."""
    return _file(OWN / "favicon.svg", "public, max-age=86400")


@pages.get("/widget.js")
@anyone()
def widget() -> Response:
    """The chat widget, for the pages of other sites."""
    response = _file(BUILT / "widget" / "widget.js", "public, max-age=300")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@pages.get("/demo/<string:assistant_id>")
@anyone()
def demo(assistant_id: str) -> Response:
    """A page with the widget on it, to try an assistant before it goes on a site."""
    row = Assistant.across_projects().where(Assistant.id == assistant_id).first()
    if row is None or row.archived_at is not None:
        raise NotFound("assistant")
    text = (OWN / "demo.html").read_text("utf-8")
    values = {"id": row.id, "name": row.name, "address": request.host_url.rstrip("/")}
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", escape(value))
    return _html(text, headers.page_csp())


@pages.get("/demo.css")
@anyone()
def demo_css() -> Response:
    """The demo page's looks."""
    return _file(OWN / "demo.css", "no-cache")


@pages.get("/docs")
@anyone()
def docs() -> Response:
    """The description of the interface, for people."""
    _described()
    return _html((OWN / "docs.html").read_text("utf-8"), headers.page_csp())


@pages.get("/docs/<string:name>")
@anyone()
def docs_file(name: str) -> Response:
    """What the page of the description consists of."""
    _described()
    if name not in ("docs.js", "docs.css"):
        raise NotFound("page")
    return _file(OWN / name, "no-cache")


@pages.get("/v1/openapi.json")
@anyone()
def openapi_json() -> Response:
    """The description of the interface, for programs: OpenAPI 3.1."""
    _described()
    app: OpenAPI = current_app  # type: ignore[assignment]
    return Response(describe.as_json(app), content_type="application/json")


def _described() -> None:
    if not parts().settings.api_docs:
        raise NotFound("page")


def _within(folder: Path, name: str) -> Path:
    if not _ASSET.fullmatch(name):
        raise NotFound("file")
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise NotFound("file")
    return path


def _html(text: str, csp: str) -> Response:
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = csp
    return response


def _file(path: Path, caching: str) -> Response:
    if not path.is_file():
        raise NotFound("file")
    content, packed, etag = _read(path, path.stat().st_mtime_ns)
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    small = len(packed) < len(content) and request.accept_encodings["gzip"] > 0
    response = Response(packed if small else content, content_type=kind + charset)
    if small:
        response.content_encoding = "gzip"
        etag += "-gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = caching
    response.set_etag(etag)
    response.make_conditional(request)
    return response


@lru_cache(maxsize=128)
def _read(path: Path, changed: int) -> tuple[bytes, bytes, str]:
    """A file's content, the same packed, and what tells it from other content."""
    content = path.read_bytes()
    packed = gzip.compress(content, mtime=0)
    return content, packed, hashlib.sha256(content).hexdigest()[:32]
