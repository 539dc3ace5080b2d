"""Opening a web address in the person's own browser, outside the window."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Mapping

from appliance.desktop import origin

log = logging.getLogger(__name__)

# Set for this window's own engine, by us or by pywebview.
_OURS = ("QTWEBENGINE_", "QT_API", "QT_STYLE_OVERRIDE")


def open_outside(url: str) -> bool:
    """Hand an http or https address to the system's browser. False for anything else."""
    if not origin.for_the_browser(url):
        log.warning("a link was not followed", extra={"scheme": url.partition(":")[0][:20]})
        return False
    opener = shutil.which("xdg-open") if sys.platform == "linux" else None
    if opener is None:
        return webbrowser.open(url)
    child = subprocess.Popen(
        [opener, url],
        env=their_own(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the browser outlives this window
    )
    threading.Thread(target=child.wait, daemon=True).start()  # so that it does not stay a zombie
    return True


def their_own(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment as the system's programs expect it.

    The frozen program points LD_LIBRARY_PATH at its own libraries; a browser
    started with those may not run. PyInstaller keeps the old value beside it.
    """
    clean = {name: value for name, value in environment.items() if not name.startswith(_OURS)}
    if getattr(sys, "frozen", False):
        before = clean.pop("LD_LIBRARY_PATH_ORIG", None)
        clean.pop("LD_LIBRARY_PATH", None)
        if before is not None:
            clean["LD_LIBRARY_PATH"] = before
    return clean
