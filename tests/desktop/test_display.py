from __future__ import annotations

import subprocess
import sys

import pytest

from appliance.desktop import display


def test_without_a_display_there_is_no_window() -> None:
    assert "appliance serve" in display.trouble({}, platform="linux")


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_with_a_display_there_may_be_one(name: str) -> None:
    assert display.trouble({name: ":0"}, platform="linux") == ""


def test_windows_and_macos_always_have_a_display() -> None:
    assert display.trouble({}, platform="win32") == display.trouble({}, platform="darwin") == ""


def test_a_missing_library_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(display.X11_LIBRARIES, "libnowhere.so.9", "libnowhere9")

    assert "libnowhere9" in display.missing_packages({"DISPLAY": ":0"})


def test_the_window_is_imported_without_loading_pywebview_or_qt() -> None:
    asked = "import sys, appliance.desktop.window; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)

    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"webview", "PySide6", "qtpy", "sqlcipher3"}
