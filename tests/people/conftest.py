from __future__ import annotations

import pytest

from appliance.people import accounts, codes
from appliance.people.accounts import Person

PASSWORD = "a quiet harbour in may"


@pytest.fixture
def ada(store, quick_hashes) -> Person:
    """The first admin."""
    user = accounts.create_first_admin(email="ada@office.example", password=PASSWORD, name="Ada")
    person = accounts.of(user)
    assert person is not None
    return person


@pytest.fixture
def code(store, quick_hashes) -> str:
    """A setup code that works."""
    return codes.new_code()
