"""The fence, tried from inside: each script runs in a process that has closed it around itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what Linux promises")

INSIDE = """
import os, resource, sys
from appliance.readers import fence
from appliance.readers.contract import Limits
fence.close_around(Limits(cpu_seconds=7, memory_bytes=400 * 2**20))
fence.forbid_files()
"""


def inside(script: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-c", INSIDE + script], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or answer.stderr.strip().rpartition("\n")[2]


def test_there_is_no_socket():
    answer = inside("import socket\nsocket.create_connection(('127.0.0.1', 9), timeout=1)")

    assert answer.startswith("PermissionError")


def test_there_is_no_network_to_reach_where_the_system_allows_that():
    interfaces = inside("print(open('/proc/net/dev').read().count(':'))")
    may = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False)

    assert interfaces == "1" or may.returncode != 0  # the loopback, and that is down


def test_nothing_can_be_written(tmp_path: Path):
    answer = inside(f"with open({str(tmp_path / 'stolen')!r}, 'w') as f: f.write('text')")

    assert "File too large" in answer
    assert not (tmp_path / "stolen").exists() or (tmp_path / "stolen").stat().st_size == 0


def test_memory_has_an_end():
    assert inside("x = bytearray(500 * 2**20)").startswith("MemoryError")


def test_limits_cannot_be_raised_again_by_what_runs_inside():
    hard = inside("print(resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(4))")

    assert hard == "(7, 9) (0, 0)"


def test_it_gives_way_to_other_work():
    assert int(inside("print(os.nice(0))")) >= 10


def test_it_ends_with_its_parent():
    assert (
        inside(
            "import ctypes\nn = ctypes.c_int()\nctypes.CDLL(None).prctl(2, ctypes.byref(n))\n"
            "print(n.value)"
        )
        == "9"
    )
