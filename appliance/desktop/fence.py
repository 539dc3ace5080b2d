"""The window's fence: it shows our own server's pages and nothing else.

On Linux the web engine itself asks us before each navigation and each request.
pywebview has no such question for its other engines; there, a page that is not
ours is left again as soon as it has loaded.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from appliance.desktop.outside import open_outside

log = logging.getLogger(__name__)

Inside = Callable[[str], bool]


class Shown(Protocol):
    """What is needed of a window to bring it back."""

    def get_current_url(self) -> str | None: ...
    def load_url(self, url: str) -> None: ...


def build(inside: Inside) -> None:
    """Fence in every Qt window opened from now on. Call it before the first one is.

    pywebview's own page class is taught to ask: its constructor names itself
    through the module, so a subclass in its place would call itself for ever.
    """
    from qtpy.QtWebEngineCore import QWebEnginePage
    from webview.platforms import qt

    view: Any = qt.BrowserView
    page = view.WebPage
    outside = _outside_page()

    def accept(self: Any, url: Any, kind: Any, main: bool) -> bool:
        if inside(url.toString()):
            return True
        if main and kind == QWebEnginePage.NavigationType.NavigationTypeLinkClicked:
            open_outside(url.toString())
        return False

    page.acceptNavigationRequest = accept
    page.createWindow = lambda self, kind: outside(self.profile(), self)
    page.onFeaturePermissionRequested = _refuse
    # pywebview calls a method that left Qt with version 6, so its downloads fail.
    view.on_download_requested = _save_as
    view.on_load_finished = _bridge_our_pages_only(view.on_load_finished)


def close_in(view: Any, inside: Inside) -> None:
    """Fence in one Qt window that has just been made: what it may fetch and keep."""
    from qtpy.QtWebEngineCore import QWebEngineProfile

    page = view.webview.page()
    view.gate = _gate(inside)  # Qt does not own it; it must live as long as the page
    page.setUrlRequestInterceptor(view.gate)
    # Each start signs in with a fresh ticket; no cookie on the disk can replay it.
    page.profile().setPersistentCookiesPolicy(
        QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
    )
    page.profile().setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)


def bring_back(window: Shown, inside: Inside, home: str | None) -> None:
    """Leave a page that is not ours, for engines that cannot be asked beforehand."""
    url = window.get_current_url()
    if url and home and not inside(url):
        log.warning("the window left a page that is not ours")
        window.load_url(home)
        open_outside(url)


def raise_window(window: Any, *, qt: bool) -> None:
    """Put the window in front of the others. May be called from any thread."""
    if not qt:
        window.on_top = True
        window.on_top = False
        return
    from qtpy.QtCore import QMetaObject, Qt

    # On Qt the line above would make the window anew. Its slots may be called from here.
    QMetaObject.invokeMethod(window.native, "raise", Qt.ConnectionType.QueuedConnection)


def _outside_page() -> type:
    from qtpy.QtWebEngineCore import QWebEnginePage

    class Outside(QWebEnginePage):
        """Where links for a new window go: never a window, always the person's browser."""

        def acceptNavigationRequest(self, url: Any, kind: Any, main: bool) -> bool:  # noqa: N802
            open_outside(url.toString())
            self.deleteLater()
            return False

    return Outside


def _refuse(page: Any, url: Any, feature: Any) -> None:
    """Camera, microphone, place: pywebview would grant some. Nothing here needs them."""
    page.setFeaturePermission(url, feature, type(page).PermissionPolicy.PermissionDeniedByUser)


def _bridge_our_pages_only(bridge: Callable[[Any], None]) -> Callable[[Any], None]:
    """pywebview's bridge to Python goes into the pages we make ourselves, not the console.

    The console has no need of it, and its content security policy forbids the
    `eval` that the bridge is made of.
    """

    def loaded(view: Any) -> None:
        if view.webview.url().scheme() == "data":
            bridge(view)
        else:
            view.pywebview_window.events.loaded.set()

    return loaded


def _gate(inside: Inside) -> Any:
    from qtpy.QtWebEngineCore import QWebEngineUrlRequestInterceptor

    class Gate(QWebEngineUrlRequestInterceptor):
        """No image, style, script or call leaves for another host either."""

        def interceptRequest(self, info: Any) -> None:  # noqa: N802
            if not inside(info.requestUrl().toString()):
                info.block(True)

    return Gate()


def _save_as(view: Any, download: Any) -> None:
    """Ask where a download goes, in the person's download folder to begin with."""
    from qtpy.QtCore import QStandardPaths
    from qtpy.QtWidgets import QFileDialog

    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    proposal = Path(folder) / Path(download.downloadFileName()).name
    chosen, _ = QFileDialog.getSaveFileName(
        view, view.localization["global.saveFile"], str(proposal)
    )
    if not chosen:
        download.cancel()
        return
    download.setDownloadDirectory(str(Path(chosen).parent))
    download.setDownloadFileName(Path(chosen).name)
    download.accept()
