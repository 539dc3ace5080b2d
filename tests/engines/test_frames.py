"""Frames between the program and its model processes."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.frames import Channel

texts = st.text(st.characters(codec="utf-8"))
headers = st.dictionaries(texts, st.one_of(texts, st.integers(), st.booleans(), st.none()))


def channel_with(content: bytes) -> Channel:
    return Channel(io.BytesIO(content), io.BytesIO())


@given(header=headers, payload=st.binary())
def test_what_is_sent_is_received(header: dict[str, object], payload: bytes) -> None:
    pipe = io.BytesIO()
    Channel(io.BytesIO(), pipe).send(header, payload)

    frame = channel_with(pipe.getvalue()).receive()

    assert frame
    assert (frame.header, frame.payload) == (header, payload)


@pytest.mark.parametrize("cut", [0, 3, 8, 12, -1])
def test_a_frame_cut_off_anywhere_is_the_end(cut: int) -> None:
    pipe = io.BytesIO()
    Channel(io.BytesIO(), pipe).send({"op": "say"}, b"payload")

    assert channel_with(pipe.getvalue()[:cut]).receive() is None


@pytest.mark.parametrize(
    "content",
    [b"\xff" * 64, struct.pack(">II", 2, 0) + b"[]", struct.pack(">II", 4, 0) + b"oops"],
    ids=["impossible length", "no object", "no JSON"],
)
def test_nonsense_is_an_error(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # of json's or of ours
        channel_with(content).receive()
