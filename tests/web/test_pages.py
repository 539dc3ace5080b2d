import gzip
import re
from dataclasses import replace

import pytest

from appliance.web.app import create_app
from appliance.web.routes import pages
from tests.web.parts import Asker, code_of

INDEX = '<!doctype html><meta name="csp-nonce" content="{{nonce}}"><script src="/assets/a.js">'


@pytest.fixture
def built(tmp_path, monkeypatch):
    """The front ends, as the build leaves them."""
    assets = tmp_path / "static" / "console" / "assets"
    assets.mkdir(parents=True)
    (assets / "index-3f2a.js").write_text("console.log(1)")
    (assets.parent / "index.html").write_text(INDEX)
    (tmp_path / "static" / "widget").mkdir()
    (tmp_path / "static" / "widget" / "widget.js").write_text("/* widget */")
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(pages, "BUILT", tmp_path / "static")


def policy_of(reply):
    csp = reply.headers["Content-Security-Policy"]
    return dict(each.strip().split(" ", 1) for each in csp.split(";") if " " in each.strip())


def test_the_console_loads_nothing_but_our_own(nobody, built):
    csp = policy_of(nobody.get("/"))

    assert csp["default-src"] == "'none'"
    assert csp["script-src"] == csp["connect-src"] == csp["form-action"] == "'self'"
    assert csp["img-src"] == "'self' data:"
    assert csp["base-uri"] == csp["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(csp)


def test_each_page_has_a_nonce_of_its_own(nobody, built):
    first, second = nobody.get("/"), nobody.get("/")
    nonce = re.search(r'content="([\w-]{22})"', first.get_data(as_text=True))

    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in policy_of(first)["style-src"]
    assert nonce[1] not in second.get_data(as_text=True)
    assert first.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/assistants", "/assistants/asst_1/playground", "/keys"])
def test_the_consoles_own_router_knows_its_pages(nobody, built, path):
    assert "csp-nonce" in nobody.get(path).get_data(as_text=True)


def test_an_asset_is_kept_for_ever(nobody, built):
    asset = nobody.get("/assets/index-3f2a.js")

    assert asset.content_type == "text/javascript; charset=utf-8"
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/assets/../../../secret.txt", "/assets/%2e%2e/%2e%2e/%2e%2e/secret.txt",
     "/assets/", "/assets/" + "x" * 300, "/assets/%00", "/logo.png",
     "/.env", "/v1/", "/v1", "/index.php"],
)  # fmt: skip
def test_what_is_not_there_is_not_there(nobody, built, path):
    reply = nobody.get(path)

    assert reply.status_code == 404, reply.get_data()
    assert b"secret" not in reply.get_data()


def test_what_can_be_packed_is_sent_packed_to_those_who_can_unpack(nobody, built):
    (pages.BUILT / "widget" / "widget.js").write_text("let a = 1;\n" * 500)
    plain, packed = (
        nobody.get("/widget.js", headers={"Accept-Encoding": coding}) for coding in ("", "br, gzip")
    )

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert len(packed.get_data()) < 200
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_the_widget_is_for_every_page_and_never_stale_for_long(nobody, built):
    script = nobody.get("/widget.js", headers={"Origin": "https://shop.example"})

    assert script.content_type == "text/javascript; charset=utf-8"
    assert script.headers["Cache-Control"] == "public, max-age=300"
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = nobody.get("/widget.js", headers={"If-None-Match": script.headers["ETag"]})
    assert again.status_code == 304


def test_without_its_build_the_console_says_what_to_do(nobody, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "BUILT", tmp_path / "nothing")

    assert b"make setup" in nobody.get("/").get_data()
    assert nobody.get("/widget.js").status_code == 404


def test_the_demo_page_carries_the_widget_and_no_markup_of_others(program, nobody):
    made = program.post("/v1/assistants", {"name": "<b>Desk</b>"}).json["id"]
    text = nobody.get(f"/demo/{made}").get_data(as_text=True)

    assert f'<script async src="/widget.js" data-assistant-id="{made}"></script>' in text
    assert "&lt;b&gt;Desk&lt;/b&gt;" in text
    assert "<b>" not in text


def test_there_is_no_demo_of_what_is_not_there(program, nobody, desk):
    assert code_of(nobody.get("/demo/asst_x"))[0] == 404
    program.delete(f"/v1/assistants/{desk}")
    assert code_of(nobody.get(f"/demo/{desk}"))[0] == 404


def test_the_description_is_served_from_here_alone(nobody):
    for path in ("/docs", "/docs/docs.js", "/docs/docs.css", "/demo.css", "/favicon.svg"):
        reply = nobody.get(path)
        assert reply.status_code == 200
        foreign = re.findall(r"https?://[^\s\"'<]+", reply.get_data(as_text=True))
        assert [each for each in foreign if "www.w3.org" not in each] == []
    page = nobody.get("/docs").get_data(as_text=True)
    assert not re.search(r"<script>|<style|style=|\son\w+=", page)


def test_the_description_can_be_switched_off(parts):
    settings = replace(parts.settings, api_docs=False)
    asker = Asker(create_app(replace(parts, settings=settings)))

    for path in ("/docs", "/docs/docs.js", "/v1/openapi.json"):
        assert asker.get(path).status_code == 404
