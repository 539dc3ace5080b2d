from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import Appliance


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Appliance]:
    """The real program, running, with an admin and a secret key."""
    running = Appliance(tmp_path)
    try:
        yield running.start().set_up()
    finally:
        running.stop()
