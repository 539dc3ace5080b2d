"""Another quantisation of a language model, made in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.base.errors import EngineFailed, Invalid
from appliance.engines.catalogue import sha256
from appliance.engines.convert import convert
from appliance.engines.errand import Stopped
from appliance.engines.gguf import read_head

from .parts import starter


@pytest.fixture
def source() -> Path:
    """The starter model's file."""
    model, folder = starter("smollm2-135m-instruct")
    return folder / model.files[0].path


@pytest.mark.slow
def test_a_conversion_is_the_same_to_the_byte_each_time(source: Path, tmp_path: Path) -> None:
    heard: list[float] = []
    convert(source, tmp_path / "a.gguf", form="Q8_0", progress=heard.append)
    convert(source, tmp_path / "b.gguf", form="Q8_0")

    assert sha256(tmp_path / "a.gguf") == sha256(tmp_path / "b.gguf")
    assert read_head(tmp_path / "a.gguf").quantisation == "Q8_0"
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


@pytest.mark.slow
def test_a_conversion_that_is_called_off_leaves_nothing(source: Path, tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        convert(source, tmp_path / "a.gguf", form="Q8_0", stopped=lambda: True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_file_that_cannot_be_converted_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "text.gguf").write_text("<html>")

    with pytest.raises(EngineFailed, match="could not be converted"):
        convert(tmp_path / "text.gguf", tmp_path / "a.gguf")
    assert not (tmp_path / "a.gguf").exists()


def test_only_forms_that_are_known_are_made(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="not converted to Q1"):
        convert(tmp_path / "x", tmp_path / "y", form="Q1")
