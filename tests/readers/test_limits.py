"""What the process that reads may cost, and that it is gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

import psutil
import pytest

from appliance.base.errors import Broken
from appliance.readers import read as door
from appliance.readers.contract import TookTooLong
from tests.readers import making

# Elements that are never closed make every later one cost more.
BURNER = b"<html>" + b"<div><p>a" * 100_000


def readers_running() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if child.is_running()]


def test_a_file_that_computes_for_ever_is_stopped(fenced):
    with pytest.raises(TookTooLong, match="takes more than 1 seconds of computing"):
        fenced(BURNER, "burner.html", cpu_seconds=1)

    assert readers_running() == []


def test_a_reader_that_only_waits_is_stopped_by_the_clock(fenced):
    started = time.monotonic()

    with pytest.raises(TookTooLong, match="longer than 1 seconds"):
        fenced(BURNER, "burner.html", wall_seconds=1)

    assert time.monotonic() - started < 4
    assert readers_running() == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold this limit")
def test_a_file_that_eats_memory_is_stopped(fenced):
    hungry = making.docx("<w:p/>" * 500_000)

    with pytest.raises(TookTooLong, match="more than 64 MB of memory"):
        fenced(hungry, "hungry.docx", memory_bytes=64 * 2**20, unpack_ratio=10_000)

    assert readers_running() == []


def test_a_file_that_turns_into_too_much_text_is_stopped(fenced):
    with pytest.raises(TookTooLong, match="of text"):
        fenced(b"one,two\n" * 5_000, "rows.csv", output_bytes=5_000)


def test_nothing_is_left_on_the_disk(fenced, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    fenced(making.pdf(["We open at nine."]), "hours.pdf")

    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_does_not_start_is_a_broken_installation(fenced, monkeypatch):
    monkeypatch.setattr(door, "child_command", lambda _: [sys.executable, "-c", "raise SystemExit"])

    with pytest.raises(Broken, match="does not start"):
        fenced(b"We open at nine.", "hours.txt")


def test_a_missing_library_is_a_broken_installation_and_no_damaged_file(fenced, monkeypatch):
    script = "import os; os.write(1, b'ready\\n'); os._exit(3)"
    monkeypatch.setattr(door, "child_command", lambda _: [sys.executable, "-c", script])

    with pytest.raises(Broken, match="Set TMPDIR"):
        fenced(making.pdf(["We open at nine."]), "hours.pdf")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep caches elsewhere")
def test_a_folder_that_programs_may_not_run_from_is_not_used(tmp_path, monkeypatch):
    assert door._place() == tempfile.gettempdir()

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_NOEXEC))

    assert door._place() == str(tmp_path / "inhouse")


def test_a_source_that_fails_half_way_ends_the_reader():
    def torn():
        yield b"We open"
        raise ConnectionError("the disk is gone")

    with pytest.raises(ConnectionError, match="the disk is gone"):
        door.read(torn(), name="a.txt", media_type="", limits=door.Limits())

    assert readers_running() == []


def test_settings_and_keys_stay_with_the_parent(monkeypatch):
    script = "import os, sys; sys.stdout.write('ready' if 'SECRET_KEY' in os.environ else 'none')"
    monkeypatch.setattr(door, "child_command", lambda _: [sys.executable, "-c", script])
    monkeypatch.setenv("SECRET_KEY", "sk_1")

    with door._process("/nowhere") as process:
        assert process.communicate()[0] == b"none"


def test_the_reader_imports_only_what_a_file_needs():
    script = (
        "import sys; from appliance.readers.reading import read_bytes\n"
        "from appliance.readers.contract import Limits\n"
        "read_bytes(b'We open.', name='a.txt', media_type='', limits=Limits())\n"
        "print([m for m in ('kreuzberg', 'flask', 'peewee', 'numpy', 'torch') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert answer.stdout.strip() == b"[]"
