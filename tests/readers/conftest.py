from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.readers.contract import Limits, Reading
from appliance.readers.read import read
from appliance.readers.reading import read_bytes

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture
def fenced() -> Callable[..., Reading]:
    """Read as the product does, in a process of its own."""

    def fenced(content: bytes, name: str, media_type: str = "", **limits: int) -> Reading:
        return read([content], name=name, media_type=media_type, limits=Limits(**limits))

    return fenced


@pytest.fixture
def here() -> Callable[..., Reading]:
    """Read in this process: for files we made ourselves."""

    def here(content: bytes | str, name: str, media_type: str = "", **limits: int) -> Reading:
        if isinstance(content, str):
            content = content.encode()
        return read_bytes(content, name=name, media_type=media_type, limits=Limits(**limits))

    return here
