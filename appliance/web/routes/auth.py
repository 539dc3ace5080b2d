"""Setting up, signing in and out."""

from __future__ import annotations

from flask import Response, redirect, request

from appliance import __version__
from appliance.base import clock
from appliance.people import accounts, codes, signin
from appliance.people.accounts import Person
from appliance.web import hosts, present
from appliance.web.chapter import Chapter
from appliance.web.context import NOTHING, caller, parts, reply
from appliance.web.credentials import COOKIE, SECURE_COOKIE
from appliance.web.policy import EVERYBODY, allow, anyone
from appliance.web.schema.auth import AuthState, SetupBody, SignedIn, SignInBody, TicketQuery

auth = Chapter("auth", "Setting up, signing in and out.")


@auth.get("/v1/auth/state", responses={200: AuthState})
@anyone(known=True)
def state() -> Response:
    """Whether the appliance is set up, and who is signed in at this browser."""
    asking = caller()
    known = asking.user is not None
    return reply(
        AuthState(
            setup_needed=not accounts.is_set_up(),
            signed_in=known,
            user=present.user(asking.user, asking.role) if asking.user else None,
            csrf_token=asking.csrf if known else None,
            secure=_is_secure(),
            version=__version__,
        )
    )


@auth.post("/v1/auth/setup", responses={201: SignedIn})
@anyone()
def setup(body: SetupBody) -> Response:
    """Make the first admin with the one-time code, and sign them in."""
    person = codes.redeem(
        body.code,
        email=body.email,
        password=body.password,
        name=body.name,
        address=caller().address,
        now=clock.now(),
    )
    return _signed_in(person, 201)


@auth.post("/v1/auth/sign-in", responses={200: SignedIn})
@anyone()
def sign_in(body: SignInBody) -> Response:
    """Sign in with address and password. The cookie that comes along is the proof."""
    person = accounts.verify(
        email=body.email, password=body.password, address=caller().address, now=clock.now()
    )
    return _signed_in(person, 200)


@auth.post("/v1/auth/sign-out", responses={204: None})
@allow(*EVERYBODY)
def sign_out() -> Response:
    """End this browser's sign-in, at once."""
    signin.end(caller().sign_in_id or "")
    response = Response(status=NOTHING[1])
    for name in (COOKIE, SECURE_COOKIE):
        response.delete_cookie(name, secure=name == SECURE_COOKIE, httponly=True)
    return response


@auth.get("/desktop", doc_ui=False)
@anyone()
def desktop(query: TicketQuery) -> Response:
    """Sign the appliance's own window in with its one-time ticket."""
    person = codes.use_ticket(query.ticket, clock.now())
    response = redirect("/", 303)
    _set_cookie(response, signin.start(person, clock.now())[0])  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


def _signed_in(person: Person, status: int) -> Response:
    token, csrf = signin.start(person, clock.now())
    response = reply(SignedIn(user=present.person(person), csrf_token=csrf), status)
    _set_cookie(response, token)
    return response


def _set_cookie(response: Response, token: str) -> None:
    # Browsers drop a Secure cookie that comes over plain http, and a `__Host-` name demands it.
    secure = hosts.is_protected(request, parts().settings)
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        token,
        max_age=signin.ABSOLUTE // clock.SECOND,
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def _is_secure() -> bool:
    local = caller().address in ("127.0.0.1", "::1")
    return local or hosts.is_protected(request, parts().settings)
