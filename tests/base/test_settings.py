from pathlib import Path

import pytest

from appliance.base.errors import Broken
from appliance.base.settings import SETTINGS, load


def test_a_flag_beats_the_environment_and_that_the_file_and_that_the_default(tmp_path):
    folder = {"data_dir": str(tmp_path)}
    assert load(folder, {}).port == 5000

    (tmp_path / "settings.toml").write_text("port = 5001")
    assert load(folder, {}).port == 5001
    assert load(folder, {"APPLIANCE_PORT": "5002"}).port == 5002
    assert load({**folder, "port": 5003}, {"APPLIANCE_PORT": "5002"}).port == 5003


def test_names_of_the_older_systems_are_understood(tmp_path):
    assert load({"data_dir": str(tmp_path)}, {"PORT": "8080"}).port == 8080


def test_the_data_folder_of_the_environment_is_the_one_whose_file_is_read(tmp_path):
    (tmp_path / "settings.toml").write_text("threads = 3")
    assert load({}, {"APPLIANCE_DATA_DIR": str(tmp_path)}).threads == 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("port = 'many'", "port is not a int"),
        ("prot = 1", "does not exist: prot"),
        ("port =", "not valid TOML"),
        ("api_docs = 'perhaps'", "api_docs is not a bool"),
    ],
)
def test_a_wrong_value_is_named(tmp_path, text, complaint):
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(Broken, match=complaint):
        load({"data_dir": str(tmp_path)}, {})


def test_every_setting_can_be_said_in_all_three_ways():
    assert all(setting.flag.startswith("--") and setting.help for setting in SETTINGS)
    assert len({setting.variable for setting in SETTINGS}) == len(SETTINGS)


def test_an_address_for_everyone_is_shown_as_one_that_opens(tmp_path):
    settings = load({"data_dir": Path(tmp_path), "host": "0.0.0.0", "port": 8000}, {})
    assert settings.address == "http://127.0.0.1:8000"


def test_the_machine_itself_needs_no_public_address(tmp_path):
    given = {"data_dir": str(tmp_path), "port": 8080, "public_url": "https://ai.example/"}
    settings = load(given, {})

    assert settings.local_address == "http://127.0.0.1:8080"
    assert settings.address == "https://ai.example"
