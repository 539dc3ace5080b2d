"""Downloads, from a small hub on this machine."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.base.errors import EngineFailed, Invalid, WrongType
from appliance.engines import importing
from appliance.engines.catalogue import sha256
from appliance.engines.download import fetch
from appliance.engines.errand import Stopped
from appliance.engines.manifest import Model, ModelFile

from .hub import COMMIT, Hub, serving
from .parts import sentence_folder, small_llama

pytestmark = pytest.mark.slow  # each starts the process that speaks with the hub


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """A language model's file."""
    return small_llama(tmp_path / "ada.gguf")


@pytest.fixture
def hub(ada: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with one model, which the program is told to use."""
    with serving(Hub({"ada.gguf": ada.read_bytes(), "README.md": b"Ada"})) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield hub


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """An empty folder of models."""
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


def enlarge(hub: Hub, ada: Path) -> None:
    """Make the file so large that more than one of the library's pieces comes before a cut."""
    ada.write_bytes(ada.read_bytes() + bytes(24 << 20))
    hub.files["ada.gguf"] = ada.read_bytes()


def entry(digest: str = "", **more: str) -> Model:
    """What the catalogue knows of it."""
    return Model(
        name="ada",
        title="Ada",
        role="language",
        format="gguf",
        family="ada",
        parameters=0,
        quantisation="F32",
        context_tokens=256,
        licence="MIT",
        source="here",
        memory_mb=1,
        files=(ModelFile("ada.gguf", 0, digest),),
        repository="ada/model",
        **more,  # type: ignore[arg-type]
    )


def here(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir())


def test_a_model_is_fetched_and_its_hash_pinned(hub: Hub, models: Path, ada: Path) -> None:
    heard: list[float] = []
    model = fetch(entry(), models, progress=heard.append)

    assert model.files == (ModelFile("ada.gguf", ada.stat().st_size, sha256(ada)),)
    assert (model.revision, model.imported, model.parameters > 0) == (COMMIT, True, True)
    assert (models / "ada" / "ada.gguf").read_bytes() == ada.read_bytes()
    assert here(models) == ["ada"]


def test_a_connection_that_is_cut_is_resumed(hub: Hub, models: Path, ada: Path) -> None:
    enlarge(hub, ada)
    hub.cuts = 2
    fetch(entry(sha256(ada)), models)

    assert [bool(asked) for asked in hub.ranges] == [False, True, True]
    assert (models / "ada" / "ada.gguf").read_bytes() == ada.read_bytes()


def test_the_next_try_goes_on_where_the_last_one_ended(hub: Hub, models: Path, ada: Path) -> None:
    enlarge(hub, ada)
    hub.cuts = 50
    with pytest.raises(EngineFailed, match=r"connection was cut"):
        fetch(entry(), models)
    hub.cuts = 0
    hub.ranges.clear()
    fetch(entry(), models)

    assert hub.ranges[0].startswith("bytes=")
    assert (models / "ada" / "ada.gguf").read_bytes() == ada.read_bytes()


def test_another_hash_than_the_catalogue_s_is_refused_before_anything_is_fetched(
    hub: Hub, models: Path
) -> None:
    with pytest.raises(WrongType, match="not the file that the catalogue names"):
        fetch(entry("0" * 64), models)
    assert (hub.ranges, here(models)) == ([], [])


def test_another_content_than_the_hub_states_is_refused(hub: Hub, models: Path, ada: Path) -> None:
    hub.sent_instead["ada.gguf"] = ada.read_bytes()[:-1] + b"x"

    with pytest.raises(WrongType, match="another SHA-256 than was promised"):
        fetch(entry(), models)
    assert here(models) == []


def test_a_file_that_is_no_model_is_refused(hub: Hub, models: Path) -> None:
    hub.files["ada.gguf"] = b"<html>" * 100

    with pytest.raises(WrongType, match="not a sound GGUF"):
        fetch(entry(), models)
    assert here(models) == []


def test_a_disk_that_is_too_full_is_noticed_before(
    hub: Hub, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_MARGIN", 1 << 60)

    with pytest.raises(Invalid, match="no room"):
        fetch(entry(), models)
    assert hub.ranges == []


def test_a_download_that_is_called_off_ends_at_once(hub: Hub, models: Path) -> None:
    hub.slow = threading.Event()
    begun = time.monotonic()

    with pytest.raises(Stopped):
        fetch(entry(), models, stopped=lambda: bool(hub.ranges))
    assert time.monotonic() - begun < 15
    assert here(models) == []


def test_a_hub_that_names_a_file_outside_is_refused(hub: Hub, models: Path) -> None:
    hub.files["../../evil.gguf"] = b"x"

    with pytest.raises(WrongType, match="outside"):
        fetch(entry(), models)


def test_a_file_that_is_gone_is_said_so(hub: Hub, models: Path) -> None:
    del hub.files["ada.gguf"]

    with pytest.raises(Invalid, match=r"no file ada\.gguf"):
        fetch(entry(), models)


def test_a_folder_is_fetched_without_what_could_run(hub: Hub, models: Path, tmp_path: Path) -> None:
    vera = sentence_folder(tmp_path / "vera")
    hub.files = {
        path.relative_to(vera).as_posix(): path.read_bytes()
        for path in vera.rglob("*")
        if path.is_file()
    }
    hub.files |= {"pytorch_model.bin": b"\x80", "onnx/model.onnx": b"x", "evil.py": b"x"}
    hub.small = frozenset(hub.files) - {"model.safetensors"}
    model = replace(
        entry(), role="embedding", format="sentence-transformers",
        files=(ModelFile("model.safetensors"),),
    )  # fmt: skip
    taken = fetch(model, models)

    assert {file.path for file in taken.files} == {
        "1_P/config.json", "config.json", "model.safetensors", "modules.json",
        "sentence_bert_config.json", "tokenizer.json",
    }  # fmt: skip
    assert all(file.sha256 for file in taken.files)


def test_without_an_address_in_the_catalogue_nothing_is_asked(models: Path) -> None:
    with pytest.raises(Invalid, match="Import it from a file"):
        fetch(replace(entry(), repository=""), models)


def test_a_hub_that_is_not_there_is_a_reason_to_try_again(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    with pytest.raises(EngineFailed, match="could not be reached") as caught:
        fetch(entry(), models)
    assert caught.value.retryable
    assert "HF_HUB_OFFLINE" not in os.environ or os.environ["HF_HUB_OFFLINE"] == "1"
