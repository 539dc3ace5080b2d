import pytest

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


@pytest.mark.parametrize(
    "path", ["/", "/health", "/docs", "/v1/auth/state", "/v1/assistants", "/v1/nowhere", "/x.png"]
)
def test_every_response_carries_the_same_guards(nobody, path):
    headers = nobody.get(path).headers

    assert {name: headers[name] for name in EVERYWHERE} == EVERYWHERE
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Request-Id"]
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/v1/auth/state", "/v1/assistants", "/v1/nowhere"])
def test_nothing_personal_is_kept_on_the_way(nobody, path):
    headers = nobody.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert "Origin" in headers["Vary"]


def test_replies_say_their_charset_or_are_json(nobody):
    assert nobody.get("/docs").content_type == "text/html; charset=utf-8"
    assert nobody.get("/health").content_type == "application/json"


def test_the_log_has_a_line_for_each_request_and_no_text_of_visitors(vera, document, caplog):
    caplog.set_level("INFO")
    vera.post(f"/v1/sessions/{vera.session}/messages", {"content": "my secret question"})
    lines = [vars(record) for record in caplog.records if record.getMessage() == "request"]

    assert (lines[-1]["status"], lines[-1]["caller"]) == (200, "visitor")
    assert lines[-1]["route"] == "/v1/sessions/<string:session_id>/messages"
    assert "my secret question" not in str([vars(record) for record in caplog.records])
