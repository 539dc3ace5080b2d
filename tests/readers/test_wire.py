from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.readers import wire
from appliance.readers.contract import Block, Damaged, NoText, Place, Reading, Report

READING = Reading(
    (
        Block("heading", "Hours", Place(page=1), 1),
        Block("paragraph", "Nine — five.", Place(1, "Hours")),
    ),
    Report("application/pdf", pages=1, pages_with_text=1, characters=17, warnings=("Careful.",)),
    title="Hours",
    metadata={"author": "Ada"},
)


def test_a_reading_arrives_as_it_was_sent():
    assert wire.unpack(wire.pack(READING)) == READING


def test_an_error_arrives_as_the_same_error():
    with pytest.raises(NoText, match="a scan") as caught:
        wire.unpack(wire.pack(NoText("This is a scan.", pages=3)))

    assert caught.value.facts == {"pages": 3}


@pytest.mark.parametrize(
    "change",
    [
        {"blocks": [["paragraph", 7, None, None, None, None, 0]]},
        {"blocks": [["script", "x", None, None, None, None, 0]]},
        {"blocks": [["paragraph", "", None, None, None, None, 0]]},
        {"blocks": [["paragraph", "x\0", None, None, None, None, 0]]},
        {"blocks": [["paragraph", "x", "1", None, None, None, 0]]},
        {"blocks": [["paragraph", "x", True, None, None, None, 0]]},
        {"blocks": [["paragraph", "x\ud800", None, None, None, None, 0]]},
        {"blocks": [["paragraph", "x", 2**60, None, None, None, 0]]},
        {"blocks": [["paragraph", "x", -1, None, None, None, 0]]},
        {"blocks": "paragraph"},
        {"report": {}},
        {"title": ["x"]},
        {"metadata": {"a": None}},
    ],
)
def test_an_answer_that_is_not_as_agreed_is_not_believed(change):
    answer = json.loads(wire.pack(READING)) | change

    with pytest.raises(Damaged, match="no usable answer"):
        wire.unpack(json.dumps(answer).encode())


@given(st.binary(max_size=200))
def test_rubbish_is_not_believed(rubbish):
    with pytest.raises(Damaged):
        wire.unpack(rubbish)
