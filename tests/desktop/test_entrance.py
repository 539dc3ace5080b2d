from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from appliance.base import clock, settings
from appliance.base.settings import Settings
from appliance.desktop.entrance import entrance
from appliance.people import accounts, codes
from appliance.people.codes import WrongCode
from appliance.store.database import database
from appliance.store.opening import open_store
from tests.live import ADMIN


@pytest.fixture
def house(tmp_path: Path) -> Settings:
    return settings.load(
        {"data_dir": tmp_path / "data", "key_file": tmp_path / "inhouse.key"}, environment={}
    )


def opened(house: Settings) -> None:
    open_store(house.data_dir, house.key_file)


def test_at_the_first_start_the_set_up_opens_with_its_code(house: Settings) -> None:
    path = urlsplit(entrance(house))

    assert (path.path, path.query) == ("/", "")
    opened(house)
    admin = codes.redeem(
        unquote(path.fragment.removeprefix("code=")), **ADMIN, name="", address="", now=clock.now()
    )
    assert admin.user.email == ADMIN["email"]
    database.close()


def test_later_a_ticket_signs_the_owner_in_once(house: Settings) -> None:
    opened(house)
    accounts.create_first_admin(**ADMIN)
    database.close()

    path, _, ticket = entrance(house).partition("?ticket=")

    assert path == "/desktop"
    opened(house)
    assert codes.use_ticket(unquote(ticket), clock.now()).user.email == ADMIN["email"]
    with pytest.raises(WrongCode):
        codes.use_ticket(unquote(ticket), clock.now())
    database.close()
