"""The models on this machine, and taking in others."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.base.errors import Broken, Conflict, Invalid, NotFound, WrongType
from appliance.engines import importing
from appliance.engines.catalogue import Catalogue, ModelMissing
from appliance.engines.manifest import Model, ModelFile

from .parts import MODELS, gguf_bytes, sentence_folder

GGUF = gguf_bytes(
    {
        "general.architecture": "llama",
        "general.name": 'Ada "7B"',
        "general.file_type": 2,
        "general.license": "apache-2.0",
        "llama.context_length": 2048,
    }
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """An empty folder of models."""
    (tmp_path / "models").mkdir()
    return Catalogue(tmp_path / "models")


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """A language model's file on a USB stick."""
    path = tmp_path / "Ada 7B.Q4_0.gguf"
    path.write_bytes(GGUF)
    return path


@pytest.fixture
def vera(tmp_path: Path) -> Path:
    """An embedding model's folder on a USB stick."""
    return sentence_folder(tmp_path / "Vera-v2")


def test_the_manifest_that_ships_names_both_starter_models() -> None:
    models = {model.role: model for model in Catalogue(MODELS).models() if model.package}

    assert models["language"].name == "smollm2-135m-instruct"
    assert models["embedding"].context_tokens == 256
    assert all(len(file.sha256) == 64 for model in models.values() for file in model.files)


def test_a_language_model_is_taken_in(catalogue: Catalogue, ada: Path) -> None:
    model = catalogue.import_file(ada)

    assert (model.name, model.role, model.quantisation) == ("ada-7b.q4_0", "language", "Q4_0")
    assert (model.title, model.licence, model.context_tokens) == ('Ada "7B"', "apache-2.0", 2048)
    assert catalogue.language(model.name).read_bytes() == GGUF


def test_an_embedding_model_is_taken_in(catalogue: Catalogue, vera: Path) -> None:
    model = catalogue.import_file(vera)

    assert (model.name, model.role, model.parameters) == ("vera-v2", "embedding", 8)
    assert (model.licence, model.context_tokens) == ("mit", 128)
    folder = catalogue.embedding(model.name)
    assert (folder / "1_P" / "config.json").exists()
    assert not (folder / "README.md").exists()


def test_what_was_taken_in_is_known_from_then_on(
    catalogue: Catalogue, ada: Path, vera: Path
) -> None:
    taken = [catalogue.import_file(ada), catalogue.import_file(vera)]

    assert Catalogue(catalogue.models_dir).models() == taken
    assert [catalogue.verified(model) for model in taken] == [True, True]
    assert all(model.installed and model.imported for model in taken)


def test_an_import_tells_how_far_it_is(catalogue: Catalogue, ada: Path) -> None:
    heard: list[int] = []
    catalogue.import_file(ada, heard.append)

    assert sum(heard) == len(GGUF)


def test_the_same_model_twice_is_a_conflict(catalogue: Catalogue, ada: Path) -> None:
    catalogue.import_file(ada)

    with pytest.raises(Conflict, match="here already"):
        catalogue.import_file(ada)


def change_json(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    content = json.loads(path.read_text())
    change(content[0] if isinstance(content, list) else content)
    path.write_text(json.dumps(content))


def in_place_of(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda f: (f / "pytorch_model.bin").write_bytes(b"\x80\x04"), "could run a program"),
        (lambda f: (f / "1_P" / "weights.pt").write_bytes(b"\x80\x04"), "could run a program"),
        (lambda f: (f / "modeling.py").write_text("import os"), "could run a program"),
        (lambda f: (f / "model.safetensors").unlink(), "no model.safetensors"),
        (lambda f: (f / "model.safetensors").write_bytes(b"\xff" * 40), "sound safetensors"),
        (lambda f: (f / "modules.json").write_text("[1]"), "not a sentence-transformers folder"),
        (
            lambda f: change_json(f / "modules.json", lambda m: m.update(type="os.system")),
            "program code of its own",
        ),
        (
            lambda f: change_json(f / "modules.json", lambda m: m.update(path="../..")),
            "program code of its own",
        ),
        (
            lambda f: change_json(f / "config.json", lambda c: c.update(auto_map={})),
            "program code of its own",
        ),
        (lambda f: (f / "vocab.txt").symlink_to("/etc/hostname"), "is a link"),
        (lambda f: in_place_of(f / "config.json", os.mkfifo), "not a sentence-transformers folder"),
        (lambda f: in_place_of(f / "modules.json", os.mkfifo), "not a sentence-transformers"),
        (
            lambda f: in_place_of(f / "config.json", lambda path: path.symlink_to("/dev/zero")),
            "not a sentence-transformers folder",
        ),
        (lambda f: (f / "config.json").write_text("[" * 100_000), "not a sentence-transformers"),
    ],
)
def test_a_folder_that_could_do_harm_is_refused(
    catalogue: Catalogue, vera: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(vera)

    with pytest.raises(WrongType, match=sentence):
        catalogue.import_file(vera)
    assert list(catalogue.models_dir.iterdir()) == []


def test_a_file_that_is_no_model_is_refused_and_leaves_nothing(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"<html>")

    with pytest.raises(WrongType):
        catalogue.import_file(path)
    assert list(catalogue.models_dir.iterdir()) == []


def test_an_import_cut_off_leaves_nothing(
    catalogue: Catalogue, ada: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalogue.import_file(ada, stop)
    assert list(catalogue.models_dir.iterdir()) == []


def test_a_model_larger_than_the_disk_is_refused(
    catalogue: Catalogue, ada: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_MARGIN", 1 << 60)

    with pytest.raises(Invalid, match="no room"):
        catalogue.import_file(ada)


def test_one_changed_byte_is_found(catalogue: Catalogue, ada: Path) -> None:
    model = catalogue.import_file(ada)
    path = catalogue.language(model.name)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    os.utime(path, (0, 0))

    assert catalogue.verified(model) is None
    assert catalogue.verify(model.name) is False
    assert "SHA-256 differs" in catalogue.troubles(model.name)[0]


def test_a_missing_file_is_said_to_be_missing(catalogue: Catalogue, ada: Path) -> None:
    model = catalogue.import_file(ada)
    catalogue.language(model.name).unlink()

    with pytest.raises(ModelMissing, match="Run the set-up again"):
        catalogue.language(model.name)
    assert catalogue.troubles(model.name)[0].endswith("is missing.")


def test_a_model_is_not_found_under_another_role(catalogue: Catalogue, ada: Path) -> None:
    name = catalogue.import_file(ada).name

    with pytest.raises(NotFound):
        catalogue.embedding(name)
    with pytest.raises(NotFound):
        catalogue.find("mallory")


@pytest.mark.parametrize(
    "text",
    ["not toml", '[[model]]\nname = "x"', "[[model]]\nfiles = 3", "\x00"],
)
def test_a_damaged_list_is_said_to_be_damaged(catalogue: Catalogue, text: str) -> None:
    (catalogue.models_dir / "imported.toml").write_text(text)

    with pytest.raises(Broken, match="not a list of models"):
        catalogue.models()


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "C:\\x", "a\\b"])
def test_a_file_outside_its_folder_is_no_model_s(path: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        ModelFile(path, 1, "0" * 64)


def test_the_fingerprint_changes_with_the_content() -> None:
    def fingerprint(digest: str) -> str:
        files = (ModelFile("model.safetensors", 1, digest),)
        return Model(
            "ada", "Ada", "embedding", "sentence-transformers", "", 0, "", 0, "", "", 0, files
        ).fingerprint

    assert fingerprint("a") == fingerprint("a") != fingerprint("b")
