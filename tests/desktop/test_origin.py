from __future__ import annotations

import pytest

from appliance.desktop.origin import for_the_browser, inside

OURS = "http://127.0.0.1:5000"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5000",
        "http://127.0.0.1:5000/assistants?q=1#top",
        "HTTP://127.0.0.1:5000/",
        "ws://127.0.0.1:5000/v1/socket",
        "data:text/html,starting",
        "blob:http://127.0.0.1:5000/1b4e28ba",
    ],
)
def test_our_own_pages_stay_inside(url: str) -> None:
    assert inside(url, OURS)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5001/",
        "https://127.0.0.1:5000/",
        "http://localhost:5000/",
        "http://127.0.0.1:5000@mallory.example/",
        "http://127.0.0.1:5000.mallory.example/",
        "http://127.0.0.1:port/",
        "http://[::1",
        "//127.0.0.1:5000/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "about:blank",
        "",
    ],
)
def test_everything_else_stays_outside(url: str) -> None:
    assert not inside(url, OURS)


def test_without_a_server_only_the_starting_page_is_inside() -> None:
    assert inside("data:text/html,starting", None)
    assert not inside(OURS, None)


def test_the_default_port_need_not_be_written() -> None:
    assert inside("https://office.example/", "https://office.example:443")


@pytest.mark.parametrize("url", ["http://example.com/", "https://example.com/a?b#c"])
def test_web_addresses_may_open_in_the_browser(url: str) -> None:
    assert for_the_browser(url)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "javascript:1", "smb://host/share", "ws://host/", "https://", "--help"],
)
def test_nothing_but_web_addresses_may(url: str) -> None:
    assert not for_the_browser(url)
