from dataclasses import replace

import pytest

from appliance import __version__
from appliance.base import clock
from appliance.people import codes, passwords
from appliance.store.projects import SignIn, User
from appliance.web.app import create_app
from tests.web.parts import PASSWORD, Asker, code_of

ADA = {"email": "ada@office.example", "password": PASSWORD, "name": "Ada"}


def cookie_of(reply):
    return reply.headers["Set-Cookie"]


def test_a_new_appliance_says_that_it_needs_setting_up(nobody):
    assert nobody.get("/v1/auth/state").json == {
        "setup_needed": True,
        "signed_in": False,
        "user": None,
        "csrf_token": None,
        "secure": True,
        "version": __version__,
    }


def test_the_code_makes_the_first_admin_who_is_signed_in_at_once(nobody):
    made = nobody.post("/v1/auth/setup", {**ADA, "code": codes.new_code()})
    state = nobody.get("/v1/auth/state").json

    assert (made.status_code, made.json["user"]["role"]) == (201, "owner")
    assert (state["setup_needed"], state["signed_in"]) == (False, True)
    assert state["csrf_token"] == made.json["csrf_token"]
    assert state["user"]["name"] == "Ada"


def test_a_wrong_code_makes_nobody(nobody):
    codes.new_code()
    refused = nobody.post("/v1/auth/setup", {**ADA, "code": "AAAA-AAAA-AAAA-AAAA"})

    assert code_of(refused) == (401, "invalid_code")
    assert User.select().count() == 0


def test_a_second_first_admin_is_refused(ada, nobody):
    assert code_of(nobody.post("/v1/auth/setup", {**ADA, "code": "x"})) == (409, "already_set_up")


def test_a_weak_password_is_refused_with_its_reason(nobody):
    code = codes.new_code()
    refused = nobody.post("/v1/auth/setup", {**ADA, "code": code, "password": "password1"})

    assert code_of(refused) == (422, "weak_password")
    assert refused.json["error"]["param"] == "password"


def test_signing_in_and_out(ada, nobody):
    signed_in = nobody.post(
        "/v1/auth/sign-in", {"email": "ADA@office.example", "password": PASSWORD}
    )
    nobody.headers["X-CSRF-Token"] = signed_in.json["csrf_token"]
    assert nobody.get("/v1/assistants").status_code == 200

    assert nobody.post("/v1/auth/sign-out").status_code == 204
    assert code_of(nobody.get("/v1/assistants"))[0] == 401


def test_a_cookie_taken_before_the_sign_out_opens_nothing_after_it(ada, app):
    cookie = ada.client.get_cookie("inhouse").value
    ada.post("/v1/auth/sign-out")
    thief = Asker(app)
    thief.client.set_cookie("inhouse", cookie)

    assert code_of(thief.get("/v1/assistants"))[0] == 401


def test_every_sign_in_gets_a_cookie_of_its_own(ada, app):
    def sign_in():
        body = {"email": ADA["email"], "password": PASSWORD}
        return cookie_of(Asker(app).post("/v1/auth/sign-in", body)).split(";")[0]

    assert len({sign_in() for _ in range(3)}) == 3


def test_over_plain_http_the_cookie_is_one_that_browsers_keep(ada, app):
    reply = Asker(app).post("/v1/auth/sign-in", {"email": ADA["email"], "password": PASSWORD})
    parts = cookie_of(reply).split("; ")

    assert parts[0].startswith("inhouse=si_")
    assert {"HttpOnly", "Path=/", "SameSite=Strict"} <= set(parts)
    assert "Secure" not in parts


def test_over_https_the_cookie_is_bound_to_the_host(ada, parts):
    settings = replace(parts.settings, public_url="https://help.corp.local")
    asker = Asker(create_app(replace(parts, settings=settings)), {"Host": "help.corp.local"})
    reply = asker.post("/v1/auth/sign-in", {"email": ADA["email"], "password": PASSWORD})

    assert cookie_of(reply).startswith("__Host-inhouse=si_")
    assert "; Secure" in cookie_of(reply)
    assert "Domain" not in cookie_of(reply)


def test_the_console_is_told_when_the_connection_is_not_protected(app):
    lan = {"REMOTE_ADDR": "192.168.1.20"}
    reply = app.test_client().get("/v1/auth/state", environ_base=lan)

    assert reply.json["secure"] is False


def test_wrong_passwords_are_slowed_down(ada, nobody):
    body = {"email": "ada@office.example", "password": "wrong password"}
    told = [code_of(nobody.post("/v1/auth/sign-in", body)) for _ in range(7)]

    assert told[:5] == [(401, "invalid_credentials")] * 5
    assert told[5] == (429, "rate_limit_exceeded")


def test_an_idle_browser_is_asked_again(ada):
    SignIn.update(seen_at=clock.now() - 13 * clock.HOUR).execute()

    assert ada.get("/v1/auth/state").json["signed_in"] is False
    assert code_of(ada.get("/v1/assistants"))[0] == 401


def test_the_window_comes_in_with_a_ticket_once(ada, app):
    window, path = Asker(app), f"/desktop?ticket={codes.window_ticket()}"
    entered = window.get(path)

    assert (entered.status_code, entered.headers["Location"]) == (303, "/")
    assert "SameSite=Strict" in cookie_of(entered)
    assert window.get("/v1/auth/state").json["signed_in"] is True
    assert code_of(Asker(app).get(path)) == (401, "invalid_code")


@pytest.mark.parametrize("path", ["/desktop", "/desktop?ticket=", "/desktop?ticket=tk_made_up"])
def test_without_a_good_ticket_the_window_stays_outside(ada, app, path):
    refused = Asker(app).get(path)

    assert refused.status_code in (401, 422)
    assert "Set-Cookie" not in refused.headers


def test_somebody_without_a_project_is_not_let_in(app, quick_hashes, ada):
    User.create(email="bob@office.example", password_hash=passwords.hashed(PASSWORD))
    body = {"email": "bob@office.example", "password": PASSWORD}

    assert code_of(Asker(app).post("/v1/auth/sign-in", body)) == (401, "invalid_credentials")
