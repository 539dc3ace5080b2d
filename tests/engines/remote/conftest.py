from __future__ import annotations

from collections.abc import Iterator

import pytest

from appliance.engines.remote import again
from appliance.engines.remote.account import KINDS, Kind
from tests.engines.remote.servers import Server, served


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture
def server(kind: Kind) -> Iterator[Server]:
    """A provider of each kind in turn."""
    with served(kind) as server:
        yield server


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask again at once."""
    monkeypatch.setattr(again, "WAIT", 0.01)
