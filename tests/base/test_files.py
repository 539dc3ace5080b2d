import os
import signal
import subprocess
import sys

import pytest

from appliance.base import files


def test_a_written_file_holds_what_was_written_and_is_private(tmp_path):
    files.write(tmp_path / "a" / "b", b"words")

    assert (tmp_path / "a" / "b").read_bytes() == b"words"
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o600


def test_a_failure_while_writing_leaves_the_old_content_and_nothing_else(tmp_path):
    files.write(tmp_path / "b", b"old")

    with pytest.raises(RuntimeError), files.arriving(tmp_path) as file:
        file.write(b"new")
        raise RuntimeError

    assert (tmp_path / "b").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


ENDLESS = """
import sys
from pathlib import Path
from appliance.base import files
number = 0
while True:
    number += 1
    files.write(Path(sys.argv[1]), str(number).encode() * 50_000)
    print(number, flush=True)
"""


@pytest.mark.slow
def test_a_killed_writer_never_leaves_half_a_file(tmp_path):
    for _ in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", ENDLESS, str(tmp_path / "file")], stdout=subprocess.PIPE
        )
        for _ in range(3):
            writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        content = (tmp_path / "file").read_bytes()
        number = content[: len(content) // 50_000]
        assert content == number * 50_000
