"""The headers of every response."""

from __future__ import annotations

import logging
import secrets
import time

from flask import Flask, Response, g, request

from appliance.web import sites
from appliance.web.errors import request_id

log = logging.getLogger(__name__)

NOTHING_CSP = "default-src 'none'; frame-ancestors 'none'"
DOWNLOAD_CSP = f"sandbox; {NOTHING_CSP}"


def page_csp(nonce: str | None = None) -> str:
    """What one of our own pages may load: nothing that is not ours."""
    style = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def new_nonce() -> str:
    """A fresh nonce for one page."""
    return secrets.token_urlsafe(16)


def install(app: Flask) -> None:
    """Finish every response of this app."""

    def begin() -> None:
        g.began = time.monotonic()

    app.before_request(begin)
    app.after_request(_finish)


def _finish(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-Id"] = request_id()
    headers.setdefault("Content-Security-Policy", NOTHING_CSP)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")
    if origin := g.get("cors_origin"):
        sites.let_read(response, origin)
    if request.path.startswith("/v1/"):
        headers.add("Vary", "Origin")
        _note(response)
    return response


def _note(response: Response) -> None:
    caller = g.get("caller")
    log.info(
        "request",
        extra={
            "request_id": request_id(),
            "method": request.method,
            "route": str(request.url_rule or "unknown"),
            "status": response.status_code,
            "ms": round((time.monotonic() - g.get("began", time.monotonic())) * 1000),
            "caller": caller.kind if caller else "nobody",
        },
    )
