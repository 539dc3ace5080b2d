"""The gate every request passes: host, preflight, credential, origin, policy. In this order."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, Request, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from appliance.base import clock, ids
from appliance.base.errors import Forbidden, Invalid, NotFound, OriginRefused, Unauthenticated
from appliance.base.settings import Settings
from appliance.store.assistants import Assistant
from appliance.web import hosts, sites
from appliance.web.credentials import Caller, Presented, resolve
from appliance.web.policy import Policy, policy_of
from appliance.web.sites import Refusals

SAFE = ("GET", "HEAD", "OPTIONS")


class CsrfFailed(Forbidden):
    """A write with the cookie, but without the token that only our own pages know."""

    code = "csrf_failed"


def install(app: Flask, settings: Settings) -> None:
    """Put the gate in front of every route."""
    app.extensions["refusals"] = Refusals()

    def gate() -> Response | None:
        hosts.check(request, settings)
        if request.method == "OPTIONS":
            return _options(settings)
        if request.endpoint is not None:  # else: an unknown address, answered as such
            g.caller = _admit(request, policy_of(current_app, request.endpoint), settings)
            _refuse_unknown_query(request)
        return None

    app.before_request(gate)


def refusals() -> Refusals:
    """The sites that were turned away."""
    found: Refusals = current_app.extensions["refusals"]
    return found


def still_holds(caller: Caller, presented: Presented, now: int) -> bool:
    """Whether a caller who is being streamed to would still be let in."""
    try:
        again = resolve(presented, now)
    except (Unauthenticated, NotFound):
        return False
    if (again.kind, again.project_id) != (caller.kind, caller.project_id):
        return False
    if caller.origin is None or again.session is None:
        return True
    assistant = Assistant.find(again.project_id, again.session.assistant_id)
    return sites.may_show(assistant, caller.origin, now)


def _admit(request: Request, policy: Policy | None, settings: Settings) -> Caller:
    if policy is None:
        raise Forbidden("This address is closed: it does not say who may use it.")
    address = request.remote_addr or ""
    foreign = _foreign_origin(request, settings)
    if policy.public and foreign and request.method not in SAFE:
        raise _not_from_there(foreign)
    if policy.blind:
        return Caller(address=address)
    if policy.cors and foreign:
        _let_read(request, foreign)
    g.presented = _presented(request, foreign)
    caller = resolve(g.presented, clock.now())
    caller = replace(_without_csrf(request, policy, caller), address=address)
    if caller.kind == "secret" and request.headers.get("Origin"):
        # A secret key in a web page has leaked; what it can do there is kept small.
        caller = replace(caller, scopes=caller.scopes & {"chat"})
    if policy.cors and (caller.from_page or foreign):
        caller = _on_its_page(request, policy, caller, foreign)
    _check_policy(policy, caller)
    return caller


def _presented(request: Request, foreign: str | None) -> Presented:
    presented = Presented.by(request)
    # Our cookie never speaks for a page of another site, whatever the browser sends.
    return replace(presented, cookie=None) if foreign else presented


def _foreign_origin(request: Request, settings: Settings) -> str | None:
    origin = request.headers.get("Origin")
    if not origin or origin.lower() in hosts.own_origins(request, settings):
        return None
    return origin[:300]


def _without_csrf(request: Request, policy: Policy, caller: Caller) -> Caller:
    if caller.kind != "person" or request.method in SAFE:
        return caller
    token = request.headers.get("X-CSRF-Token", "")
    if ids.same(token, caller.csrf or ""):
        return caller
    if policy.page:  # the widget on our own demo page, in a browser that is signed in
        return Caller()
    raise CsrfFailed("This write came without the token of your session. Reload the page.")


def _let_read(request: Request, origin: str) -> None:
    """Let an allowed page read the reply, also one that says no: expired, too often, gone."""
    assistant = sites.assistant_of(request, request.view_args or {})
    if sites.may_show(assistant, origin, clock.now()):
        g.cors_origin = origin


def _on_its_page(request: Request, policy: Policy, caller: Caller, foreign: str | None) -> Caller:
    """Check the page a request comes from against the lists. Raises OriginRefused, NotFound."""
    assistant = sites.assistant_of(request, request.view_args or {})
    if caller.kind == "nobody":
        at_home = request.headers.get("Origin") or request.method in SAFE
        if not (policy.page and at_home):
            return caller  # the policy will say what is missing
    args = request.view_args or {}
    mine = caller.session is None or caller.session.id == args.get("session_id", caller.session.id)
    if assistant is None or caller.project_id not in ("", assistant.project_id) or not mine:
        raise NotFound("session" if "session_id" in args else "assistant")
    if caller.session is not None and caller.session.assistant_id != assistant.id:
        raise NotFound("assistant")
    if caller.kind == "publishable":
        _check_key(caller, assistant, request)
    if foreign and caller.kind != "secret" and not _may_ask(caller, assistant, foreign):
        refusals().note(assistant.id, foreign, clock.now())
        raise _refused(foreign)
    return replace(caller, project_id=assistant.project_id, origin=foreign)


def _check_key(caller: Caller, assistant: Assistant, request: Request) -> None:
    assert caller.key is not None  # noqa: S101
    if caller.key.assistant_id not in (None, assistant.id):
        raise NotFound("assistant")
    if not request.headers.get("Origin") and request.method not in SAFE:
        raise OriginRefused("A publishable key works in web pages only. Use a secret key here.")


def _may_ask(caller: Caller, assistant: Assistant, origin: str) -> bool:
    if caller.key is not None and caller.kind == "publishable":
        return sites.key_holds(caller.key.origins, assistant, origin)
    if caller.kind == "nobody":
        return sites.key_holds("", assistant, origin)
    return sites.may_show(assistant, origin, clock.now())


def _check_policy(policy: Policy, caller: Caller) -> None:
    if policy.public:
        return
    if caller.kind == "person":
        allowed = caller.role in policy.roles
    elif caller.kind == "secret":
        allowed = policy.scope is not None and policy.scope in caller.scopes
    elif caller.kind == "publishable":
        allowed = policy.publishable
    elif caller.kind == "visitor":
        allowed = policy.visitor
    else:
        allowed = policy.page and bool(caller.project_id)
    if allowed:
        return
    if caller.kind == "nobody":
        raise Unauthenticated("Sign in, or send an API key as: Authorization: Bearer sk_…")
    if caller.kind == "secret" and policy.scope:
        raise Forbidden(f"This key lacks the scope {policy.scope}.")
    raise Forbidden("You may not do this.")


def _refuse_unknown_query(request: Request) -> None:
    """A route that takes no query must not seem to; those that do check it themselves."""
    view = current_app.view_functions[request.endpoint or ""]
    if request.args and request.path.startswith("/v1/") and "query" not in view.__annotations__:
        param = next(iter(request.args))
        raise Invalid(f"{param}: There is no such parameter here.", param=param)


def _options(settings: Settings) -> Response | None:
    """Answer a preflight for the very route it asks about; other OPTIONS go their usual way."""
    origin = request.headers.get("Origin")
    method = request.headers.get("Access-Control-Request-Method")
    if not origin or not method:
        g.caller = Caller()
        return None
    foreign = _foreign_origin(request, settings)
    try:
        endpoint, args = current_app.url_map.bind_to_environ(request.environ).match(method=method)
    except HTTPException:
        raise NotFound("address") from None
    policy = policy_of(current_app, endpoint)
    if policy is None or not policy.cors or foreign is None:
        raise _not_from_there(origin[:300])
    assistant = sites.assistant_of(request, args)
    if sites.may_show(assistant, foreign, clock.now()):
        return sites.preflight(foreign, method)
    if assistant is None:
        raise NotFound("assistant")
    refusals().note(assistant.id, foreign, clock.now())
    raise _refused(foreign)


def _refused(origin: str) -> OriginRefused:
    return OriginRefused(
        f"Pages of {origin} may not show this assistant. "
        "Its admin can add the site to the allowed origins."
    )


def _not_from_there(origin: str) -> OriginRefused:
    return OriginRefused(
        f"Pages of {origin} may not use this. If it is this server's own address behind a proxy, "
        "set public_url to it."
    )
