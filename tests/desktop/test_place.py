from __future__ import annotations

from pathlib import Path

import pytest

from appliance.desktop.place import LEAST, Place, Rectangle, keep, recall

SCREEN = Rectangle(0, 0, 1920, 1080)
BESIDE = Rectangle(1920, 0, 1280, 1024)


def test_a_place_is_remembered(tmp_path: Path) -> None:
    keep(tmp_path / "place.json", Place(900, 700, 12, 34, maximized=True))

    assert recall(tmp_path / "place.json") == Place(900, 700, 12, 34, maximized=True)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"width": "wide"}', '{"depth": 3}', "null"])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    (tmp_path / "place.json").write_text(text)

    assert recall(tmp_path / "place.json") == Place()


def test_a_window_on_a_screen_stays_where_it_was() -> None:
    place = Place(900, 700, 2000, 10)

    assert place.on([SCREEN, BESIDE]) == place


def test_a_window_of_an_unplugged_screen_comes_to_the_first() -> None:
    assert Place(900, 700, 2000, 10).on([SCREEN]) == Place(900, 700)


def test_a_window_is_no_larger_than_its_screen() -> None:
    assert Place(4000, 3000, 1930, 10).on([SCREEN, BESIDE]) == Place(1280, 1024, 1930, 10)


def test_a_window_is_never_too_small_to_use() -> None:
    assert Place(1, 1).on([SCREEN]) == Place(*LEAST)
