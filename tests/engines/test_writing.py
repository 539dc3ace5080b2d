"""From token bytes to text."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.writing import Writing


def pieces_of(content: bytes, cuts: list[int]) -> list[bytes]:
    bounds = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    return [content[a:b] for a, b in itertools.pairwise(bounds)]


@given(text=st.text(st.characters(codec="utf-8")), cuts=st.lists(st.integers(0, 999)))
def test_text_cut_anywhere_comes_out_whole(text: str, cuts: list[int]) -> None:
    writing = Writing()
    shown = [writing.feed(piece) for piece in pieces_of(text.encode(), cuts)]

    assert "".join(shown) + writing.finish() == text


@given(text=st.text("abc", max_size=40), cuts=st.lists(st.integers(0, 99)))
def test_nothing_from_a_stop_string_on_is_shown(text: str, cuts: list[int]) -> None:
    writing = Writing(["abc", "cc"])
    shown = "".join(writing.feed(piece) for piece in pieces_of(text.encode(), cuts))
    shown += writing.finish()

    ends = [at for stop in ("abc", "cc") if (at := text.find(stop)) >= 0]
    assert shown == text[: min(ends, default=len(text))]
    assert writing.stopped == bool(ends)


def test_the_beginning_of_a_stop_string_is_held_back_until_it_is_decided() -> None:
    writing = Writing(["\n\nUser:"])

    assert writing.feed(b"Hello.\n\nU") == "Hello."
    assert writing.feed(b"nless") == "\n\nUnless"


def test_half_a_character_at_the_end_is_dropped() -> None:
    writing = Writing()

    assert writing.feed("né".encode()[:-1]) == "n"
    assert writing.finish() == ""


def test_an_empty_stop_string_stops_nothing() -> None:
    assert Writing([""]).feed(b"text") == "text"
