"""Whether a window can be opened here. Asks without loading any window library."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec

from appliance.base.errors import Broken

# What the engine and its X11 platform link to beyond a bare Debian 12, by package.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libasound.so.2": "libasound2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libgbm.so.1": "libgbm1",
    "libnspr4.so": "libnspr4",
    "libnss3.so": "libnss3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbfile.so.1": "libxkbfile1",
}
X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


class NoWindow(Broken):
    """This machine, or this session on it, has no place for a window."""


def available(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether `appliance desktop` can work here, so that it may be the default command."""
    return not trouble(environment)


def require(environment: Mapping[str, str] = os.environ) -> None:
    """Raise NoWindow, with what to do instead, where no window can be opened.

    Asked first because Qt ends the whole process when it finds no display, or
    lacks one of the system's libraries.
    """
    if sentence := trouble(environment):
        raise NoWindow(sentence)
    if sys.platform == "linux" and (packages := missing_packages(environment)):
        raise NoWindow(
            "The window needs libraries of the system that are not installed. "
            f"On Debian and Ubuntu: sudo apt-get install {' '.join(packages)}"
        )


def missing_packages(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The Debian packages whose libraries Qt would look for in vain."""
    wayland = environment.get("WAYLAND_DISPLAY")
    wanted = LIBRARIES if wayland else LIBRARIES | X11_LIBRARIES
    return sorted({package for library, package in wanted.items() if not _loads(library)})


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def trouble(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """Why no window can be opened, in a sentence; nothing when one can."""
    if find_spec("webview") is None:
        return (
            "The window's parts are not installed. Install them with: "
            'pip install "inhouse[desktop]", or run: appliance serve'
        )
    headless = not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
    if platform == "linux" and headless:
        return (
            "There is no display here. Run: appliance serve, "
            "and open its address in the browser of another machine."
        )
    return ""
