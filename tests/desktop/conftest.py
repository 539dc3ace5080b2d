from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.desktop.server import OwnServer
from tests.live import free_port

STANDIN = [sys.executable, "-m", "tests.desktop.standin"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a server for this test's own folder is started with."""
    (tmp_path / "data").mkdir()
    return {
        **os.environ,
        "APPLIANCE_DATA_DIR": str(tmp_path / "data"),
        "APPLIANCE_KEY_FILE": str(tmp_path / "inhouse.key"),
        "APPLIANCE_PORT": str(free_port()),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


@pytest.fixture
def data_dir(environment: dict[str, str]) -> Path:
    return Path(environment["APPLIANCE_DATA_DIR"])


@pytest.fixture
def own(environment: dict[str, str], data_dir: Path) -> Iterator[OwnServer]:
    """The window's own server, a stand-in, not started yet."""
    server = own_server(environment, data_dir)
    yield server
    server.stop()


def own_server(environment: dict[str, str], data_dir: Path) -> OwnServer:
    return OwnServer(
        STANDIN, environment=environment, data_dir=data_dir, folder=data_dir / "window"
    )


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """The name of an X display that nobody sees."""
    try:
        xvfb = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        pytest.skip("Xvfb is not installed")
    assert xvfb.stdout is not None
    yield ":" + xvfb.stdout.readline().decode().strip()
    xvfb.terminate()
    xvfb.wait(10)
    xvfb.stdout.close()
