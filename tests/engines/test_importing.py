"""Taking in models: what is refused, what is kept, what goes on after a power cut."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.base.errors import Conflict, Invalid, WrongType
from appliance.engines import memory
from appliance.engines.catalogue import Catalogue
from appliance.engines.errand import Stopped
from appliance.engines.manifest import written

from .parts import judge_folder, sentence_folder, small_llama


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """An empty folder of models."""
    (tmp_path / "models").mkdir()
    return Catalogue(tmp_path / "models")


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """A language model's file on a USB stick."""
    (tmp_path / "stick").mkdir()
    return small_llama(tmp_path / "stick" / "Ada.F32.gguf")


def here(catalogue: Catalogue) -> list[str]:
    return sorted(path.name for path in catalogue.models_dir.iterdir())


def test_a_model_that_ends_early_is_refused(catalogue: Catalogue, ada: Path) -> None:
    ada.write_bytes(ada.read_bytes()[:-1])

    with pytest.raises(WrongType, match=r"Ada.F32.gguf is not whole"):
        catalogue.import_file(ada)
    assert here(catalogue) == []


def test_a_text_with_another_name_is_refused(catalogue: Catalogue, ada: Path) -> None:
    ada.write_text("Dear sir or madam,\n" * 100)

    with pytest.raises(WrongType, match="not a sound GGUF file"):
        catalogue.import_file(ada)


def test_what_is_not_there_is_said_so(catalogue: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"no file or folder absent\.gguf"):
        catalogue.import_file(tmp_path / "absent.gguf")


def test_a_model_larger_than_memory_is_refused(
    catalogue: Catalogue, ada: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "total", lambda: 1 << 20)

    with pytest.raises(Invalid, match=r"needs about 0\.\d GB of memory, and this machine has"):
        catalogue.import_file(ada)
    assert here(catalogue) == []


def make_known(catalogue: Catalogue, ada: Path, digest: str) -> None:
    """Have the product's own list name this file, with this hash."""
    taken = catalogue.import_file(ada)
    catalogue.remove(taken.name)
    file = replace(taken.files[0], sha256=digest)
    known = replace(taken, name="ada", title="Ada the First", licence="MIT", files=(file,))
    (catalogue.models_dir / "manifest.toml").write_text(written([known]))


def test_a_file_of_the_catalogue_with_another_hash_is_refused(
    catalogue: Catalogue, ada: Path
) -> None:
    make_known(catalogue, ada, "0" * 64)

    with pytest.raises(WrongType, match="its SHA-256 differs"):
        catalogue.import_file(ada)
    assert "Ada" not in " ".join(here(catalogue))


def test_a_file_of_the_catalogue_is_recognised_whatever_it_is_called(
    catalogue: Catalogue, ada: Path
) -> None:
    make_known(catalogue, ada, hashlib.sha256(ada.read_bytes()).hexdigest())
    model = catalogue.import_file(ada.rename(ada.with_name("download (1).gguf")))

    assert (model.name, model.title, model.licence) == ("ada", "Ada the First", "MIT")
    assert catalogue.verify("ada")
    with pytest.raises(Conflict):
        catalogue.import_file(ada.with_name("download (1).gguf"))
    assert catalogue.verify("ada")


def test_an_import_that_is_called_off_leaves_nothing(catalogue: Catalogue, ada: Path) -> None:
    with pytest.raises(Stopped):
        catalogue.import_file(ada, stopped=lambda: True)
    assert here(catalogue) == []


def kill_midway(catalogue: Catalogue, source: Path) -> None:
    """Import in another process, which dies after the first piece like in a power cut."""
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from appliance.engines import importing\n"
        "from appliance.engines.catalogue import Catalogue\n"
        "importing._PIECE = 50_000\n"
        "Catalogue(Path(sys.argv[1])).import_file(Path(sys.argv[2]), lambda size: os._exit(9))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(catalogue.models_dir), str(source)], check=False
    )
    assert done.returncode == 9


def half(catalogue: Catalogue) -> Path:
    return catalogue.models_dir / ".arriving-ada.f32" / "model" / "Ada.F32.gguf"


def test_an_import_that_a_power_cut_ended_goes_on(catalogue: Catalogue, ada: Path) -> None:
    kill_midway(catalogue, ada)
    # What is there already is told from what is copied now by a byte that differs.
    half(catalogue).write_bytes(b"X" + ada.read_bytes()[1:40_000])
    model = catalogue.import_file(ada)

    assert catalogue.language(model.name).read_bytes() == b"X" + ada.read_bytes()[1:]
    assert here(catalogue) == ["ada.f32", "imported.toml"]


def test_the_rest_of_another_file_is_not_added(catalogue: Catalogue, ada: Path) -> None:
    kill_midway(catalogue, ada)
    half(catalogue).write_bytes(b"X" * 40_000)
    small_llama(ada, context=512)
    model = catalogue.import_file(ada)

    assert catalogue.language(model.name).read_bytes() == ada.read_bytes()


@pytest.mark.parametrize("name", ["incoming", "imported.toml"])
@pytest.mark.parametrize("link", [False, True])
def test_a_model_does_not_take_the_place_of_what_is_none(
    catalogue: Catalogue, ada: Path, name: str, link: bool
) -> None:
    catalogue.incoming.mkdir()
    (catalogue.incoming / "Bea.gguf").touch()
    (catalogue.models_dir / "imported.toml").touch()
    ada = ada.rename(ada.with_name(f"{name}.gguf"))

    with pytest.raises(Conflict, match=f"cannot be called {name}"):
        catalogue.import_file(ada, link=link)
    assert (catalogue.incoming / "Bea.gguf").exists()


def test_a_model_is_used_where_it_lies(catalogue: Catalogue, ada: Path) -> None:
    model = catalogue.import_file(ada, link=True)

    assert catalogue.language(model.name) == ada
    assert catalogue.verified(model)
    assert [path.name for path in ada.parent.iterdir()] == [ada.name]


def test_removing_leaves_what_was_only_used(catalogue: Catalogue, ada: Path) -> None:
    for link in (True, False):
        name = catalogue.import_file(ada, link=link).name
        catalogue.remove(name)

        assert [model.name for model in catalogue.models()] == []
        assert (here(catalogue), ada.exists()) == (["imported.toml"], True)


def test_a_stick_that_was_pulled_out_is_noticed(catalogue: Catalogue, ada: Path) -> None:
    model = catalogue.import_file(ada, link=True)
    ada.unlink()

    assert not catalogue.find(model.name).installed
    assert catalogue.verified(catalogue.find(model.name)) is False


def test_a_reranker_is_taken_in(catalogue: Catalogue, tmp_path: Path) -> None:
    model = catalogue.import_file(judge_folder(tmp_path / "Judge"))

    assert (model.name, model.role, model.format) == ("judge", "reranker", "cross-encoder")
    assert (catalogue.reranker("judge") / "model.safetensors").exists()


def test_a_folder_that_sorts_into_classes_is_no_reranker(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    with pytest.raises(WrongType, match="sorts texts into 3 classes"):
        catalogue.import_file(judge_folder(tmp_path / "Judge", labels=3))


def test_a_reranker_with_a_program_or_pickle_is_refused(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    judge = judge_folder(tmp_path / "Judge")
    (judge / "training_args.BIN").write_bytes(b"\x80\x04")

    with pytest.raises(WrongType, match="could run a program"):
        catalogue.import_file(judge)


def test_a_folder_with_several_files_goes_on_too(catalogue: Catalogue, tmp_path: Path) -> None:
    vera = sentence_folder(tmp_path / "Vera")
    kill_midway(catalogue, vera)

    assert catalogue.verify(catalogue.import_file(vera).name)
