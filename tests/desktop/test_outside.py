from __future__ import annotations

import stat
import sys
import time
from pathlib import Path

import pytest

from appliance.desktop.outside import open_outside, their_own

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's")


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which a stand-in for the system's browser notes what it is given."""
    browser, note = tmp_path / "xdg-open", tmp_path / "opened.txt"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {note}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return note


def test_a_web_address_opens_in_the_persons_browser(opened: Path) -> None:
    assert open_outside("https://example.com/")

    until = time.monotonic() + 5
    while not opened.exists() or not opened.read_text():
        assert time.monotonic() < until
        time.sleep(0.01)
    assert opened.read_text() == "https://example.com/\n"


def test_another_scheme_opens_nothing(opened: Path) -> None:
    assert not open_outside("file:///etc/passwd")
    assert not opened.exists()


def test_the_browser_does_not_get_what_was_set_for_our_engine() -> None:
    given = {"QTWEBENGINE_DISABLE_SANDBOX": "1", "QT_API": "pyside6", "QT_SCALE_FACTOR": "2"}

    assert their_own(given) == {"QT_SCALE_FACTOR": "2"}


def test_the_frozen_program_gives_back_the_systems_libraries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    before = {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/opt/lib"}
    assert their_own(before) == {"LD_LIBRARY_PATH": "/opt/lib"}
    assert their_own({"LD_LIBRARY_PATH": "/bundle"}) == {}
