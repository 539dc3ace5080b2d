"""What many tests stand on: a real store in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from appliance.people import passwords
from appliance.store.database import database
from appliance.store.opening import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new encrypted store, open, with the default project in it."""
    opened = open_store(tmp_path / "data", tmp_path / "inhouse.key")
    yield opened
    if not database.is_closed():
        database.close()


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hashed in a millisecond instead of a tenth of a second."""
    monkeypatch.setattr(passwords, "hasher", PasswordHasher(1, 8, 1))
