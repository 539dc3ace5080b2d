"""Where the window stood when it was last closed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from appliance.base import files

LEAST = (640, 480)


@dataclass(frozen=True)
class Rectangle:
    """A screen, or a part of one, in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Place:
    """Size and position of the window; no position means the middle of the screen."""

    width: int = 1200
    height: int = 800
    x: int | None = None
    y: int | None = None
    maximized: bool = False

    def on(self, screens: Iterable[Rectangle]) -> Place:
        """This place, moved and shrunk so that the window can be reached.

        A screen may have been unplugged since: a window outside all of them
        comes back to the middle of the first.
        """
        known = list(screens)
        if not known:
            return self
        home = next((screen for screen in known if self._shows_on(screen)), None)
        kept = self if home else replace(self, x=None, y=None)
        screen = home or known[0]
        return replace(
            kept,
            width=max(LEAST[0], min(self.width, screen.width)),
            height=max(LEAST[1], min(self.height, screen.height)),
        )

    def _shows_on(self, screen: Rectangle) -> bool:
        """Whether enough of the title bar is on this screen to take hold of it."""
        if self.x is None or self.y is None:
            return False
        across = min(self.x + self.width, screen.x + screen.width) - max(self.x, screen.x)
        return across >= 100 and screen.y <= self.y <= screen.y + screen.height - 50


def recall(path: Path) -> Place:
    """The place kept in this file; the usual one when there is none or it is damaged."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        place = Place(**kept)
        numbers = (place.width, place.height, place.x or 0, place.y or 0)
        return place if all(type(number) is int for number in numbers) else Place()
    except (OSError, ValueError, TypeError):
        return Place()


def keep(path: Path, place: Place) -> None:
    """Remember a place for the next time."""
    files.write(path, json.dumps(asdict(place)).encode() + b"\n")
