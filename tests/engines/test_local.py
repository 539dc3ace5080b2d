"""The language models of a machine, seen as they come and go."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.base.errors import Conflict, NotFound
from appliance.engines import memory
from appliance.engines.catalogue import Catalogue
from appliance.engines.llama import SHELF_MB, LlamaEngine
from appliance.engines.local import LocalModels
from appliance.engines.manifest import Model
from appliance.engines.residence import NoRoom, Residence

from .parts import small_llama, until


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """A folder of models with one in it."""
    catalogue = Catalogue(tmp_path / "models")
    catalogue.import_file(small_llama(tmp_path / "ada.gguf"))
    return catalogue


@pytest.fixture
def local(catalogue: Catalogue) -> Iterator[LocalModels]:
    """Its models, with Ada as the default."""
    residence = Residence(idle_seconds=600)

    def make(model: Model, slots: int) -> LlamaEngine:
        return LlamaEngine(
            catalogue.folder(model) / model.files[0].path,
            name=model.name,
            context_tokens=256,
            threads=1,
            queue_limit=4,
            slots=slots,
            admit=lambda: residence.admit(model.name),
        )

    local = LocalModels(catalogue, residence, make=make, default="ada", context_tokens=256)
    yield local
    local.close()


def bring(catalogue: Catalogue, tmp_path: Path, name: str) -> None:
    catalogue.import_file(small_llama(tmp_path / f"{name}.gguf"))


def test_a_new_model_is_seen_without_a_restart(
    local: LocalModels, catalogue: Catalogue, tmp_path: Path
) -> None:
    before = list(local)
    bring(catalogue, tmp_path, "grace")

    assert (before, list(local)) == (["ada"], ["ada", "grace"])
    assert local["grace"].model == "grace"


def test_a_model_has_one_engine(local: LocalModels) -> None:
    assert local["ada"] is local["ada"]
    assert "mallory" not in local
    with pytest.raises(KeyError):
        local["mallory"]


def test_a_removed_model_is_gone(local: LocalModels, catalogue: Catalogue, tmp_path: Path) -> None:
    bring(catalogue, tmp_path, "grace")
    assert local["grace"]
    local.forget("grace")
    catalogue.remove("grace")

    assert list(local) == ["ada"]


def test_the_default_is_not_let_go(local: LocalModels) -> None:
    with pytest.raises(Conflict, match="another as default first"):
        local.forget("ada")


def test_the_default_changes_at_once_and_is_the_one_that_is_kept(
    local: LocalModels, catalogue: Catalogue, tmp_path: Path
) -> None:
    bring(catalogue, tmp_path, "grace")
    local.engine("ada")
    local.prefer("grace")

    assert local.default == "grace"
    assert [local.engine(name)._child.kept for name in ("ada", "grace")] == [False, True]
    with pytest.raises(NotFound):
        local.prefer("mallory")


def test_a_model_that_does_not_fit_is_refused_and_the_others_go_on(
    local: LocalModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    local.engine("ada")
    local.residence._total = lambda: 1 << 20

    with pytest.raises(NoRoom, match=r"this machine has 0\.0 GB"):
        local.load("ada")
    assert local.engine("ada").state() == "stopped"


def test_what_a_model_needs_is_read_from_its_head(local: LocalModels, catalogue: Catalogue) -> None:
    needs = local.needs(catalogue.find("ada"))

    assert (
        memory._PROCESS + (SHELF_MB << 20) < needs < memory._PROCESS + (SHELF_MB << 20) + (10 << 20)
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("death", [signal.SIGSEGV, signal.SIGKILL])
def test_the_default_comes_back_by_itself_after_a_crash(
    local: LocalModels, death: signal.Signals
) -> None:
    engine = local.engine("ada")
    local.load("ada")
    assert until(lambda: engine.state() == "ready", 60)
    first = engine.pid()
    assert first
    os.kill(first, death)

    assert until(lambda: engine.state() == "ready" and engine.pid() != first, 60)


@pytest.mark.slow
def test_a_file_that_crashes_the_library_costs_that_model_only(
    local: LocalModels, catalogue: Catalogue, tmp_path: Path
) -> None:
    # Without the bytes among its tokens llama.cpp ends the process while it loads.
    hostile = small_llama(tmp_path / "hostile.gguf")
    hostile.write_bytes(hostile.read_bytes().replace(b"<0x", b"<zz"))
    catalogue.import_file(hostile)
    local.load("ada")
    local.load("hostile")

    assert until(lambda: local.engine("hostile").state() == "failed", 60)
    assert until(lambda: local.engine("ada").state() == "ready", 60)


@pytest.mark.slow
def test_a_model_is_loaded_and_unloaded(local: LocalModels) -> None:
    local.load("ada")
    assert until(lambda: local.engine("ada").state() == "ready", 60)
    assert local.residence.held() > 10 << 20

    local.unload("ada")
    assert (local.engine("ada").state(), local.residence.held()) == ("stopped", 0)


def test_a_machine_with_little_memory_writes_fewer_answers_at_once(
    local: LocalModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = local.catalogue.find("ada")
    monkeypatch.setattr(memory, "total", lambda: 64 << 30)
    rich = local.slots(model)
    monkeypatch.setattr(memory, "total", lambda: 1 << 20)

    assert (rich, local.slots(model)) == (8, 1)
    monkeypatch.setattr(memory, "total", lambda: 0)  # not known
    assert local.slots(model) == 8
