"""The window: our starting page at once, then the console, until it is closed."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from appliance.base import running
from appliance.base.process import own_command
from appliance.base.running import Occupied
from appliance.base.settings import SETTINGS, Settings, models_beside_the_program
from appliance.desktop import display, fence, origin, place, starting
from appliance.desktop.entrance import entrance as signed_in
from appliance.desktop.keeper import Keeper
from appliance.desktop.place import Place, Rectangle
from appliance.desktop.server import OwnServer

log = logging.getLogger(__name__)

TITLE = "Inhouse"
FORWARD = "forward"
WEBVIEW = {
    "ALLOW_DOWNLOADS": True,
    "ALLOW_FILE_URLS": False,
    "OPEN_EXTERNAL_LINKS_IN_BROWSER": True,
    "OPEN_DEVTOOLS_IN_DEBUG": False,
}


def open_window(
    settings: Settings,
    *,
    entrance: Callable[[Settings], str] = signed_in,
    serve: Sequence[str] = (),
) -> None:
    """Show the console in a window of its own, and come back when it is closed.

    Finds the server of the data folder, or starts one with the command `serve` (this
    program's own, when not given) and stops it again in the end. `entrance` gives
    the path that the console is opened with. Where a window is open already, that
    one comes forward. Raises NoWindow where there is no display.
    """
    display.require()
    _prepare_engine()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = settings.data_dir / "window"
    own = OwnServer(
        serve or own_command("serve"),
        environment={**os.environ, **as_variables(settings)},
        data_dir=settings.data_dir,
        folder=folder,
    )
    try:
        with running.alone(folder / "window.lock", "The window is open already."):
            (folder / FORWARD).unlink(missing_ok=True)
            _Window(own, folder, settings.data_dir, lambda: entrance(settings)).stay()
    except Occupied:
        (folder / FORWARD).touch()
        log.info("the window is open already; it was brought forward")


class _Window:
    """One window and what belongs to it. The thread that makes it must be the main one."""

    def __init__(
        self, own: OwnServer, folder: Path, data_dir: Path, entrance: Callable[[], str]
    ) -> None:
        import webview

        self._folder = folder
        self._shown = starting.waiting()
        self._minimized = self._is_qt = False
        self._keeper = Keeper(self, own, data_dir=data_dir, entrance=entrance)
        webview.settings.update(WEBVIEW)
        self._window: Any = webview.create_window(
            TITLE,
            html=self._shown,
            js_api=_ForOurPages(self._keeper),
            min_size=place.LEAST,
            text_select=True,
            zoomable=True,
        )
        self._listen()

    def stay(self) -> None:
        """Show it until it is closed, then leave nothing running that it started."""
        import webview

        ended = threading.Event()
        threading.Thread(target=self._come_forward, args=(ended,), daemon=True).start()
        signal.signal(signal.SIGTERM, self._end)
        try:
            webview.start(
                self._keeper.start,
                gui="qt" if sys.platform == "linux" else None,
                private_mode=False,
                storage_path=str(self._folder / "browser"),
                icon=_icon(),
            )
        finally:
            ended.set()
            self._keeper.close()
            _leave_in_any_case()

    def _end(self, *_: object) -> None:
        # In a thread: destroying waits for the window to be there, which the main one makes.
        threading.Thread(target=self._window.destroy, daemon=True).start()

    def show(self, html: str) -> None:
        """Put up a page of our own."""
        if html != self._shown:
            self._shown = html
            self._window.load_html(html, "")

    def open(self, url: str) -> None:
        """Go to an address of the server."""
        self._shown = ""
        self._window.load_url(url)

    def _listen(self) -> None:
        events = self._window.events
        events.initialized += self._before_it_is_made
        events.before_show += self._once_it_is_made
        events.loaded += self._come_back
        events.closing += self._remember
        events.minimized += lambda: setattr(self, "_minimized", True)
        events.restored += lambda: setattr(self, "_minimized", False)
        events.maximized += lambda: setattr(self, "_minimized", False)

    def _inside(self, url: str) -> bool:
        return origin.inside(url, self._keeper.address)

    def _before_it_is_made(self, renderer: str) -> None:
        import webview

        self._is_qt = renderer == "qtwebengine"
        if self._is_qt:
            fence.build(self._inside)
        screens = [Rectangle(each.x, each.y, each.width, each.height) for each in webview.screens]
        where = place.recall(self._folder / "place.json").on(screens)
        self._window.initial_width, self._window.initial_height = where.width, where.height
        self._window.initial_x, self._window.initial_y = where.x, where.y
        self._window.maximized = where.maximized

    def _once_it_is_made(self) -> None:
        if self._is_qt:
            fence.close_in(self._window.native, self._inside)

    def _come_back(self) -> None:
        if not self._is_qt:
            fence.bring_back(self._window, self._inside, self._keeper.address)

    def _remember(self) -> None:
        place.keep(self._folder / "place.json", self._where())

    def _where(self) -> Place:
        window = self._window
        if not self._is_qt:
            return Place(window.width, window.height, window.x, window.y)
        view = window.native
        size = view.normalGeometry()
        # The frame's corner is what a window is moved by; a maximized one has none to keep.
        corner = size.topLeft() if view.isMaximized() else view.pos()
        return Place(size.width(), size.height(), corner.x(), corner.y(), view.isMaximized())

    def _come_forward(self, ended: threading.Event) -> None:
        """Watch for another start of the program, and show this window then."""
        note = self._folder / FORWARD
        while not ended.wait(0.3):
            if note.exists():
                note.unlink(missing_ok=True)
                if self._minimized:
                    self._window.restore()
                fence.raise_window(self._window, qt=self._is_qt)


class _ForOurPages:
    """What our own pages may ask of this program. Nothing here needs to be kept from them."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper  # pywebview shows pages no name that begins with an underscore

    def retry(self) -> None:
        """Another try to start the server."""
        self._keeper.retry()


def as_variables(settings: Settings) -> dict[str, str]:
    """The settings in force, as environment for the server: it must see what we see."""
    return {
        setting.variable: str(value)
        for setting in SETTINGS
        if (value := getattr(settings, setting.name)) != ""
    }


def _prepare_engine() -> None:
    """What Qt reads from the environment, before it is loaded."""
    if sys.platform != "linux":
        return
    os.environ["QT_API"] = "pyside6"
    if os.geteuid() == 0:
        # Chromium's sandbox does not work for root, and the engine would refuse to
        # start. Everyone else keeps it.
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"


def _icon() -> str | None:
    beside = models_beside_the_program().parent
    found = (beside / "packaging" / "icon.png", beside / "icon.png")
    return next((str(path) for path in found if path.exists()), None)


def _leave_in_any_case() -> None:
    """End the process soon, even if pywebview waits for a page that is no more.

    Its threads wait without end for the result of a script in a window that was
    closed meanwhile, and Python waits for its threads. By now nothing is unsaved.
    """
    last = threading.Timer(5, os._exit, (0,))
    last.daemon = True
    last.start()
