from __future__ import annotations

import re

import pytest

from appliance.desktop import starting

PAGES = [
    starting.waiting(),
    starting.waiting(["info  reading"]),
    starting.failed(["error  <b>"], "/data"),
    starting.gone("http://127.0.0.1:5000"),
]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_load_nothing(page: str) -> None:
    assert not re.findall(r"(?:src|href)=|url\(|@import", page)


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_come_light_and_dark(page: str) -> None:
    assert "color-scheme: light dark" in page
    assert "prefers-color-scheme: dark" in page


def test_what_the_server_said_is_text_and_not_markup() -> None:
    page = starting.failed(["error  <script>alert(1)</script>"], "/data/<x>.log")

    assert "&lt;script&gt;alert(1)" in page
    assert "/data/&lt;x&gt;.log" in page


def test_a_server_that_said_nothing_is_said_to_have() -> None:
    assert "It said nothing." in starting.failed([], "/data/server.log")
