"""Whatever bytes come in, out comes a Reading or an Unreadable, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.base.errors import Unreadable
from appliance.readers.contract import Limits, Reading
from appliance.readers.read import read
from tests.readers.conftest import SAMPLES

NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".md")
LIMITS = Limits(cpu_seconds=10, wall_seconds=20, memory_bytes=512 * 2**20)


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sample with some bytes changed, cut out or doubled."""
    name = draw(st.sampled_from(NAMES))
    content = bytearray((SAMPLES / name).read_bytes())
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.integers(0, 64))
        what = draw(st.sampled_from(["change", "cut", "double", "end"]))
        if what == "change":
            content[place : place + length] = draw(st.binary(min_size=length, max_size=length))
        elif what == "cut":
            del content[place : place + length]
        elif what == "double":
            content[place:place] = content[place : place + length]
        else:
            del content[max(place, 1) :]
    return name, bytes(content)


def outcome(name: str, content: bytes) -> Reading | Unreadable:
    try:
        return read([content], name=name, media_type="", limits=LIMITS)
    except Unreadable as error:
        return error


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(damage())
def test_a_damaged_sample_is_read_or_refused(damaged: tuple[str, bytes]):
    result = outcome(*damaged)

    assert isinstance(result, Reading | Unreadable)
    if isinstance(result, Reading):
        assert result.blocks
        assert all(block.text and "\0" not in block.text for block in result.blocks)


@pytest.mark.parametrize("name", NAMES)
def test_half_a_sample_is_read_or_refused(name: str, samples: Path):
    content = (samples / name).read_bytes()

    assert isinstance(outcome(name, content[: len(content) // 2]), Reading | Unreadable)
