"""A real server of the OpenAI family: llama-cpp-python's own, with the starter model."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError

import pytest

from appliance.base.settings import models_beside_the_program
from appliance.engines.catalogue import Catalogue
from appliance.engines.remote.account import Account, Secret

KEY = "sk-llama-0123456789"


@contextmanager
def llama_cpp_server() -> Iterator[Account]:
    """Start it on a free port, wait until it answers, and stop it afterwards."""
    catalogue = Catalogue(models_beside_the_program())
    if not catalogue.find("smollm2-135m-instruct").installed:
        pytest.skip("the starter model is not in models/ (make setup)")
    path = catalogue.language("smollm2-135m-instruct")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(path), "--n_ctx", "1024",
               "--host", "127.0.0.1", "--port", str(port), "--model_alias", "starter",
               "--api_key", KEY, "--embedding", "true"]  # fmt: skip
    server = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        _wait(f"http://127.0.0.1:{port}/v1/models", server)
        yield Account("prv_real", "compatible", "llama.cpp", f"http://127.0.0.1:{port}/v1",
                      Secret(KEY), in_the_house=True)  # fmt: skip
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {KEY}"})  # noqa: S310
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert server.poll() is None, "the server did not start"
        try:
            urllib.request.urlopen(request, timeout=2).close()  # noqa: S310
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer")
